package notify

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/consulttest"
)

// TestExim hands mails to a mail server that others wrote (Debian's exim4-daemon-light), with STARTTLS and with TLS from the first byte, and
// reads them in the mailbox. It needs that server, and root, whom it wants to be started by.
func TestExim(t *testing.T) {
	const program = "/usr/sbin/exim4"
	runner, err := user.Lookup("Debian-exim")
	if _, missing := os.Stat(program); missing != nil || err != nil || os.Getuid() != 0 {
		t.Skip("needs exim4-daemon-light and root")
	}
	dir, err := os.MkdirTemp("", "exim") // it gives up being root: the folders above must be open
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	certificate, ca := newCertificate(t)
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	pemOf := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	starttls, implicit := freePort(t), freePort(t)
	mailbox := filepath.Join(dir, "mailbox")
	config := fmt.Sprintf(eximConfig, dir, starttls, implicit, implicit)
	for name, content := range map[string][]byte{
		"cert.pem": pemOf("CERTIFICATE", certificate.Certificate[0]), "key.pem": pemOf("PRIVATE KEY", key), "exim.conf": []byte(config),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	uid, _ := strconv.Atoi(runner.Uid)
	gid, _ := strconv.Atoi(runner.Gid)
	for _, name := range []string{"", "cert.pem", "key.pem", "exim.conf"} {
		if err := os.Chown(filepath.Join(dir, name), uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "-C", filepath.Join(dir, "exim.conf"), "-bdf")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	said := &consulttest.Log{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			logged, _ := os.ReadFile(filepath.Join(dir, "main.log"))
			t.Logf("%s\n%s", said, logged)
		}
	})
	waitForPort(t, starttls, said)
	for kind, port := range map[string]int{TLSStart: starttls, TLSImplicit: implicit} {
		t.Run(kind, func(t *testing.T) {
			cfg := DefaultConfig()
			cfg.Mail = MailConfig{Host: "127.0.0.1", Port: port, TLS: kind, CA: ca, From: "rendez-vous@practice.test"}
			p := running(t, cfg)
			n := invitation()
			n.To.Mail = kind + "@patients.test"
			p.check(p.put(n))
			p.become(StateSent)
			unknown := invitation()
			unknown.Consultation, unknown.Key, unknown.To.Mail = "c_2", "unknown", "somebody@elsewhere.test"
			p.check(p.put(unknown))
			changes, err := p.store.Watch(t.Context(), "v1/notice/", 0)
			p.check(err)
			for p.mustDeliveries("c_2")[0].State != StateFailed {
				<-changes
			}
			if got := p.mustDeliveries("c_2")[0]; got.Reason != ReasonRefused {
				t.Errorf("%+v", got)
			}
			mail := waitForMail(t, mailbox, kind+"@patients.test")
			for _, want := range []string{"Subject: =?UTF-8?", "Message-ID: <n_", "Auto-Submitted: auto-generated", testBase + "/c/canary-secret", "multipart/alternative"} {
				if !strings.Contains(plain(mail), want) {
					t.Errorf("%q is not in the mail:\n%s", want, mail)
				}
			}
			if kind == TLSStart && !strings.Contains(mail, "TLS") {
				t.Errorf("it did not come over TLS:\n%s", mail)
			}
			t.Logf("%s: taken and delivered by exim", kind)
		})
	}
}

// eximConfig takes mail for patients.test into a mailbox, over TLS only: folder, ports.
const eximConfig = `
exim_user = Debian-exim
exim_group = Debian-exim
deliver_drop_privilege
spool_directory = %[1]s
log_file_path = %[1]s/%%s.log
pid_file_path = %[1]s/exim.pid
primary_hostname = localhost
local_interfaces = 127.0.0.1
daemon_smtp_ports = %[2]d : %[3]d
tls_on_connect_ports = %[4]d
tls_advertise_hosts = *
tls_certificate = %[1]s/cert.pem
tls_privatekey = %[1]s/key.pem
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
begin acl
check_rcpt:
  deny   !encrypted = *
         message = TLS first
  accept domains = patients.test
  deny   message = relay not permitted
begin routers
local:
  driver = accept
  transport = keep
begin transports
keep:
  driver = appendfile
  directory = %[1]s/mailbox
  maildir_format
  delivery_date_add
  envelope_to_add
  return_path_add
`

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func waitForPort(t *testing.T, port int, said *consulttest.Log) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Skipf("exim does not start here: %s", said)
		}
		time.Sleep(20 * time.Millisecond) // another program starts: there is nothing to wait for but its port
	}
}

// waitForMail returns the mail in the mailbox that went to an address.
func waitForMail(t *testing.T, mailbox, to string) string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		files, err := filepath.Glob(filepath.Join(mailbox, "new", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if b, err := os.ReadFile(file); err == nil && strings.Contains(string(b), to) {
				return string(b)
			}
		}
		time.Sleep(20 * time.Millisecond) // another program writes the file
	}
	t.Fatalf("no mail to %s in the mailbox", to)
	return ""
}
