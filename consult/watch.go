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
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.closing, cancel)
	events, err := p.store.Watch(ctx, deskKey(of), 0)
	if err != nil {
		given := ctx.Err() // who asked went away meanwhile: nothing failed
		stop()
		cancel()
		if given != nil {
			return nil, errStoppedWaiting
		}
		return nil, p.fail("watch", "", err)
	}
	wake := make(chan struct{}, 1)
	p.watches.Go(func() {
		defer close(wake)
		defer cancel()
		defer stop()
		p.forward(ctx, of, events, wake)
	})
	return wake, nil
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

// Changes sends the consultations that change, one after another, from now on. The channel closes when ctx ends, when the practice
// closes, and when the reader falls too far behind: then look at everything again, and call it anew.
func (p *Practice) Changes(ctx context.Context) (<-chan ConsultationID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.closing, cancel)
	events, err := p.store.Watch(ctx, deskPrefix, 0)
	if err != nil {
		given := ctx.Err() // as in Watch
		stop()
		cancel()
		if given != nil {
			return nil, errStoppedWaiting
		}
		return nil, p.fail("watch", "", err)
	}
	changed := make(chan ConsultationID)
	p.watches.Go(func() {
		defer close(changed)
		defer cancel()
		defer stop()
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
	return changed, nil
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
