package outside

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// house is the service on a store of its own, at noon of a Sunday.
type house struct {
	*Calendars
	t      *testing.T
	dir    string
	clock  *consulttest.Clock
	log    *consulttest.Log
	store  kv.Store
	config Config
	left   atomic.Bool // the doctor has left the practice
}

var doctor = consult.AccountID("a_AAAAAAAAAAAAAAAAAAAAAA")

func newHouse(t *testing.T, change func(*Config)) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), clock: consulttest.NewClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)), log: &consulttest.Log{}, config: DefaultConfig()}
	h.config.PrivateNetworks = true
	if change != nil {
		change(&h.config)
	}
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *house) open() {
	h.t.Helper()
	var err error
	if h.store, err = kv.OpenBolt(filepath.Join(h.dir, "store.db"), kv.BoltConfig{Clock: h.clock.Now}); err != nil {
		h.t.Fatal(err)
	}
	master, err := consult.OpenKeyring(filepath.Join(h.dir, "master.key"))
	if err != nil {
		h.t.Fatal(err)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		h.t.Fatal(err)
	}
	h.Calendars, err = Open(h.config, Deps{
		Store: h.store, Master: master, Clock: h.clock.Now, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Zone:  func(consult.AccountID) *time.Location { return paris },
		Gives: func(consult.AccountID) (bool, error) { return !h.left.Load(), nil },
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Start()
}

func (h *house) close() {
	h.t.Helper()
	if err := h.Close(); err != nil {
		h.t.Error(err)
	}
	if err := h.store.Close(); err != nil {
		h.t.Error(err)
	}
}

// until waits for what the readers do.
func (h *house) until(what string, done func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatalf("%s did not happen: %+v", what, h.Of(doctor))
		}
	}
}

func (h *house) only() Calendar {
	h.t.Helper()
	all := h.Of(doctor)
	if len(all) != 1 {
		h.t.Fatalf("%d calendars", len(all))
	}
	return all[0]
}

// busy is when the doctor is, in this week.
func (h *house) busy() string {
	h.t.Helper()
	all, err := h.Busy(doctor, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC))
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, i := range all {
		out = append(out, i.From.Format("02T15:04")+"/"+i.To.Format("02T15:04"))
	}
	return strings.Join(out, " ")
}

func ics(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n")
	for i, e := range events {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@example.org\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Dentist\r\n%s\r\nEND:VEVENT\r\n", i, e)
	}
	return b.String() + "END:VCALENDAR\r\n"
}

// file is a server with one .ics file, which changes.
type file struct {
	text   atomic.Pointer[string]
	status atomic.Int32
	server *httptest.Server
	reads  atomic.Int32
}

func newFile(t *testing.T, text string) *file {
	f := &file{}
	f.text.Store(&text)
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/mine.ics") {
			http.NotFound(w, r)
			return
		}
		f.reads.Add(1)
		if status := f.status.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		w.Header().Set("Content-Type", "text/calendar")
		_, _ = w.Write([]byte(*f.text.Load()))
	}))
	t.Cleanup(f.server.Close)
	return f
}

