package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/colloque/colloque/configs"
	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/caldav"
	"github.com/colloque/colloque/consult/calendar"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/notify"
	"github.com/colloque/colloque/consult/outside"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/push"
	"github.com/colloque/colloque/sfu"
	"github.com/colloque/colloque/signal"
	"github.com/colloque/colloque/turn"
	"golang.org/x/net/netutil"
)

// spareConnections are those that may be open besides the websockets: pages being loaded.
const spareConnections = 1000

// stopWithin bounds a graceful stop.
const stopWithin = 10 * time.Second

type serveCommand struct {
	Config      string `help:"Configuration file (YAML); see --print-config." type:"existingfile" short:"c"`
	Listen      string `help:"TCP address of the pages, instead of the configured one."`
	Data        string `help:"Folder of the database, instead of the configured one." type:"path"`
	PrintConfig bool   `help:"Print the documented default configuration, or with --config what is in force, and stop."`
	SignInLink  bool   `help:"Print a new one-time sign-in link for the first practitioner."`
}

// Run serves until ctx ends.
func (s serveCommand) Run(ctx context.Context, io stdio) error {
	if s.PrintConfig && s.Config == "" {
		_, err := io.out.Write(configs.Example)
		return err
	}
	cfg, err := configs.Load(s.Config, io.environ)
	if err != nil {
		return err
	}
	if s.Listen != "" {
		cfg.Listen = s.Listen
	}
	if s.Data != "" {
		cfg.Data = s.Data
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	if s.PrintConfig {
		b, err := configs.Print(cfg)
		if err == nil {
			_, err = io.out.Write(b)
		}
		return err
	}
	limitMemory(cfg.Memory, io.environ, "/")
	srv, err := newServer(cfg, slog.New(cfg.Log.Handler(io.err)))
	if err != nil {
		return err
	}
	if err = srv.greet(io, s.SignInLink); err == nil {
		err = srv.serve(ctx)
	}
	return errors.Join(err, srv.Close())
}

// server is everything wired together. Fields are in the order in which they are opened; Close goes the other way.
type server struct {
	cfg       configs.Config
	log       *slog.Logger
	baseURL   string
	store     kv.Store
	master    *consult.Keyring
	outbox    *notify.Outbox
	push      *push.Push
	practice  *consult.Practice
	accounts  *account.Accounts
	patients  *patient.Patients
	documents *document.Documents
	outside   *outside.Calendars
	book      *booking.Book
	calendars *caldav.Server
	socket    *sfu.Socket
	media     *sfu.SFU
	relay     *turn.Server
	hub       *signal.Hub
	listener  net.Listener
	http      *http.Server
	control   *control
	ready     *readiness

	pagesBuilt bool
}

// newServer opens the store, the ports and all the parts. What it opened is closed again when a later part fails.
func newServer(cfg configs.Config, log *slog.Logger) (_ *server, err error) {
	s := &server{cfg: cfg, log: log, ready: &readiness{}}
	defer func() {
		if err != nil {
			_ = s.Close()
		}
	}()
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data: can't make the folder: %w", err)
	}
	if s.store, err = kv.OpenBolt(cfg.DatabaseFile(), kv.BoltConfig{Logger: log}); err != nil {
		if errors.Is(err, kv.ErrLocked) {
			return nil, fmt.Errorf("data: %s is in use by another colloque; stop it, or choose another folder with --data", cfg.Data)
		}
		return nil, fmt.Errorf("data: can't open the database: %w", err)
	}
	s.ready.store = s.store
	if err := s.openPractice(); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", cfg.Listen); err != nil {
		return nil, fmt.Errorf("listen: can't use %s (%w); choose another address with --listen or `listen:`", cfg.Listen, errors.Unwrap(err))
	}
	s.baseURL = cfg.BaseURL(s.listener.Addr().(*net.TCPAddr).Port)
	s.listener = netutil.LimitListener(s.listener, cfg.Signal.MaxWebsockets+spareConnections)
	if err := s.outbox.Start(s.baseURL); err != nil {
		return nil, err
	}
	if err := s.openMedia(); err != nil {
		return nil, err
	}
	if err := s.openControl(); err != nil {
		log.Warn("no control socket: `colloque account` works only while the server is stopped", "error", err)
	}
	return s, s.openHTTP()
}

