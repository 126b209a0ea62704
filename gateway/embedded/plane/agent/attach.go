package agent

import (
	"context"
	"io"
	"net/http"

	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

func (m *podManager) serveAttach(w http.ResponseWriter, r *http.Request) {
	options, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	pod, c := m.target(w, r)
	if pod == nil {
		return
	}
	run := pod.running(w, c)
	if run == nil {
		return
	}
	w, r, cancel := connected(w, r)
	defer cancel()
	remotecommand.ServeAttach(w, r, (*attachedRun)(run), pod.pod.Name, string(pod.pod.UID), c.spec.Name,
		options, streamIdle, remotecommand.DefaultStreamCreationTimeout, remotecommand.SupportedStreamingProtocols)
}

// attachedRun lets clients see the output of a run, and write its input where the container takes any.
type attachedRun containerRun

// AttachContainer copies until the container or the client ends.
func (a *attachedRun) AttachContainer(ctx context.Context, _, _, _ string, in io.Reader, out, errOut io.WriteCloser, _ bool, resize <-chan remotecommand.TerminalSize) error {
	run := (*containerRun)(a)
	client, detach := run.log.attach()
	defer detach()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go follow(ctx, resize, func(size remotecommand.TerminalSize) { run.resize(size.Width, size.Height) })
	if in != nil {
		go func() {
			_, _ = io.Copy(run, in)
			run.detached()
		}()
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case p, open := <-client.pieces:
			if !open {
				return nil
			}
			to := out
			if p.stderr && errOut != nil {
				to = errOut
			}
			if to == nil {
				continue
			}
			if _, err := to.Write(p.bytes); err != nil {
				return nil
			}
		}
	}
}
