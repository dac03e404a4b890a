package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Patch is what is to be written over a part of a file.
type Patch struct {
	At     int64
	Length int64  // of all of it
	With   []byte // what stands first; zeroes follow
}

// Found is what was found in a photograph.
type Found struct {
	Patches  []Patch // in the order of the file, none over another; nil: nothing
	Location bool    // among it, where it was taken
}

// Find looks into a file of a kind, a media type; into none that it does not know. The error is the reader's.
func Find(content io.ReadSeeker, size int64, kind string) (Found, error) {
	f := &finder{content: content, size: size}
	var err error
	switch kind {
	case "image/jpeg":
		err = f.jpeg()
	case "image/png":
		err = f.png()
	case "image/webp":
		err = f.webp()
	case "image/heic", "image/heif", "image/avif":
		err = f.heif()
	}
	if errors.Is(err, errOdd) {
		err = nil
	}
	return f.found, err
}

// errOdd says that a file is not what it says, or ends early.
var errOdd = errors.New("photo: not readable")

const (
	maxBlock   = 4 << 20 // bytes of a block that are read; there is no reason for larger ones
	maxPatches = 1 << 12 // a photograph has a few dozen at most
	window     = 16 << 10
)

// finder looks into one file.
type finder struct {
	content io.ReadSeeker
	size    int64
	found   Found
	buffer  []byte // of byteAt
	from    int64  // where it lies
}

// read returns bytes of the file.
func (f *finder) read(at, length int64) ([]byte, error) {
	if at < 0 || length < 0 || length > maxBlock || at > f.size-length {
		return nil, errOdd
	}
	if _, err := f.content.Seek(at, io.SeekStart); err != nil {
		return nil, err
	}
	b := make([]byte, length)
	if _, err := io.ReadFull(f.content, b); err != nil {
		return nil, err
	}
	return b, nil
}

// byteAt is read for who goes on byte by byte.
func (f *finder) byteAt(at int64) (byte, error) {
	if at < f.from || at >= f.from+int64(len(f.buffer)) {
		b, err := f.read(at, min(window, f.size-at))
		if err != nil || len(b) == 0 {
			return 0, errors.Join(err, odd(err == nil))
		}
		f.buffer, f.from = b, at
	}
	return f.buffer[at-f.from], nil
}

func odd(is bool) error {
	if is {
		return errOdd
	}
	return nil
}

// over has a part written over, unless that is what stands there.
func (f *finder) over(at, length int64, with []byte) error {
	if at < 0 || length <= 0 || at > f.size-length {
		return nil
	}
	for done := int64(0); done < length; done += window {
		part, err := f.read(at+done, min(window, length-done))
		if err != nil {
			return err
		}
		want := make([]byte, len(part))
		if done < int64(len(with)) {
			copy(want, with[done:])
		}
		if !bytes.Equal(part, want) {
			if len(f.found.Patches) == maxPatches {
				return errOdd
			}
			f.found.Patches = append(f.found.Patches, Patch{at, length, with})
			return nil
		}
	}
	return nil
}

// exif has a TIFF block written anew, without all that does not concern the picture.
func (f *finder) exif(at, length int64) error {
	block, err := f.read(at, length)
	if errors.Is(err, errOdd) {
		return f.over(at, length, nil)
	}
	if err != nil {
		return err
	}
	kept := readTIFF(block)
	f.found.Location = f.found.Location || kept.located
	return f.over(at, length, kept.write(len(block)))
}

// xmp empties a block of XMP.
func (f *finder) xmp(at, length int64) error {
	if block, err := f.read(at, min(length, maxBlock)); err == nil {
		f.found.Location = f.found.Location || bytes.Contains(block, []byte("GPSLatitude"))
	} else if !errors.Is(err, errOdd) {
		return err
	}
	return f.over(at, length, nil)
}

func be16(b []byte) int64 { return int64(binary.BigEndian.Uint16(b)) }
func be32(b []byte) int64 { return int64(binary.BigEndian.Uint32(b)) }