func (s *server) openPractice() error {
	master, err := consult.OpenKeyring(s.cfg.KeyFile())
	if err != nil {
		return fmt.Errorf("data: can't read the master key: %w", err)
	}
	s.master = master
	if s.outbox, err = notify.Open(s.cfg.Notices, s.cfg.Practice.Profile, s.store, master, time.Now, s.log); err != nil {
		return err
	}
	s.outbox.UseCalendar(calendar.Told)
	// Only to the hosts of the configuration; a service that answers elsewhere is none.
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if s.push, err = push.Open(s.cfg.Push, s.store, master, client, time.Now, s.log); err != nil {
		return err
	}
	if s.practice, err = consult.Open(s.cfg.Practice, s.store, master, s.outbox, time.Now, s.log); err != nil {
		return err
	}
	if s.documents, err = document.Open(s.cfg.Documents, s.cfg.DocumentFolder(), s.store, master, s.practice, s.outbox, time.Now, s.log); err != nil {
		return err
	}
	if s.accounts, err = account.Open(s.cfg.Accounts, account.Deps{
		Store: s.store, Master: master, Guard: s.practice.Guard(), Clock: time.Now, Log: s.log,
		BaseURL: func() string { return s.baseURL }, Practice: s.cfg.Practice.Profile.Name, Outbox: s.outbox,
	}); err != nil {
		return err
	}
	if s.patients, err = patient.Open(s.cfg.Practice.Profile.Country, s.store, master, time.Now, s.log); err != nil {
		return err
	}
	if s.outside, err = outside.Open(s.cfg.Outside, outside.Deps{Store: s.store, Master: master, Zone: s.zoneOf, Gives: s.accounts.MayBeBooked, Clock: time.Now, Log: s.log}); err != nil {
		return err
	}
	s.book, err = booking.Open(s.cfg.Booking, booking.Deps{
		Store: s.store, Master: master, Practice: s.practice, Country: s.cfg.Practice.Profile.Country, Outbox: s.outbox, Busy: s.outside, Clock: time.Now, Log: s.log,
		Staff: s.accounts, Gives: s.accounts.MayBeBooked, Attends: s.accounts.MayAttend, Files: s.documents,
	})
	if err == nil {
		s.outside.Start()
		s.outbox.UseReplies(s.answered)
	}
	return err
}

// answered takes what a calendar program answers to an invitation into the book.
func (s *server) answered(text []byte) error {
	answers, err := calendar.Replies(text)
	if err != nil {
		return nil // somebody else's, or nothing
	}
	for _, one := range answers {
		if err := s.book.Answer(one); err != nil {
			return err
		}
	}
	return nil
}

// zoneOf is the zone of a practitioner's opening hours, or else the practice's.
func (s *server) zoneOf(of consult.AccountID) *time.Location {
	name := s.cfg.Practice.Profile.TimeZone
	if schedule, err := s.book.Schedule(of); err == nil {
		name = schedule.TimeZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC // both were checked when they were set
	}
	return zone
}

// openMedia brings up the UDP port: the relay in front, the media server behind, both on one socket.
func (s *server) openMedia() error {
	var err error
	if s.socket, err = sfu.Listen(sfu.SocketConfig{Address: s.cfg.Media.Listen}); err != nil {
		return fmt.Errorf("media.listen: %w; choose another address with `media: {listen: …}`", err)
	}
	cfg := sfu.Config{AdvertisedAddrs: s.cfg.Media.Advertise}
	cfg.OnEvent = func(e sfu.Event) { s.hub.HandleMedia(e) } // nothing happens before the hub below exists
	if s.media, err = sfu.New(cfg, s.socket, s.log); err != nil {
		return err
	}
	relay := s.cfg.Turn
	if relay.MediaAddrs, err = s.media.Addrs(); err != nil {
		return fmt.Errorf("media: can't tell this machine's addresses: %w", err)
	}
	if s.relay, err = turn.New(relay, s.socket.TURN(), s.socket, s.log); err != nil {
		return err
	}
	calls := s.cfg.Signal
	calls.Origins = append(slices.Clone(calls.Origins), s.baseURL) // our own pages, also where a proxy asks under another Host
	s.hub, err = signal.New(calls, signal.Deps{
		Practice: s.practice, Media: s.media, Relay: relayOf{s.relay}, Account: s.signedIn, MayActFor: s.mayActFor, Announce: s.announce, Log: s.log,
		Documents: s.documents, Notices: s.outbox,
	})
	return err
}

