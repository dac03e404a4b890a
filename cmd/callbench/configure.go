package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// What each server is given to read. Whoever measures by hand finds here what we ran.

func configureColloque(s *server, folder string) (*command, error) {
	host := net.JoinHostPort(s.host.String(), "0")
	return &command{
		args: []string{"serve"},
		env: []string{
			"COLLOQUE_LISTEN=" + host, "COLLOQUE_MEDIA_LISTEN=" + host, "COLLOQUE_DATA=" + folder, "COLLOQUE_LOG_LEVEL=warn",
			"COLLOQUE_METRICS_ALLOW=[" + netip.PrefixFrom(s.host, s.host.BitLen()).String() + "]",
		},
		signIn: make(chan string, 1),
	}, nil
}

func driveColloque(ctx context.Context, s *server) (driver, error) {
	return newColloque(ctx, s.signIn, &net.Dialer{})
}

// configureGalene: plain HTTP, no TURN, one group whose subgroups anybody may make and speak in; else defaults: a UDP socket for each
// PeerConnection.
func configureGalene(s *server, folder string) (*command, error) {
	port, err := freePort(s.host)
	if err != nil {
		return nil, err
	}
	err = writeFiles(folder, map[string]string{
		"groups/" + galeneGroup + ".json": `{"wildcard-user": {"password": {"type": "wildcard"}, "permissions": "present"}, "auto-subgroups": true}`,
		"data/config.json":                `{}`,
		"static/index.html":               ``,
	})
	s.address = net.JoinHostPort(s.host.String(), port)
	return &command{
		args:  []string{"-insecure", "-turn", "", "-http", s.address, "-data", folder + "/data", "-groups", folder + "/groups", "-static", folder + "/static"},
		ready: s.address,
	}, err
}

func driveGalene(_ context.Context, s *server) (driver, error) {
	return &galene{url: "ws://" + s.address + "/ws"}, nil
}

// configureJanus: the websocket transport and the videoroom plugin alone, on one address; loops 0 is Debian's default, one thread for each handle.
func configureJanus(loops int) func(*server, string) (*command, error) {
	return func(s *server, folder string) (*command, error) {
		port, err := freePort(s.host)
		if err != nil {
			return nil, err
		}
		var without []string
		for _, name := range strings.Fields("audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail") {
			without = append(without, "libjanus_"+name+".so")
		}
		general := `general: {
	configs_folder = "` + folder + `"
	debug_level = 2
`
		if loops > 0 {
			general += fmt.Sprintf("\tevent_loops = %d\n", loops)
		}
		err = writeFiles(folder, map[string]string{
			"janus.jcfg": general + `}
nat: {
	ice_enforce_list = "` + s.host.String() + `"
}
plugins: {
	disable = "` + strings.Join(without, ",") + `"
}
transports: {
	disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so"
}
events: {
	broadcast = false
}
`,
			"janus.transport.websockets.jcfg": `general: {
	ws = true
	ws_port = ` + port + `
	ws_ip = "` + s.host.String() + `"
	wss = false
}
admin: {
	admin_ws = false
}
`,
			"janus.plugin.videoroom.jcfg": "general: {\n}\n",
		})
		s.address = net.JoinHostPort(s.host.String(), port)
		return &command{args: []string{"--config", folder + "/janus.jcfg", "--configs-folder", folder}, ready: s.address}, err
	}
}

func driveJanus(_ context.Context, s *server) (driver, error) {
	return &janus{url: "ws://" + s.address, rooms: map[int]bool{}}, nil
}
