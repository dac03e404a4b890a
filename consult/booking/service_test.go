package booking

import (
	"encoding/json"
	"testing"
)

// TestChoicesOfOneText: a choice was a text once, which was also the answer. Such services, and the answers to them, stay.
func TestChoicesOfOneText(t *testing.T) {
	var q Question
	if err := json.Unmarshal([]byte(`{"id":"why","label":{"fr":"Pourquoi ?"},"kind":"choice","choices":["Suivi",{"value":"Autre","label":{"fr":"Autre raison","en":"Something else"}}]}`), &q); err != nil {
		t.Fatal(err)
	}
	if why := q.wrong(); why != "" {
		t.Error(why)
	}
	for _, c := range []struct{ language, first, second string }{{"fr", "Suivi", "Autre raison"}, {"en", "Suivi", "Something else"}, {"ar", "Suivi", "Autre raison"}} {
		if q.Choices[0].LabelIn(c.language) != c.first || q.Choices[1].LabelIn(c.language) != c.second {
			t.Errorf("%s: %q, %q", c.language, q.Choices[0].LabelIn(c.language), q.Choices[1].LabelIn(c.language))
		}
	}
	s := Service{Questions: []Question{q}}
	for answer, good := range map[string]bool{"Suivi": true, "Autre": true, "Autre raison": false, "Something else": false} {
		if err := s.CheckAnswers(map[string]string{"why": answer}); (err == nil) != good {
			t.Errorf("%q: %v", answer, err)
		}
	}
	stored, err := json.Marshal(q)
	var again Question
	if err == nil {
		err = json.Unmarshal(stored, &again)
	}
	if err != nil || again.Choices[0].Value != "Suivi" || again.Choices[1].LabelIn("en") != "Something else" {
		t.Error(string(stored), err)
	}
}

func TestChoicesThatCannotBe(t *testing.T) {
	texts := func(text string) map[string]string { return map[string]string{"fr": text} }
	for name, choices := range map[string][]Choice{
		"one":          {{Value: "a"}},
		"twice":        {{Value: "a", Label: texts("oui")}, {Value: "a", Label: texts("non")}},
		"no value":     {{Value: " ", Label: texts("oui")}, {Value: "b"}},
		"two lines":    {{Value: "a", Label: texts("oui\nou non")}, {Value: "b"}},
		"no language":  {{Value: "a", Label: map[string]string{"no tag!": "oui"}}, {Value: "b"}},
		"an empty one": {{Value: "a", Label: texts("")}, {Value: "b"}},
	} {
		if (Question{ID: "q", Label: texts("Pourquoi ?"), Kind: QuestionChoice, Choices: choices}).wrong() == "" {
			t.Errorf("%s is taken", name)
		}
	}
}
