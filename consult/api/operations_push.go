package api

import (
	"context"
	"net/http"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/push"
)

type (
	pushKeyBody struct {
		Key string `json:"key" doc:"For PushManager.subscribe; empty: this server sends no pushes."`
	}
	subscriptionBody struct {
		Endpoint string `json:"endpoint" maxLength:"1000"`
		Key      string `json:"p256dh" maxLength:"200"`
		Auth     string `json:"auth" maxLength:"100"`
		Language string `json:"language,omitempty" maxLength:"35"`
	}
	endpointBody struct {
		Endpoint string `json:"endpoint" maxLength:"1000"`
	}
)

// pushes is the area of what tells a browser that somebody came.
func (a *api) pushes() []operation {
	const call = account.ScopeCall
	return []operation{
		op(http.MethodGet, "/push", "push-key", "What a browser subscribes to pushes with", http.StatusOK, call, a.pushKey),
		op(http.MethodPost, "/push", "push-subscribe", "Tell this browser who comes to wait", http.StatusNoContent, call, a.pushSubscribe),
		op(http.MethodPost, "/push/off", "push-unsubscribe", "Do not tell this browser any more", http.StatusNoContent, call, a.pushUnsubscribe),
	}
}

func (a *api) pushKey(context.Context, *struct{}) (*bodyOf[pushKeyBody], error) {
	if a.Push == nil {
		return &bodyOf[pushKeyBody]{}, nil
	}
	return &bodyOf[pushKeyBody]{pushKeyBody{a.Push.Key()}}, nil
}

func (a *api) pushSubscribe(ctx context.Context, in *bodyOf[subscriptionBody]) (*struct{}, error) {
	if a.Push == nil {
		return nil, errNoPush
	}
	s := push.Subscription{Endpoint: in.Body.Endpoint, Key: in.Body.Key, Auth: in.Body.Auth, Language: in.Body.Language}
	return nil, a.Push.Subscribe(a.actor(ctx).Account.ID, s)
}

func (a *api) pushUnsubscribe(ctx context.Context, in *bodyOf[endpointBody]) (*struct{}, error) {
	if a.Push == nil {
		return nil, nil
	}
	return nil, a.Push.Unsubscribe(a.actor(ctx).Account.ID, in.Body.Endpoint)
}

var errNoPush error = &consult.Error{Code: consult.CodeUnavailable, Message: "This server sends no pushes."}