func TestFile(t *testing.T) {
	h := newHouse(t, nil)
	f := newFile(t, ics("DTSTART:20261124T090000\r\nDTEND:20261124T100000", "DTSTART;VALUE=DATE:20261126"))
	choices, trouble, err := h.Look(t.Context(), f.server.URL+"/mine.ics", "", "")
	if err != nil || trouble != "" || len(choices) != 1 || choices[0].Address != f.server.URL+"/mine.ics" {
		t.Fatal(choices, trouble, err)
	}
	c, err := h.Add(Calendar{Practitioner: doctor, Name: "  At  home ", Address: choices[0].Address})
	if err != nil || c.Name != "At home" {
		t.Fatal(c, err)
	}
	if _, err := h.Add(Calendar{Practitioner: doctor, Name: "again", Address: choices[0].Address}); consult.CodeOf(err) != consult.CodeConflict {
		t.Fatal(err)
	}
	const first = "24T08:00/24T09:00 25T23:00/26T23:00"
	h.until("the first reading", func() bool { return h.busy() == first })
	if c := h.only(); c.Kind != KindFile || c.Trouble != "" || !c.ReadAt.Equal(h.clock.Now()) {
		t.Fatalf("%+v", c)
	}
	if all, _ := h.Busy(consult.AccountID("a_BBBBBBBBBBBBBBBBBBBBBB"), time.Time{}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)); len(all) > 0 {
		t.Fatal("a colleague is busy by it")
	}

	// What cannot be reached keeps what it kept, over a restart as well, and says so.
	f.status.Store(500)
	h.clock.Forward(15 * time.Minute)
	h.until("trouble", func() bool { return h.only().Trouble == TroubleUnreachable })
	since := h.only().TroubleSince
	if h.busy() != first || !since.Equal(h.clock.Now()) {
		t.Fatal(h.busy(), since)
	}
	h.close()
	h.open()
	if h.busy() != first || h.only().Trouble != TroubleUnreachable {
		t.Fatal(h.busy(), h.only())
	}

	// It is back, and changed. Asked for, it is read at once.
	f.status.Store(0)
	text := ics("DTSTART:20261125T090000Z\r\nDTEND:20261125T100000Z", "DTSTART:20261125T093000Z\r\nDTEND:20261125T110000Z")
	f.text.Store(&text)
	if err := h.Read(doctor, c.ID); err != nil {
		t.Fatal(err)
	}
	h.until("the second reading", func() bool { return h.busy() == "25T09:00/25T11:00" && h.only().Trouble == "" })
	if err := h.Read(doctor, "x_BBBBBBBBBBBBBBBBBBBBBB"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}

	if err := h.Remove("a_BBBBBBBBBBBBBBBBBBBBBB", c.ID); !errors.Is(err, ErrNotFound) || len(h.Of(doctor)) != 1 {
		t.Fatal("somebody else's was removed", err)
	}
	if err := h.Remove(doctor, c.ID); err != nil || h.busy() != "" {
		t.Fatal(err, h.busy())
	}
	h.close()
	h.open()
	if len(h.Of(doctor)) != 0 || h.busy() != "" {
		t.Fatal("it is back")
	}
}

// What is read holds no title, neither in the store nor in the log, and no address in the log.
func TestKeepsTimesOnly(t *testing.T) {
	h := newHouse(t, nil)
	f := newFile(t, ics("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z"))
	if _, err := h.Add(Calendar{Practitioner: doctor, Name: "At home", Address: f.server.URL + "/mine.ics"}); err != nil {
		t.Fatal(err)
	}
	h.until("the first reading", func() bool { return h.busy() != "" })
	f.status.Store(404)
	h.clock.Forward(15 * time.Minute)
	h.until("trouble", func() bool { return h.only().Trouble == TroubleNotFound })
	stored, err := os.ReadFile(filepath.Join(h.dir, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Dentist", "mine.ics", "At home"} {
		if bytes.Contains(stored, []byte(secret)) || strings.Contains(h.log.String(), secret) {
			t.Errorf("%q is in the store or in the log", secret)
		}
	}
}

// An appointment that comes back from a calendar which subscribes to this program's own does not block.
func TestOwnEcho(t *testing.T) {
	h := newHouse(t, nil)
	text := strings.Replace(ics("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z", "DTSTART:20261125T090000Z\r\nDTEND:20261125T100000Z"), "UID:0@example.org", "UID:ap_AAAAAAAAAAAAAAAAAAAAAA", 1)
	if !booking.AppointmentID("ap_AAAAAAAAAAAAAAAAAAAAAA").Valid() {
		t.Fatal("no id of an appointment any more")
	}
	f := newFile(t, text)
	if _, err := h.Add(Calendar{Practitioner: doctor, Name: "home", Address: f.server.URL + "/mine.ics"}); err != nil {
		t.Fatal(err)
	}
	h.until("the reading", func() bool { return h.busy() == "25T09:00/25T10:00" })
}

// What its owner has declined takes no time; what others have does.
func TestDeclined(t *testing.T) {
	h := newHouse(t, nil)
	said := func(start, who, what string) string {
		return "DTSTART:" + start + "\r\nDURATION:PT1H\r\nATTENDEE;PARTSTAT=" + what + ":" + who
	}
	f := newFile(t, ics(
		said("20261124T080000Z", "mailto:Ada.Moreau@gmail.com", "DECLINED"),
		said("20261124T100000Z", "mailto:ada.moreau@gmail.com", "ACCEPTED"),
		said("20261124T120000Z", "mailto:eve@gmail.com", "DECLINED"),
		said("20261124T140000Z", "MAILTO:ada.moreau@gmail.com", "declined")+"\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@gmail.com",
		"DTSTART:20261125T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2",
	))
	text := strings.Replace(*f.text.Load(), "END:VCALENDAR", "BEGIN:VEVENT\r\nUID:4@example.org\r\nDTSTAMP:20261101T000000Z\r\nRECURRENCE-ID:20261126T080000Z\r\n"+
		said("20261126T080000Z", "mailto:ada.moreau@gmail.com", "DECLINED")+"\r\nEND:VEVENT\r\nEND:VCALENDAR", 1)
	f.text.Store(&text)
	if _, err := h.Add(Calendar{Practitioner: doctor, Name: "home", Address: f.server.URL + "/calendar/ical/ada.moreau%40gmail.com/private-1/mine.ics"}); err != nil {
		t.Fatal(err)
	}
	h.until("the reading", func() bool { return h.busy() == "24T10:00/24T11:00 24T12:00/24T13:00 25T08:00/25T09:00" })
}

func TestTrouble(t *testing.T) {
	big := newFile(t, ics("DTSTART:20261124T090000Z\r\nDESCRIPTION:"+strings.Repeat("x", maxBody)))
	page := newFile(t, "<!doctype html><title>Sign in</title>")
	gone := newFile(t, "")
	gone.server.Close()
	locked := newFile(t, "")
	locked.status.Store(401)
	odd := newFile(t, "0;0=")
	for name, c := range map[string]struct {
		address string
		private bool
		user    string
		want    Trouble
	}{
		"too large":                   {big.server.URL + "/mine.ics", true, "", TroubleTooLarge},
		"a page":                      {page.server.URL + "/mine.ics", true, "", TroubleNoCalendar},
		"bytes that break the reader": {odd.server.URL + "/mine.ics", true, "", TroubleNoCalendar},
		"nothing there":               {page.server.URL + "/other.ics", true, "", TroubleNotFound},
		"nobody there":                {gone.server.URL + "/mine.ics", true, "", TroubleUnreachable},
		"locked":                      {locked.server.URL + "/mine.ics", true, "", TroubleRefused},
		"this machine":                {page.server.URL + "/mine.ics", false, "", TroubleForbidden},
		"this machine by name":        {strings.Replace(page.server.URL, "127.0.0.1", "localhost", 1) + "/mine.ics", false, "", TroubleForbidden},
		"a password without TLS":      {"http://calendar.example.org/", false, "me", TroubleForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(cfg *Config) { cfg.PrivateNetworks = c.private })
			if _, trouble, err := h.Look(t.Context(), c.address, c.user, ""); err != nil || trouble != c.want {
				t.Errorf("%q %v, want %q", trouble, err, c.want)
			}
		})
	}
}

