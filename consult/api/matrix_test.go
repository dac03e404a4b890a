package api

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// trial is how the matrix asks for one operation. Each area has a file operations_<area>_test.go that returns its
// own, by operation id, and is named in trials; an operation without one fails the test.
type trial struct {
	path   func(*world) string // below /api/v1; nil: the row's own, which then has no parameters
	body   func(*world) string // nil: {}
	theirs bool                // is about the owner's data: who does not act for the owner is told not-found
	header map[string]string   // besides what a page sends

	answers int            // what those who may are told, when it is not the row's status: the trial sends something that is no good
	want    map[string]int // the same, for some of them
}

func trials() map[string]trial {
	all := map[string]trial{}
	for _, area := range []map[string]trial{
		signingInTrials(),
		invitationTrials(),
		meansTrials(), calendarTrials(),
		teamTrials(),
		consultationTrials(),
		documentTrials(),
		patientTrials(),
		noticeTrials(),
		waitingTrials(),
		pushTrials(),
		visitTrials(),
		interpreterTrials(),
		requestTrials(), waitListTrials(),
		serviceTrials(), scheduleTrials(),
		appointmentTrials(),
		outsideTrials(),
	} {
		maps.Copy(all, area)
	}
	return all
}

// world is a practice with somebody of each kind, and the owner's things.
type world struct {
	*site
	owner   account.Account
	started startedBody // the owner's consultation
	passed  startedBody // one that was the owner's and is the other's
	cookies map[string]string
	ids     map[string]consult.AccountID
	papers  papers // documents of the owner's consultation

	organisation consult.OrganisationID // that sends interpreters
	asked        consult.RequestID      // to it, for the owner's consultation

	wanted wanted          // what patients asked the practice for
	given  booking.Service // what the owner and the colleague give
	agreed booking.Appointment
	visits []booking.Appointment
	series []booking.Appointment
	letter string // where what was given with visits[1] is opened
}

// The people of the world. The first three act for the owner, as far as their roles go.
func people() []string {
	return []string{"owner", "delegate", "colleague", "secretary", "other", "interpreter", "operator"}
}

func actsForOwner(who string) bool { return slices.Contains(people()[:3], who) }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{site: newSite(t), cookies: map[string]string{}, ids: map[string]consult.AccountID{}}
	roles := map[string]account.Role{
		"owner": account.RolePractitioner, "delegate": account.RoleSecretary, "colleague": account.RolePractitioner, "secretary": account.RoleSecretary,
		"other": account.RolePractitioner, "interpreter": account.RoleInterpreter, "operator": account.RoleOperator,
	}
	for _, who := range people() {
		made, cookie := w.somebody("The "+who, roles[who])
		w.cookies[who], w.ids[who] = cookie, made.ID
	}
	shared, err := w.accounts.CreateUnit("Shared", true)
	w.check(err)
	apart, err := w.accounts.CreateUnit("Apart", false)
	w.check(err)
	for who, units := range map[string][]consult.UnitID{"owner": {shared.ID, apart.ID}, "colleague": {shared.ID}, "other": {apart.ID}, "secretary": {apart.ID}} {
		_, err := w.accounts.SetUnits(w.ids[who], units)
		w.check(err)
	}
	w.owner, err = w.accounts.Delegate(w.ids["owner"], []consult.AccountID{w.ids["delegate"]})
	w.check(err)
	w.started, w.passed = w.mustStart(w.cookies["owner"]), w.mustStart(w.cookies["owner"])
	_, err = w.practice.Pass(w.owner.ID, w.passed.ID, consult.Practitioner{ID: w.ids["other"], Name: "The other"})
	w.check(err)
	w.known()
	w.askInterpreter()
	w.books()
	w.want()
	w.offered()
	w.room()
	w.outsideCalendar()
	w.papers.ready, w.papers.begun = w.sent(w.started.ID, 1, 1000), w.arriving(w.started.ID, 0, 1000)
	return w
}

// prefix is what stands before a trial's own path: nothing for what pages are.
func (o operation) prefix() string {
	if strings.HasPrefix(o.path, base+"/") {
		return base
	}
	return ""
}

// ask sends the request of the trial as somebody; "" is nobody.
func (w *world) ask(row operation, try trial, who string) int {
	w.t.Helper()
	path, body := row.path, "{}"
	if try.path != nil {
		path = row.prefix() + try.path(w)
	}
	if try.body != nil {
		body = try.body(w)
	}
	if readsOnly(row.method) {
		body = ""
	}
	answer := w.do(request{method: row.method, path: path, body: body, cookie: w.cookies[who], header: try.header})
	if answer.Code >= 400 && !strings.Contains(answer.Header().Get("Content-Type"), "text/html") && row.method != "HEAD" {
		checkProblem(w.t, answer)
	}
	return answer.Code
}

