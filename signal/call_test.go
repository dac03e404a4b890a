package signal

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/sfu"
	"github.com/gorilla/websocket"
)

// seated is a call with a practitioner and an admitted patient.
type seated struct {
	*house
	c               consult.Consultation
	ticket          string
	desk, doc, pat  *tab
	docIs, patIs    map[string]any // joined replies
	docPeer, patPee sfu.PeerID
}

func newSeated(t *testing.T, change func(*Config)) *seated {
	t.Helper()
	h := newHouse(t, change)
	s := &seated{house: h}
	s.c, s.ticket = h.start("Jeanne Martin")
	s.desk = h.tab(string(h.doctor.ID))
	wantType(t, s.desk.ask("watch", nil), "desk")
	s.pat = h.tab("")
	s.patIs = s.pat.join(map[string]any{"ticket": s.ticket, "seat": tabOne})
	wantType(t, s.patIs, "joined")
	s.doc = h.tab(string(h.doctor.ID))
	s.docIs = s.doc.join(map[string]any{"consultation": s.c.ID})
	wantType(t, s.docIs, "joined")
	wantType(t, s.desk.ask("admit", map[string]any{"consultation": s.c.ID, "participant": s.patIs["self"]}), "done")
	s.pat.expect("admitted", nil)
	s.docPeer, s.patPee = peerOf(s.docIs), peerOf(s.patIs)
	h.hub.HandleMedia(sfu.PeerUp{Peer: s.docPeer})
	h.hub.HandleMedia(sfu.PeerUp{Peer: s.patPee})
	s.pat.expect("participants", func(m map[string]any) bool {
		return len(people(m)) == 2 && m["consultation"].(map[string]any)["state"] == "live"
	})
	return s
}

func TestFromLinkToCall(t *testing.T) {
	h := newHouse(t, nil)
	c, ticket := h.start("Jeanne Martin")
	desk := h.tab(string(h.doctor.ID))
	first := desk.ask("watch", nil)
	wantType(t, first, "desk")

	pat := h.tab("")
	joined := pat.join(map[string]any{"ticket": ticket, "devices": map[string]any{"camera": "refused", "microphone": "ok", "sound": "heard"}})
	wantType(t, joined, "joined")
	if joined["answer"] != "answer to v=0" || joined["role"] != "patient" || joined["practice"].(map[string]any)["phone"] != "+33123456789" {
		t.Errorf("joined as %v", joined)
	}
	if w, _ := joined["waiting"].(map[string]any); w == nil || w["practitioner"] != "available" {
		t.Errorf("waiting is %v: the practitioner's desk is open", joined["waiting"])
	}
	self := joined["self"].(string)
	desk.expect("desk", func(m map[string]any) bool { return deskPeople(m)[self] == "waiting here" })
	if h.media.inRoom(peerOf(joined)) {
		t.Fatal("in the media room without having been admitted")
	}
	wantError(t, pat.ask("publish", map[string]any{"source": "camera"}), "forbidden")
	wantError(t, pat.ask("chat", map[string]any{"text": "hello?"}), "forbidden")

	wantType(t, desk.ask("delay", map[string]any{"minutes": 10}), "done")
	pat.expect("waiting", func(m map[string]any) bool {
		d, _ := m["delay"].(map[string]any)
		return d != nil && d["minutes"] == float64(10)
	})

	doc := h.tab(string(h.doctor.ID))
	wantType(t, doc.join(map[string]any{"consultation": c.ID}), "joined")
	pat.expect("waiting", func(m map[string]any) bool { return m["practitioner"] == "in-consultation" })
	wantType(t, desk.ask("admit", map[string]any{"consultation": c.ID, "participant": self}), "done")
	pat.expect("admitted", nil)
	pat.expect("participants", func(m map[string]any) bool { return len(people(m)) == 2 })
	if !h.media.inRoom(peerOf(joined)) {
		t.Error("admitted, and not in the media room")
	}
	wantType(t, pat.ask("publish", map[string]any{"source": "microphone"}), "done")
	doc.expect("participants", func(m map[string]any) bool {
		for _, p := range m["participants"].([]any) {
			if q := p.(map[string]any); q["id"] == self && len(q["publications"].([]any)) == 1 {
				return true
			}
		}
		return false
	})
}

