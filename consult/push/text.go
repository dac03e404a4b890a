package push

import "strings"

// notice is what the service worker shows.
type notice struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

// noticeOf words an arrival in the language of the page that asked for it. U+2068 and U+2069 keep a name of the other writing
// direction from turning the sentence round (UAX #9 §3.1.4).
func noticeOf(language, name string) notice {
	base, _, _ := strings.Cut(language, "-")
	if name != "" {
		name = "\u2068" + name + "\u2069"
	}
	switch {
	case base == "fr" && name == "":
		return notice{"Salle d'attente", "Quelqu'un vient d'arriver."}
	case base == "fr":
		return notice{"Salle d'attente", name + " vient d'arriver."}
	case base == "ar" && name == "":
		return notice{"غرفة الانتظار", "وصل شخص إلى غرفة الانتظار."}
	case base == "ar":
		return notice{"غرفة الانتظار", "في غرفة الانتظار الآن: " + name}
	case name == "":
		return notice{"Waiting room", "Somebody has just arrived."}
	default:
		return notice{"Waiting room", name + " has just arrived."}
	}
}
