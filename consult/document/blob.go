package document

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/colloque/colloque/consult"
)

// A document's bytes are a file of slots, each a piece of 16 KiB sealed on its own with the document's key and bound to its place:
//
//	piece 0           piece 1           …  last piece (shorter)
//	nonce data tag    nonce data tag       nonce data tag
//
// Every nonce is drawn at random (24 bytes, XChaCha20), so a piece that is written again after a crash repeats none. A file
// that was cut off by a crash tells by itself how far it is good: as far as its pieces open. Only whole pieces are kept of an upload
// that breaks off, so there is never a piece to be extended.
const (
	pieceSize = 16 << 10
	overhead  = 24 + 16 // nonce and tag
	slotSize  = pieceSize + overhead

	syncEvery = 4 << 20 // bytes, at most, that an upload has in memory only
)

// blob is where a document's bytes are and what they are sealed with.
type blob struct {
	path    string
	context string
	key     *consult.DataKey
	size    int64 // of the content when it is whole
	turns   turns
}

// turns bounds how many pieces are sealed, written, read and opened at once to one processor fewer than there are. A piece takes some 50 µs
// and waits for nothing, and Go takes no processor from a goroutine before 10 ms are over: ten uploads that arrive as fast as they can
// would keep a message, or a packet of a call, waiting for ten times that.
type turns chan struct{}

func newTurns() turns { return make(turns, max(1, runtime.GOMAXPROCS(0)-1)) }

func (t turns) take() { t <- struct{}{} }
func (t turns) give() { <-t }

func (b blob) pieceContext(i int64) string { return b.context + "/" + strconv.FormatInt(i, 10) }

// pieceLength is how many bytes piece i has when the document is whole.
func (b blob) pieceLength(i int64) int { return int(min(pieceSize, b.size-i*pieceSize)) }

// fileSize is how many bytes a file has that holds this much of the content.
func fileSize(content int64) int64 {
	pieces := (content + pieceSize - 1) / pieceSize
	return content + pieces*overhead
}

// blobWriter appends to a blob.
type blobWriter struct {
	blob
	file   *os.File
	offset int64  // content bytes that are written: a multiple of pieceSize, or size
	slot   []byte // the sealed piece
}

// append opens the blob to go on writing at offset, which is known to be on disk; −1: find out how far it is good.
func (b blob) append(offset int64) (*blobWriter, error) {
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(b.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	w := &blobWriter{blob: b, file: file, offset: offset}
	if offset < 0 {
		err = w.measure()
	}
	if err == nil {
		err = file.Truncate(fileSize(w.offset))
	}
	if err == nil && offset < 0 { // the file may be new
		err = errors.Join(syncDir(filepath.Dir(b.path)), syncDir(filepath.Dir(filepath.Dir(b.path))))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return w, nil
}

// measure finds the offset: as far as the pieces open.
func (w *blobWriter) measure() error {
	slot := make([]byte, slotSize)
	for w.offset = 0; w.offset < w.size; {
		i := w.offset / pieceSize
		want := slot[:w.pieceLength(i)+overhead]
		if _, err := w.file.ReadAt(want, i*slotSize); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if _, err := w.key.Open(w.pieceContext(i), want); err != nil {
			return nil
		}
		w.offset += int64(len(want) - overhead)
	}
	return nil
}

// write adds the next piece. What failed left nothing behind.
func (w *blobWriter) write(piece []byte) error {
	w.turns.take()
	defer w.turns.give()
	i := w.offset / pieceSize
	w.slot = w.key.AppendSeal(w.slot[:0], w.pieceContext(i), piece)
	if _, err := w.file.WriteAt(w.slot, i*slotSize); err != nil {
		return errors.Join(err, w.file.Truncate(fileSize(w.offset)))
	}
	w.offset += int64(len(piece))
	return nil
}

func (w *blobWriter) sync() error  { return w.file.Sync() }
func (w *blobWriter) close() error { return w.file.Close() }

// blobReader reads a whole blob: io.ReadSeeker over its content.
type blobReader struct {
	blob
	file  *os.File
	at    int64
	slot  []byte
	piece []byte // the opened piece of number
	i     int64
}

func (b blob) open() (*blobReader, error) {
	file, err := os.Open(b.path)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.Size() != fileSize(b.size) {
		return nil, errors.Join(fmt.Errorf("%w: length", errDamaged), err, file.Close())
	}
	return &blobReader{blob: b, file: file, slot: make([]byte, slotSize), i: -1}, nil
}

// Read implements io.Reader.
func (r *blobReader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if i := r.at / pieceSize; i != r.i {
		if err := r.openPiece(i); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.piece[r.at-r.i*pieceSize:])
	r.at += int64(n)
	return n, nil
}

func (r *blobReader) openPiece(i int64) error {
	r.turns.take()
	defer r.turns.give()
	slot := r.slot[:r.pieceLength(i)+overhead]
	if _, err := r.file.ReadAt(slot, i*slotSize); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	r.i = -1
	piece, err := r.key.AppendOpen(r.piece[:0], r.pieceContext(i), slot)
	if err != nil {
		return fmt.Errorf("%w: piece %d: %w", errDamaged, i, err)
	}
	r.piece, r.i = piece, i
	return nil
}

// Seek implements io.Seeker.
func (r *blobReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	r.at = offset
	return offset, nil
}

// Close implements io.Closer.
func (r *blobReader) Close() error { return r.file.Close() }

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
