package caldav

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The clients are Debian's packages vdirsyncer and python3-caldav; `make gotest` installs them.

// python runs a script of testdata with python3-caldav; $URL, $USER_NAME and $PASSWORD say where and who.
func (d *desk) python(script string, who login, more ...string) string {
	d.t.Helper()
	if err := exec.Command("/usr/bin/python3", "-c", "import caldav").Run(); err != nil {
		d.t.Skip("python3-caldav is not installed: apt-get install python3-caldav")
	}
	cmd := exec.CommandContext(d.t.Context(), "/usr/bin/python3", append([]string{filepath.Join("testdata", script)}, more...)...)
	cmd.Env = append(os.Environ(), "SERVER_URL="+d.url, "USER_NAME="+string(who.ID), "PASSWORD="+who.password)
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s: %v\n%s\n%s", script, err, out, d.log.String())
	}
	return string(out)
}

// vdirsyncer is a folder that the program of the name keeps the same as the calendars.
type vdirsyncer struct {
	*desk
	dir string
}

func (d *desk) vdirsyncer(who login) *vdirsyncer {
	d.t.Helper()
	if _, err := exec.LookPath("vdirsyncer"); err != nil {
		d.t.Skip("vdirsyncer is not installed: apt-get install vdirsyncer")
	}
	v := &vdirsyncer{d, d.t.TempDir()}
	config := fmt.Sprintf(`[general]
status_path = "%[1]s/status/"
[pair book]
a = "here"
b = "there"
collections = ["from b"]
metadata = ["color", "displayname"]
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "%[1]s/calendars/"
fileext = ".ics"
[storage there]
type = "caldav"
url = "%[2]s/"
username = "%[3]s"
password = "%[4]s"
`, v.dir, d.url, who.ID, who.password)
	d.check(os.WriteFile(filepath.Join(v.dir, "config"), []byte(config), 0o600))
	v.mustRun("discover")
	return v
}

func (v *vdirsyncer) run(command string) (string, error) {
	v.t.Helper()
	cmd := exec.CommandContext(v.t.Context(), "vdirsyncer", "-c", filepath.Join(v.dir, "config"), command)
	cmd.Stdin = strings.NewReader(strings.Repeat("y\n", 50))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (v *vdirsyncer) mustRun(command string) {
	v.t.Helper()
	if out, err := v.run(command); err != nil {
		v.t.Fatalf("vdirsyncer %s: %v\n%s", command, err, out)
	}
}

// files are what lies in a practitioner's folder.
func (v *vdirsyncer) files(of login) map[string]string {
	v.t.Helper()
	found, err := filepath.Glob(filepath.Join(v.dir, "calendars", string(of.ID), "*.ics"))
	v.check(err)
	files := map[string]string{}
	for _, name := range found {
		b, err := os.ReadFile(name)
		v.check(err)
		files[filepath.Base(name)] = string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")))
	}
	return files
}

// TestVdirsyncerReads brings appointments into a folder, and out of it again.
func TestVdirsyncerReads(t *testing.T) {
	d := newDesk(t)
	first, second := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin"), d.appoint(d.ada, "2026-11-25T13:30:00Z", "Paul Petit")
	v := d.vdirsyncer(d.bob)
	v.mustRun("sync")
	if files := v.files(d.ada); len(files) != 2 || !strings.Contains(files[string(first.ID)+suffix], "SUMMARY:J. M.\n") {
		t.Fatal(files)
	}
	d.cancel(second)
	v.mustRun("sync")
	if files := v.files(d.ada); len(files) != 1 {
		t.Fatal(files)
	}
	// Who throws an appointment away has it back: the server keeps it.
	d.check(os.Remove(filepath.Join(v.dir, "calendars", string(d.ada.ID), string(first.ID)+suffix)))
	if out, err := v.run("sync"); err == nil {
		t.Error("vdirsyncer was not told", out)
	}
	if a, err := d.book.Appointment(first.ID); err != nil || a.State != "booked" {
		t.Error(a.State, err)
	}
}

func TestPythonReads(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	out := d.python("read.py", d.ada)
	if !strings.Contains(out, "UID "+string(a.ID)) || !strings.Contains(out, "changes after a token: 0") {
		t.Error(out)
	}
}

func TestWellKnown(t *testing.T) {
	d := newDesk(t)
	got := d.ask(login{}, "PROPFIND", WellKnown, "")
	if got.status != http.StatusMovedPermanently || got.header.Get("Location") != Root {
		t.Error(got)
	}
}

// TestPythonWrites is an event's life with python3-caldav: put, synced, refused over a patient, changed, a series, deleted.
func TestPythonWrites(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	d.python("write.py", d.ada, string(a.ID))
	for start, want := range map[string]bool{
		"2026-11-24T10:00:00Z": true,                                                                                                                                                          // lunch was deleted
		"2027-03-22T08:00:00Z": false, "2027-03-29T07:00:00Z": false, "2027-03-29T08:00:00Z": true, "2027-04-05T07:00:00Z": true, "2027-04-12T07:00:00Z": true, "2027-04-12T13:00:00Z": false, // the series
	} {
		if d.free(d.ada, start) != want {
			t.Errorf("%s: free is %v", start, !want)
		}
	}
}

// TestVdirsyncerWrites keeps a folder and the calendar the same, both ways.
func TestVdirsyncerWrites(t *testing.T) {
	d := newDesk(t)
	d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	v := d.vdirsyncer(d.bob)
	v.mustRun("sync")
	file := filepath.Join(v.dir, "calendars", string(d.ada.ID), "day-off.ics")
	write := func(lines string) {
		t.Helper()
		d.check(os.WriteFile(file, []byte(ics("day-off", lines)), 0o600))
	}
	write("SUMMARY:Congé\nDTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261126")
	v.mustRun("sync")
	if d.free(d.ada, "2026-11-25T10:00:00Z") || !d.free(d.ada, "2026-11-26T10:00:00Z") {
		t.Error("the day is not kept free")
	}
	write("SUMMARY:Congé\nDTSTART;VALUE=DATE:20261126\nDTEND;VALUE=DATE:20261127")
	v.mustRun("sync")
	if !d.free(d.ada, "2026-11-25T10:00:00Z") || d.free(d.ada, "2026-11-26T10:00:00Z") {
		t.Error("the day was not moved")
	}
	// Over a patient: refused, and what was there stays.
	write("SUMMARY:Congé\nDTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261125")
	if out, err := v.run("sync"); err == nil || !strings.Contains(out, "409") {
		t.Error(err, out)
	}
	if d.free(d.ada, "2026-11-26T10:00:00Z") || !d.free(d.ada, "2026-11-24T10:00:00Z") {
		t.Error("what was refused has changed something")
	}
	d.check(os.Remove(file))
	if out, err := v.run("sync"); err != nil { // there is a conflict of deleted here and the same there: the server's stays or it goes
		t.Log(out)
	}
	v.mustRun("sync")
	if !d.free(d.ada, "2026-11-26T10:00:00Z") {
		t.Error("the day off was not deleted")
	}
	// What is put in another program comes down.
	if got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+"dentist.ics", ics("dentist", "SUMMARY:Dentist\nDTSTART:20261201T100000Z\nDURATION:PT1H"), isCalendar); got.status != 201 {
		t.Fatal(got)
	}
	v.mustRun("sync")
	if !strings.Contains(fmt.Sprint(v.files(d.ada)), "SUMMARY:Dentist") {
		t.Error(v.files(d.ada))
	}
}