// announce takes an arrival to the practitioner's browsers.
func (s *server) announce(of consult.AccountID, a signal.Arrival) { s.push.Arrived(of, a.Name) }

// relayOf gives signal what it needs of the TURN server.
type relayOf struct{ *turn.Server }

// ICEServers makes credentials for a session.
func (r relayOf) ICEServers(id signal.SessionID) []signal.ICEServer {
	c := r.Credentials(string(id))
	return []signal.ICEServer{{URLs: c.URLs, Username: c.Username, Credential: c.Password}}
}

// Drop ends the session's allocations.
func (r relayOf) Drop(id signal.SessionID) { r.Server.Drop(string(id)) }

// greet says where the server is, and how to sign in the first time.
func (s *server) greet(io stdio, link bool) error {
	if !s.pagesBuilt {
		fmt.Fprintln(io.out, "The web client is not built into this binary: run `make build`.")
	}
	fmt.Fprintf(io.out, "\n  Colloque is ready: %s\n", s.baseURL)
	first, _, err := s.accounts.First()
	if err != nil {
		return err
	}
	signedIn, err := s.accounts.SignedIn(first.ID)
	if err != nil {
		return err
	}
	if link || !signedIn {
		secret, err := s.accounts.NewSignInLink(first.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(io.out, "\n  Sign in with this link, once, within %g hours:\n  %s/sign-in/%s\n\n", s.cfg.Accounts.LinkLifetime.Hours(), s.baseURL, secret)
		return nil
	}
	fmt.Fprint(io.out, "\n  Can't sign in any more? Start again with --sign-in-link for a new link.\n\n")
	return nil
}

// serve answers until ctx ends, then stops: no new work, websockets closed with "restart", what is under way finished.
func (s *server) serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	s.ready.on.Store(true)
	s.log.Info("serving", "listen", s.listener.Addr().String(), "media_port", s.socket.LocalPort())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.log.Info("stopping")
	s.ready.on.Store(false)
	if err := s.hub.Close(); err != nil {
		s.log.Error("stopping", "error", err)
	}
	deadline, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := s.http.Shutdown(deadline); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

// Close closes what is open, last opened first.
func (s *server) Close() error {
	var errs []error
	if s.control != nil {
		errs = append(errs, s.control.Close())
	}
	if s.http != nil {
		errs = append(errs, s.http.Close())
	}
	if s.listener != nil {
		_ = s.listener.Close()
	}
	if s.hub != nil {
		errs = append(errs, s.hub.Close())
	}
	if s.relay != nil {
		errs = append(errs, s.relay.Close())
	}
	if s.media != nil {
		errs = append(errs, s.media.Close())
	}
	if s.socket != nil {
		errs = append(errs, s.socket.Close())
	}
	if s.calendars != nil {
		errs = append(errs, s.calendars.Close())
	}
	if s.book != nil {
		errs = append(errs, s.book.Close())
	}
	if s.outside != nil {
		errs = append(errs, s.outside.Close())
	}
	if s.documents != nil {
		errs = append(errs, s.documents.Close())
	}
	if s.patients != nil {
		errs = append(errs, s.patients.Close())
	}
	if s.practice != nil {
		errs = append(errs, s.practice.Close())
	}
	if s.outbox != nil {
		errs = append(errs, s.outbox.Close())
	}
	if s.push != nil {
		errs = append(errs, s.push.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
