package photo

import (
	"encoding/binary"
	"slices"
)

// Tags of Exif 2.32 §4.6.
const (
	tagOrientation = 0x0112
	tagExif        = 0x8769 // where the directory of the camera is
	tagGPS         = 0x8825 // where the directory of the place is
	tagTaken       = 0x9003 // DateTimeOriginal
	tagColours     = 0xA001

	typeASCII = 2
	typeShort = 3
	typeLong  = 4

	lenTaken = 20 // "2026:11-22 21:30:00" and a zero
)

// lengths of what write writes.
const (
	lenSmall = 8 + 2 + 12 + 4
	lenWhole = 8 + 2 + 2*12 + 4 + 2 + 2*12 + 4 + lenTaken
)

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// tiff is what is kept of an Exif block.
type tiff struct {
	order       byteOrder // nil: it cannot be read
	orientation uint16    // 0: not said
	taken       []byte    // nil: not said
	colours     uint16    // 0: not said
	located     bool      // it said where
}

// readTIFF reads a block: its first directory, and that of the camera.
func readTIFF(b []byte) tiff {
	var t tiff
	if len(b) < 8 {
		return t
	}
	switch string(b[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return t
	}
	t.directory(b, t.order.Uint32(b[4:]), func(tag, kind uint16, count, at uint32) {
		value := t.order.Uint32(b[at:])
		switch tag {
		case tagOrientation:
			if v := t.order.Uint16(b[at:]); kind == typeShort && v >= 1 && v <= 8 {
				t.orientation = v
			}
		case tagGPS:
			t.directory(b, value, func(uint16, uint16, uint32, uint32) { t.located = true })
		case tagExif:
			t.directory(b, value, func(tag, kind uint16, count, at uint32) {
				switch {
				case tag == tagColours && kind == typeShort:
					t.colours = t.order.Uint16(b[at:])
				case tag == tagTaken && kind == typeASCII && count == lenTaken:
					t.taken = takenAt(b, t.order.Uint32(b[at:]))
				}
			})
		}
	})
	return t
}

// directory calls back with each entry, of which 4 bytes of value lie at.
func (t *tiff) directory(b []byte, from uint32, each func(tag, kind uint16, count, at uint32)) {
	if int64(from)+2 > int64(len(b)) {
		return
	}
	entries := t.order.Uint16(b[from:])
	for i := range int64(entries) {
		at := int64(from) + 2 + 12*i
		if at+12 > int64(len(b)) {
			return
		}
		each(t.order.Uint16(b[at:]), t.order.Uint16(b[at+2:]), t.order.Uint32(b[at+4:]), uint32(at+8))
	}
}

// takenAt is an instant as Exif writes it, and nothing else that might stand there.
func takenAt(b []byte, at uint32) []byte {
	if int64(at)+lenTaken > int64(len(b)) {
		return nil
	}
	text := b[at : at+lenTaken]
	for i, c := range []byte("0000:00:00 00:00:00\x00") {
		if figure := text[i] >= '0' && text[i] <= '9'; (c == '0') != figure || (c != '0' && text[i] != c) {
			return nil
		}
	}
	return slices.Clone(text)
}

// write makes a block of what is kept, as much as there is room for; nil for none.
func (t tiff) write(room int) []byte {
	if t.order == nil || room < lenSmall {
		return nil
	}
	w := &writer{t.order, make([]byte, 0, lenWhole)}
	if t.order == byteOrder(binary.LittleEndian) {
		w.b = append(w.b, "II"...)
	} else {
		w.b = append(w.b, "MM"...)
	}
	w.b = t.order.AppendUint16(w.b, 42)
	w.b = t.order.AppendUint32(w.b, 8)
	more := room >= lenWhole && (t.taken != nil || t.colours != 0)
	w.count(1, more)
	w.short(tagOrientation, max(1, t.orientation))
	if more {
		w.entry(tagExif, typeLong, 1, uint32(len(w.b)+12+4))
	}
	w.b = t.order.AppendUint32(w.b, 0) // no other directory: that was the small picture
	if !more {
		return w.b
	}
	all := 0
	for _, is := range []bool{t.taken != nil, t.colours != 0} {
		if is {
			all++
		}
	}
	w.b = t.order.AppendUint16(w.b, uint16(all))
	if t.taken != nil {
		w.entry(tagTaken, typeASCII, lenTaken, uint32(len(w.b)+12*all+4))
	}
	if t.colours != 0 {
		w.short(tagColours, t.colours)
	}
	w.b = t.order.AppendUint32(w.b, 0)
	return append(w.b, t.taken...)
}

type writer struct {
	order byteOrder
	b     []byte
}

func (w *writer) count(n uint16, oneMore bool) {
	if oneMore {
		n++
	}
	w.b = w.order.AppendUint16(w.b, n)
}

func (w *writer) entry(tag, kind uint16, count, value uint32) {
	w.b = w.order.AppendUint16(w.b, tag)
	w.b = w.order.AppendUint16(w.b, kind)
	w.b = w.order.AppendUint32(w.b, count)
	w.b = w.order.AppendUint32(w.b, value)
}

// short is an entry whose value stands in the first two of its four bytes.
func (w *writer) short(tag, value uint16) {
	w.b = w.order.AppendUint16(w.b, tag)
	w.b = w.order.AppendUint16(w.b, typeShort)
	w.b = w.order.AppendUint32(w.b, 1)
	w.b = w.order.AppendUint16(w.b, value)
	w.b = w.order.AppendUint16(w.b, 0)
}
