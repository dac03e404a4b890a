package api

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/document"
)

// fullDisk names, to a child process in a namespace of its own, the folder on which it mounts a disk of a few megabytes.
const fullDisk = "API_FULL_DISK"

// TestFullDisk: with the disk full an upload, a booking and a notice are refused in clear words; nothing that was acknowledged is lost,
// reading goes on, and so does everything once there is room again.
func TestFullDisk(t *testing.T) {
	if dir := os.Getenv(fullDisk); dir != "" {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12m"); err != nil {
			t.Skip("a disk cannot be mounted here:", err)
		}
		t.Setenv("TMPDIR", dir)
		onFullDisk(t, dir)
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
	child.Env = append(os.Environ(), fullDisk+"="+t.TempDir())
	child.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	said, err := child.CombinedOutput()
	var exited *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exited):
		t.Skip("no namespace can be made here:", err)
	case err != nil:
		t.Fatalf("%s", said)
	case strings.Contains(string(said), "--- SKIP"):
		t.Skipf("%s", said)
	}
}

func onFullDisk(t *testing.T, dir string) {
	w := newWorld(t)
	content := aPhoto(2 << 20)
	id := w.started.ID
	doc := w.arriving(id, 1, len(content))
	upload := base + "/consultations/" + string(id) + "/documents/" + string(doc) + "/upload"
	ticket := "Ticket " + ticketOf(w.started.Link)
	patch := func(offset, most int) (status, reached int, body string) {
		t.Helper()
		answer := w.do(request{method: "PATCH", path: upload, body: string(content[offset:min(offset+most, len(content))]), header: map[string]string{
			"Authorization": ticket, "Content-Type": uploadType, "Tus-Resumable": tusVersion, "Upload-Offset": fmt.Sprint(offset),
		}})
		_, err := fmt.Sscan(answer.Header().Get("Upload-Offset"), &reached)
		if err != nil {
			reached = -1
		}
		return answer.Code, reached, answer.Body.String()
	}
	status, acknowledged, _ := patch(0, 512<<10)
	if status != 204 || acknowledged != 512<<10 {
		t.Fatalf("%d, at %d", status, acknowledged)
	}
	before := w.store.Revision()

	filler := filepath.Join(dir, "filler")
	fill(t, filler)
	status, reached, body := patch(acknowledged, len(content))
	if status != 503 || !strings.Contains(body, "no room") {
		t.Fatalf("an upload: %d %s", status, body)
	}
	if reached >= 0 && reached < acknowledged {
		t.Errorf("what was acknowledged is lost: %d of %d", reached, acknowledged)
	}
	fill(t, filler) // what the upload gave back
	book := w.post("/appointments", w.booking("", `"tell":true,"key":"k1"`), "owner")
	start := w.post("/consultations", `{"patient_name":"Paul Petit","contact":{"mail":"paul@example.org"},"tell":true}`, "owner")
	refused := func(what string, r request) {
		t.Helper()
		for range 200 { // the store's file has pages to use again, for a while
			answer := w.do(r)
			if answer.Code == 503 && strings.Contains(answer.Body.String(), "disk is full") {
				return
			}
			if answer.Code != 201 {
				t.Fatalf("%s: %d %s", what, answer.Code, answer.Body)
			}
		}
		t.Fatalf("%s: the disk never was full", what)
	}
	refused("a consultation with its notice", start)
	refused("a consultation with its notice, again", start)
	revision := w.store.Revision()
	if answer := w.do(book); answer.Code != 503 && answer.Code != 201 {
		t.Fatalf("an appointment: %d %s", answer.Code, answer.Body)
	}
	w.do(book)
	if got := mustJSON[consultationBody](w.site, request{method: "GET", path: base + "/consultations/" + string(id), cookie: w.cookies["owner"]}, 200); got.ID != id {
		t.Error("nothing can be read")
	}
	if revision < before {
		t.Error("the store went back")
	}

	w.check(os.Remove(filler))
	w.check(must2(w.practice.Start(consult.StartRequest{By: w.owner.Practitioner(), Name: "Paul Petit"})))
	if answer := w.do(start); answer.Code != 201 {
		t.Errorf("with room again: %d %s", answer.Code, answer.Body)
	}
	made := mustJSON[bookedBody](w.site, book, 201)
	if again := mustJSON[bookedBody](w.site, book, 201); !again.Repeated || again.Appointment.ID != made.Appointment.ID {
		t.Errorf("booked twice: %+v", again)
	}
	head := w.do(request{method: "HEAD", path: upload, header: map[string]string{"Authorization": ticket, "Tus-Resumable": tusVersion}})
	if _, err := fmt.Sscan(head.Header().Get("Upload-Offset"), &reached); err != nil || reached < acknowledged {
		t.Fatalf("the upload goes on from %d, %d were acknowledged", reached, acknowledged)
	}
	if status, _, body := patch(reached, len(content)); status != 204 {
		t.Fatalf("the upload goes on: %d %s", status, body)
	}
	w.await(func() bool {
		list, err := w.documents.List(w.seatOf(id, 0))
		w.check(err)
		for _, one := range list.Documents {
			if one.ID == doc {
				return one.State == document.StateReady
			}
		}
		return false
	})
}

// fill writes until nothing more goes in.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for size := 64 << 10; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	_ = f.Close() // it may say once more that the disk is full
}

func must2(_ consult.Consultation, _ string, err error) error { return err }
