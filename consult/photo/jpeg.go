package photo

import (
	"bytes"
	"errors"
)

// Markers of ITU-T T.81 table B.1.
const (
	markSOI  = 0xD8
	markEOI  = 0xD9
	markSOS  = 0xDA
	markRST0 = 0xD0
	markRST7 = 0xD7
	markTEM  = 0x01
	markAPP0 = 0xE0
	markCOM  = 0xFE
)

// jpeg looks into all pictures of a file: behind the first, phones put smaller ones (CIPA DC-007), films, and notes of their own.
func (f *finder) jpeg() error {
	end, err := f.picture(0)
	for err == nil && end < f.size {
		next, found := f.nextPicture(end)
		if err = f.over(end, next-end, nil); err != nil || !found {
			return err
		}
		patches := len(f.found.Patches)
		if end, err = f.picture(next); errors.Is(err, errOdd) { // it only looked like one: it is part of something else
			f.found.Patches = f.found.Patches[:patches]
			return f.over(next, f.size-next, nil)
		}
	}
	return err
}

// nextPicture is where the next picture begins, or the end of the file.
func (f *finder) nextPicture(from int64) (int64, bool) {
	for at, run := from, 0; at < f.size; at++ {
		b, err := f.byteAt(at)
		if err != nil {
			return at, false
		}
		switch {
		case run == 2 && b == 0xFF:
			return at - 2, true
		case run == 1 && b == markSOI:
			run = 2
		case b == 0xFF:
			run = 1
		default:
			run = 0
		}
	}
	return f.size, false
}

// picture looks into one picture, and returns where it ends.
func (f *finder) picture(at int64) (int64, error) {
	start, err := f.read(at, 2)
	if err != nil {
		return at, err
	}
	if start[0] != 0xFF || start[1] != markSOI {
		return at, errOdd
	}
	for at += 2; ; {
		mark, next, err := f.marker(at)
		if err != nil {
			return at, err
		}
		at = next
		switch {
		case mark == markEOI:
			return at, nil
		case mark == markTEM, mark >= markRST0 && mark <= markRST7:
			continue
		}
		head, err := f.read(at, 2)
		if err != nil {
			return at, err
		}
		length := be16(head)
		if length < 2 || at > f.size-length {
			return at, errOdd
		}
		if err := f.segment(mark, at+2, length-2); err != nil {
			return at, err
		}
		if at += length; mark == markSOS {
			if at, err = f.scan(at); err != nil {
				return at, err
			}
		}
	}
}

// marker reads a marker, before which any number of 0xFF may stand (T.81 §B.1.1.2), and returns where it ends.
func (f *finder) marker(at int64) (byte, int64, error) {
	b, err := f.byteAt(at)
	if err != nil {
		return 0, at, err
	}
	if b != 0xFF {
		return 0, at, errOdd
	}
	for b == 0xFF {
		at++
		if b, err = f.byteAt(at); err != nil {
			return 0, at, err
		}
	}
	return b, at + 1, odd(b == 0)
}

// scan skips what is drawn, and returns where the marker after it begins.
func (f *finder) scan(at int64) (int64, error) {
	for run := false; ; at++ {
		b, err := f.byteAt(at)
		switch {
		case err != nil:
			return at, err
		case b == 0xFF:
			run = true
		case run && b != 0 && (b < markRST0 || b > markRST7):
			return at - 1, nil
		default:
			run = false
		}
	}
}

var (
	exifName = []byte("Exif\x00")
	xmpName  = []byte("http://ns.adobe.com/") // xap/1.0/ and xmp/extension/
)

// segment empties a segment that says nothing of how the picture is drawn.
func (f *finder) segment(mark byte, at, length int64) error {
	if mark != markCOM && (mark < markAPP0 || mark > markAPP0+15) {
		return nil
	}
	name, err := f.read(at, min(length, int64(len(xmpName))))
	if err != nil {
		return err
	}
	begins := func(with string) bool { return bytes.HasPrefix(name, []byte(with)) }
	switch {
	case mark == markAPP0,
		mark == markAPP0+2 && (begins("ICC_PROFILE\x00") || begins("MPF\x00")), // colours, and where the other pictures are
		mark == markAPP0+14 && begins("Adobe"):                                 // how colours are written
		return nil
	case mark == markAPP0+1 && bytes.HasPrefix(name, exifName) && length >= 6:
		return f.exif(at+6, length-6)
	case mark == markAPP0+1 && bytes.HasPrefix(name, xmpName):
		return f.xmp(at, length)
	}
	return f.over(at, length, nil)
}
