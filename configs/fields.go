package configs

import (
	"reflect"
	"strings"
)

// fieldPaths maps SECTION_FIELD, as in the environment, to the path of keys in the file, for every field of Config.
func fieldPaths() map[string][]string {
	out := map[string][]string{}
	walkFields(reflect.TypeFor[Config](), nil, func(path []string) {
		out[strings.ToUpper(strings.Join(path, "_"))] = path
	})
	return out
}

// walkFields calls f with the path of each field that a file can set. A struct with its own text form is one field.
func walkFields(t reflect.Type, path []string, f func(path []string)) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag := field.Tag.Get("yaml")
		name, options, _ := strings.Cut(tag, ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		at := path
		if options != "inline" {
			at = append(path[:len(path):len(path)], name)
		}
		if field.Type.Kind() == reflect.Struct && field.Tag.Get("yaml") != "" && !hasText(field.Type) {
			walkFields(field.Type, at, f)
			continue
		}
		f(at)
	}
}

func hasText(t reflect.Type) bool {
	_, ok := reflect.PointerTo(t).MethodByName("UnmarshalText")
	return ok
}