// TestWhoHasLeft: nobody reads on in the calendars of somebody who has left, until they are back.
func TestWhoHasLeft(t *testing.T) {
	h := newHouse(t, nil)
	h.left.Store(true)
	f := newFile(t, ics("DTSTART:20261124T090000Z\r\nDURATION:PT30M"))
	c, err := h.Add(Calendar{Practitioner: doctor, Name: "own", Address: f.server.URL + "/mine.ics"})
	if err != nil {
		t.Fatal(err)
	}
	h.until("that its turn has passed", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.all[c.ID].next.After(h.clock.Now())
	})
	if f.reads.Load() != 0 {
		t.Errorf("read %d times", f.reads.Load())
	}
	h.left.Store(false)
	if err := h.Read(doctor, c.ID); err != nil {
		t.Fatal(err)
	}
	h.until("that it is read", func() bool { return !h.only().ReadAt.IsZero() })
}

// TestTooManyTimes: a calendar with more times than are kept says so, and one that is read for too long ends.
func TestTooManyTimes(t *testing.T) {
	var many []string
	for i := range 30 { // half an hour busy, quarter of an hour not, a year long
		at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 45 * time.Minute)
		many = append(many, "DTSTART:"+at.Format("20060102T150405Z")+"\r\nDURATION:PT30M\r\nRRULE:FREQ=DAILY")
	}
	h := newHouse(t, nil)
	f := newFile(t, ics(many...))
	if _, err := h.Add(Calendar{Practitioner: doctor, Name: "many", Address: f.server.URL + "/mine.ics"}); err != nil {
		t.Fatal(err)
	}
	h.until("that it is too large", func() bool { return h.only().Trouble == TroubleTooLarge })

	cal, err := calendar.Read(strings.NewReader(ics("DTSTART:20261124T090000Z\r\nDURATION:PT30M")))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := busyIn(ctx, []*ical.Calendar{cal}, nil, time.UTC, h.clock.Now(), h.clock.Now().Add(lookAhead)); !errors.Is(err, errTooLarge) {
		t.Errorf("its time is over: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"webcal://example.org/a.ics":     "https://example.org/a.ics",
		" example.org/a.ics ":            "https://example.org/a.ics",
		"http://example.org/a.ics#x":     "http://example.org/a.ics",
		"ftp://example.org":              "",
		"https://":                       "",
		"https://me:secret@example.org/": "",
		"":                               "",
		"https://e.org/" + strings.Repeat("a", maxAddress): "",
	} {
		if got, _ := normalAddress(in); got != want {
			t.Errorf("%.40q: %q, want %q", in, got, want)
		}
	}
	for _, address := range []string{"10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.1.1", "::1", "fe80::1", "fd00::1", "0.0.0.0", "224.0.0.1"} {
		if public(mustAddr(t, address)) {
			t.Errorf("%s is public", address)
		}
	}
	if !public(mustAddr(t, "203.0.113.7")) || !public(mustAddr(t, "2001:db8::7")) {
		t.Error("public addresses are not")
	}
}