func TestSendBackDeclineAndEnd(t *testing.T) {
	s := newSeated(t, nil)
	who := map[string]any{"consultation": s.c.ID, "participant": s.patIs["self"]}
	wantType(t, s.desk.ask("send-back", who), "done")
	s.pat.expect("waiting", nil)
	if s.media.inRoom(s.patPee) {
		t.Error("sent back, and still in the media room")
	}
	wantType(t, s.desk.ask("admit", who), "done")
	s.pat.expect("admitted", nil)
	wantType(t, s.desk.ask("send-back", who), "done")
	s.pat.expect("waiting", nil)
	wantType(t, s.desk.ask("decline", who), "done")
	if m := s.pat.expect("ended", nil); m["reason"] != "declined" {
		t.Errorf("ended: %v", m)
	}
	again := s.tab("")
	wantType(t, again.join(map[string]any{"ticket": s.ticket}), "joined")
	wantError(t, again.ask("end", nil), "forbidden")
	wantType(t, s.doc.ask("end", nil), "done")
	if m := s.doc.expect("ended", nil); m["reason"] != "ended" {
		t.Errorf("ended: %v", m)
	}
	if m := again.expect("ended", nil); m["reason"] != "ended" {
		t.Errorf("ended: %v", m)
	}
	wantError(t, s.tab("").join(map[string]any{"ticket": s.ticket}), "bad-ticket")
}

func TestResumeKeepsTheMedia(t *testing.T) {
	s := newSeated(t, nil)
	connects := s.media.count("connect")
	s.pat.ws.Close()
	wantType(t, s.doc.ask("chat", map[string]any{"text": "M'entendez-vous ?"}), "done")

	back := s.tab("")
	wantError(t, back.ask("resume", map[string]any{"session": s.patIs["session"], "token": "guess"}), "bad-ticket")
	resumed := back.ask("resume", map[string]any{"session": s.patIs["session"], "token": s.patIs["token"]})
	wantType(t, resumed, "resumed")
	if chat := resumed["chat"].([]any); len(chat) != 1 || chat[0].(map[string]any)["text"] != "M'entendez-vous ?" {
		t.Errorf("chat is %v: a line was lost", chat)
	}
	back.expect("participants", func(m map[string]any) bool { return len(people(m)) == 2 })
	back.expect("lanes", nil)
	if n := s.media.count("connect"); n != connects {
		t.Errorf("%d offers after the resume, %d before", n, connects)
	}
	if s.media.count("disconnect") != 0 || s.media.count("withdraw") != 0 {
		t.Error("the media was touched")
	}
}

func TestAdmittedWhileAway(t *testing.T) {
	h := newHouse(t, nil)
	c, ticket := h.start("")
	pat := h.tab("")
	joined := pat.join(map[string]any{"ticket": ticket})
	pat.ws.Close()
	if _, err := h.practice.Admit(h.doctor.ID, c.ID, consult.ParticipantID(joined["self"].(string))); err != nil {
		t.Fatal(err)
	}
	back := h.tab("")
	resumed := back.ask("resume", map[string]any{"session": joined["session"], "token": joined["token"]})
	wantType(t, resumed, "resumed")
	if resumed["waiting"] != nil {
		t.Error("still waiting")
	}
	back.expect("admitted", nil)
}

