package agent

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

// How long a forwarded connection takes input after its port closed.
const lateInput = time.Second

func (m *podManager) servePortForward(w http.ResponseWriter, r *http.Request) {
	options, err := portforward.NewV4Options(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	pod := m.find(r.PathValue("namespace"), r.PathValue("pod"))
	if pod == nil {
		http.Error(w, fmt.Sprintf("pod %q does not exist", r.PathValue("pod")), http.StatusNotFound)
		return
	}
	portforward.ServePortForward(w, r, forwarder{}, pod.pod.Name, string(pod.pod.UID), options,
		streamIdle, remotecommand.DefaultStreamCreationTimeout, portforward.SupportedProtocols)
}

// forwarder connects to the ports of pods, which are those of loopback.
type forwarder struct{}

// PortForward copies between the stream and the port. The client may end its side first and still be answered; once the
// port's side ended there is nothing to wait for but what the client has under way.
func (forwarder) PortForward(ctx context.Context, _, _ string, port int32, stream io.ReadWriteCloser) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", fmt.Sprintf("localhost:%d", port))
	if err != nil {
		return err
	}
	defer conn.Close()
	answered, sent := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := io.Copy(stream, conn)
		answered <- err
	}()
	go func() {
		_, err := io.Copy(conn, stream)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		sent <- err
	}()
	select {
	case err := <-answered:
		select {
		case <-sent:
		case <-time.After(lateInput):
		}
		return err
	case err := <-sent:
		if err != nil {
			return err
		}
	}
	return <-answered
}
