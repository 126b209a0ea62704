package agent

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

const (
	// A terminal may stay silent this long.
	streamIdle = 4 * time.Hour
	// How long output may come after a command's first process ended, from others that it started.
	lateOutput = 500 * time.Millisecond
)

func (m *podManager) serveExec(w http.ResponseWriter, r *http.Request) {
	options, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	pod, c := m.target(w, r)
	if pod == nil || pod.running(w, c) == nil {
		return
	}
	w, r, cancel := connected(w, r)
	defer cancel()
	remotecommand.ServeExec(w, r, &execution{pod, c}, pod.pod.Name, string(pod.pod.UID), c.spec.Name,
		r.URL.Query()["command"], options, streamIdle, remotecommand.DefaultStreamCreationTimeout,
		remotecommand.SupportedStreamingProtocols)
}

// execution runs commands in a container.
type execution struct {
	pod       *podWorker
	container *container
}

// ExecInContainer runs a command with the container's folder and variables. It ends with the command or with ctx, which is
// the client's going away; either way the command's process group does not outlive it.
func (e *execution) ExecInContainer(ctx context.Context, _, _, _ string, argv []string, in io.Reader, out, errOut io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize, _ time.Duration) error {
	call, err := e.pod.invocationOf(ctx, e.container.spec)
	if err != nil {
		return err
	}
	env := call.env
	if tty {
		env = append(env, "TERM=xterm")
	}
	cmd, err := command(argv, env, e.pod.containerDir(e.container.spec.Name))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var output *sync.WaitGroup
	if tty {
		output, err = startTerminal(ctx, cmd, in, out, resize)
	} else {
		output, err = startPiped(cmd, in, out, errOut)
	}
	if err != nil {
		return err
	}
	pid := cmd.Process.Pid
	stop := context.AfterFunc(ctx, func() { signalGroup(pid, syscall.SIGKILL) })
	defer stop()
	_ = cmd.Wait()
	drained := make(chan struct{})
	go func() {
		output.Wait()
		close(drained)
	}()
	select {
	case <-drained:
	case <-ctx.Done():
	case <-time.After(lateOutput):
	}
	if code, _ := exitCode(cmd.ProcessState); code != 0 {
		return utilexec.CodeExitError{Err: fmt.Errorf("exit status %d", code), Code: code}
	}
	return nil
}

func startPiped(cmd *exec.Cmd, in io.Reader, out, errOut io.WriteCloser) (*sync.WaitGroup, error) {
	var output sync.WaitGroup
	var ours, theirs []*os.File
	defer func() {
		for _, file := range theirs {
			file.Close()
		}
	}()
	abandon := func(err error) (*sync.WaitGroup, error) {
		for _, file := range ours {
			file.Close()
		}
		return nil, err
	}
	type flow struct {
		to   io.Writer
		from *os.File
	}
	var flows []flow
	collect := func(to io.Writer) (*os.File, error) {
		reader, writer, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		ours, theirs = append(ours, reader), append(theirs, writer)
		flows = append(flows, flow{to, reader})
		return writer, nil
	}
	if out != nil {
		writer, err := collect(out)
		if err != nil {
			return abandon(err)
		}
		cmd.Stdout = writer
	}
	if errOut != nil {
		writer, err := collect(errOut)
		if err != nil {
			return abandon(err)
		}
		cmd.Stderr = writer
	}
	var input *os.File
	if in != nil {
		reader, writer, err := os.Pipe()
		if err != nil {
			return abandon(err)
		}
		ours, theirs = append(ours, writer), append(theirs, reader)
		input, cmd.Stdin = writer, reader
	}
	if err := spawn(cmd); err != nil {
		return abandon(err)
	}
	for _, f := range flows {
		output.Go(func() {
			defer f.from.Close()
			_, _ = io.Copy(f.to, f.from)
		})
	}
	if input != nil {
		go func() {
			// Closing is what tells the command that its input ended.
			defer input.Close()
			_, _ = io.Copy(input, in)
		}()
	}
	return &output, nil
}

func startTerminal(ctx context.Context, cmd *exec.Cmd, in io.Reader, out io.Writer, resize <-chan remotecommand.TerminalSize) (*sync.WaitGroup, error) {
	terminal, slave, err := pty.Open()
	if err != nil {
		return nil, err
	}
	defer slave.Close()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = sessionWithTerminal()
	if err := spawn(cmd); err != nil {
		terminal.Close()
		return nil, err
	}
	var output sync.WaitGroup
	output.Go(func() {
		// The last process that leaves the terminal ends this with an error.
		_, _ = io.Copy(orDiscard(out), terminal)
	})
	go follow(ctx, resize, func(size remotecommand.TerminalSize) {
		_ = pty.Setsize(terminal, &pty.Winsize{Cols: size.Width, Rows: size.Height})
	})
	if in != nil {
		go func() {
			_, _ = io.Copy(terminal, in)
			const endOfTransmission = 4
			_, _ = terminal.Write([]byte{endOfTransmission})
		}()
	}
	context.AfterFunc(ctx, func() { terminal.Close() })
	return &output, nil
}

func orDiscard(out io.Writer) io.Writer {
	if out == nil {
		return io.Discard
	}
	return out
}

// follow hands each size on until the channel or ctx ends.
func follow(ctx context.Context, resize <-chan remotecommand.TerminalSize, apply func(remotecommand.TerminalSize)) {
	for {
		select {
		case <-ctx.Done():
			return
		case size, ok := <-resize:
			if !ok {
				return
			}
			apply(size)
		}
	}
}
