package caldav

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The namespaces.
const (
	nsDAV      = "DAV:"
	nsCalDAV   = "urn:ietf:params:xml:ns:caldav"
	nsServer   = "http://calendarserver.org/ns/"
	nsApple    = "http://apple.com/ns/ical/"
	nsColloque = "urn:colloque:caldav" // what no standard has a word for
)

// prefixes are those that answers declare once, at their root.
var prefixes = [...][2]string{{nsDAV, "D"}, {nsCalDAV, "C"}, {nsServer, "CS"}, {nsApple, "A"}, {nsColloque, "X"}}

func dav(local string) xml.Name    { return xml.Name{Space: nsDAV, Local: local} }
func cal(local string) xml.Name    { return xml.Name{Space: nsCalDAV, Local: local} }
func server(local string) xml.Name { return xml.Name{Space: nsServer, Local: local} }

// Bounds of a body: entities are not expanded (encoding/xml knows the five of XML alone), and what nests or repeats more is no request.
const (
	maxBody     = 1 << 20 // bytes: a multiget of 5,000 names
	maxDepth    = 24
	maxElements = 20_000
)

var errBadXML = errors.New("caldav: not a request's body")

// node is an element that came in. It is never nil where a method is called on it, but what one() finds may be empty.
type node struct {
	name     xml.Name
	attrs    []xml.Attr
	text     string
	children []*node
}

// parseXML reads a body; nil for an empty one.
func parseXML(r io.Reader) (*node, error) {
	d := xml.NewDecoder(r)
	var open []*node
	var root *node
	for count := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return root, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errBadXML, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if count++; count > maxElements || len(open) >= maxDepth || (root != nil && len(open) == 0) {
				return nil, fmt.Errorf("%w: too many elements", errBadXML)
			}
			n := &node{name: t.Name, attrs: t.Copy().Attr}
			if len(open) == 0 {
				root = n
			} else {
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(t)
			} else if strings.TrimSpace(string(t)) != "" {
				return nil, fmt.Errorf("%w: text beside its root", errBadXML)
			}
		case xml.Directive: // <!DOCTYPE: nobody needs one here
			return nil, fmt.Errorf("%w: a directive", errBadXML)
		}
	}
}

// is reports whether it is this element; nil is none.
func (n *node) is(name xml.Name) bool { return n != nil && n.name == name }

// one is the first child of the name, or nil.
func (n *node) one(name xml.Name) *node {
	if n == nil {
		return nil
	}
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// all are the children of the name.
func (n *node) all(name xml.Name) []*node {
	var found []*node
	for _, c := range n.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

func (n *node) attr(local string) string {
	for _, a := range n.attrs {
		if a.Name.Local == local && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func (n *node) value() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// element is an element that goes out.
type element struct {
	name     xml.Name
	attrs    [][2]string
	text     string
	children []element
}

func el(name xml.Name, children ...element) element { return element{name: name, children: children} }
func text(name xml.Name, text string) element       { return element{name: name, text: text} }
func href(name xml.Name, path string) element       { return el(name, text(dav("href"), path)) }

// xmlWriter writes answers; after the first error nothing more is written.
type xmlWriter struct{ b *bufio.Writer }

// open begins the root, with all prefixes.
func newXMLWriter(w io.Writer, root xml.Name) xmlWriter {
	x := xmlWriter{bufio.NewWriter(w)}
	x.raw(`<?xml version="1.0" encoding="utf-8"?>` + "\n<" + tagOf(root))
	for _, p := range prefixes {
		x.raw(` xmlns:` + p[1] + `="` + p[0] + `"`)
	}
	x.raw(">")
	return x
}

func (x xmlWriter) close(root xml.Name) error {
	x.raw("</" + tagOf(root) + ">\n")
	return x.b.Flush()
}

func (x xmlWriter) raw(s string) { _, _ = x.b.WriteString(s) } // a bufio.Writer keeps its error until Flush

func (x xmlWriter) escaped(s string) { _ = xml.EscapeText(x.b, []byte(s)) }

func (x xmlWriter) element(e element) {
	tag := tagOf(e.name)
	x.raw("<" + tag)
	if tag == e.name.Local && e.name.Space != "" { // a name of the other side's
		x.raw(` xmlns="`)
		x.escaped(e.name.Space)
		x.raw(`"`)
	}
	for _, a := range e.attrs {
		x.raw(" " + a[0] + `="`)
		x.escaped(a[1])
		x.raw(`"`)
	}
	if e.text == "" && len(e.children) == 0 {
		x.raw("/>")
		return
	}
	x.raw(">")
	x.escaped(e.text)
	for _, c := range e.children {
		x.element(c)
	}
	x.raw("</" + tag + ">")
}

// tagOf is a name with its prefix, or bare when there is none for its namespace.
func tagOf(name xml.Name) string {
	for _, p := range prefixes {
		if p[0] == name.Space {
			return p[1] + ":" + name.Local
		}
	}
	return name.Local
}

// document is a whole answer of one element.
func document(root element) []byte {
	var b bytes.Buffer
	x := newXMLWriter(&b, root.name)
	for _, c := range root.children {
		x.element(c)
	}
	_ = x.close(root.name) // a buffer takes everything
	return b.Bytes()
}
