package account

import "slices"

// Scope is a right to a kind of operation. What an operation may touch is MayActFor's to say.
type Scope string

// The scopes.
const (
	ScopeConsultationsRead  Scope = "consultations:read"
	ScopeConsultationsWrite Scope = "consultations:write"
	ScopeCall               Scope = "call"  // to admit and to enter: the practitioner in person
	ScopeNotes              Scope = "notes" // private notes: the practitioner in person
	ScopePatientsRead       Scope = "patients:read"
	ScopePatientsWrite      Scope = "patients:write"
	ScopeDocumentsRead      Scope = "documents:read"
	ScopeDocumentsWrite     Scope = "documents:write"
	ScopeNoticesRead        Scope = "notices:read"
	ScopeNoticesWrite       Scope = "notices:write"
	ScopeAppointmentsRead   Scope = "appointments:read"
	ScopeAppointmentsWrite  Scope = "appointments:write"
	ScopeServicesWrite      Scope = "services:write" // what can be booked, and when
	ScopeAccountsRead       Scope = "accounts:read"
	ScopeAccountsWrite      Scope = "accounts:write"
	ScopeSettingsWrite      Scope = "settings:write"
)

// grants is which role brings which scopes. An operator's hold nothing about a patient; an interpreter is asked
// into consultations by link, and looks into nothing.
func grants() map[Role][]Scope {
	work := []Scope{
		ScopeConsultationsRead, ScopeConsultationsWrite, ScopePatientsRead, ScopePatientsWrite,
		ScopeDocumentsRead, ScopeDocumentsWrite, ScopeNoticesRead, ScopeNoticesWrite,
		ScopeAppointmentsRead, ScopeAppointmentsWrite, ScopeServicesWrite, ScopeAccountsRead,
	}
	return map[Role][]Scope{
		RolePractitioner: append([]Scope{ScopeCall, ScopeNotes}, work...),
		RoleSecretary:    work,
		RoleInterpreter:  nil,
		RoleOperator:     {ScopeAccountsRead, ScopeAccountsWrite, ScopeSettingsWrite},
	}
}

// Scopes returns every scope.
func Scopes() []Scope {
	return []Scope{
		ScopeConsultationsRead, ScopeConsultationsWrite, ScopeCall, ScopeNotes, ScopePatientsRead, ScopePatientsWrite,
		ScopeDocumentsRead, ScopeDocumentsWrite, ScopeNoticesRead, ScopeNoticesWrite,
		ScopeAppointmentsRead, ScopeAppointmentsWrite, ScopeServicesWrite, ScopeAccountsRead, ScopeAccountsWrite, ScopeSettingsWrite,
	}
}

// Scopes returns what the account's roles bring, in the order of Scopes.
func (a Account) Scopes() []Scope {
	granted := grants()
	return slices.DeleteFunc(Scopes(), func(s Scope) bool {
		return !slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(granted[r], s) })
	})
}
