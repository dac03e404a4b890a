package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// The files of testdata were drawn by ffmpeg, written by cwebp and heif-enc, and told where and with what they were taken by exiftool 12.57:
// orientation 6, two places, a maker, a serial number, a name, in Exif, XMP, IPTC, and comments.
var kinds = map[string]string{
	"tells.jpg": "image/jpeg", "tells.png": "image/png", "tells.webp": "image/webp", "tells.heic": "image/heic", "tells.avif": "image/avif",
}

// told is what nobody may read in a photograph afterwards.
var told = []string{"Fairphone", "FP5", "SN-123456", "Jeanne", "Paris", "GPSLatitude", "GPSLongitude", "exif:", "xpacket"}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// clean finds and patches, in pieces of odd lengths.
func clean(t testing.TB, b []byte, kind string) ([]byte, Found) {
	t.Helper()
	found, err := Find(bytes.NewReader(b), int64(len(b)), kind)
	if err != nil {
		t.Fatal(err)
	}
	end := int64(0)
	for _, p := range found.Patches {
		if p.At < end || p.Length < int64(len(p.With)) || p.At+p.Length > int64(len(b)) {
			t.Fatalf("patch %d, %d bytes, after %d", p.At, p.Length, end)
		}
		end = p.At + p.Length
	}
	after, err := io.ReadAll(Patched(iotest.HalfReader(bytes.NewReader(b)), found.Patches))
	if err != nil || len(after) != len(b) {
		t.Fatal(len(after), len(b), err)
	}
	for i := range b { // also what With is too long for
		if b[i] != after[i] && !slices.ContainsFunc(found.Patches, func(p Patch) bool { return p.At <= int64(i) && int64(i) < p.At+p.Length }) {
			t.Fatalf("byte %d changed", i)
		}
	}
	return after, found
}

func TestPhotographsTellOnlyThePicture(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			before := read(t, name)
			for _, one := range told[:3] {
				if !bytes.Contains(before, []byte(one)) {
					t.Fatalf("the test has no %q to take out", one)
				}
			}
			after, found := clean(t, before, kind)
			if !found.Location {
				t.Error("it is not said that there was a place")
			}
			for _, one := range told {
				if bytes.Contains(after, []byte(one)) {
					t.Errorf("it still says %q", one)
				}
			}
			kept := readTIFF(after[tiffIn(t, after):])
			if kept.orientation != 6 || string(kept.taken) != "2026:11:20 10:11:12\x00" || kept.colours != 1 || kept.located {
				t.Errorf("%+v", kept)
			}
			if again, found := clean(t, after, kind); len(found.Patches) > 0 || found.Location || !bytes.Equal(again, after) {
				t.Errorf("cleaned twice, it is another: %+v", found)
			}
			if !samePicture(t, before, after, kind) {
				t.Error("the picture is another")
			}
		})
	}
}

// tiffIn is where the one TIFF block of a file begins.
func tiffIn(t *testing.T, b []byte) int {
	t.Helper()
	for _, magic := range []string{"MM\x00*\x00\x00\x00\x08", "II*\x00\x08\x00\x00\x00"} {
		if at := bytes.Index(b, []byte(magic)); at >= 0 {
			return at
		}
	}
	t.Fatal("no Exif is left")
	return 0
}

// samePicture decodes what can be; of the others the chunk or item that is drawn is the same.
func samePicture(t *testing.T, before, after []byte, kind string) bool {
	t.Helper()
	decode := map[string]func(io.Reader) (image.Image, error){"image/jpeg": jpeg.Decode, "image/png": png.Decode}[kind]
	if decode == nil {
		drawn := func(b []byte) []byte {
			if kind == "image/webp" {
				at := bytes.Index(b, []byte("VP8 "))
				return b[at : at+8+int(binary.LittleEndian.Uint32(b[at+4:]))]
			}
			return b[len(b)-100:] // exiftool puts what tells first
		}
		return bytes.Equal(drawn(before), drawn(after))
	}
	is, err := decode(bytes.NewReader(after))
	if err != nil {
		t.Fatal(err)
	}
	was, err := decode(bytes.NewReader(before))
	if err != nil || is.Bounds() != was.Bounds() {
		t.Fatal(is.Bounds(), err)
	}
	for y := range is.Bounds().Dy() {
		for x := range is.Bounds().Dx() {
			if is.At(x, y) != was.At(x, y) {
				return false
			}
		}
	}
	return true
}