// A real CalDAV server: Radicale, as Debian has it.
func TestRadicale(t *testing.T) {
	binary, err := exec.LookPath("radicale")
	if err != nil {
		t.Skip("no radicale on this machine (Debian: radicale)")
	}
	base := startRadicale(t, binary)
	mkcol := `<?xml version="1.0"?><mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection/><C:calendar/></resourcetype>` +
		`<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set><displayname>Rounds</displayname></prop></set></mkcol>`
	dav(t, "MKCOL", base+"/doctor/rounds/", mkcol, 201)
	dav(t, "PUT", base+"/doctor/rounds/1.ics", ics("DTSTART;TZID=Europe/Paris:20261005T140000\r\nDTEND;TZID=Europe/Paris:20261005T150000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH\r\nEXDATE;TZID=Europe/Paris:20261126T140000"), 201)
	dav(t, "PUT", base+"/doctor/rounds/2.ics", strings.Replace(ics("DTSTART;VALUE=DATE:20261127"), "UID:0@", "UID:2@", 1), 201)
	h := newHouse(t, nil)
	if _, trouble, err := h.Look(t.Context(), base, "doctor", "wrong"); err != nil || trouble != TroubleRefused {
		t.Fatalf("%q %v", trouble, err)
	}
	for _, address := range []string{base, base + "/doctor/", base + "/doctor/rounds/"} {
		choices, trouble, err := h.Look(t.Context(), address, "doctor", "secret")
		if err != nil || trouble != "" || len(choices) != 1 || choices[0].Name != "Rounds" || choices[0].Address != base+"/doctor/rounds/" {
			t.Fatalf("%s: %v %q %v", address, choices, trouble, err)
		}
	}
	c, err := h.Add(Calendar{Practitioner: doctor, Name: "Rounds", Address: base + "/doctor/rounds/", User: "doctor", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	h.until("the first reading", func() bool { return h.busy() == "23T13:00/23T14:00 26T23:00/27T23:00" })
	if h.only().Kind != KindCollection {
		t.Fatalf("%+v", h.only())
	}
	dav(t, "DELETE", base+"/doctor/rounds/2.ics", "", 200)
	if err := h.Read(doctor, c.ID); err != nil {
		t.Fatal(err)
	}
	h.until("the second reading", func() bool { return h.busy() == "23T13:00/23T14:00" })
}

func startRadicale(t *testing.T, binary string) string {
	t.Helper()
	dir := t.TempDir()
	port := freePort(t)
	for name, text := range map[string]string{
		"users":  "doctor:secret\n",
		"config": fmt.Sprintf("[server]\nhosts = 127.0.0.1:%d\n[auth]\ntype = htpasswd\nhtpasswd_filename = %s/users\nhtpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = %s/data\n[web]\ntype = none\n", port, dir, dir),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(binary, "--config", filepath.Join(dir, "config"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://")); err == nil {
			_ = conn.Close()
			return base
		}
	}
	t.Fatal("radicale does not listen")
	return ""
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func dav(t *testing.T, method, address, body string, want int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("doctor", "secret")
	if method == "PUT" {
		r.Header.Set("Content-Type", "text/calendar")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != want {
		t.Fatalf("%s %s: %s", method, address, answer.Status)
	}
}

func mustAddr(t *testing.T, text string) netip.Addr {
	t.Helper()
	a, err := netip.ParseAddr(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
