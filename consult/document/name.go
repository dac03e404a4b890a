package document

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxName      = 120 // characters of a name, with its ending
	maxExtension = 8   // characters of an ending, with its dot, that survive shortening
)

// cleanName makes a file's name harmless and short: no folder, no control or direction character, nothing that Windows or a
// shell reads in its own way. It never fails: a photograph is not refused because of its name. "" when nothing is left.
func cleanName(name string) string {
	if len(name) > 16*maxName { // before anything is computed from it
		name = name[len(name)-16*maxName:]
	}
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*%;`, r), !unicode.IsGraphic(r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if utf8.RuneCountInString(name) > maxName {
		name = shorten(name)
	}
	if isDevice(name) {
		name = "_" + name
	}
	return name
}

// shorten keeps the beginning and the ending.
func shorten(name string) string {
	ending := []rune(path.Ext(name))
	if len(ending) > maxExtension {
		ending = nil
	}
	return strings.TrimRight(string([]rune(name)[:maxName-len(ending)]), " .") + string(ending)
}

// isDevice knows the names that mean a device on Windows, whatever their ending.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimSpace(stem)
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, stem) {
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}

// nameFor gives a name an ending that fits the kind: "scan.jpg.exe" with a photograph in it becomes "scan.jpg.exe.jpg".
func nameFor(name string, k kind) string {
	if name == "" {
		name = k.plain
	}
	ending := strings.ToLower(path.Ext(name))
	if slices.Contains(k.endings, ending) {
		return name
	}
	if room := maxName - len(k.endings[0]); utf8.RuneCountInString(name) > room {
		name = string([]rune(name)[:room])
	}
	return name + k.endings[0]
}
