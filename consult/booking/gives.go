package booking

import "github.com/colloque/colloque/consult"

// Gives says whether a practitioner can be given appointments. It is asked for each who gives a service whenever free times are
// looked for, so it must be quick.
type Gives func(consult.AccountID) (bool, error)

// Gives reports whether somebody can be given new appointments: who has left the practice, or is no practitioner any more, cannot. Their
// schedule, their place among those who give a service, and the appointments that they have stay.
func (b *Book) Gives(of consult.AccountID) (bool, error) {
	gives, err := b.stillGives(of)
	return gives, b.fail("gives", "", err)
}

func (b *Book) stillGives(of consult.AccountID) (bool, error) {
	if b.gives == nil {
		return true, nil
	}
	return b.gives(of)
}

// mayBeAsked refuses a request without a time, or to wait, for somebody who cannot be given appointments. "": any.
func (b *Book) mayBeAsked(of consult.AccountID) error {
	if of == "" {
		return nil
	}
	gives, err := b.stillGives(of)
	if err == nil && !gives {
		err = ErrNotFound
	}
	return err
}
