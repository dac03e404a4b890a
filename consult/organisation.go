package consult

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult/kv"
)

// Organisation sends interpreters.
type Organisation struct {
	ID        OrganisationID
	Name      string
	Contact   Contact
	Languages []string // tags; of sign languages too
}

const (
	organisationPrefix = "v1/organisation/"
	maxOrganisations   = 100
	maxTongues         = 60 // languages of an organisation
)

// Organisations returns all of them, by name.
func (p *Practice) Organisations() ([]Organisation, error) {
	var all []Organisation
	err := eachEntry(p.store, organisationPrefix, func(entry kv.Entry) error {
		o, err := p.openOrganisation(entry)
		all = append(all, o)
		return err
	})
	slices.SortFunc(all, func(a, b Organisation) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all, p.fail("organisations", "", err)
}

// Organisation returns one of them.
func (p *Practice) Organisation(id OrganisationID) (Organisation, error) {
	if !wellFormedID(string(id), "o_") {
		return Organisation{}, errNoOrganisation
	}
	entry, err := p.store.Get(organisationPrefix + string(id))
	if errors.Is(err, kv.ErrNotFound) {
		return Organisation{}, errNoOrganisation
	}
	var o Organisation
	if err == nil {
		o, err = p.openOrganisation(entry)
	}
	return o, p.fail("organisation", "", err)
}

// SaveOrganisation writes one down, with no id a new one, and returns it as it is stored.
func (p *Practice) SaveOrganisation(o Organisation) (Organisation, error) {
	o, err := p.cleanOrganisation(o)
	if err != nil {
		return Organisation{}, err
	}
	if o.ID == "" {
		all, err := p.store.Range(organisationPrefix, "", maxOrganisations)
		if err == nil && len(all) >= maxOrganisations {
			err = errTooManyOrganisations
		}
		if err != nil {
			return Organisation{}, p.fail("organisation", "", err)
		}
		o.ID = newOrganisationID()
	} else if _, err := p.Organisation(o.ID); err != nil {
		return Organisation{}, err
	}
	where := organisationPrefix + string(o.ID)
	plain, err := json.Marshal(o)
	if err == nil {
		wrapped, key := p.master.NewDataKey(where)
		plain, err = json.Marshal(sealedAlone{recordVersion, wrapped, key.Seal(where, plain)})
	}
	if err == nil {
		err = p.store.Update(func(tx kv.Txn) error { return tx.Put(where, plain) })
	}
	return o, p.fail("organisation", "", err)
}

// RemoveOrganisation forgets one. What it was asked for stays as it is.
func (p *Practice) RemoveOrganisation(id OrganisationID) error {
	if _, err := p.Organisation(id); err != nil {
		return err
	}
	return p.fail("organisation", "", p.store.Update(func(tx kv.Txn) error { return tx.Delete(organisationPrefix + string(id)) }))
}

func (p *Practice) openOrganisation(entry kv.Entry) (Organisation, error) {
	var stored sealedAlone
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return Organisation{}, fmt.Errorf("consult: decode %s: %w", entry.Key, err)
	}
	key, err := p.master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return Organisation{}, fmt.Errorf("consult: key of %s: %w", entry.Key, err)
	}
	plain, err := key.Open(entry.Key, stored.Sealed)
	if err != nil {
		return Organisation{}, fmt.Errorf("consult: open %s: %w", entry.Key, err)
	}
	var o Organisation
	if err := json.Unmarshal(plain, &o); err != nil {
		return Organisation{}, fmt.Errorf("consult: decode %s: %w", entry.Key, err)
	}
	return o, nil
}

func (p *Practice) cleanOrganisation(o Organisation) (Organisation, error) {
	var err error
	if o.Name, err = cleanName(o.Name, true); err != nil {
		return Organisation{}, err
	}
	if o.Contact, err = o.Contact.Clean(p.cfg.Profile.Country); err != nil {
		return Organisation{}, err
	}
	var tongues []string
	for _, tag := range o.Languages {
		if tag, err = cleanLanguage(tag); err != nil {
			return Organisation{}, err
		}
		if tag != "" && !slices.Contains(tongues, tag) {
			tongues = append(tongues, tag)
		}
	}
	if len(tongues) > maxTongues {
		return Organisation{}, errTooManyTongues
	}
	o.Languages = tongues
	return o, nil
}

var (
	errNoOrganisation       error = &Error{CodeNotFound, "There is no such organisation."}
	errTooManyOrganisations error = &Error{CodeConflict, "There are as many organisations as there can be."}
	errTooManyTongues       error = &Error{CodeBadMessage, "An organisation has at most 60 languages."}
)
