package consult

import (
	"context"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// Watch sends one wake-up whenever anything of this practitioner's consultations or delay changed. Several
// changes may be one wake-up: read everything again. The channel closes when ctx ends or the practice closes.
func (p *Practice) Watch(ctx context.Context, of AccountID) (<-chan struct{}, error) {
	if !wellFormedID(string(of), "a_") {
		return nil, ErrNotFound
	}
	wake := make(chan struct{}, 1)
	return wake, p.watch(ctx, deskKey(of), func(ctx context.Context, events <-chan kv.Event) {
		defer close(wake)
		p.forward(ctx, of, events, wake)
	})
}

// Changes sends the consultations that change, one after another, from now on. The channel closes when ctx ends, when the practice
// closes, and when the reader falls too far behind: then look at everything again, and call it anew.
func (p *Practice) Changes(ctx context.Context) (<-chan ConsultationID, error) {
	changed := make(chan ConsultationID)
	return changed, p.watch(ctx, deskPrefix, func(ctx context.Context, events <-chan kv.Event) {
		defer close(changed)
		for event := range events {
			id := ConsultationID(event.Value)
			if !id.Valid() {
				continue // something else of the desk
			}
			select {
			case changed <- id:
			case <-ctx.Done():
				return
			}
		}
	})
}

// watch runs a goroutine with the events under a prefix, which the practice's Close ends and waits for.
func (p *Practice) watch(ctx context.Context, prefix string, do func(context.Context, <-chan kv.Event)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.closing, cancel)
	events, err := p.store.Watch(ctx, prefix, 0)
	if err != nil {
		given := ctx.Err() // who asked went away meanwhile: nothing failed
		stop()
		cancel()
		if given != nil {
			return errStoppedWaiting
		}
		return p.fail("watch", "", err)
	}
	p.watches.Go(func() {
		defer cancel()
		defer stop()
		do(ctx, events)
	})
	return nil
}

// forward turns events into wake-ups. When the store cuts a slow reader off, it starts again with a wake-up
// for what was missed.
func (p *Practice) forward(ctx context.Context, of AccountID, events <-chan kv.Event, wake chan<- struct{}) {
	for {
		for range events {
			rouse(wake)
		}
		if ctx.Err() != nil {
			return
		}
		var err error
		if events, err = p.store.Watch(ctx, deskKey(of), 0); err != nil {
			return // the store is closed
		}
		rouse(wake)
	}
}

func rouse(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default: // one is waiting already
	}
}

// Wake makes whoever watches this practitioner look again, once the transaction is on disk: what other packages keep
// beside a consultation changed. One operation.
func Wake(tx kv.Txn, c Consultation) error { return tx.Put(deskKey(c.Practitioner), []byte(c.ID)) }

// KeepDocuments is how long documents are kept after the end of their consultation.
func (p *Practice) KeepDocuments() time.Duration { return p.cfg.KeepDocuments }

// KeepChat is how long messages are kept after the end; 0: not at all.
func (p *Practice) KeepChat() time.Duration { return p.cfg.KeepChat }
