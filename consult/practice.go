package consult

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// maxAttempts bounds a change that others keep overtaking; each time one of them got through.
const maxAttempts = 100

// maxLately is how many bytes of consultations are kept decoded: about 10,000 of them.
const maxLately = 24 << 20

// Practice is the organisation's consultations: the rules of machine.go on a store. Its methods may be called
// at the same time. One that returns without error has what it did on disk.
type Practice struct {
	// Static after construction.
	cfg    Config
	store  kv.Store
	master *Keyring
	outbox Outbox
	zone   *time.Location // the practice's
	clock  func() time.Time
	log    *slog.Logger
	guard  *Guard

	// Records as they were decoded: one is read a dozen times for each change, by every desk and every call that the change wakes.
	// What is in here does not change, and neither does what its values point to: the machine clones what it changes (apply), and
	// so does write.
	lately  *kv.Decoded[*record]
	written written

	// Watches, see watch.go.
	closing context.Context // ends with Close
	close   context.CancelFunc
	mu      sync.Mutex // guards closed against the start of a watch
	closed  bool
	watches sync.WaitGroup // and chatKeeper
}

// Open takes up the consultations in the store. It fails when the master key is not the one that they were
// sealed with. What was live is interrupted: media does not outlive the program. The store stays the caller's. Without an outbox
// (nil) nobody is sent anything.
func Open(cfg Config, store kv.Store, master *Keyring, outbox Outbox, clock func() time.Time, log *slog.Logger) (*Practice, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("consult: %w", err)
	}
	zone, err := time.LoadLocation(cfg.Profile.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("consult: %w", err) // Validate has looked already
	}
	if outbox == nil {
		outbox = noOutbox{}
	}
	p := &Practice{
		cfg: cfg, zone: zone, store: store, master: master, outbox: outbox, log: log, guard: NewGuard(cfg.Guard, clock),
		lately: kv.NewDecoded[*record](maxLately),
		clock:  func() time.Time { return clock().UTC().Round(0) },
	}
	p.closing, p.close = context.WithCancel(context.Background())
	if err := checkKeyring(store, master); err != nil {
		return nil, err
	}
	if err := p.recover(); err != nil {
		return nil, err
	}
	p.watches.Go(p.chatKeeper)
	return p, nil
}

// Close ends all watches and waits for them. It may be called again.
func (p *Practice) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.close()
	p.watches.Wait()
	return nil
}

// Profile returns the practice as it is shown.
func (p *Practice) Profile() Profile { return p.cfg.Profile }

// Guard returns what slows the guessing of tickets, for other secrets that are guessed from the same addresses.
func (p *Practice) Guard() *Guard { return p.guard }

// Invitation is what is said of somebody more who is to come. Only Role is needed.
type Invitation struct {
	Role     Role
	As       string // of a guest
	Name     string
	Language string // BCP 47
	Contact  Contact
	Tell     bool // send them the link, as Contact.Reach says
}

// Invited is what InviteAs made.
type Invited struct {
	Participant Participant
	Secret      string // of the join ticket
	Sent        bool   // by mail or SMS
}

// Invite adds a patient, an interpreter or a guest, and returns them with the secret of their join ticket.
func (p *Practice) Invite(by AccountID, id ConsultationID, role Role, name string) (Participant, string, error) {
	made, err := p.InviteAs(by, id, Invitation{Role: role, Name: name})
	return made.Participant, made.Secret, err
}

// InviteAs adds somebody, and sends them their link if that is asked for and can be done: in the same transaction.
func (p *Practice) InviteAs(by AccountID, id ConsultationID, i Invitation) (Invited, error) {
	newcomer, err := newParticipant(i.Role, person{Name: i.Name, Language: i.Language, Contact: i.Contact, country: p.cfg.Profile.Country})
	if err != nil {
		return Invited{}, err
	}
	if i.As != "" && (i.Role != RoleGuest || i.As != GuestCarer && i.As != GuestExpert) {
		return Invited{}, errBadGuest
	}
	newcomer.As = i.As
	made := Invited{Participant: newcomer, Secret: NewSecret()}
	_, err = p.change(id, step{action: ActionInvite, by: by, newcomer: newcomer}, func(tx kv.Txn, r *record, now time.Time) error {
		made.Sent = false
		if i.Tell {
			at := r.Consultation.index(newcomer.ID)
			err := p.tellInvitation(tx, r, at, made.Secret)
			if err != nil {
				return err
			}
			made.Participant = r.Consultation.Participants[at]
			made.Sent = made.Participant.Contact.Reach != ReachHanded
		}
		return p.issue(tx, r, newcomer.ID, made.Secret, now)
	})
	if err != nil {
		return Invited{}, err
	}
	return made, nil
}

var errBadGuest error = &Error{CodeBadMessage, "A guest comes as carer or as expert."}

// Link makes a fresh join ticket for a participant and returns its secret. Earlier ones stay good, up to five.
func (p *Practice) Link(by AccountID, id ConsultationID, participant ParticipantID) (string, error) {
	secret := NewSecret()
	err := p.retry("link", id, func(r *record) error {
		c := r.Consultation
		if c.Practitioner != by {
			return ErrNotFound
		}
		if c.State == StateEnded {
			return ErrEnded
		}
		target, ok := c.Participant(participant)
		if !ok {
			return ErrNotFound
		}
		if target.Role == RolePractitioner {
			return errPractitioner
		}
		return p.write(r, func(tx kv.Txn) error { return p.issue(tx, r, participant, secret, p.clock()) })
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Redeem returns the seat that a join ticket is for. It changes nothing, and may be repeated as long as the
// ticket lives. Whatever is wrong with a ticket, the answer is ErrBadTicket. Guessing is slowed by address.
func (p *Practice) Redeem(ctx context.Context, secret string, from netip.Addr) (Seat, error) {
	if err := p.guard.Wait(ctx, from); err != nil {
		return Seat{}, errStoppedWaiting
	}
	seat, err := p.redeem(secret)
	if err != nil {
		err = p.fail("redeem", "", err)
	}
	if errors.Is(err, ErrBadTicket) {
		p.guard.Wrong(from)
	}
	return seat, err
}

func (p *Practice) redeem(secret string) (Seat, error) {
	ticket, err := FindTicket(p.store, secret, PurposeJoin, p.clock())
	if err != nil {
		return Seat{}, err
	}
	id, participant, _ := strings.Cut(ticket.Subject, "/")
	r, err := p.load(ConsultationID(id))
	if errors.Is(err, ErrNotFound) {
		return Seat{}, ErrBadTicket
	}
	if err != nil {
		return Seat{}, err
	}
	seat, ok := r.Consultation.Participant(ParticipantID(participant))
	if !ok || r.Consultation.State == StateEnded {
		return Seat{}, ErrBadTicket
	}
	return Seat{r.Consultation, seat}, nil
}

// PractitionerSeat returns the practitioner's own seat. It changes nothing.
func (p *Practice) PractitionerSeat(by AccountID, id ConsultationID) (Seat, error) {
	c, err := p.Consultation(id)
	if err != nil {
		return Seat{}, err
	}
	if c.Practitioner != by {
		return Seat{}, ErrNotFound
	}
	if c.State == StateEnded {
		return Seat{}, ErrEnded
	}
	return Seat{c, c.PractitionerParticipant()}, nil
}
