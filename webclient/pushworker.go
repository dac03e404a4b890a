package webclient

import (
	_ "embed"
	"net/http"
)

//go:embed pushworker.js
var pushWorker []byte

// PushWorker serves the service worker for pushes. Its address holds no hash: browsers ask for it again and compare.
func PushWorker(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(pushWorker) // the other side is gone: nothing to do
}