func TestSessionExpiresAndSeatIsKept(t *testing.T) {
	s := newSeated(t, func(c *Config) { c.ResumeWithin = time.Second })
	self := s.patIs["self"].(string)
	s.pat.ws.Close()
	s.hub.HandleMedia(sfu.PeerLost{Peer: s.patPee})
	s.doc.expect("participants", func(m map[string]any) bool {
		return people(m)[self] == "lost" && m["consultation"].(map[string]any)["state"] == "interrupted"
	})
	s.doc.expect("participants", func(m map[string]any) bool { return people(m)[self] == "away" })
	s.desk.expect("desk", func(m map[string]any) bool { return deskPeople(m)[self] == "call away" })
	wantError(t, s.tab("").ask("resume", map[string]any{"session": s.patIs["session"], "token": s.patIs["token"]}), "bad-ticket")

	back := s.tab("")
	joined := back.join(map[string]any{"ticket": s.ticket})
	wantType(t, joined, "joined")
	if joined["waiting"] != nil {
		t.Error("has to wait again after a crash")
	}
	back.expect("admitted", nil)
	s.hub.HandleMedia(sfu.PeerUp{Peer: peerOf(joined)})
	s.doc.expect("participants", func(m map[string]any) bool {
		return people(m)[self] == "here" && m["consultation"].(map[string]any)["state"] == "live"
	})
}

func TestAnotherTabWithTheSameSeatReplacesTheFirst(t *testing.T) {
	s := newSeated(t, nil)
	reload := s.tab("")
	wantType(t, reload.join(map[string]any{"ticket": s.ticket, "seat": tabOne}), "joined")
	reload.expect("admitted", nil)
	if m := s.pat.expect("ended", nil); m["reason"] != "replaced" {
		t.Errorf("ended: %v", m)
	}
	reload.expect("participants", func(m map[string]any) bool { return len(people(m)) == 2 })
}

func TestOtherConsultationsAreNotHeardOf(t *testing.T) {
	s := newSeated(t, nil)
	wantType(t, s.pat.ask("want", map[string]any{"wants": []any{}}), "done")
	s.pat.held = nil
	for range 5 {
		_, ticket := s.start("Ahmed Benali")
		wantType(t, s.tab("").join(map[string]any{"ticket": ticket}), "joined")
	}
	wantType(t, s.pat.ask("want", map[string]any{"wants": []any{}}), "done")
	for _, m := range s.pat.held {
		if m["type"] == "participants" || m["type"] == "waiting" {
			t.Errorf("told again though nothing changed: %v", m)
		}
	}
}

func TestWhoReadsWhatWasWritten(t *testing.T) {
	s := newSeated(t, nil)
	who := map[string]any{"consultation": s.c.ID, "participant": s.patIs["self"]}
	wantType(t, s.desk.ask("send-back", who), "done")
	s.pat.expect("waiting", nil)
	_, link, err := s.practice.Invite(s.doctor.ID, s.c.ID, consult.RoleGuest, "Sa fille")
	if err != nil {
		t.Fatal(err)
	}
	wantType(t, s.doc.ask("chat", map[string]any{"text": "Entre nous."}), "done")
	guest := s.tab("")
	joined := guest.join(map[string]any{"ticket": link})
	wantType(t, joined, "joined")
	wantType(t, s.desk.ask("admit", map[string]any{"consultation": s.c.ID, "participant": joined["self"]}), "done")
	wantType(t, s.desk.ask("admit", who), "done")
	if m := s.pat.expect("chat", nil); m["messages"].([]any)[0].(map[string]any)["text"] != "Entre nous." {
		t.Errorf("the patient reads %v", m)
	}
	guest.expect("admitted", nil)
	wantType(t, s.doc.ask("chat", map[string]any{"text": "Pour tous."}), "done")
	if m := guest.expect("chat", nil); m["messages"].([]any)[0].(map[string]any)["text"] != "Pour tous." {
		t.Errorf("the guest reads %v: what was written before was not for her", m)
	}
}

func TestLeaveIsNotARefusal(t *testing.T) {
	s := newSeated(t, nil)
	wantType(t, s.pat.ask("leave", nil), "done")
	if m := s.pat.expect("ended", nil); m["reason"] != "left" {
		t.Errorf("ended: %v", m)
	}
	s.doc.expect("participants", func(m map[string]any) bool { return len(people(m)) == 1 })
	wantType(t, s.tab("").join(map[string]any{"ticket": s.ticket}), "joined")
}

