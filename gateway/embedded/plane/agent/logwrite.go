package agent

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	// Size at which a log is set aside; one set aside is kept, so a container's log takes twice this at most.
	logLimit = 10 << 20
	// Longest piece of a line in one log record, as in the container runtimes.
	pieceLimit = 16 << 10
	// Bytes of an attached client's backlog; one that reads slower than this loses output, not the container its pace.
	attachBacklog = 256
)

// containerLog is the output of one run of a container: a file of CRI-like records, and whoever is attached.
type containerLog struct {
	path string

	mu       sync.Mutex
	file     *os.File
	size     int64
	turn     int
	closed   bool
	changed  chan struct{}
	attached map[*attachment]struct{}
}

// attachment receives the output of a container as it comes.
type attachment struct {
	pieces chan piece
}

type piece struct {
	stderr bool
	bytes  []byte
}

func createLog(path string) (*containerLog, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &containerLog{
		path: path, file: file, changed: make(chan struct{}), attached: map[*attachment]struct{}{},
	}, nil
}

// openLog finds the log that an earlier agent wrote; nil where there is none.
func openLog(path string) *containerLog {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	return &containerLog{path: path, closed: true, changed: make(chan struct{})}
}

// collect reads a stream to its end into the log. It returns when every process that holds the stream closed it.
func (l *containerLog) collect(from io.Reader, stderr bool) {
	reader := bufio.NewReaderSize(from, pieceLimit)
	for {
		line, err := reader.ReadSlice('\n')
		if len(line) > 0 {
			l.write(line, stderr)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// write appends one record: time, stream, F for a whole line or P for a part of one, text.
func (l *containerLog) write(line []byte, stderr bool) {
	stream, tag, end := "stdout", "F", ""
	if stderr {
		stream = "stderr"
	}
	if line[len(line)-1] != '\n' {
		tag, end = "P", "\n"
	}
	record := time.Now().UTC().Format(time.RFC3339Nano) + " " + stream + " " + tag + " " + string(line) + end
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	if l.size+int64(len(record)) > logLimit && l.size > 0 {
		l.rotate()
	}
	if l.file != nil {
		n, _ := l.file.WriteString(record)
		l.size += int64(n)
	}
	for client := range l.attached {
		select {
		case client.pieces <- piece{stderr, append([]byte(nil), line...)}:
		default:
		}
	}
	l.wake()
}

// wake tells followers to look again. The lock is held.
func (l *containerLog) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// rotate sets the file aside. The lock is held. Without a new file the output goes on, only unkept.
func (l *containerLog) rotate() {
	l.file.Close()
	_ = os.Rename(l.path, l.path+".1")
	l.file, _ = os.OpenFile(l.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	l.size = 0
	l.turn++
}

// close ends the log: followers and attached clients see its end.
func (l *containerLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	if l.file != nil {
		l.file.Close()
	}
	for client := range l.attached {
		close(client.pieces)
	}
	l.attached = nil
	l.wake()
}

// attach subscribes to the output from now on; the channel is closed when the log ends. cancel unsubscribes.
func (l *containerLog) attach() (*attachment, func()) {
	client := &attachment{pieces: make(chan piece, attachBacklog)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		close(client.pieces)
		return client, func() {}
	}
	l.attached[client] = struct{}{}
	return client, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.attached, client)
	}
}

// state tells how often the log was rotated, whether it ended, and gives a channel that closes at the next change.
func (l *containerLog) state() (turn int, closed bool, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.turn, l.closed, l.changed
}
