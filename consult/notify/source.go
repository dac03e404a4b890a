package notify

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// A source says where in an answer or a report a value stands: "json:messages.0.id", "form:MessageSid", "query:id",
// "header:Location". Of a header that holds an address, the value is its last part.

func checkSource(source string) error {
	if source == "" {
		return nil
	}
	kind, name, ok := strings.Cut(source, ":")
	if !ok || name == "" || (kind != "json" && kind != "form" && kind != "query" && kind != "header") {
		return fmt.Errorf("%q is not like json:messages.0.id, form:id, query:id or header:Location", source)
	}
	return nil
}

// document is what a source looks into.
type document struct {
	header http.Header
	query  url.Values
	body   []byte
}

// value returns what stands at a source, and whether anything does. A source "" finds nothing.
func (d document) value(source string) (string, bool) {
	kind, name, _ := strings.Cut(source, ":")
	switch kind {
	case "json":
		return jsonValue(d.body, name)
	case "form":
		form, err := url.ParseQuery(string(d.body))
		return form.Get(name), err == nil && form.Has(name)
	case "query":
		return d.query.Get(name), d.query.Has(name)
	case "header":
		v := d.headerValue(name)
		if strings.Contains(v, "/") {
			v = path.Base(v)
		}
		return v, v != ""
	}
	return "", false
}

func (d document) headerValue(name string) string { return strings.TrimSpace(d.header.Get(name)) }

// jsonValue walks down a path of names and numbers. It finds texts, numbers and truth values; an empty text is nothing.
func jsonValue(body []byte, where string) (string, bool) {
	var at any
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber() // an id of 20 figures is not to be rounded
	if decoder.Decode(&at) != nil {
		return "", false
	}
	for step := range strings.SplitSeq(where, ".") {
		switch level := at.(type) {
		case map[string]any:
			at = level[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(level) {
				return "", false
			}
			at = level[i]
		default:
			return "", false
		}
	}
	switch found := at.(type) {
	case string:
		return found, found != ""
	case json.Number:
		return found.String(), true
	case bool:
		return strconv.FormatBool(found), true
	default:
		return "", false
	}
}