// TestBehindThePicture: phones put more pictures behind the first, each with its own Exif, and films.
func TestBehindThePicture(t *testing.T) {
	one := read(t, "tells.jpg")
	film := []byte("\x00\x00\x00\x20ftypmp42 +48.8412+002.3876/ Fairphone \xFF\xD8\xFF\xE1 Fairphone")
	for name, behind := range map[string][]byte{
		"another picture":  one,
		"a film":           film,
		"both":             slices.Concat(make([]byte, 100), one, film),
		"a cut-off one":    one[:len(one)-100],
		"beginning of one": {0xFF, 0xD8},
	} {
		t.Run(name, func(t *testing.T) {
			after, _ := clean(t, slices.Concat(one, behind), "image/jpeg")
			for _, secret := range append(told, "48.84") {
				if bytes.Contains(after, []byte(secret)) {
					t.Errorf("it still says %q", secret)
				}
			}
			if name == "another picture" && (!bytes.Equal(after[:len(one)], after[len(one):]) || !samePicture(t, one, after[len(one):], "image/jpeg")) {
				t.Error("the second picture is another")
			}
		})
	}
}

func TestWhatCannotBeReadStays(t *testing.T) {
	for name, c := range map[string]struct {
		kind    string
		content string
	}{
		"no JPEG":            {"image/jpeg", "Fairphone"},
		"nothing":            {"image/jpeg", ""},
		"a segment too long": {"image/jpeg", "\xFF\xD8\xFF\xE1\xFF\xFFExif\x00\x00"},
		"no PNG":             {"image/png", "\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFtEXt"},
		"no WebP":            {"image/webp", "RIFF\xFF\xFF\x00\x00WEBPEXIF"},
		"no HEIC":            {"image/heic", "\x00\x00\x00\x01meta\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"},
		"a film":             {"video/mp4", "\x00\x00\x00\x10uuidFairphon"},
	} {
		if after, found := clean(t, []byte(c.content), c.kind); string(after) != c.content || found.Location {
			t.Errorf("%s: %q", name, after)
		}
	}
}

// TestSmallRoom: orientation is kept first.
func TestSmallRoom(t *testing.T) {
	for _, order := range []byteOrder{binary.LittleEndian, binary.BigEndian} {
		whole := tiff{order: order, orientation: 8, taken: []byte("2026:11:20 10:11:12\x00"), colours: 1}
		for room := range 2 * lenWhole {
			got := readTIFF(whole.write(room))
			switch {
			case room < lenSmall && got.order != nil,
				room >= lenSmall && got.orientation != 8,
				(room >= lenWhole) != (got.taken != nil && got.colours == 1):
				t.Errorf("%d bytes: %+v", room, got)
			}
		}
	}
	odd := tiff{order: binary.BigEndian, orientation: 1, taken: []byte(strings.Repeat("0", 20))}
	if got := readTIFF(odd.write(200)); got.taken != nil {
		t.Error("what is no instant is kept")
	}
}

// TestReaderFails: an error of the disk is not taken for a file that cannot be read.
func TestReaderFails(t *testing.T) {
	for name, kind := range kinds {
		b := read(t, name)
		if _, err := Find(&failing{bytes.NewReader(b), 3}, int64(len(b)), kind); err == nil {
			t.Error(name)
		}
	}
}

type failing struct {
	io.ReadSeeker
	reads int
}

func (f *failing) Read(b []byte) (int, error) {
	if f.reads--; f.reads < 0 {
		return 0, io.ErrClosedPipe
	}
	return f.ReadSeeker.Read(b)
}

// FuzzFind holds that nothing breaks it, that a file keeps its length, and that what was cleaned is clean.
func FuzzFind(f *testing.F) {
	names := slices.Sorted(maps.Keys(kinds))
	for i, name := range names {
		f.Add(read(f, name), uint8(i))
	}
	one := read(f, "tells.jpg")
	f.Add(slices.Concat(one, one), uint8(slices.Index(names, "tells.jpg")))
	f.Fuzz(func(t *testing.T, b []byte, which uint8) {
		kind := kinds[names[int(which)%len(names)]]
		after, found := clean(t, b, kind)
		if again, more := clean(t, after, kind); len(more.Patches) > 0 && len(found.Patches) < maxPatches {
			t.Errorf("cleaned twice, it is another: %+v, %d bytes", more.Patches[0], len(again))
		}
	})
}
