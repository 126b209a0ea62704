package agent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"
)

// listen opens a port of loopback for clients with a certificate of the plane's authority.
func listen(options Options) (net.Listener, error) {
	pair, err := tls.LoadX509KeyPair(options.Cert, options.Key)
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(options.ClientCA)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s holds no certificate", options.ClientCA)
	}
	return tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		MinVersion:   tls.VersionTLS12,
		Certificates: []tls.Certificate{pair},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    pool,
	})
}

func portOf(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

// newServer answers the part of the kubelet's API that kube-apiserver calls.
func newServer(pods *podManager) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", pods.serveLogs)
	for _, path := range []string{"/exec/{namespace}/{pod}/{container}", "/exec/{namespace}/{pod}/{uid}/{container}"} {
		mux.HandleFunc("GET "+path, pods.serveExec)
		mux.HandleFunc("POST "+path, pods.serveExec)
	}
	for _, path := range []string{"/attach/{namespace}/{pod}/{container}", "/attach/{namespace}/{pod}/{uid}/{container}"} {
		mux.HandleFunc("GET "+path, pods.serveAttach)
		mux.HandleFunc("POST "+path, pods.serveAttach)
	}
	for _, path := range []string{"/portForward/{namespace}/{pod}", "/portForward/{namespace}/{pod}/{uid}"} {
		mux.HandleFunc("GET "+path, pods.servePortForward)
		mux.HandleFunc("POST "+path, pods.servePortForward)
	}
	return &http.Server{
		Handler: onlyAdministrators(newWebsockets(pods, mux)), ReadHeaderTimeout: 10 * time.Second,
		// Upgrades need HTTP/1.1, and nothing here needs more.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
}

// onlyAdministrators refuses the certificates that the cluster issued to its users: the same authority signs those.
func onlyAdministrators(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peers := r.TLS.PeerCertificates
		if len(peers) == 0 || !slices.Contains(peers[0].Subject.Organization, "system:masters") {
			http.Error(w, "Forbidden", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// target finds the pod and the container that a request names; it answers the request itself when there is none.
func (m *podManager) target(w http.ResponseWriter, r *http.Request) (*podWorker, *container) {
	pod := m.find(r.PathValue("namespace"), r.PathValue("pod"))
	if pod == nil {
		http.Error(w, fmt.Sprintf("pod %q does not exist", r.PathValue("pod")), http.StatusNotFound)
		return nil, nil
	}
	for _, c := range pod.containers {
		if c.spec.Name == r.PathValue("container") {
			return pod, c
		}
	}
	http.Error(w, fmt.Sprintf("container %q not found in pod %q", r.PathValue("container"), pod.pod.Name), http.StatusNotFound)
	return nil, nil
}

// running returns the container's present run; it answers the request itself when there is none.
func (p *podWorker) running(w http.ResponseWriter, c *container) *containerRun {
	p.mu.Lock()
	run := c.run
	p.mu.Unlock()
	if run == nil {
		http.Error(w, fmt.Sprintf("container %q of pod %q is not running", c.spec.Name, p.pod.Name), http.StatusBadRequest)
	}
	return run
}

func (m *podManager) serveLogs(w http.ResponseWriter, r *http.Request) {
	query, previous, err := parseLogQuery(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	pod, c := m.target(w, r)
	if pod == nil {
		return
	}
	pod.mu.Lock()
	log, state := c.log, c.state
	if previous {
		log = c.previous
	} else if log == nil {
		log = c.previous
	}
	pod.mu.Unlock()
	if log == nil {
		message := fmt.Sprintf("previous terminated container %q in pod %q not found", c.spec.Name, pod.pod.Name)
		if !previous {
			reason := "ContainerCreating"
			if state.Waiting != nil {
				reason = state.Waiting.Reason
			}
			message = fmt.Sprintf("container %q in pod %q is waiting to start: %s", c.spec.Name, pod.pod.Name, reason)
		}
		http.Error(w, message, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(w)
	_ = control.Flush()
	_ = log.read(r.Context(), query, flushing{w, control, query.follow})
}

// flushing sends each piece of a followed log at once.
type flushing struct {
	w       http.ResponseWriter
	control *http.ResponseController
	always  bool
}

func (f flushing) Write(data []byte) (int, error) {
	n, err := f.w.Write(data)
	if err == nil && f.always {
		err = f.control.Flush()
	}
	return n, err
}

// parseLogQuery reads the parameters of corev1.PodLogOptions.
func parseLogQuery(r *http.Request) (logQuery, bool, error) {
	values := r.URL.Query()
	query := logQuery{tail: -1, limit: -1}
	number := func(name string, into *int64) error {
		text := values.Get(name)
		if text == "" {
			return nil
		}
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil || value < 0 {
			return fmt.Errorf("%s=%q is not a number of zero or more", name, text)
		}
		*into = value
		return nil
	}
	flag := func(name string) bool {
		value, _ := strconv.ParseBool(values.Get(name))
		return value
	}
	seconds := int64(-1)
	if err := errors.Join(
		number("tailLines", &query.tail), number("limitBytes", &query.limit), number("sinceSeconds", &seconds),
	); err != nil {
		return query, false, err
	}
	if seconds >= 0 {
		query.since = time.Now().Add(-time.Duration(seconds) * time.Second)
	}
	if text := values.Get("sinceTime"); text != "" {
		since, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return query, false, err
		}
		query.since = since
	}
	switch values.Get("stream") {
	case "Stdout":
		query.stream = "stdout"
	case "Stderr":
		query.stream = "stderr"
	}
	query.follow, query.timestamps = flag("follow"), flag("timestamps")
	return query, flag("previous"), nil
}

// connected gives a request whose context ends when its client goes away, also after the connection was taken over.
func connected(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *http.Request, context.CancelFunc) {
	ctx, cancel := context.WithCancel(r.Context())
	return &hijackable{ResponseWriter: w, lost: cancel}, r.WithContext(ctx), cancel
}
