package notify

import (
	"html"
	"strings"
)

// pageOf is a letter as HTML: paragraphs, and the link as something large to tap. No picture, no style sheet, nothing from elsewhere.
func pageOf(l letter) string {
	direction := "ltr"
	if l.language == "ar" {
		direction = "rtl"
	}
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + html.EscapeString(l.language) + `" dir="` + direction + `"><head><meta charset="utf-8"><title>` +
		html.EscapeString(l.subject) + `</title></head><body style="font-family:sans-serif;font-size:18px;line-height:1.5;max-width:36em">`)
	for paragraph := range strings.SplitSeq(strings.TrimSpace(l.text), "\n\n") {
		b.WriteString("<p>")
		for i, line := range strings.Split(paragraph, "\n") {
			if i > 0 {
				b.WriteString("<br>")
			}
			b.WriteString(lineOf(line))
		}
		b.WriteString("</p>")
	}
	b.WriteString("</body></html>")
	return b.String()
}

// lineOf makes a line that is nothing but an address a link.
func lineOf(line string) string {
	escaped := html.EscapeString(line)
	if address := strings.TrimSpace(line); isAddress(address) {
		return `<a href="` + html.EscapeString(address) + `" style="font-size:20px;font-weight:bold" dir="ltr">` + html.EscapeString(address) + `</a>`
	}
	return escaped
}

func isAddress(text string) bool {
	return (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")) && !strings.ContainsAny(text, " \t\"'<>")
}
