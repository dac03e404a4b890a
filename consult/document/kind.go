package document

import (
	"bytes"

	"github.com/gabriel-vasile/mimetype"
)

// kind is a kind of document that is taken.
type kind struct {
	media   string   // the media type that it is served as
	endings []string // of file names; the first is given when a name has another
	plain   string   // the name of one that has none
	shown   bool     // browsers show it, without running anything of it in our origin
}

// kinds is every kind that is taken. What could run in a browser (HTML, SVG, XML, scripts) or on a computer is not there,
// nor are archives, which hide what is in them.
func kinds() []kind {
	return []kind{
		{"image/jpeg", []string{".jpg", ".jpeg", ".jpe", ".jfif"}, "photo", true},
		{"image/png", []string{".png"}, "image", true},
		{"image/gif", []string{".gif"}, "image", true},
		{"image/webp", []string{".webp"}, "image", true},
		{"image/heic", []string{".heic", ".heif", ".heics"}, "photo", false},
		{"image/heif", []string{".heif", ".heic"}, "photo", false},
		{"image/avif", []string{".avif"}, "photo", true},
		{"image/tiff", []string{".tiff", ".tif"}, "image", false},
		{"image/bmp", []string{".bmp"}, "image", false},
		{"application/pdf", []string{".pdf"}, "document", true},
		{"application/dicom", []string{".dcm", ".dicom"}, "image", false},
		{"application/msword", []string{".doc"}, "document", false},
		{"application/vnd.ms-excel", []string{".xls"}, "document", false},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}, "document", false},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}, "document", false},
		{"application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}, "document", false},
		{"application/vnd.oasis.opendocument.text", []string{".odt"}, "document", false},
		{"application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}, "document", false},
		{"application/vnd.oasis.opendocument.presentation", []string{".odp"}, "document", false},
		{"text/rtf", []string{".rtf"}, "document", false},
		{"text/plain", []string{".txt", ".text", ".md", ".log"}, "text", false},
		{"text/csv", []string{".csv"}, "table", false},
		{"video/mp4", []string{".mp4", ".m4v"}, "video", false},
		{"video/quicktime", []string{".mov", ".qt"}, "video", false},
		{"video/webm", []string{".webm"}, "video", false},
		{"video/3gpp", []string{".3gp"}, "video", false},
		{"audio/mpeg", []string{".mp3"}, "sound", false},
		{"audio/mp4", []string{".m4a", ".mp4"}, "sound", false},
		{"audio/x-m4a", []string{".m4a"}, "sound", false},
		{"audio/wav", []string{".wav"}, "sound", false},
		{"audio/ogg", []string{".ogg", ".oga", ".opus"}, "sound", false},
	}
}

// kindOf finds a kind by its media type; the zero kind when it is not taken.
func kindOf(media string) kind {
	for _, k := range kinds() {
		if k.media == media {
			return k
		}
	}
	return kind{}
}

// dicomAt is where a DICOM file says what it is (PS3.10 §7.1).
const dicomAt = 128

// detect says what kind a file is by how it begins, and nothing else: neither its name nor what the sender says counts.
// A kind that is a refinement of one that is taken (a photograph of a certain maker) counts as that one, but for what is text to a
// computer: there, only plain text is plain text.
func detect(head []byte) (kind, bool) {
	if len(head) >= dicomAt+4 && bytes.Equal(head[dicomAt:dicomAt+4], []byte("DICM")) {
		return kindOf("application/dicom"), true
	}
	found := mimetype.Detect(head)
	for m := found; m != nil; m = m.Parent() {
		if m.Is("text/plain") && m != found || m.Is("application/zip") || m.Is("application/octet-stream") {
			return kind{}, false // HTML, SVG, scripts and archives end here
		}
		for _, k := range kinds() {
			if m.Is(k.media) {
				return k, true
			}
		}
	}
	return kind{}, false
}
