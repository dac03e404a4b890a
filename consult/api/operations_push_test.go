package api

func pushTrials() map[string]trial {
	const browser = `{"endpoint":"https://push.example.org/1","p256dh":"BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8","auth":"BTBZMqHH6r4Tts7J_aSIgg"}`
	return map[string]trial{
		"push-key":         {},
		"push-subscribe":   {body: func(*world) string { return browser }},
		"push-unsubscribe": {body: func(*world) string { return `{"endpoint":"https://push.example.org/1"}` }},
	}
}
