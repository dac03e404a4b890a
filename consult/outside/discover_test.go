package outside

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// elsewhere is a CalDAV server with one calendar, of which a test says how it leads there.
type elsewhere struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // "METHOD path", and whether with a password
}

// answers are bodies of a multistatus by path, of other methods than PROPFIND by "METHOD path"; "301 …" leads on.
func newElsewhere(t *testing.T, answers func(base string) map[string]string) *elsewhere {
	t.Helper()
	e := &elsewhere{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, signed := r.BasicAuth()
		e.mu.Lock()
		e.asked = append(e.asked, fmt.Sprintf("%s %s %v", r.Method, r.URL.Path, signed))
		e.mu.Unlock()
		body, there := answers(e.URL)[r.URL.Path]
		report, reports := answers(e.URL)[r.Method+" "+r.URL.Path]
		_, _ = io.Copy(io.Discard, r.Body)
		switch to, leads := strings.CutPrefix(body, "301 "); {
		case leads:
			http.Redirect(w, r, to, http.StatusMovedPermanently)
		case !there:
			w.WriteHeader(http.StatusNotFound)
		case password != "secret":
			w.WriteHeader(http.StatusUnauthorized)
		case reports:
			multistatus(w, report)
		case r.Method != "PROPFIND":
			w.WriteHeader(http.StatusMethodNotAllowed)
		default:
			multistatus(w, body)
		}
	}))
	t.Cleanup(e.Close)
	return e
}

func multistatus(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusMultiStatus)
	_, _ = fmt.Fprintf(w, `<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">%s</d:multistatus>`, body)
}

func propsOf(path, props string) string {
	return `<d:response><d:href>` + path + `</d:href><d:propstat><d:prop>` + props + `</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`
}

func principalAt(path, principal string) string {
	return propsOf(path, `<d:resourcetype><d:collection/></d:resourcetype><d:current-user-principal><d:href>`+principal+`</d:href></d:current-user-principal>`)
}

func homeAt(path, home string) string {
	return propsOf(path, `<d:resourcetype><d:principal/></d:resourcetype><c:calendar-home-set><d:href>`+home+`</d:href></c:calendar-home-set>`)
}

func calendarAt(path string) string {
	return propsOf(path, `<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>Private</d:displayname>`)
}

// TestDiscovery finds a user's calendars by the host alone, as well-known servers lead to them, and takes the password to nobody else.
func TestDiscovery(t *testing.T) {
	h := newHouse(t, nil)
	partition := newElsewhere(t, func(string) map[string]string {
		return map[string]string{"/123/calendars/": calendarAt("/123/calendars/home/")}
	})
	thief := newElsewhere(t, func(string) map[string]string { return map[string]string{"/": calendarAt("/x/")} })
	thiefAt := strings.Replace(thief.URL, "127.0.0.1", "localhost", 1)
	for name, c := range map[string]struct {
		answers func(base string) map[string]string
		want    string // end of the address
		trouble Trouble
	}{
		"Nextcloud: a redirect": {func(string) map[string]string {
			return map[string]string{
				wellKnown: "301 /remote.php/dav/", "/remote.php/dav/": principalAt("/remote.php/dav/", "/remote.php/dav/principals/ada/"),
				"/remote.php/dav/principals/ada/": homeAt("/remote.php/dav/principals/ada/", "/remote.php/dav/calendars/ada/"),
				"/remote.php/dav/calendars/ada/":  calendarAt("/remote.php/dav/calendars/ada/personal/"),
			}
		}, "/remote.php/dav/calendars/ada/personal/", ""},
		"iCloud: another host": {func(string) map[string]string {
			return map[string]string{
				"/": principalAt("/", "/123/principal/"), "/123/principal/": homeAt("/123/principal/", partition.URL+"/123/calendars/"),
			}
		}, partition.URL + "/123/calendars/home/", ""},
		"a relative address": {func(string) map[string]string {
			return map[string]string{"/": principalAt("/", "me/"), "/me/": homeAt("/me/", "cal/"), "/me/cal/": calendarAt("/me/cal/1/")}
		}, "/me/cal/1/", ""},
		"calendars at a thief's": {func(string) map[string]string {
			return map[string]string{"/": principalAt("/", "/p/"), "/p/": homeAt("/p/", thiefAt+"/")}
		}, "", TroubleForbidden},
		"a redirect to a thief": {func(string) map[string]string {
			return map[string]string{wellKnown: "301 " + thiefAt + "/"}
		}, "", TroubleRefused},
		"a redirect without end": {func(string) map[string]string {
			return map[string]string{wellKnown: "301 " + wellKnown}
		}, "", TroubleNotFound},
		"nothing there": {func(string) map[string]string { return nil }, "", TroubleNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			e := newElsewhere(t, c.answers)
			found, trouble, err := h.Look(t.Context(), e.URL, "ada", "secret")
			if err != nil || trouble != c.trouble {
				t.Fatal(found, trouble, err, e.asked)
			}
			if c.trouble == "" {
				if _, trouble, err := h.Look(t.Context(), e.URL, "ada", "wrong"); err != nil || trouble != TroubleRefused {
					t.Error("a wrong password:", trouble, err)
				}
			}
			if c.want != "" && (len(found) != 1 || !strings.HasSuffix(found[0].Address, c.want) || found[0].Name != "Private") {
				t.Error(found, e.asked)
			}
		})
	}
	for _, asked := range thief.asked {
		if strings.HasSuffix(asked, "true") {
			t.Error("the password went to somebody else:", asked)
		}
	}
	if len(thief.asked) == 0 {
		t.Error("nobody was led astray")
	}
}

