package agent

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// containerRun is one life of a container's process tree.
type containerRun struct {
	dir  string
	pid  int
	log  *containerLog
	done chan struct{} // closed when the tree is gone and its output is in the log

	stdinOnce bool
	mu        sync.Mutex
	stdin     *os.File // nil where nobody may write
	terminal  *os.File // nil without a TTY

	// Set before done is closed.
	code, signal int
}

// startRun starts the process tree of a container in dir. The log is closed when it ends.
func startRun(call invocation, dir string, log *containerLog, stdin, stdinOnce, tty bool) (*containerRun, error) {
	cmd, err := command(call.argv, call.env, dir)
	if err != nil {
		return nil, err
	}
	run := &containerRun{dir: dir, log: log, done: make(chan struct{}), stdinOnce: stdinOnce}
	var wait sync.WaitGroup
	if tty {
		err = run.startOnTerminal(cmd, &wait)
	} else {
		err = run.startOnPipes(cmd, stdin, &wait)
	}
	if err != nil {
		return nil, err
	}
	run.pid = cmd.Process.Pid
	go run.wait(cmd, &wait)
	return run, nil
}

func (r *containerRun) startOnTerminal(cmd *exec.Cmd, wait *sync.WaitGroup) error {
	terminal, slave, err := pty.Open()
	if err != nil {
		return err
	}
	defer slave.Close()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = sessionWithTerminal()
	if err := spawn(cmd); err != nil {
		terminal.Close()
		return err
	}
	r.terminal, r.stdin = terminal, terminal
	wait.Go(func() { r.log.collect(terminal, false) })
	return nil
}

func (r *containerRun) startOnPipes(cmd *exec.Cmd, stdin bool, wait *sync.WaitGroup) error {
	var ours, theirs []*os.File
	closeAll := func(files []*os.File) {
		for _, file := range files {
			file.Close()
		}
	}
	defer func() { closeAll(theirs) }()
	pipe := func() (*os.File, *os.File, error) {
		reader, writer, err := os.Pipe()
		return reader, writer, err
	}
	for _, stderr := range []bool{false, true} {
		reader, writer, err := pipe()
		if err != nil {
			closeAll(ours)
			return err
		}
		ours, theirs = append(ours, reader), append(theirs, writer)
		if stderr {
			cmd.Stderr = writer
		} else {
			cmd.Stdout = writer
		}
	}
	if stdin {
		reader, writer, err := pipe()
		if err != nil {
			closeAll(ours)
			return err
		}
		theirs, r.stdin, cmd.Stdin = append(theirs, reader), writer, reader
	}
	if err := spawn(cmd); err != nil {
		closeAll(ours)
		if r.stdin != nil {
			r.stdin.Close()
		}
		return err
	}
	for index, reader := range ours {
		wait.Go(func() {
			defer reader.Close()
			r.log.collect(reader, index == 1)
		})
	}
	return nil
}

func (r *containerRun) wait(cmd *exec.Cmd, output *sync.WaitGroup) {
	_ = cmd.Wait()
	r.code, r.signal = exitCode(cmd.ProcessState)
	// As with the first process of a container, its end is the end of all the others.
	signalGroup(r.pid, syscall.SIGKILL)
	killStrays(r.dir)
	r.mu.Lock()
	if r.stdin != nil && r.terminal == nil {
		r.stdin.Close()
	}
	r.stdin = nil
	r.mu.Unlock()
	output.Wait()
	if r.terminal != nil {
		r.terminal.Close()
	}
	r.log.close()
	close(r.done)
}

// stop asks the tree to end and kills it after grace. It returns when the tree is gone.
func (r *containerRun) stop(grace time.Duration) {
	if grace > 0 {
		signalGroup(r.pid, syscall.SIGTERM)
		select {
		case <-r.done:
			return
		case <-time.After(grace):
		}
	}
	signalGroup(r.pid, syscall.SIGKILL)
	<-r.done
}

// Write gives input to the container, as an attached client's.
func (r *containerRun) Write(data []byte) (int, error) {
	r.mu.Lock()
	stdin := r.stdin
	r.mu.Unlock()
	if stdin == nil {
		return 0, errors.New("the container takes no input")
	}
	return stdin.Write(data)
}

// detached closes the container's input where its first client's is its only one.
func (r *containerRun) detached() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stdinOnce && r.stdin != nil && r.terminal == nil {
		r.stdin.Close()
		r.stdin = nil
	}
}

// resize sets the size of the container's terminal.
func (r *containerRun) resize(width, height uint16) {
	if r.terminal != nil {
		_ = pty.Setsize(r.terminal, &pty.Winsize{Cols: width, Rows: height})
	}
}
