package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/colloque/colloque/configs"
	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/kv"
)

// accountCommand is what an operator does with accounts at the command line, whether or not the server runs: a running one has the
// database to itself, and is asked through its control socket (control.go).
type accountCommand struct {
	List accountList `cmd:"" help:"List the accounts."`
	Link accountLink `cmd:"" help:"Make a one-time sign-in link for somebody who can't sign in any more."`
}

// where is how the subcommands find the data.
type where struct {
	Config string `help:"Configuration file (YAML)." type:"existingfile" short:"c"`
	Data   string `help:"Folder of the database, instead of the configured one." type:"path"`
}

type accountList struct{ where }

// Run prints one line an account.
func (c accountList) Run(ctx context.Context, io stdio) error {
	return c.ask(ctx, io, "/accounts", nil)
}

type accountLink struct {
	where
	Who string `arg:"" help:"Id, mail address or name of the account."`
}

// Run prints the link.
func (c accountLink) Run(ctx context.Context, io stdio) error {
	return c.ask(ctx, io, "/link", url.Values{"who": {c.Who}})
}

const askWithin = 10 * time.Second

// ask lets the running server answer, or opens the data itself when none runs.
func (w where) ask(ctx context.Context, io stdio, path string, values url.Values) error {
	cfg, err := configs.Load(w.Config, io.environ)
	if err != nil {
		return err
	}
	if w.Data != "" {
		cfg.Data = w.Data
	}
	answered, err := askServer(ctx, io.out, cfg.ControlSocket(), path, values)
	if answered {
		return err
	}
	return w.ownAnswer(io, cfg, path, values)
}

// askServer asks through the control socket, and says whether anybody answered.
func askServer(ctx context.Context, out io.Writer, socket, path string, values url.Values) (bool, error) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	transport := &http.Transport{DialContext: dial, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: askWithin}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://colloque"+path, strings.NewReader(values.Encode()))
	if err != nil {
		return false, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return false, nil // nobody is there
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return true, err
	}
	if response.StatusCode != http.StatusOK {
		return true, errors.New(strings.TrimSpace(string(body)))
	}
	_, err = out.Write(body)
	return true, err
}

// ownAnswer answers without a server.
func (w where) ownAnswer(io stdio, cfg configs.Config, path string, values url.Values) (err error) {
	store, err := kv.OpenBolt(cfg.DatabaseFile(), kv.BoltConfig{})
	if errors.Is(err, kv.ErrLocked) {
		return fmt.Errorf("data: %s is in use by a colloque that does not answer", cfg.Data)
	}
	if err != nil {
		return fmt.Errorf("data: can't open the database: %w", err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	master, err := consult.OpenKeyring(cfg.KeyFile())
	if err != nil {
		return fmt.Errorf("data: can't read the master key: %w", err)
	}
	_, port, err := net.SplitHostPort(cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	number, _ := strconv.Atoi(port)
	base := cfg.BaseURL(number)
	accounts, err := account.Open(cfg.Accounts, account.Deps{
		Store: store, Master: master, Guard: consult.NewGuard(cfg.Practice.Guard, time.Now), Clock: time.Now, Log: slog.New(cfg.Log.Handler(io.err)),
		BaseURL: func() string { return base }, Practice: cfg.Practice.Profile.Name,
	})
	if err != nil {
		return err
	}
	return (&operator{accounts, base}).answer(io.out, path, values)
}

// operator does what the subcommands ask for.
type operator struct {
	accounts *account.Accounts
	base     string
}

func (o *operator) answer(out io.Writer, path string, values url.Values) error {
	switch path {
	case "/accounts":
		return o.list(out)
	case "/link":
		return o.link(out, values.Get("who"))
	default:
		return fmt.Errorf("there is no %s", path)
	}
}

func (o *operator) list(out io.Writer) error {
	members, err := o.accounts.Members()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	for _, m := range members {
		roles := make([]string, len(m.Roles))
		for i, role := range m.Roles {
			roles[i] = string(role)
		}
		state := "signs in"
		switch {
		case m.Disabled:
			state = "closed"
		case !m.SetUp && m.SeenAt.IsZero():
			state = "invited"
		case !m.SetUp:
			state = "signs in with links"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", m.ID, m.Name, m.Mail, strings.Join(roles, ","), state)
	}
	return table.Flush()
}

func (o *operator) link(out io.Writer, who string) error {
	found, err := o.accounts.Find(who)
	if err != nil {
		return err
	}
	if found.Disabled {
		return errors.New("this account is closed: open it again first")
	}
	secret, err := o.accounts.NewSignInLink(found.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s/sign-in/%s\n", o.base, secret)
	return nil
}
