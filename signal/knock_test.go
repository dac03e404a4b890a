package signal

import (
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/gorilla/websocket"
)

const (
	tabOne = "the-first-tab's-own-words"
	tabTwo = "the-second-tab's-own-words"
)

// waitingRoom is a consultation whose patient waits on one device.
type waitingRoom struct {
	*house
	c          consult.Consultation
	ticket     string
	desk, one  *tab
	oneIs      map[string]any
	patient    string
	admitWords map[string]any
}

func newWaitingRoom(t *testing.T) *waitingRoom {
	t.Helper()
	w := &waitingRoom{house: newHouse(t, nil)}
	w.c, w.ticket = w.start("Jeanne Martin")
	w.desk = w.tab(string(w.doctor.ID))
	wantType(t, w.desk.ask("watch", nil), "desk")
	w.one = w.tab("")
	w.oneIs = w.one.join(map[string]any{"ticket": w.ticket, "seat": tabOne})
	wantType(t, w.oneIs, "joined")
	w.patient = w.oneIs["self"].(string)
	w.admitWords = map[string]any{"consultation": w.c.ID, "participant": w.patient}
	return w
}

func (w *waitingRoom) knocker(seat string) *tab {
	w.t.Helper()
	b := w.tab("")
	fields := map[string]any{"ticket": w.ticket}
	if seat != "" {
		fields["seat"] = seat
	}
	wantType(w.t, b.join(fields), "knocking")
	return b
}

// expectClosed wants the websocket to close with this code, and no event but ended before.
func (b *tab) expectClosed(code int) (events []map[string]any) {
	b.t.Helper()
	_ = b.ws.SetReadDeadline(time.Now().Add(deadline))
	for {
		var m map[string]any
		err := b.ws.ReadJSON(&m)
		if err == nil {
			if m["type"] != "tick" {
				events = append(events, m)
			}
			continue
		}
		if !websocket.IsCloseError(err, code) {
			b.t.Fatalf("%v, want close code %d", err, code)
		}
		return events
	}
}

func knocking(m map[string]any) bool {
	for _, c := range m["consultations"].([]any) {
		for _, p := range c.(map[string]any)["participants"].([]any) {
			if p.(map[string]any)["knocking"] == true {
				return true
			}
		}
	}
	return false
}

func TestSecondDeviceAsksAndGetsTheSeat(t *testing.T) {
	w := newWaitingRoom(t)
	two := w.knocker(tabTwo)
	if m := w.one.expect("knock", nil); m["open"] != true {
		t.Errorf("the first device: %v", m)
	}
	w.desk.expect("desk", knocking)
	if n := w.media.count("connect"); n != 1 {
		t.Errorf("the second device has media: %d connections", n)
	}
	wantError(t, two.ask("chat", map[string]any{"text": "let me in"}), "bad-message")

	wantType(t, w.one.ask("answer-knock", map[string]any{"continue": true}), "done")
	if m := w.one.expect("ended", nil); m["reason"] != "replaced" {
		t.Errorf("the first device: %v", m)
	}
	if events := two.expectClosed(websocket.CloseServiceRestart); len(events) != 0 {
		t.Errorf("the second device learnt %v", events)
	}
	again := w.tab("")
	is := again.join(map[string]any{"ticket": w.ticket, "seat": tabTwo})
	wantType(t, is, "joined")
	if is["waiting"].(map[string]any)["since"] != w.oneIs["waiting"].(map[string]any)["since"] {
		t.Error("the place in the order was lost")
	}
	w.desk.expect("desk", func(m map[string]any) bool { return !knocking(m) && deskPeople(m)[w.patient] == "waiting here" })
}

func TestSecondDeviceIsTurnedAway(t *testing.T) {
	w := newWaitingRoom(t)
	two := w.knocker("")
	w.one.expect("knock", nil)
	wantType(t, w.one.ask("answer-knock", map[string]any{"continue": false}), "done")
	events := two.expectClosed(websocket.CloseNormalClosure)
	if len(events) != 1 || events[0]["type"] != "ended" || events[0]["reason"] != "elsewhere" {
		t.Errorf("the second device: %v", events)
	}
	if m := w.one.expect("knock", nil); m["open"] != false {
		t.Errorf("the first device: %v", m)
	}
	wantError(t, w.one.ask("answer-knock", map[string]any{"continue": true}), "conflict")
	w.desk.expect("desk", func(m map[string]any) bool { return !knocking(m) })
}

