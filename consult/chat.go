package consult

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

const (
	maxMessages = 2000 // in one consultation
	eraseBatch  = 90   // messages erased in one transaction, which has room for 100 operations
)

// Message is something that was written in a consultation. It is erased some time after that ended: Config.KeepChat.
type Message struct {
	ID   MessageID
	From ParticipantID
	Name string // of who wrote it, "" when nobody said it
	Text string
	At   time.Time
}

// storedMessage is sealed with the consultation's chat key. The name is the participant's.
type storedMessage struct {
	ID   MessageID     `json:"id"`
	From ParticipantID `json:"from"`
	Text string        `json:"text"`
	At   time.Time     `json:"at"`
}

// AppendChat adds a message of somebody who is in the call: 1 to 2000 characters.
func (p *Practice) AppendChat(id ConsultationID, from ParticipantID, text string) (Message, error) {
	text, err := cleanText(text)
	if err != nil {
		return Message{}, err
	}
	var message Message
	err = p.retry("chat", id, func(r *record) error {
		author, err := mayWrite(r.Consultation, from)
		if err != nil {
			return err
		}
		message = Message{newMessageID(), from, author.Name, text, p.clock()}
		return p.appendMessage(r, message)
	})
	if err != nil {
		return Message{}, err
	}
	return message, nil
}

func mayWrite(c Consultation, from ParticipantID) (Participant, error) {
	if c.State == StateEnded {
		return Participant{}, ErrEnded
	}
	author, ok := c.Participant(from)
	if !ok {
		return Participant{}, ErrNotFound
	}
	if author.Place != PlaceCall {
		return Participant{}, errChatNotInCall
	}
	return author, nil
}

// appendMessage compares the record too: nobody writes into a consultation that ended, or from which they
// were sent back, at this very moment.
func (p *Practice) appendMessage(r *record, m Message) error {
	id := r.Consultation.ID
	head, err := p.store.Get(chatHeadKey(id))
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	count := 0
	if err == nil {
		if count, err = strconv.Atoi(string(head.Value)); err != nil {
			return fmt.Errorf("consult: decode %s: %w", head.Key, err)
		}
	}
	if count >= maxMessages {
		return errChatFull
	}
	key, err := p.chatKeyOf(r)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(storedMessage{m.ID, m.From, m.Text, m.At})
	if err != nil {
		return err
	}
	where := chatKey(id, count+1)
	sealed := key.Seal(where, plain)
	return p.store.Update(func(tx kv.Txn) error {
		return errors.Join(
			tx.Compare(consultationKey(id), r.entry.Revision),
			tx.Compare(chatHeadKey(id), head.Revision),
			tx.Put(chatHeadKey(id), []byte(strconv.Itoa(count+1))),
			tx.Put(where, sealed),
		)
	})
}

// Chat returns the messages after the one with this id, oldest first; all of them for "" and for an id that
// is not there. After the end too, until ChatKeptUntil; then there are none.
func (p *Practice) Chat(id ConsultationID, after MessageID) ([]Message, error) {
	r, err := p.load(id)
	if err != nil {
		return nil, p.fail("chat", id, err)
	}
	if c := r.Consultation; r.wrappedChat == nil || c.State == StateEnded && !p.clock().Before(p.ChatKeptUntil(c)) {
		return nil, nil
	}
	messages, err := p.readChat(r)
	if err != nil {
		return nil, p.fail("chat", id, err)
	}
	i := slices.IndexFunc(messages, func(m Message) bool { return m.ID == after })
	return messages[i+1:], nil
}

func (p *Practice) readChat(r *record) ([]Message, error) {
	key, err := p.chatKeyOf(r)
	if err != nil {
		return nil, err
	}
	var messages []Message
	err = eachEntry(p.store, chatPrefix(r.Consultation.ID), func(entry kv.Entry) error {
		plain, err := key.Open(entry.Key, entry.Value)
		if err != nil {
			return fmt.Errorf("consult: open %s: %w", entry.Key, err)
		}
		var m storedMessage
		if err := json.Unmarshal(plain, &m); err != nil {
			return fmt.Errorf("consult: decode %s: %w", entry.Key, err)
		}
		messages = append(messages, Message{m.ID, m.From, r.Consultation.authorName(m.From), m.Text, m.At})
		return nil
	})
	return messages, err
}

func (p *Practice) chatKeyOf(r *record) (*DataKey, error) {
	key, err := p.master.OpenDataKey(chatPrefix(r.Consultation.ID), r.wrappedChat)
	if err != nil {
		return nil, fmt.Errorf("consult: chat key of %s: %w", r.Consultation.ID, err)
	}
	return key, nil
}