func TestSameSite(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://caldav.icloud.com", "https://p37-caldav.icloud.com:443", true},
		{"https://example.org", "https://EXAMPLE.org:8443", true},
		{"https://a.co.uk", "https://b.co.uk", false},
		{"https://ada.github.io", "https://eve.github.io", false},
		{"https://127.0.0.1", "https://127.0.0.2", false},
		{"https://192.0.2.1", "https://1", false},
		{"https://example.org", "https://example.org.evil.example", false},
		{"https://localhost", "https://localhost:8080", true},
		{"https://nas", "https://router", false},
	} {
		a, err := url.Parse(c.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := url.Parse(strings.ToLower(c.b))
		if err != nil {
			t.Fatal(err)
		}
		if sameSite(a, b) != c.want || sameSite(b, a) != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, !c.want)
		}
	}
}

// TestDeclinedByAddressesOfTheServer: whose name is no mail address is known by those that the server gives; else by the name alone.
func TestDeclinedByAddressesOfTheServer(t *testing.T) {
	const home = "/calendars/ada/personal/"
	said := func(uid, start, who string) string {
		return propsOf(home+uid+".ics", "<d:getetag>&#34;1&#34;</d:getetag><c:calendar-data>"+
			strings.Replace(ics("DTSTART:"+start+"\r\nDURATION:PT1H\r\nATTENDEE;PARTSTAT=DECLINED:"+who), "UID:0@", "UID:"+uid+"@", 1)+"</c:calendar-data>")
	}
	events := said("1", "20261124T080000Z", "mailto:Ada@Clinic.example") + said("2", "20261124T100000Z", "mailto:eve@clinic.example") +
		said("3", "20261124T120000Z", "/principals/ada/") + said("4", "20261124T140000Z", "urn:uuid:0815")
	addresses := `<c:calendar-user-address-set><d:href>mailto:ada.moreau@clinic.example</d:href><d:href> MAILTO:ada@clinic.example </d:href>` +
		`<d:href>/principals/ada/</d:href><d:href>urn:uuid:0815</d:href></c:calendar-user-address-set>`
	for name, c := range map[string]struct{ principal, set, want string }{
		"as Nextcloud says it":    {"/principals/ada/", addresses, "24T10:00/24T11:00"},
		"the server says nothing": {"/principals/ada/", "", "24T08:00/24T09:00 24T10:00/24T11:00 24T12:00/24T13:00 24T14:00/24T15:00"},
		"somebody else's server":  {"http://localhost:1/principals/ada/", addresses, "24T08:00/24T09:00 24T10:00/24T11:00 24T12:00/24T13:00 24T14:00/24T15:00"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, nil)
			e := newElsewhere(t, func(string) map[string]string {
				return map[string]string{
					"REPORT " + home: events, home: principalAt(home, c.principal), "/principals/ada/": propsOf("/principals/ada/", c.set),
				}
			})
			if _, err := h.Add(Calendar{Practitioner: doctor, Name: "Clinic", Address: e.URL + home, User: "ada", Password: "secret"}); err != nil {
				t.Fatal(err)
			}
			h.until("the reading", func() bool { return h.busy() == c.want })
		})
	}
}
