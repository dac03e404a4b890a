package consult

import "slices"

// The patient index lists the consultations that were started from a patient's record, by the instant at which each is to be. It
// holds ids only and stays when the record is erased.

func patientPrefixOf(id PatientID) string { return "v1/of-patient/" + string(id) + "/" }

func patientKey(c Consultation) string {
	return patientPrefixOf(c.Patient) + instant(c.When()) + "/" + string(c.ID)
}

// OfPatient returns the consultations that were started from a patient's record, the latest first. At most 1,000. Whose they are
// is for the caller to look at: they may have been passed on.
func (p *Practice) OfPatient(id PatientID) ([]Consultation, error) {
	if !id.Valid() {
		return nil, ErrNotFound
	}
	consultations, err := p.listed(patientPrefixOf(id))
	if err != nil {
		return nil, p.fail("of patient", "", err)
	}
	slices.Reverse(consultations)
	return consultations, nil
}
