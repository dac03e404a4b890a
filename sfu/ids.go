package sfu

// PeerID names one browser tab's connection. The caller chooses it; it must be unique among the living peers.
type PeerID string

// RoomID names a room: the peers in it get each other's publications.
type RoomID string

// Source is what a publication shows.
type Source string

// The sources. A peer has at most one publication of each.
const (
	SourceMicrophone Source = "microphone"
	SourceCamera     Source = "camera"
	SourceScreen     Source = "screen"
)

// kind tells the two families of m-lines apart.
type kind uint8

const (
	kindAudio kind = iota
	kindVideo
)

func (k kind) String() string {
	if k == kindAudio {
		return "audio"
	}
	return "video"
}

// kindOf is the kind of m-line that a source travels on; false for an unknown source.
func kindOf(s Source) (kind, bool) {
	switch s {
	case SourceMicrophone:
		return kindAudio, true
	case SourceCamera, SourceScreen:
		return kindVideo, true
	}
	return 0, false
}