// TestMatrix walks every operation × everybody, somebody else's data among it: who may not is told so, learns nothing and
// changes nothing; who may, may.
func TestMatrix(t *testing.T) {
	known := trials()
	for _, row := range (&api{}).operations() {
		try, ok := known[row.id]
		if !ok {
			t.Errorf("%s has no trial: add one to the trials of its area", row.id)
			continue
		}
		delete(known, row.id)
		t.Run(row.id, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if strings.Contains(row.path, "{") && try.path == nil {
				t.Fatal("the trial says no path")
			}
			var may []string
			for _, who := range append(people(), "") {
				want := refusal(w, row, try, who)
				if want == 0 {
					may = append(may, who)
					continue
				}
				before := w.store.Revision()
				if got := w.ask(row, try, who); got != want {
					t.Errorf("%q: %d, want %d", who, got, want)
				}
				if w.store.Revision() != before {
					t.Errorf("%q was refused, and changed something", who)
				}
			}
			for i, who := range may {
				if i > 0 && try.theirs {
					w = newWorld(t) // as if the one before had not been
				}
				want := row.status
				if try.answers != 0 {
					want = try.answers
				}
				if said, ok := try.want[who]; ok {
					want = said
				}
				if got := w.ask(row, try, who); got != want {
					t.Errorf("%q may: %d, want %d", who, got, want)
				}
			}
		})
	}
	for id := range known {
		t.Errorf("there is no operation %s", id)
	}
}

// refusal is what somebody who may not is answered; 0 for somebody who may.
func refusal(w *world, row operation, try trial, who string) int {
	scopes := []account.Scope{}
	if who != "" {
		a, err := w.accounts.Account(w.ids[who])
		w.check(err)
		scopes = a.Scopes()
	}
	switch {
	case row.access == public:
		return 0
	case who == "":
		return 401
	case !slices.Contains(words(), row.access) && !slices.Contains(scopes, row.access):
		return 403
	case try.theirs && !actsForOwner(who):
		return 404
	}
	return 0
}

// TestTokenMatrix walks every operation with tokens: one of each scope alone, and one of a program that has all of its account's. A cookie beside
// a token counts for nothing.
func TestTokenMatrix(t *testing.T) {
	known := trials()
	w := newWorld(t)
	bearers := map[account.Scope]string{}
	for _, scope := range account.Scopes() {
		who := "owner"
		if !slices.Contains(w.owner.Scopes(), scope) {
			who = "operator"
		}
		secret, _, err := w.accounts.NewToken(w.ids[who], "a program", []account.Scope{scope}, 48*time.Hour)
		w.check(err)
		bearers[scope] = secret
	}
	for _, row := range (&api{}).operations() {
		try := known[row.id]
		if row.access == public {
			continue
		}
		for scope, secret := range bearers {
			want := 0
			switch {
			case row.access == inPerson:
				want = 403
			case !slices.Contains(words(), row.access) && row.access != scope:
				want = 403
			}
			if want == 0 {
				continue // what is allowed is the matrix's: here nothing is to change
			}
			before := w.store.Revision()
			program := try
			program.header = with(try.header, map[string]string{"Authorization": "Bearer " + secret, "Origin": "", "Sec-Fetch-Site": ""})
			if got := w.ask(row, program, "owner"); got != want {
				t.Errorf("%s with a token of %s: %d, want %d", row.id, scope, got, want)
			}
			if w.store.Revision() != before {
				t.Errorf("%s with a token of %s was refused, and changed something", row.id, scope)
			}
		}
		wrong := try
		wrong.header = with(try.header, map[string]string{"Authorization": "Bearer nonsense"})
		if got := w.ask(row, wrong, "owner"); got != 401 {
			t.Errorf("%s with a token that is none, and a good cookie: %d, want 401", row.id, got)
		}
	}
}

// with returns both together.
func with(header, more map[string]string) map[string]string {
	all := maps.Clone(more)
	maps.Copy(all, header)
	return all
}

// TestLockedMatrix walks every operation in a browser that was left alone.
func TestLockedMatrix(t *testing.T) {
	w := newWorld(t)
	lockable(w, "owner")
	w.clock.Forward(16 * time.Minute)
	for _, row := range (&api{}).operations() {
		if row.access == public || row.access == evenLocked {
			continue
		}
		before := w.store.Revision()
		if got := w.ask(row, trials()[row.id], "owner"); got != 423 {
			t.Errorf("%s behind a locked screen: %d, want 423", row.id, got)
		}
		if w.store.Revision() != before {
			t.Errorf("%s was refused, and changed something", row.id)
		}
	}
}

// TestFreshMatrix walks the operations that want a fresh proof, without one.
func TestFreshMatrix(t *testing.T) {
	w := newWorld(t)
	for _, who := range []string{"owner", "operator"} {
		lockable(w, who)
		w.check(w.accounts.Touch(w.cookies[who]))
	}
	for range 2 {
		w.clock.Forward(6 * time.Minute)
		w.check(w.accounts.Touch(w.cookies["owner"]))
		w.check(w.accounts.Touch(w.cookies["operator"]))
	}
	for _, who := range []string{"owner", "operator"} {
		for _, row := range (&api{}).operations() {
			if !row.fresh || row.access == account.ScopeAccountsWrite && who == "owner" {
				continue
			}
			if got := w.ask(row, trials()[row.id], who); got != 403 {
				t.Errorf("%s long after the sign-in: %d, want 403", row.id, got)
			}
		}
	}
}

func TestOperationsAreNamedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range (&api{}).operations() {
		known := slices.Contains(account.Scopes(), row.access) || slices.Contains(words(), row.access)
		if seen[row.id] || seen[row.pattern()] || row.summary == "" || !known {
			t.Errorf("%s %s: twice, without words or with an unknown access %q", row.id, row.pattern(), row.access)
		}
		if row.elsewhere && row.access != public {
			t.Errorf("%s comes from elsewhere and is not public", row.id)
		}
		seen[row.id], seen[row.pattern()] = true, true
	}
}
