package photo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
)

const pngHead = "\x89PNG\r\n\x1a\n"

// pngEmpty is a kind of chunk that nobody knows, and so passes over (PNG 3rd edition §5.4): ancillary, private, safe to copy.
const pngEmpty = "blNk"

// png looks into a PNG (PNG 3rd edition §5.3).
func (f *finder) png() error {
	for at := int64(len(pngHead)); ; {
		head, err := f.read(at, 8)
		if err != nil {
			return err
		}
		length, kind := be32(head), string(head[4:])
		if at > f.size-12-length {
			return errOdd
		}
		data := at + 8
		switch kind {
		case "eXIf":
			patches := len(f.found.Patches)
			if err = f.exif(data, length); err == nil && len(f.found.Patches) > patches {
				err = f.checksum(kind, data, length, f.found.Patches[patches].With)
			}
		case "tEXt", "zTXt", "iTXt", "caBX":
			if text, unread := f.read(data, min(length, maxBlock)); unread == nil {
				f.found.Location = f.found.Location || bytes.Contains(text, []byte("GPSLatitude"))
			}
			if err = f.over(at+4, 4+length, []byte(pngEmpty)); err == nil {
				err = f.checksum(pngEmpty, data, length, nil)
			}
		case "IEND":
			return f.over(data+length+4, f.size-(data+length+4), nil)
		}
		if err != nil {
			return err
		}
		at = data + length + 4
	}
}

// checksum writes that of a chunk that begins with these bytes and goes on with zeroes.
func (f *finder) checksum(kind string, data, length int64, with []byte) error {
	sum := crc32.NewIEEE()
	_, _ = sum.Write(append([]byte(kind), with...))
	_, err := io.CopyN(sum, zeroes{}, length-int64(len(with)))
	if err != nil {
		return err
	}
	return f.over(data+length, 4, sum.Sum(nil))
}

type zeroes struct{}

func (zeroes) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

const (
	webpHasXMP = 0x04   // flag of VP8X (RFC 9649 §2.7.1.1)
	webpEmpty  = "JUNK" // a kind of chunk that nobody knows
)

// webp looks into a WebP (RFC 9649 §2.7).
func (f *finder) webp() error {
	head, err := f.read(0, 12)
	if err != nil {
		return err
	}
	end := 8 + int64(binary.LittleEndian.Uint32(head[4:]))
	if string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" || end > f.size {
		return errOdd
	}
	for at := int64(12); at < end; {
		if head, err = f.read(at, 8); err != nil {
			return err
		}
		kind, data, length := string(head[:4]), at+8, int64(binary.LittleEndian.Uint32(head[4:]))
		if data > end-length {
			return errOdd
		}
		switch kind {
		case "VP8X":
			err = f.clearFlag(data, length)
		case "EXIF":
			prefix := int64(0) // some write the name that JPEG has
			if name, unread := f.read(data, min(length, 6)); unread == nil && bytes.HasPrefix(name, exifName) {
				prefix = int64(len(name))
			}
			err = f.exif(data+prefix, length-prefix)
		case "XMP ":
			patches := len(f.found.Patches)
			if err = f.xmp(data, length); err == nil {
				f.found.Patches = f.found.Patches[:patches]
				err = f.over(at, 8+length, append([]byte(webpEmpty), head[4:]...))
			}
		}
		if err != nil {
			return err
		}
		at = data + length + length%2
	}
	return f.over(end, f.size-end, nil)
}

func (f *finder) clearFlag(data, length int64) error {
	flags, err := f.read(data, min(length, 1))
	if err != nil || len(flags) == 0 {
		return err
	}
	return f.over(data, 1, []byte{flags[0] &^ webpHasXMP})
}
