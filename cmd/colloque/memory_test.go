package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAvailableMemory(t *testing.T) {
	const total = "MemFree: 1 kB\nMemTotal:       2048 kB\nMemFree:        100 kB\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"nothing known":     {nil, 0},
		"a machine":         {map[string]string{machineFile: total}, 2 << 20},
		"a container":       {map[string]string{cgroup2File: "1048576\n", machineFile: total}, 1 << 20},
		"without a limit":   {map[string]string{cgroup2File: "max\n", machineFile: total}, 2 << 20},
		"an old container":  {map[string]string{cgroup1File: "1048576\n", machineFile: total}, 1 << 20},
		"its very high one": {map[string]string{cgroup1File: "9223372036854771712\n", machineFile: total}, 2 << 20},
		"nonsense":          {map[string]string{cgroup2File: "-5", machineFile: "MemTotal: many kB"}, 0},
	} {
		root := t.TempDir()
		for file, text := range c.files {
			at := filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := availableMemory(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
