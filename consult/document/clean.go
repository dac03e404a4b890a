package document

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/colloque/colloque/consult/photo"
)

// Where a photograph was taken, and with what, is taken out of it before anybody sees it: here, where all documents pass, whatever brought
// them. The web client takes the place out before it sends, so that it does not even come here; plain forms and other programs cannot.

// cleanSuffix is that of the file into which a photograph is written anew, before it takes the place of the one that came.
const cleanSuffix = ".clean"

// clean takes out of a photograph what it tells besides the picture, and reports whether that was a place. Its length stays, and each byte of
// the picture. Clean files stay as they are: after a crash it is done again.
func (d *Documents) clean(r *record) (located bool, err error) {
	b, err := d.blobOf(r)
	if err != nil {
		return false, err
	}
	content, err := b.open()
	if errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = content.Close() }()
	kind, err := kindAt(content, b.size)
	if err != nil {
		return false, err
	}
	found, err := photo.Find(content, b.size, kind.media)
	if err != nil || len(found.Patches) == 0 {
		return false, err
	}
	if err := b.rewrite(content, found.Patches); err != nil {
		return false, err
	}
	if _, err := d.load(r.Document.Consultation, r.Document.ID); errors.Is(err, ErrNotFound) { // it was erased meanwhile
		return false, d.unlink(r.Document)
	}
	return found.Location, nil
}

// rewrite writes the content with patches into a file of its own, and puts that in the place of the blob.
func (b blob) rewrite(content *blobReader, patches []photo.Patch) error {
	anew := b
	anew.path += cleanSuffix
	w, err := anew.append(0)
	if err != nil {
		return err
	}
	if _, err = content.Seek(0, io.SeekStart); err == nil {
		err = w.fill(photo.Patched(content, patches))
	}
	if err = errors.Join(err, w.close()); err == nil {
		err = os.Rename(anew.path, b.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(anew.path))
	}
	return syncDir(filepath.Dir(b.path))
}

// fill writes all of a blob whose size is known, and has it on disk.
func (w *blobWriter) fill(content io.Reader) error {
	piece := make([]byte, pieceSize)
	for w.offset < w.size {
		next := piece[:w.pieceLength(w.offset/pieceSize)]
		if _, err := io.ReadFull(content, next); err != nil {
			return err
		}
		if err := w.write(next); err != nil {
			return err
		}
	}
	return w.sync()
}
