// Small helps; all works without. No cookie, no storage, nothing sent.
(() => {
  // The times in the zone of this device, when that shows something else.
  const line = document.getElementById('zone');
  const own = document.getElementById('own-zone');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (line && own && own.dataset.href && zone && zone !== line.dataset.zone) {
    const shown = timeZone => new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date());
    if (shown(zone) !== shown(line.dataset.zone)) {
      const city = zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
      own.href = own.dataset.href.replace('zone=ZONE', `zone=${encodeURIComponent(zone)}`);
      own.textContent = own.dataset.text.replace('{city}', city);
      own.hidden = false;
    }
  }
  // What went wrong is read first.
  document.querySelector('[role="alert"]')?.setAttribute('tabindex', '-1');
  if (!document.querySelector('[autofocus]')) document.querySelector('[role="alert"]')?.focus();
  // In a frame: how tall the page is, so that the frame can be.
  if (parent !== window) {
    const tell = () => parent.postMessage({ colloque: 'height', height: Math.ceil(document.body.getBoundingClientRect().height) }, '*');
    new ResizeObserver(tell).observe(document.body);
    tell();
  }
})();
