package photo

import "io"

// Patched is the content with the patches of its Found.
func Patched(content io.Reader, patches []Patch) io.Reader {
	return &patched{content: content, left: patches}
}

type patched struct {
	content io.Reader
	left    []Patch
	at      int64
}

// Read implements io.Reader.
func (p *patched) Read(b []byte) (int, error) {
	n, err := p.content.Read(b)
	end := p.at + int64(n)
	for len(p.left) > 0 && p.left[0].At < end {
		one := p.left[0]
		from, to := max(one.At, p.at), min(one.At+one.Length, end)
		part := b[from-p.at : max(from, to)-p.at]
		clear(part)
		if done := from - one.At; done < int64(len(one.With)) {
			copy(part, one.With[done:])
		}
		if one.At+one.Length > end {
			break
		}
		p.left = p.left[1:]
	}
	p.at = end
	return n, err
}
