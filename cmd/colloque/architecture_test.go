package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/semver"
)

const module = "github.com/colloque/colloque/"

// imports says which of our own packages a top-level folder may import, besides its own sub-packages: downward only, never sideways.
var imports = map[string][]string{
	"cmd":       {"configs", "signal", "recorder", "sfu", "turn", "consult", "webclient"},
	"configs":   {"signal", "recorder", "sfu", "turn", "consult"},
	"signal":    {"consult", "sfu"},
	"recorder":  {"sfu"},
	"sfu":       {},
	"turn":      {},
	"consult":   {},
	"webclient": {},
}

func TestImportGraph(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, file)
		if d.IsDir() && (d.Name() == "node_modules" || (rel != "." && strings.HasPrefix(d.Name(), "."))) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		top, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		allowed, known := imports[top]
		if !known {
			t.Errorf("%s: there is no top-level Go package %q in the design", rel, top)
			return nil
		}
		src, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range src.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			checkImport(t, rel, top, name, allowed)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImport(t *testing.T, file, top, name string, allowed []string) {
	t.Helper()
	if name == "os/signal" && top != "cmd" {
		t.Errorf("%s: only cmd listens to the operating system's signals", file)
	}
	own, ours := strings.CutPrefix(name, module)
	if !ours {
		return
	}
	to, _, _ := strings.Cut(own, "/")
	if to != top && !slices.Contains(allowed, to) {
		t.Errorf("%s imports %s: imports run downward only", file, own)
	}
	// consult is pure: HTTP is its api's, and no rule imports its own adapters.
	dir := path.Dir(filepath.ToSlash(file))
	if dir == "consult" && slices.Contains([]string{"consult/api", "consult/account", "consult/notify", "consult/push", "consult/patient", "consult/booking", "consult/bookingpage", "consult/calendar", "consult/caldav", "consult/fhir", "consult/outside"}, own) {
		t.Errorf("%s imports %s: consult is below its sub-packages", file, own)
	}
}

// TestConsultIsPure holds that the rules know no HTTP, no WebRTC and no SQL.
func TestConsultIsPure(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "consult", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("consult not found", err)
	}
	for _, file := range files {
		src, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range src.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if name == "net/http" || name == "database/sql" || strings.HasPrefix(name, "github.com/pion/") {
				t.Errorf("%s imports %s", file, name)
			}
		}
	}
}

// floors are the first versions without the remote panics that were found in older ones.
var floors = map[string]string{
	"github.com/pion/stun/v3":     "v3.1.5",
	"github.com/pion/dtls/v3":     "v3.1.4",
	"github.com/pion/interceptor": "v0.1.39",
}

func TestDependencyFloors(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("this binary holds no build information")
	}
	found := map[string]string{}
	for _, d := range info.Deps {
		if d.Replace != nil {
			t.Errorf("%s is replaced: the set was only run as published", d.Path)
		}
		found[d.Path] = d.Version
	}
	for mod, floor := range floors {
		if v := found[mod]; !semver.IsValid(v) || semver.Compare(v, floor) < 0 {
			t.Errorf("%s is %q, must be at least %s", mod, v, floor)
		}
	}
}

// TestNoRegistryHost holds that the lock file can be used with any registry.
func TestNoRegistryHost(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "webclient", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), `"resolved"`) {
		t.Error("webclient/package-lock.json names a registry host")
	}
}