func TestTwoWhoWaitNeverMeet(t *testing.T) {
	h := newHouse(t, nil)
	_, one := h.start("Jeanne Martin")
	_, two := h.start("Ahmed Benali")
	a, b := h.tab(""), h.tab("")
	ja := a.join(map[string]any{"ticket": one})
	jb := b.join(map[string]any{"ticket": two})
	wantType(t, ja, "joined")
	wantType(t, jb, "joined")
	if ja["consultation"].(map[string]any)["id"] == jb["consultation"].(map[string]any)["id"] {
		t.Fatal("both are in one consultation")
	}
	// What a has read up to its next reply must not know of b.
	wantError(t, a.ask("mute", map[string]any{"source": "camera", "muted": true}), "bad-message")
	for _, m := range append(a.held, ja) {
		if s := strings.ToLower(strings.Join(flatten(m), " ")); strings.Contains(s, "benali") || strings.Contains(s, jb["self"].(string)) {
			t.Errorf("a was told of b: %v", m)
		}
		if m["type"] == "participants" {
			t.Errorf("who waits was sent the participants: %v", m)
		}
	}
}

func flatten(v any) []string {
	switch v := v.(type) {
	case map[string]any:
		var out []string
		for _, x := range v {
			out = append(out, flatten(x)...)
		}
		return out
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, flatten(x)...)
		}
		return out
	case string:
		return []string{strings.ToLower(v)}
	}
	return nil
}

func TestMediaEventsNameParticipants(t *testing.T) {
	s := newSeated(t, nil)
	s.hub.HandleMedia(sfu.LanesEvent{Peer: s.docPeer, Lanes: []sfu.LaneUse{{Mid: "7", Of: s.patPee, Source: sfu.SourceCamera}}, Missing: 1})
	m := s.doc.expect("lanes", func(m map[string]any) bool { return m["missing"] == float64(1) })
	if l := m["lanes"].([]any); len(l) != 1 || l[0].(map[string]any)["participant"] != s.patIs["self"] || l[0].(map[string]any)["mid"] != "7" {
		t.Errorf("lanes are %v", l)
	}
	s.hub.HandleMedia(sfu.SpeakingEvent{Room: sfu.RoomID(s.c.ID), Peers: []sfu.PeerID{s.patPee}})
	s.doc.expect("speaking", func(m map[string]any) bool {
		p := m["participants"].([]any)
		return len(p) == 1 && p[0] == s.patIs["self"]
	})
	s.hub.HandleMedia(sfu.QualityEvent{Peer: s.patPee, Level: sfu.LevelWeak})
	s.doc.expect("quality", func(m map[string]any) bool {
		p := m["participants"].([]any)
		return len(p) == 1 && p[0].(map[string]any)["level"] == "weak"
	})
}

func TestOfferAnsweredAndRefused(t *testing.T) {
	s := newSeated(t, nil)
	if m := s.pat.ask("offer", map[string]any{"offer": "v=1", "reason": "ice"}); m["type"] != "answer" || m["answer"] != "again v=1" {
		t.Errorf("answered %v", m)
	}
	_, ticket := s.start("")
	m := s.tab("").join(map[string]any{"ticket": ticket, "offer": "bad"})
	wantError(t, m, "media")
	if strings.Contains(m["message"].(string), "secrets") {
		t.Error("the error quotes the media server")
	}
}

