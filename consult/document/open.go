package document

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"time"

	"github.com/colloque/colloque/consult"
)

// AddressLifetime is how long the address of one opening is good: long enough for a download that breaks off to go on.
const AddressLifetime = time.Hour

// Address is a right to read one document for an hour: for the browser's own viewer and its own download, which cannot carry the
// right of who asks in a header. Whoever has it reads.
type Address struct {
	Consultation consult.ConsultationID
	Document     consult.DocumentID
	Right        string // sealed with the document's key, and void when that is erased
	Shown        bool
}

// right is what an Address seals: whoever it was given to must still be allowed to see the document.
type right struct {
	Participant consult.ParticipantID `json:"p"`
	Until       time.Time             `json:"u"`
}

func rightContext(d Document) string { return "open/" + string(d.Consultation) + "/" + string(d.ID) }

// Open gives the address of a document, and notes that it was seen.
func (d *Documents) Open(v Viewer, id consult.DocumentID) (Address, error) {
	address, err := d.open(v, id)
	return address, d.fail("open", v.Consultation.ID, id, err)
}

func (d *Documents) open(v Viewer, id consult.DocumentID) (Address, error) {
	r, err := d.readable(v, id)
	if err != nil {
		return Address{}, err
	}
	if v.Marks && r.Document.From != v.Participant.ID && !r.Document.seenBy(v.Participant.ID) {
		if r, err = d.change(v.Consultation, id, func(r *record) (bool, error) {
			if r.Document.seenBy(v.Participant.ID) {
				return false, nil
			}
			r.Document.Seen = append(r.Document.Seen, Seen{v.Participant.ID, d.clock()})
			return true, nil
		}, nil); err != nil {
			return Address{}, err
		}
	}
	plain, err := json.Marshal(right{v.Participant.ID, d.clock().Add(AddressLifetime)})
	if err != nil {
		return Address{}, err
	}
	sealed := base64.RawURLEncoding.EncodeToString(r.key.Seal(rightContext(r.Document), plain))
	return Address{v.Consultation.ID, id, sealed, r.Document.Shown()}, nil
}

// readable finds a document that this person may open.
func (d *Documents) readable(v Viewer, id consult.DocumentID) (*record, error) {
	r, err := d.load(v.Consultation.ID, id)
	if err != nil {
		return nil, err
	}
	if !v.maySee(r.Document) {
		return nil, ErrNotFound
	}
	if r.Document.State != StateReady {
		return nil, errNotReady
	}
	return r, nil
}

// Content is a document with its bytes; the caller closes it.
type Content struct {
	Document
	io.ReadSeekCloser
}

// Read opens the bytes for who may see the document. It notes nothing.
func (d *Documents) Read(v Viewer, id consult.DocumentID) (Content, error) {
	r, err := d.readable(v, id)
	if err != nil {
		return Content{}, d.fail("read", v.Consultation.ID, id, err)
	}
	return d.content(r)
}

// ReadAt opens the bytes that an address is for. Whatever is wrong with it, the answer is ErrNotFound.
func (d *Documents) ReadAt(a Address) (Content, error) {
	r, err := d.byAddress(a)
	if err != nil {
		return Content{}, d.fail("read", a.Consultation, a.Document, err)
	}
	return d.content(r)
}

func (d *Documents) byAddress(a Address) (*record, error) {
	r, err := d.load(a.Consultation, a.Document)
	if err != nil {
		return nil, err
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(a.Right)
	if err != nil {
		return nil, ErrNotFound
	}
	plain, err := r.key.Open(rightContext(r.Document), sealed)
	if err != nil {
		return nil, ErrNotFound
	}
	var has right
	if err := json.Unmarshal(plain, &has); err != nil || !d.clock().Before(has.Until) {
		return nil, ErrNotFound
	}
	c, err := d.encounter(a.Consultation)
	if err != nil {
		return nil, err
	}
	who, ok := c.Participant(has.Participant)
	if v := (Viewer{Consultation: c, Participant: who}); !ok || !v.maySee(r.Document) || r.Document.State != StateReady {
		return nil, ErrNotFound
	}
	return r, nil
}

func (d *Documents) content(r *record) (Content, error) {
	b, err := d.blobOf(r)
	if err == nil {
		var reader *blobReader
		if reader, err = b.open(); err == nil {
			return Content{r.Document, reader}, nil
		}
	}
	return Content{}, d.fail("read", r.Document.Consultation, r.Document.ID, err)
}
