package document

import (
	"slices"

	"github.com/colloque/colloque/consult"
)

// Viewer is somebody who asks for documents of a consultation: who they are there, as it was when they asked. Whether
// they are that person was decided before.
type Viewer struct {
	Consultation consult.Consultation
	Participant  consult.Participant // the practitioner's own seat for whoever acts for them
	Marks        bool                // what they open counts as seen: not so for a secretary
	ReadOnly     bool                // came with a link and a code, after the end
	Completes    bool                // came with a link alone, after the end: only completes what they had begun to send
}

func (v Viewer) practitioner() bool { return v.Participant.Role == consult.RolePractitioner }

func (v Viewer) ended() bool { return v.Consultation.State == consult.StateEnded }

// This file is the whole of who may do what with a document:
//
//	               sees                                    sends                     removes
//	practitioner   all                                     also after the end        all
//	patient        own; what is for them, when ready       from invitation to end;   own, not seen yet
//	                                                       what was begun, later too
//	guest,         own; what is for them, when ready,      while in the call; what   own, not seen yet
//	interpreter    while in the call                       was begun, later too
//
// So nobody who waits learns of anybody else: what a patient sends goes to the practitioner, who may share it.

func (v Viewer) maySee(d Document) bool {
	switch {
	case d.Consultation != v.Consultation.ID, v.Completes:
		return false
	case v.practitioner(), d.From == v.Participant.ID:
		return true
	case d.State != StateReady || !slices.Contains(d.To, v.Participant.ID):
		return false
	default:
		return v.Participant.Role == consult.RolePatient || v.Participant.Place == consult.PlaceCall
	}
}

func (v Viewer) maySend() error {
	switch {
	case v.ReadOnly:
		return errNotNow
	case v.practitioner():
		return nil
	case v.ended():
		return consult.ErrEnded
	case v.Participant.Role == consult.RolePatient || v.Participant.Place == consult.PlaceCall:
		return nil
	default:
		return errNotNow
	}
}

// mayComplete is for the bytes of what they have announced: who has begun to send it may go away meanwhile.
func (v Viewer) mayComplete() error {
	switch {
	case v.ReadOnly:
		return errNotNow
	case v.ended() && !v.practitioner() && !v.Completes:
		return consult.ErrEnded
	default:
		return nil
	}
}

func (v Viewer) mayShare(d Document) error {
	if !v.maySee(d) {
		return ErrNotFound
	}
	if !v.practitioner() || v.ReadOnly {
		return errOnlyDoctor
	}
	return nil
}

func (v Viewer) mayRemove(d Document) error {
	switch {
	case v.Completes && d.From == v.Participant.ID && d.State == StateArriving && d.Consultation == v.Consultation.ID:
		return nil // does not send it after all
	case !v.maySee(d):
		return ErrNotFound
	case v.practitioner():
		return nil
	case v.ReadOnly || v.ended() || d.From != v.Participant.ID:
		return errOnlyDoctor
	case len(d.Seen) > 0:
		return errSeen
	default:
		return nil
	}
}

// audience says for whom a document is that this person sends: what a practitioner sends without naming anybody is for
// the patient, or, when there are several, for those of them who are in the call.
func (v Viewer) audience(to []consult.ParticipantID) ([]consult.ParticipantID, error) {
	if !v.practitioner() {
		if len(to) > 0 {
			return nil, errOnlyDoctor
		}
		return nil, nil
	}
	if to != nil {
		return v.checkTo(to)
	}
	var patients, inCall []consult.ParticipantID
	for _, p := range v.Consultation.Participants {
		if p.Role == consult.RolePatient {
			patients = append(patients, p.ID)
			if p.Place == consult.PlaceCall {
				inCall = append(inCall, p.ID)
			}
		}
	}
	if len(patients) == 1 {
		return patients, nil
	}
	return inCall, nil
}

func (v Viewer) checkTo(to []consult.ParticipantID) ([]consult.ParticipantID, error) {
	var checked []consult.ParticipantID
	for _, id := range to {
		p, ok := v.Consultation.Participant(id)
		if !ok || p.Role == consult.RolePractitioner {
			return nil, errBadTo
		}
		if !slices.Contains(checked, id) {
			checked = append(checked, id)
		}
	}
	return checked, nil
}
