package api

func signingInTrials() map[string]trial {
	link := func(w *world) string { return `{"ticket":"` + w.mustSignInLink(w.ids["owner"]) + `"}` }
	return map[string]trial{
		"sign-in":   {body: link},
		"sign-out":  {},
		"me":        {},
		"change-me": {body: func(*world) string { return `{"name":"Dr New"}` }},
	}
}
