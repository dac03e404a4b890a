package notify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// What is read of a mail that a calendar program has sent.
const (
	maxReply  = 64 << 10 // bytes of a part as it was sent
	maxNested = 100      // parts of a mail that are looked at
)

// UseReplies says who takes what calendar programs answer to our invitations (RFC 6047): the text of a part of the type
// text/calendar; method=REPLY. An error means that it is to be given again. Without it such mails are not looked for. It is called before
// Start.
func (o *Outbox) UseReplies(take func(text []byte) error) { o.replies = take }

// stumble is where the answers of calendars could not be read, and how often.
type stumble struct {
	at    imap.UID
	times int
}

const maxStumbles = 3

// giveUp reports whether the answers from a mail on are passed over: one that no server can describe must not keep all others, and the
// reports about our own mails, from being read. What the store could not take is tried again for ever.
func (o *Outbox) giveUp(at imap.UID, err error) bool {
	if errors.Is(err, errNotTaken) {
		return false
	}
	if o.stumbled.at != at {
		o.stumbled = stumble{at: at}
	}
	o.stumbled.times++
	return o.stumbled.times >= maxStumbles
}

// errNotTaken says that an answer was read, and could not be written down.
var errNotTaken = errors.New("notify: an answer of a calendar could not be kept")

// reply is where in a mail an answer is.
type reply struct {
	uid      imap.UID
	path     []int
	encoding string
}

// readReplies takes the answers of calendars among some mails. The mails stay as they are: somebody has written them, perhaps with a
// sentence. Of all others nothing is read but of which parts they are made.
func (o *Outbox) readReplies(box *mailbox, uids []imap.UID) error {
	if o.replies == nil {
		return nil
	}
	found, err := box.replies(uids)
	if err != nil {
		return err
	}
	for _, r := range found {
		section := &imap.FetchItemBodySection{Part: r.path, Partial: &imap.SectionPartial{Size: maxReply}, Peek: true}
		raw, err := box.fetch([]imap.UID{r.uid}, section, maxReply)
		if err != nil {
			return err
		}
		text, err := undo(r.encoding, raw[r.uid])
		if err != nil {
			continue // cut off, or none that anybody can read
		}
		if err := o.replies(text); err != nil {
			return fmt.Errorf("%w: %w", errNotTaken, err)
		}
	}
	return nil
}

// replies finds one answer in each mail that has any.
func (b *mailbox) replies(uids []imap.UID) (found []reply, err error) {
	command := b.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, BodyStructure: &imap.FetchItemBodyStructure{}})
	for message := command.Next(); message != nil; message = command.Next() {
		var one reply
		for item := message.Next(); item != nil; item = message.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				one.uid = item.UID
			case imapclient.FetchItemDataBodyStructure:
				one.path, one.encoding = replyIn(item.BodyStructure)
			}
		}
		if one.path != nil && slices.Contains(uids, one.uid) {
			found = append(found, one)
		}
	}
	if err := command.Close(); err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	return found, nil
}

// replyIn finds the first part that is an answer; nil when there is none, or it is too long.
func replyIn(mail imap.BodyStructure) (path []int, encoding string) {
	if mail == nil {
		return nil, ""
	}
	looked := 0
	mail.Walk(func(at []int, part imap.BodyStructure) bool {
		looked++
		single, is := part.(*imap.BodyStructureSinglePart)
		if is && path == nil && single.MediaType() == "text/calendar" && single.Size <= maxReply && strings.EqualFold(paramOf(single.Params, "method"), "REPLY") {
			path, encoding = slices.Clone(at), single.Encoding
		}
		return path == nil && looked < maxNested
	})
	return path, encoding
}

func paramOf(params map[string]string, name string) string {
	for key, value := range params {
		if strings.EqualFold(key, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

var errEncoding = errors.New("notify: not an encoding of mails")

// undo undoes a Content-Transfer-Encoding (RFC 2045 §6).
func undo(encoding string, raw []byte) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "", "7bit", "8bit", "binary":
		return raw, nil
	case "base64":
		return io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(raw)))
	case "quoted-printable":
		return io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
	}
	return nil, errEncoding
}
