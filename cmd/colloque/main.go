// Command colloque is the whole server: pages, signalling, media, relay and appointment book in one file.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	ossignal "os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line. Each field is a subcommand with a Run method.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Start the server (default: http://localhost:8080, data in ./data)."`
	Account accountCommand `cmd:"" help:"Look after accounts, whether or not the server runs."`
	Version versionCommand `cmd:"" help:"Say which version this is and what it was built from."`
}

// stdio is what a subcommand reads from and writes to, so that tests can run the real program.
type stdio struct {
	environ []string
	out     io.Writer
	err     *os.File
}

func main() {
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], stdio{environ: os.Environ(), out: os.Stdout, err: os.Stderr}))
}

// run is main with everything given: it answers the exit code.
func run(ctx context.Context, args []string, io stdio) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("colloque"),
		kong.Description("A self-hosted video consultation server for health care."),
		kong.Writers(io.out, io.err), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(io))
	if err != nil {
		fmt.Fprintln(io.err, "colloque:", err)
		return 1
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(io.err, "colloque:", err)
		return 2
	}
	if err := k.Run(); err != nil {
		fmt.Fprintln(io.err, "colloque:", err)
		return 1
	}
	return 0
}

type versionCommand struct{}

// Run prints the version and the modules inside, one a line: a bill of materials.
func (versionCommand) Run(io stdio) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this binary holds no build information")
	}
	fmt.Fprintln(io.out, "colloque", info.Main.Version, info.GoVersion)
	for _, d := range info.Deps {
		fmt.Fprintln(io.out, d.Path, d.Version)
	}
	return nil
}