func TestWhoMayOpen(t *testing.T) {
	h := newHouse(t, nil)
	c, _ := h.start("")
	wantError(t, h.tab("").ask("watch", nil), "forbidden")
	wantError(t, h.tab("").join(map[string]any{"consultation": c.ID}), "forbidden")
	stranger := string(consult.NewAccountID())
	wantError(t, h.tab(stranger).join(map[string]any{"consultation": c.ID}), "not-found")
	wantError(t, h.tab("").join(map[string]any{"ticket": "nonsense"}), "bad-ticket")
	wantError(t, h.tab("").ask("chat", map[string]any{"text": "x"}), "bad-message")
	other := h.tab(stranger)
	wantType(t, other.ask("watch", nil), "desk")
	for _, typ := range []string{"admit", "send-back", "decline"} {
		wantError(t, other.ask(typ, map[string]any{"consultation": c.ID, "participant": c.Participants[1].ID}), "not-found")
	}
	wantError(t, other.ask("end", map[string]any{"consultation": c.ID}), "not-found")
	wantError(t, other.ask("end", nil), "not-found")
}

func TestOrigins(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Origins = []string{"https://example.org"} })
	cases := map[string]bool{"": true, h.server.URL: true, "https://example.org": true, "https://evil.example": false, "https://example.org.evil.example": false, "null": false, "http://example.org": false, "::": false}
	for origin, allowed := range cases {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		_, resp, err := h.dial("", header)
		if (err == nil) != allowed {
			t.Errorf("origin %q: %v %v", origin, resp, err)
		}
	}
}

func TestLimits(t *testing.T) {
	h := newHouse(t, nil)
	flood := h.tab(string(h.doctor.ID))
	wantType(t, flood.ask("watch", nil), "desk")
	for range requestBurst + 5 {
		if err := flood.ws.WriteMessage(websocket.TextMessage, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	flood.expect("error", func(m map[string]any) bool { return m["code"] == "too-fast" })

	big := h.tab("")
	if err := big.ws.WriteMessage(websocket.TextMessage, []byte(strings.Repeat("x", maxMessage+1))); err != nil {
		t.Fatal(err)
	}
	if m := big.read(); m != nil {
		t.Errorf("a message over the limit was answered with %v", m)
	}
	binary := h.tab("")
	if err := binary.ws.WriteMessage(websocket.BinaryMessage, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	_, _, err := binary.ws.ReadMessage()
	if !websocket.IsCloseError(err, websocket.CloseUnsupportedData) {
		t.Errorf("binary message: %v", err)
	}
}

func TestFull(t *testing.T) {
	full := newHouse(t, func(c *Config) { c.MaxWebsockets = 1 })
	full.tab("")
	if _, resp, err := full.dial("", nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one websocket too many: %v %v", resp, err)
	}
}

func TestSubprotocolIsRequired(t *testing.T) {
	h := newHouse(t, nil)
	_, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(h.server.URL, "http"), nil)
	if err == nil || resp.StatusCode != http.StatusBadRequest {
		t.Errorf("%v %v", resp, err)
	}
}

func TestStopTellsBrowsersToComeBack(t *testing.T) {
	s := newSeated(t, nil)
	go s.hub.Close()
	for {
		_, _, err := s.pat.ws.ReadMessage()
		if err == nil {
			continue
		}
		if !websocket.IsCloseError(err, websocket.CloseServiceRestart) {
			t.Errorf("closed with %v", err)
		}
		return
	}
}

// TestHangingUpIsNoError: the media that goes with the end of a consultation, and with who leaves it, is nothing to complain of.
func TestHangingUpIsNoError(t *testing.T) {
	s := newSeated(t, nil)
	var log consulttest.Log
	s.hub.mu.Lock()
	k := s.hub.calls[s.c.ID]
	s.hub.mu.Unlock()
	done := make(chan struct{})
	k.box.post(func() {
		defer close(done)
		k.log = slog.New(slog.NewTextHandler(&log, nil))
		if _, err := s.practice.End(s.doctor.ID, s.c.ID); err != nil { // the wake-up waits behind us
			t.Error(err)
		}
		k.handleMedia(sfu.PeerLost{Peer: s.patPee})
	})
	<-done
	if m := s.pat.expect("ended", nil); m["reason"] != "ended" {
		t.Errorf("ended: %v", m)
	}
	if text := log.String(); text != "" {
		t.Errorf("logged: %s", text)
	}
}
