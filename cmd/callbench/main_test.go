package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pion/transport/v4/test"
)

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		args string
		says string
	}{
		{"", "callbench consult -rooms"},
		{"-h", "callbench consult -rooms"},
		{"consult -h", "-warm"},
		{"dance", `no scenario "dance"`},
		{"consult -rooms 10,x", "-rooms"},
		{"consult -rooms 0", "-rooms"},
		{"consult -rooms 1 2", `unexpected "2"`},
		{"consult -dur 0s", "-dur"},
		{"consult -server http://localhost:1/sign-in/x", "-pid"},
		{"consult -rooms 1,2 -pid 1 -server http://localhost:1/sign-in/x", "one number"},
		{"consult -loud", "-loud"},
		{"consult -load drizzle", "drizzle"},
		{"consult -against zoom=/x", "galene"},
		{"consult -cores 99", "leave none"},
		{"consult -search -search-step 0", "-search-step"},
		{"consult -pairs 0", "-pairs"},
		{"group -people 13", "holds 12"},
		{"churn -cut 2", "-cut"},
		{"join -joins 0", "-joins"},
		{"trace -loud", "-loud"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), strings.Fields(c.args), nil, &out, &errs); code != exitUsage {
			t.Errorf("%q ends with %d", c.args, code)
		}
		if !strings.Contains(errs.String(), c.says) {
			t.Errorf("%q says %q, not %q", c.args, errs.String(), c.says)
		}
	}
}

func TestNoServer(t *testing.T) {
	for _, c := range []struct{ name, binary, says string }{
		{"no such file", "/nowhere/colloque", "make build"},
		{"one that ends at once", "false", "it ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Cleanup(test.CheckRoutines(t))
			t.Setenv("TMPDIR", t.TempDir())
			var out, errs bytes.Buffer
			if code := run(t.Context(), []string{"consult", "-rooms", "1", "-binary", c.binary}, nil, &out, &errs); code != exitFailed {
				t.Errorf("ends with %d", code)
			}
			if !strings.Contains(errs.String(), c.says) {
				t.Errorf("says %q", errs.String())
			}
			nothingLeft(t)
		})
	}
}

// TestConsult measures the real program for a moment.
func TestConsult(t *testing.T) {
	binary := buildServer(t)
	t.Cleanup(test.CheckRoutines(t))
	t.Setenv("TMPDIR", t.TempDir())
	var out, errs bytes.Buffer
	args := []string{"consult", "-rooms", "1,2", "-dur", "500ms", "-warm", "100ms", "-binary", binary}
	if code := run(t.Context(), args, nil, &out, &errs); code != exitOK {
		t.Fatalf("ends with %d\n%s\n%s", code, out.String(), errs.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if !strings.HasPrefix(lines[0], "case") || strings.Count(out.String(), "\nconsult ") != 2 {
		t.Errorf("want headings and two rows:\n%s", out.String())
	}
	var got struct{ Cases []result }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &got); err != nil || len(got.Cases) != 2 {
		t.Fatalf("%v in %s", err, lines[len(lines)-1])
	}
	for i, r := range got.Cases {
		// The race detector and busy cores may cost packets, not order.
		if r.Participants != 2*(i+1) || r.Missing != 0 || r.Strays != 0 || r.Ratio < .8 || r.Ratio > 1 {
			t.Errorf("%+v", r)
		}
		if r.MemoryAfter <= 0 || r.Goroutines <= 0 || r.JoinP50 <= 0 || r.AdmitP50 <= 0 || r.PictureP50 < r.AdmitP50 || r.LatencyP50 <= 0 {
			t.Errorf("%+v", r)
		}
	}
	nothingLeft(t)
}

// TestOtherScenarios runs each for a moment, with the recorded trace where media is measured.
func TestOtherScenarios(t *testing.T) {
	binary := buildServer(t)
	t.Cleanup(test.CheckRoutines(t))
	t.Setenv("TMPDIR", t.TempDir())
	for _, c := range []struct {
		args   string
		people int
		good   func(r *result) bool
	}{
		{"group -people 6 -dur 500ms -warm 100ms -load trace", 6, func(r *result) bool { return r.Missing == 0 && r.Strays == 0 && r.Ratio > .8 && r.Shape == "1 × 6" }},
		{"webinar -viewers 13 -dur 500ms -warm 100ms -load spread", 16, func(r *result) bool { return r.Missing == 0 && r.Ratio > .8 && r.Shape == "2 × 1→7" }},
		{"join -joins 3 -warm 0s", 1, func(r *result) bool { return r.Joins == 13 && r.ViewP50 > 0 && r.AdmittedP50 > 0 }},
		{"churn -joins 12 -rate 40 -cut 0.5 -rooms 2 -warm 0s -settle 1s", 2, func(r *result) bool {
			return r.Joins > 0 && r.CutJoins > 0 && r.Joins+r.CutJoins == 12 && r.GoroutinesBefore > 0 && r.DescriptorsBefore > 0
		}},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), append(strings.Fields(c.args), "-binary", binary), nil, &out, &errs); code != exitOK {
			t.Errorf("%s ends with %d\n%s\n%s", c.args, code, out.String(), errs.String())
			continue
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		var r result
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r); err != nil || r.Participants != c.people || !c.good(&r) {
			t.Errorf("%s: %v\n%s", c.args, err, out.String())
		}
	}
	nothingLeft(t)
}

// TestInterrupted ends callbench while it measures: the server and its folder must go.
func TestInterrupted(t *testing.T) {
	binary := buildServer(t)
	t.Cleanup(test.CheckRoutines(t))
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	var out, errs bytes.Buffer
	if code := run(ctx, []string{"consult", "-rooms", "1", "-dur", "10m", "-binary", binary}, nil, &out, &errs); code != exitFailed {
		t.Errorf("ends with %d\n%s", code, errs.String())
	}
	nothingLeft(t)
}

func TestOneCaseIsOneObject(t *testing.T) {
	var out bytes.Buffer
	if err := printJSON(&out, []*result{{Scenario: "consult", Rooms: 25}}); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got["rooms"] != 25.0 || got["cpu_us_per_packet"] != 0.0 {
		t.Errorf("%v, %v", got, err)
	}
	for _, c := range []struct {
		r    result
		pass bool
	}{{result{Delivered: 1}, true}, {result{}, false}, {result{Delivered: 1, RefusedJoins: 1}, false}, {result{Delivered: 1, Strays: 1}, false}} {
		if got := c.r.failure() == ""; got != c.pass {
			t.Errorf("%+v passes: %v", c.r, got)
		}
	}
}

// nothingLeft looks for the folder of a server; it is removed when the process has ended.
func nothingLeft(t *testing.T) {
	t.Helper()
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "callbench-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// buildServer builds the program as the Makefile does, so that both use one build cache.
func buildServer(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "colloque")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "../colloque")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return binary
}
