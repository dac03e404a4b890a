// Package photo finds what a photograph tells besides the picture: where it was taken, with which phone, by whom. Whoever stores it writes
// zeroes over that, so that the file keeps its length, and the picture each of its bytes. Nothing is decoded or encoded again.
//
//	content ─▶ Find(kind) ─▶ Found.Patches ─▶ Patched(content) ─▶ the same picture
//
//	JPEG        Exif (new: see below), XMP, IPTC, comments, makers' segments, what hangs behind the picture (a film, say); of each of several pictures
//	PNG, WebP   Exif, XMP, texts, what stands behind the end
//	HEIC, AVIF  the Exif and XMP items, and makers' boxes
//
// Of Exif these stay: orientation, so that the picture is not turned, the moment it was taken on the camera's clock, which says how old a
// wound is, and the colour space. Colour profiles stay. Where there is no room for all in what was there, orientation goes first.
//
// Not looked into: TIFF, GIF, BMP, DICOM, films, sound, PDF and office documents. A file that is not what it says stays as it came, from
// where it cannot be read on.
//
// Types: Patch, Found. No goroutines, no locks. Memory: 4 MiB at most. Errors: only those of the reader; no content makes one, or a panic.
package photo
