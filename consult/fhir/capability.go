package fhir

import (
	"net/http"
	"slices"
	"strings"
)

// When what is said here changed last.
const capabilityDate = "2026-11-22"

type capabilityStatement struct {
	ResourceType   string            `json:"resourceType"`
	Status         string            `json:"status"`
	Date           string            `json:"date"`
	Kind           string            `json:"kind"`
	Software       capSoftware       `json:"software"`
	Implementation capImplementation `json:"implementation"`
	FhirVersion    string            `json:"fhirVersion"`
	Format         []string          `json:"format"`
	Rest           []capRest         `json:"rest"`
}

type capSoftware struct {
	Name string `json:"name"`
}

type capImplementation struct {
	Description string `json:"description"`
	URL         string `json:"url"`
}

type capRest struct {
	Mode          string        `json:"mode"`
	Documentation string        `json:"documentation"`
	Security      capSecurity   `json:"security"`
	Resource      []capResource `json:"resource"`
}

type capSecurity struct {
	Description string `json:"description"`
}

type capResource struct {
	Type        string           `json:"type"`
	Interaction []capInteraction `json:"interaction"`
	Versioning  string           `json:"versioning,omitempty"`
	Conditional string           `json:"conditionalRead,omitempty"`
	SearchParam []capSearch      `json:"searchParam,omitempty"`
	Operation   []capOperation   `json:"operation,omitempty"`
}

type capInteraction struct {
	Code string `json:"code"`
}

type capSearch struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

type capOperation struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
}

// metadata says what there is, to anybody.
func (s *server) metadata(w http.ResponseWriter, r *http.Request) {
	if err := accepted(r); err != nil {
		s.refuse(w, err)
		return
	}
	const argonaut = "http://www.fhir.org/guides/argonaut-scheduling/OperationDefinition/appointment-"
	kinds := map[string]string{"name": "string", "start": "date", "date": "date", "actor": "reference", "practitioner": "reference", "schedule": "reference"}
	rest := capRest{
		Mode: "server", Documentation: "The appointment book of one practice. Slots are free times, computed when they are asked for, of the next 14 days unless start says otherwise; Appointments are those from yesterday on for 14 days unless date or _id says otherwise: the self link says which. Parameters that are not listed are refused.",
		Security: capSecurity{"An API token with appointments:read, or appointments:write for $hold and $book: Authorization: Bearer …"},
	}
	for name, resource := range s.resources() {
		out := capResource{Type: name, Interaction: []capInteraction{{"read"}, {"search-type"}}}
		for _, param := range resource.params {
			kind := kinds[param]
			if kind == "" {
				kind = "token"
			}
			out.SearchParam = append(out.SearchParam, capSearch{param, kind})
		}
		if name == "Appointment" {
			out.Versioning, out.Conditional = "versioned", "not-match"
			for _, op := range []string{"find", "hold", "book"} {
				out.Operation = append(out.Operation, capOperation{op, argonaut + op})
			}
		}
		rest.Resource = append(rest.Resource, out)
	}
	slices.SortFunc(rest.Resource, func(a, b capResource) int { return strings.Compare(a.Type, b.Type) })
	s.answer(w, http.StatusOK, capabilityStatement{
		ResourceType: "CapabilityStatement", Status: "active", Date: capabilityDate, Kind: "instance", Software: capSoftware{"Colloque"},
		Implementation: capImplementation{"Appointments", s.deps.BaseURL() + strings.TrimSuffix(Root, "/")}, FhirVersion: version, Format: []string{"json", mediaType},
		Rest: []capRest{rest},
	})
}
