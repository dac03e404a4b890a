// The service worker for pushes, and for nothing else: it keeps no page and answers no request. A practitioner's page registers it when
// pushes are on and the practitioner asked for them. What it shows was worded by the server (consult/push).
self.addEventListener('push', event => {
  const said = event.data?.json() ?? {};
  event.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(pages => {
      // A desk that is being looked at rings by itself.
      if (pages.some(page => page.visibilityState === 'visible' && new URL(page.url).pathname.startsWith('/desk'))) {
        return undefined;
      }
      return self.registration.showNotification(String(said.title ?? ''), {
        body: String(said.body ?? ''),
        tag: 'arrival',
        renotify: true,
      });
    }),
  );
});

self.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(pages => {
      const desk = pages.find(page => new URL(page.url).pathname.startsWith('/desk'));
      return desk === undefined ? self.clients.openWindow('/desk') : desk.focus();
    }),
  );
});
