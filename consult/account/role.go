package account

import (
	"slices"
)

// Role is what somebody who signs in does in the practice. An account has one or more.
type Role string

// The roles.
const (
	RolePractitioner Role = "practitioner" // sees patients
	RoleSecretary    Role = "secretary"    // works for the practitioners who say so
	RoleInterpreter  Role = "interpreter"  // is asked into consultations
	RoleOperator     Role = "operator"     // looks after accounts and settings; sees no patient
)

// roles is every role, in the order in which they are shown.
var roles = [...]Role{RolePractitioner, RoleSecretary, RoleInterpreter, RoleOperator}

// Has reports whether the account has the role.
func (a Account) Has(role Role) bool { return slices.Contains(a.Roles, role) }

// cleanRoles returns the roles in their order, or errRole.
func cleanRoles(given []Role) ([]Role, error) {
	var clean []Role
	for _, role := range roles {
		if slices.Contains(given, role) {
			clean = append(clean, role)
		}
	}
	if len(clean) == 0 || len(clean) != len(given) {
		return nil, errRole
	}
	return clean, nil
}
