package booking

import "slices"

// State is how far an appointment has come.
type State string

// The states. The words of FHIR and iCalendar for them are their packages' to say.
const (
	StateRequested   State = "requested" // asked for, with or without a time; somebody says yes or no
	StateBooked      State = "booked"
	StateArrived     State = "arrived"            // the patient is there
	StateInVisit     State = "in-visit"           // practitioner and patient have met
	StateInterrupted State = "interrupted"        // the visit broke off
	StateFulfilled   State = "fulfilled"          // it has taken place
	StateByPhone     State = "converted-to-phone" // it broke off and went on by telephone
	StateToRebook    State = "to-rebook"          // it broke off and is to be made again
	StateNoShow      State = "noshow"             // Appointment.Absent says who did not come
	StateCancelled   State = "cancelled"
	StateRefused     State = "refused"
	StateInError     State = "entered-in-error"
)

// Action is what happens to an appointment.
type Action string

// The actions.
const (
	ActionRequest   Action = "request"
	ActionBook      Action = "book"
	ActionApprove   Action = "approve"
	ActionRefuse    Action = "refuse"
	ActionMove      Action = "move"
	ActionCancel    Action = "cancel"
	ActionArrive    Action = "arrive"
	ActionBegin     Action = "begin"
	ActionInterrupt Action = "interrupt"
	ActionFulfil    Action = "fulfil"
	ActionPhone     Action = "phone"
	ActionRebook    Action = "rebook"
	ActionAbsent    Action = "absent"
	ActionMistake   Action = "mistake" // it was entered in error
)

// transitions are those from one state. The whole machine:
//
//	requested ─approve─▶ booked ─arrive─▶ arrived ─begin─▶ in-visit ─fulfil─▶ fulfilled
//	    │ refuse           │ ▲ │            │              interrupt│ ▲ begin     ▲ │ fulfil, absent: what was proposed
//	    ▼                  │ └─┘ move       │ absent               ▼ │            │ ▼ is corrected
//	 refused      cancel ──┴───▶ cancelled  └──▶ noshow       interrupted ──▶ fulfilled | converted-to-phone | to-rebook
//
// From everywhere but itself: mistake ──▶ entered-in-error.
func transitions(from State) map[Action]State {
	switch from {
	case "":
		return map[Action]State{ActionRequest: StateRequested, ActionBook: StateBooked}
	case StateRequested:
		return map[Action]State{ActionApprove: StateBooked, ActionRefuse: StateRefused, ActionCancel: StateCancelled, ActionMove: StateRequested, ActionMistake: StateInError}
	case StateBooked:
		return map[Action]State{ActionMove: StateBooked, ActionCancel: StateCancelled, ActionArrive: StateArrived, ActionBegin: StateInVisit, ActionFulfil: StateFulfilled, ActionAbsent: StateNoShow, ActionMistake: StateInError}
	case StateArrived:
		return map[Action]State{ActionMove: StateBooked, ActionCancel: StateCancelled, ActionBegin: StateInVisit, ActionFulfil: StateFulfilled, ActionAbsent: StateNoShow, ActionMistake: StateInError}
	case StateInVisit:
		return map[Action]State{ActionInterrupt: StateInterrupted, ActionFulfil: StateFulfilled, ActionMistake: StateInError}
	case StateInterrupted:
		return map[Action]State{ActionBegin: StateInVisit, ActionFulfil: StateFulfilled, ActionPhone: StateByPhone, ActionRebook: StateToRebook, ActionMistake: StateInError}
	case StateNoShow:
		return map[Action]State{ActionArrive: StateArrived, ActionBegin: StateInVisit, ActionFulfil: StateFulfilled, ActionMistake: StateInError}
	case StateFulfilled:
		return map[Action]State{ActionAbsent: StateNoShow, ActionMistake: StateInError}
	case StateByPhone, StateToRebook, StateCancelled, StateRefused:
		return map[Action]State{ActionMistake: StateInError}
	default:
		return nil
	}
}

// After is the state that follows, or ErrState.
func (s State) After(a Action) (State, error) {
	next, ok := transitions(s)[a]
	if !ok {
		return s, ErrState
	}
	return next, nil
}

// takesTime reports whether an appointment in this state keeps others from its time.
func (s State) takesTime() bool {
	return !slices.Contains([]State{"", StateCancelled, StateRefused, StateInError}, s)
}

// ahead reports whether it is still to come, so that its reminders are.
func (s State) ahead() bool { return s == StateBooked }