func TestSecondDeviceGoesAway(t *testing.T) {
	w := newWaitingRoom(t)
	two := w.knocker(tabTwo)
	w.one.expect("knock", nil)
	two.ws.Close()
	if m := w.one.expect("knock", nil); m["open"] != false {
		t.Errorf("the first device: %v", m)
	}
}

func TestThirdDeviceTakesTheSecondsPlaceAtTheDoor(t *testing.T) {
	w := newWaitingRoom(t)
	two := w.knocker(tabTwo)
	w.knocker("a-third-one-entirely")
	if events := two.expectClosed(websocket.CloseNormalClosure); len(events) != 1 || events[0]["reason"] != "elsewhere" {
		t.Errorf("the second device: %v", events)
	}
}

// TestReloadDoesNotKnock: the tab proves that it sat there; the first websocket may still be open when the second comes.
func TestReloadDoesNotKnock(t *testing.T) {
	w := newWaitingRoom(t)
	again := w.tab("")
	wantType(t, again.join(map[string]any{"ticket": w.ticket, "seat": tabOne}), "joined")
	if m := w.one.expect("ended", nil); m["reason"] != "replaced" {
		t.Errorf("the tab of before: %v", m)
	}
}

func TestNoQuestionWhenTheFirstDeviceIsLost(t *testing.T) {
	w := newWaitingRoom(t)
	w.one.ws.Close()
	w.desk.expect("desk", func(m map[string]any) bool { return deskPeople(m)[w.patient] == "waiting lost" })
	wantType(t, w.tab("").join(map[string]any{"ticket": w.ticket, "seat": tabTwo}), "joined")
}

func TestFirstDeviceIsLostWhileTheSecondKnocks(t *testing.T) {
	w := newWaitingRoom(t)
	two := w.knocker(tabTwo)
	w.one.expect("knock", nil)
	w.one.ws.Close()
	two.expectClosed(websocket.CloseServiceRestart)
	wantType(t, w.tab("").join(map[string]any{"ticket": w.ticket, "seat": tabTwo}), "joined")
}

// patienceEnds is what the knock's timer does.
func (w *waitingRoom) patienceEnds() {
	w.hub.mu.Lock()
	k := w.hub.calls[w.c.ID]
	w.hub.mu.Unlock()
	p := consult.ParticipantID(w.patient)
	k.box.post(func() { k.knockUnanswered(p, k.knocks[p]) })
}

func TestNobodyAnswersInTheWaitingRoom(t *testing.T) {
	w := newWaitingRoom(t)
	two := w.knocker(tabTwo)
	w.patienceEnds()
	two.expectClosed(websocket.CloseServiceRestart)
	if m := w.one.expect("ended", nil); m["reason"] != "replaced" {
		t.Errorf("the first device: %v", m)
	}
}

func TestNobodyAnswersInTheCall(t *testing.T) {
	w := newWaitingRoom(t)
	wantType(t, w.desk.ask("admit", w.admitWords), "done")
	w.one.expect("admitted", nil)
	two := w.knocker(tabTwo)
	w.one.expect("knock", nil)
	w.patienceEnds()
	wantType(t, w.one.ask("answer-knock", map[string]any{"continue": false}), "done")
	if events := two.expectClosed(websocket.CloseNormalClosure); len(events) != 1 || events[0]["reason"] != "elsewhere" {
		t.Errorf("the second device: %v", events)
	}
}

// TestPractitionersTabsTakeOver: they are one signed-in person, who is asked nothing.
func TestPractitionersTabsTakeOver(t *testing.T) {
	w := newWaitingRoom(t)
	first := w.tab(string(w.doctor.ID))
	wantType(t, first.join(map[string]any{"consultation": w.c.ID}), "joined")
	wantType(t, w.tab(string(w.doctor.ID)).join(map[string]any{"consultation": w.c.ID}), "joined")
	if m := first.expect("ended", nil); m["reason"] != "replaced" {
		t.Errorf("the first tab: %v", m)
	}
}
