package push

import (
	"bytes"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

func mustDecode(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	must(t, err)
	return b
}

// TestTheBrowserOfTheRFC holds the test's own browser to the example of RFC 8291 §5: what it reads, a real one reads.
func TestTheBrowserOfTheRFC(t *testing.T) {
	private, err := ecdh.P256().NewPrivateKey(mustDecode(t, "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	must(t, err)
	s := &service{browser: private, auth: mustDecode(t, "BTBZMqHH6r4Tts7J_aSIgg")}
	if public := base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes()); public != "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4" {
		t.Fatalf("the browser's key is %s", public)
	}
	body := mustDecode(t, "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"+
		"yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
	if got := string(s.decrypt(t, body)); got != "When I grow up, I want to be a watermelon" {
		t.Errorf("read %q", got)
	}
}

// TestConformance looks at every push as strictly as the RFCs allow, with names of all lengths: what a push service checks, and what it
// could learn.
func TestConformance(t *testing.T) {
	s := newService(t)
	h := newHouse(t, s)
	of := consult.NewAccountID()
	must(t, h.Subscribe(of, s.subscription(1)))
	salts, senders, sizes := map[string]bool{}, map[string]bool{}, map[int]bool{}
	names := []string{"", "A", "Jeanne Martin", strings.Repeat("n", 80), strings.Repeat("محمد ", 16), "🙂 \"\\ \u2028"}
	for _, name := range names {
		h.Arrived(of, name)
		r, body := <-s.got, <-s.bodies

		// RFC 8030 §5: a POST with a TTL; §5.3: an urgency of the list. Nothing else says who asks.
		if ttl, err := strconv.Atoi(r.Header.Get("TTL")); r.Method != "POST" || err != nil || ttl < 1 || ttl > 3600 {
			t.Errorf("%s with TTL %q", r.Method, r.Header.Get("TTL"))
		}
		if u := r.Header.Get("Urgency"); u != "high" {
			t.Errorf("urgency %q", u)
		}
		for header := range r.Header {
			switch header {
			case "Ttl", "Urgency", "Content-Encoding", "Content-Type", "Content-Length", "Authorization", "Accept-Encoding", "User-Agent":
			default:
				t.Errorf("header %s: %q", header, r.Header.Get(header))
			}
		}
		// RFC 8188 §2.1: salt (16), record size (4), length of the key id (1), key id; RFC 8291 §4: one record, the key id is an
		// uncompressed point of P-256, and the whole is at most 4,096 bytes, which every service must take (RFC 8030 §7.2).
		if r.Header.Get("Content-Encoding") != "aes128gcm" || len(body) > 4096 || len(body) < 86+18 {
			t.Fatalf("%s of %d bytes", r.Header.Get("Content-Encoding"), len(body))
		}
		size := binary.BigEndian.Uint32(body[16:20])
		if body[20] != 65 || body[21] != 4 || size < 18 || len(body)-86 > int(size) {
			t.Errorf("a record size of %d, a key id of %d", size, body[20])
		}
		salt, sender := string(body[:16]), string(body[21:86])
		if salts[salt] || senders[sender] {
			t.Error("a salt or a key is used twice (RFC 8291 §3.1)")
		}
		salts[salt], senders[sender], sizes[len(body)] = true, true, true
		var n notice
		plain := s.decrypt(t, body)
		must(t, json.Unmarshal(plain, &n))
		if name != "" && !strings.Contains(n.Body, strings.TrimSpace(name)) {
			t.Errorf("%q is told as %q", name, n.Body)
		}
		checkVAPID(t, r.Header.Get("Authorization"), h.Key(), s.URL)

		// One bit changed anywhere in what is sealed, and nobody reads it.
		for _, at := range []int{0, 90, len(body) - 1} {
			broken := bytes.Clone(body)
			broken[at] ^= 1
			if s.reads(broken) {
				t.Errorf("with byte %d changed it can be read", at)
			}
		}
	}
	if len(sizes) != 1 {
		t.Errorf("the length tells how long the name is: %v", sizes)
	}
}
