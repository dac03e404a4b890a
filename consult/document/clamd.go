package document

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// verdict is what the scanner says of a document.
type verdict int

const (
	clean verdict = iota
	infected
	unscanned // the scanner does not take it
)

// scanner looks for what is known to be harmful. *clamd is one; without one, everything is clean.
type scanner interface {
	scan(ctx context.Context, content io.Reader) (verdict, error)
}

const (
	clamdWithin = 2 * time.Minute // without a sign of life
	clamdPiece  = 64 << 10        // bytes in one write; clamd takes more, but buffers it
	maxReply    = 4 << 10         // bytes of clamd's answer that are read
)

// clamd speaks to ClamAV's daemon: one connection a document, command INSTREAM (clamd(8)).
type clamd struct{ network, address string }

func (c clamd) scan(ctx context.Context, content io.Reader) (verdict, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, c.network, c.address)
	if err != nil {
		return 0, fmt.Errorf("document: clamd: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	sent := c.send(conn, content)
	if errors.Is(sent, errDamaged) {
		return 0, sent
	}
	// Over its limit clamd answers and hangs up while we still send: its answer says more than the broken pipe.
	_ = conn.SetReadDeadline(time.Now().Add(clamdWithin))
	reply, err := io.ReadAll(io.LimitReader(conn, maxReply))
	if len(reply) == 0 {
		return 0, fmt.Errorf("document: clamd: no answer: %w", errors.Join(sent, err))
	}
	return readVerdict(reply)
}

func (c clamd) send(conn net.Conn, content io.Reader) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	buffer := make([]byte, 4+clamdPiece)
	for {
		n, err := io.ReadFull(content, buffer[4:])
		if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		binary.BigEndian.PutUint32(buffer, uint32(n)) // 0 ends the stream
		_ = conn.SetWriteDeadline(time.Now().Add(clamdWithin))
		if _, err := conn.Write(buffer[:4+n]); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

// readVerdict reads "stream: OK", "stream: <name> FOUND" or "… ERROR". The name of what was found goes no further.
func readVerdict(reply []byte) (verdict, error) {
	text := strings.TrimRight(string(reply), "\x00\r\n ")
	switch {
	case strings.HasSuffix(text, " FOUND"):
		return infected, nil
	case text == "stream: OK":
		return clean, nil
	case strings.Contains(text, "size limit exceeded"):
		return unscanned, nil
	default:
		return 0, fmt.Errorf("document: clamd answers %q", text)
	}
}
