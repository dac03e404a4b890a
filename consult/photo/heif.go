package photo

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// heif looks into a HEIC or AVIF: boxes (ISO/IEC 14496-12 §4.2), of which "meta" says where items of Exif and XMP lie (ISO/IEC 23008-12 annex A).
func (f *finder) heif() error {
	for at := int64(0); at < f.size; {
		head, err := f.read(at, min(16, f.size-at))
		if err != nil {
			return err
		}
		kind, skip, length, ok := box(head, f.size-at)
		if !ok {
			return f.sorted(errOdd)
		}
		switch kind {
		case "meta":
			err = f.items(at+skip, length-skip)
		case "uuid", "mpvd", "sefd": // XMP, and what makers add: films, notes
			err = f.over(at+skip, length-skip, nil)
		}
		if err != nil {
			return f.sorted(err)
		}
		at += length
	}
	return f.sorted(nil)
}

// sorted puts the patches in the order of the file: items lie anywhere. What lies over another goes.
func (f *finder) sorted(err error) error {
	slices.SortStableFunc(f.found.Patches, func(a, b Patch) int { return cmp.Compare(a.At, b.At) })
	end := int64(0)
	f.found.Patches = slices.DeleteFunc(f.found.Patches, func(p Patch) bool {
		if p.At < end {
			return true
		}
		end = p.At + p.Length
		return false
	})
	return err
}

// box reads the head of a box: its kind, how long the head is, and all of it, which fits into room.
func box(head []byte, room int64) (kind string, skip, length int64, ok bool) {
	if len(head) < 8 {
		return "", 0, 0, false
	}
	length, skip = be32(head), 8
	switch {
	case length == 1 && len(head) >= 16:
		large := binary.BigEndian.Uint64(head[8:])
		if large > uint64(room) {
			return "", 0, 0, false
		}
		length, skip = int64(large), 16
	case length == 0:
		length = room
	}
	return string(head[4:8]), skip, length, length >= skip && length <= room
}

// boxes calls back with each box inside of another.
func boxes(b []byte, each func(kind string, content []byte)) {
	for len(b) > 0 {
		kind, skip, length, ok := box(b[:min(16, len(b))], int64(len(b)))
		if !ok {
			return
		}
		each(kind, b[skip:length])
		b = b[length:]
	}
}

// item is one that says something of the picture that is not drawn.
type item struct {
	exif    bool
	extents []extent // at most maxExtents
}

const maxExtents = 64 // in most files there is one

type extent struct{ at, length int64 }

// items finds those of a "meta" box (§8.11).
func (f *finder) items(at, length int64) error {
	b, err := f.read(at, length)
	if err != nil || len(b) < 4 {
		return err
	}
	wanted, where := map[uint32]*item{}, []byte(nil)
	data := extent{}
	left := at + 4
	boxes(b[4:], func(kind string, content []byte) {
		switch kind {
		case "iinf":
			infos(content, wanted)
		case "iloc":
			where = content
		case "idat":
			data = extent{left + int64(offsetOf(b[4:], content)), int64(len(content))}
		}
	})
	locate(where, data, wanted)
	room := f.size // what lies over itself is not gone through again and again
	for _, id := range sortedIDs(wanted) {
		one := wanted[id]
		for _, e := range one.extents {
			if e.length <= 0 || e.length > room {
				continue
			}
			room -= e.length
			switch {
			case one.exif && len(one.extents) == 1:
				err = f.exifItem(e)
			case one.exif:
				err = f.over(e.at, e.length, nil)
			default:
				err = f.xmp(e.at, e.length)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// offsetOf is where a part of a slice begins in it.
func offsetOf(all, part []byte) int { return cap(all) - cap(part) }

func sortedIDs(items map[uint32]*item) []uint32 {
	var ids []uint32
	for id := range items {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// exifItem is 4 bytes that say how far the TIFF block is, and the block (ISO/IEC 23008-12 §A.2.1).
func (f *finder) exifItem(e extent) error {
	if e.at < 0 || e.length < 4 || e.at > f.size-e.length {
		return nil
	}
	head, err := f.read(e.at, 4)
	if err != nil {
		return err
	}
	skip := 4 + be32(head)
	if skip > e.length {
		return f.over(e.at, e.length, nil)
	}
	return f.exif(e.at+skip, e.length-skip)
}

// infos notes which items are Exif or XMP (§8.11.6).
func infos(b []byte, wanted map[uint32]*item) {
	r := &reader{b: b}
	if version := r.number(4) >> 24; version == 0 {
		r.number(2)
	} else {
		r.number(4)
	}
	boxes(r.b, func(kind string, content []byte) {
		r := &reader{b: content}
		version := r.number(4) >> 24
		if kind != "infe" || version < 2 {
			return
		}
		width := 2
		if version > 2 {
			width = 4
		}
		id := uint32(r.number(width))
		r.number(2)
		switch what := r.number(4); {
		case r.short:
		case what == 0x45786966: // "Exif"
			wanted[id] = &item{exif: true}
		case what == 0x6D696D65: // "mime": XMP
			wanted[id] = &item{}
		}
	})
}

// locate notes where the items lie (§8.11.3): in the file, or in the data of the box itself.
func locate(b []byte, data extent, wanted map[uint32]*item) {
	r := &reader{b: b}
	version, sizes := r.number(4)>>24, r.number(2)
	width := 2
	if version > 1 {
		width = 4
	}
	count := r.number(width)
	for range count {
		id := uint32(r.number(width))
		inside := version > 0 && r.number(2)&15 == 1
		r.number(2) // which file
		base := r.number(int(sizes >> 4 & 15))
		extents := r.number(2)
		if extents > maxExtents {
			return
		}
		for range extents {
			if version > 0 {
				r.number(int(sizes & 15))
			}
			e := extent{int64(base + r.number(int(sizes>>12&15))), int64(r.number(int(sizes >> 8 & 15)))}
			if r.short {
				return
			}
			if inside {
				if e.at < 0 || e.length < 0 || e.at > data.length-e.length {
					continue
				}
				e.at += data.at
			}
			if one := wanted[id]; one != nil && len(one.extents) < maxExtents {
				one.extents = append(one.extents, e)
			}
		}
		if r.short {
			return
		}
	}
}

// reader reads numbers of 0 to 8 bytes.
type reader struct {
	b     []byte
	short bool // there were fewer bytes
}

func (r *reader) number(width int) uint64 {
	if width > len(r.b) || width > 8 {
		r.b, r.short = nil, true
		return 0
	}
	var n uint64
	for _, c := range r.b[:width] {
		n = n<<8 | uint64(c)
	}
	r.b = r.b[width:]
	return n
}
