package agent

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// logQuery says which part of a log is wanted, as corev1.PodLogOptions.
type logQuery struct {
	follow     bool
	timestamps bool
	tail       int64 // -1 for all
	limit      int64 // bytes, -1 for all
	since      time.Time
	stream     string // "", "stdout" or "stderr"
}

// logRecord is one parsed record.
type logRecord struct {
	stamp  time.Time
	prefix []byte
	stream string
	text   []byte
	whole  bool
}

func parseRecord(line []byte) (logRecord, bool) {
	parts := bytes.SplitN(line, []byte(" "), 4)
	if len(parts) != 4 {
		return logRecord{}, false
	}
	stamp, err := time.Parse(time.RFC3339Nano, string(parts[0]))
	if err != nil {
		return logRecord{}, false
	}
	record := logRecord{stamp: stamp, prefix: parts[0], stream: string(parts[1]), text: parts[3]}
	record.whole = string(parts[2]) == "F"
	if !record.whole {
		record.text = bytes.TrimSuffix(record.text, []byte("\n"))
	}
	return record, true
}

// logPrinter writes the records that a query asks for.
type logPrinter struct {
	query   logQuery
	out     io.Writer
	left    int64
	started bool // inside a line that came in parts
}

var errLimit = errors.New("as many bytes as wanted")

func (p *logPrinter) print(record logRecord) error {
	if record.stamp.Before(p.query.since) || (p.query.stream != "" && p.query.stream != record.stream) {
		return nil
	}
	text := record.text
	if p.query.timestamps && !p.started {
		text = append(append(append([]byte(nil), record.prefix...), ' '), text...)
	}
	p.started = !record.whole
	if p.query.limit >= 0 {
		if int64(len(text)) > p.left {
			text = text[:p.left]
		}
		p.left -= int64(len(text))
	}
	if _, err := p.out.Write(text); err != nil {
		return err
	}
	if p.query.limit >= 0 && p.left == 0 {
		return errLimit
	}
	return nil
}

// read writes the log to out as the query wants it; with follow it goes on until the log or ctx ends.
func (l *containerLog) read(ctx context.Context, query logQuery, out io.Writer) error {
	printer := &logPrinter{query: query, out: out, left: query.limit}
	if query.limit == 0 {
		return nil
	}
	skip := int64(0)
	if query.tail >= 0 {
		count, err := l.count(query)
		if err != nil {
			return err
		}
		skip = max(0, count-query.tail)
	}
	turn, _, _ := l.state()
	if old, err := os.Open(l.path + ".1"); err == nil {
		err = drain(bufio.NewReader(old), printer, &skip)
		old.Close()
		if err != nil {
			return ended(err)
		}
	}
	return ended(l.followFrom(ctx, turn, printer, &skip))
}

func ended(err error) error {
	if errors.Is(err, errLimit) {
		return nil
	}
	return err
}

func (l *containerLog) followFrom(ctx context.Context, turn int, printer *logPrinter, skip *int64) error {
	for {
		file, err := os.Open(l.path)
		if err != nil {
			return err
		}
		reader := bufio.NewReader(file)
		for {
			now, closed, changed := l.state()
			if err = drain(reader, printer, skip); err != nil || now != turn {
				turn = now
				break
			}
			if !printer.query.follow || closed {
				file.Close()
				return nil
			}
			select {
			case <-ctx.Done():
				file.Close()
				return nil
			case <-changed:
			}
		}
		file.Close()
		if err != nil {
			return err
		}
	}
}

// drain prints the whole records that reader has now, the first skip of them apart.
func drain(reader *bufio.Reader, printer *logPrinter, skip *int64) error {
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return nil // records are written whole, so a part of one is never read
		}
		record, ok := parseRecord(line)
		if !ok {
			continue
		}
		if *skip > 0 && wanted(printer.query, record) {
			if record.whole {
				*skip--
			}
			continue
		}
		if err := printer.print(record); err != nil {
			return err
		}
	}
}

func wanted(query logQuery, record logRecord) bool {
	return !record.stamp.Before(query.since) && (query.stream == "" || query.stream == record.stream)
}

// count tells how many lines of the log the query covers.
func (l *containerLog) count(query logQuery) (int64, error) {
	lines := int64(0)
	for _, path := range []string{l.path + ".1", l.path} {
		file, err := os.Open(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		reader := bufio.NewReader(file)
		for {
			line, err := reader.ReadBytes('\n')
			if err != nil {
				break
			}
			if record, ok := parseRecord(line); ok && record.whole && wanted(query, record) {
				lines++
			}
		}
		file.Close()
	}
	return lines, nil
}
