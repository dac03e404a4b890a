package api

func consultationTrials() map[string]trial {
	at := func(more string) func(*world) string {
		return func(w *world) string { return "/consultations/" + string(w.started.ID) + more }
	}
	return map[string]trial{
		"day":          {path: func(w *world) string { return "/consultations?practitioner=" + string(w.owner.ID) }, theirs: true},
		"consultation": {path: at(""), theirs: true},
		"start":        {body: func(w *world) string { return `{"practitioner":"` + string(w.owner.ID) + `"}` }, theirs: true},
		"invite":       {path: at("/participants"), body: func(*world) string { return `{"role":"guest"}` }, theirs: true},
		"link":         {path: func(w *world) string { return at("/participants/" + string(w.started.Participant) + "/link")(w) }, theirs: true},
		"end":          {path: at("/end"), theirs: true},
	}
}
