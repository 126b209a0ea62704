package agent

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
)

// hijackable notices the end of a connection that a handler took over: from then on net/http does not watch it.
type hijackable struct {
	http.ResponseWriter
	lost func()
}

func (h *hijackable) Flush() {
	if flusher, ok := h.ResponseWriter.(http.Flusher); ok {
		flusher.Flush()
	}
}

func (h *hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	hijacker, ok := h.ResponseWriter.(http.Hijacker)
	if !ok {
		return nil, nil, errors.New("the connection cannot be taken over")
	}
	conn, buffered, err := hijacker.Hijack()
	if err != nil {
		return nil, nil, err
	}
	watched := &watchedConn{Conn: conn, lost: h.lost}
	read, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	rest := io.MultiReader(bytes.NewReader(bytes.Clone(read)), watched)
	return watched, bufio.NewReadWriter(bufio.NewReader(rest), bufio.NewWriter(watched)), nil
}

type watchedConn struct {
	net.Conn
	lost func()
}

func (c *watchedConn) Read(data []byte) (int, error) {
	n, err := c.Conn.Read(data)
	if err != nil {
		c.lost()
	}
	return n, err
}

func (c *watchedConn) Write(data []byte) (int, error) {
	n, err := c.Conn.Write(data)
	if err != nil {
		c.lost()
	}
	return n, err
}

// Close is also how a WebSocket library acts on a client's closing frame.
func (c *watchedConn) Close() error {
	c.lost()
	return c.Conn.Close()
}
