package agent

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"

	"k8s.io/apimachinery/pkg/util/proxy"
	translator "k8s.io/apiserver/pkg/util/proxy"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	"k8s.io/klog/v2"
	"k8s.io/streaming/pkg/httpstream/wsstream"
)

// websocketFeature makes kube-apiserver hand on the present WebSocket protocols as they are. It would translate them
// itself otherwise, and its translation does not notice a client that goes away while a command is silent.
const websocketFeature = "ExtendWebSocketsToKubelet"

// websockets translates those protocols into the SPDY ones that the streaming library serves; inner serves the rest.
type websockets struct {
	pods      *podManager
	inner     http.Handler
	transport *http.Transport
}

func newWebsockets(pods *podManager, inner http.Handler) *websockets {
	within := newWithinListener()
	go func() {
		if err := (&http.Server{Handler: inner}).Serve(within); err != nil {
			klog.V(2).InfoS("the translated streams ended", "err", err)
		}
	}()
	return &websockets{pods: pods, inner: inner, transport: &http.Transport{DialContext: within.dial}}
}

func (s *websockets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	location := &url.URL{Scheme: "http", Host: "within", Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	switch {
	case wsstream.IsWebSocketRequestWithStreamCloseProtocol(r):
		s.translate(w, r, location)
	case wsstream.IsWebSocketRequestWithTunnelingProtocol(r) && strings.HasPrefix(r.URL.Path, "/portForward/"):
		handler := proxy.NewUpgradeAwareHandler(location, s.transport, false, true, responder{})
		translator.NewTunnelingHandler(handler).ServeHTTP(w, r)
	default:
		s.inner.ServeHTTP(w, r)
	}
}

func (s *websockets) translate(w http.ResponseWriter, r *http.Request, location *url.URL) {
	options, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	// Once the protocol is switched there is no status any more.
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) < 4 {
		http.NotFound(w, r)
		return
	}
	r.SetPathValue("namespace", parts[1])
	r.SetPathValue("pod", parts[2])
	r.SetPathValue("container", parts[len(parts)-1])
	pod, c := s.pods.target(w, r)
	if pod == nil || pod.running(w, c) == nil {
		return
	}
	w, r, cancel := connected(w, r)
	defer cancel()
	translator.NewStreamTranslatorHandler(location, s.transport, 0, translator.Options{
		Stdin: options.Stdin, Stdout: options.Stdout, Stderr: options.Stderr, Tty: options.TTY,
	}).ServeHTTP(w, r)
}

type responder struct{}

func (responder) Error(w http.ResponseWriter, _ *http.Request, err error) {
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

// withinListener accepts connections from this process only.
type withinListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newWithinListener() *withinListener {
	return &withinListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *withinListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *withinListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *withinListener) Addr() net.Addr { return &net.UnixAddr{Name: "within", Net: "unix"} }

func (l *withinListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs, err := connectedPair()
	if err != nil {
		return nil, err
	}
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		err = net.ErrClosed
	case <-ctx.Done():
		err = ctx.Err()
	}
	return nil, errors.Join(err, ours.Close(), theirs.Close())
}

// connectedPair makes two ends of one connection that has no address for others to dial.
func connectedPair() (net.Conn, net.Conn, error) {
	syscall.ForkLock.RLock()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, err
	}
	var conns [2]net.Conn
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "within")
		conns[i], err = net.FileConn(file)
		file.Close()
		if err != nil {
			return nil, nil, err
		}
	}
	return conns[0], conns[1], nil
}
