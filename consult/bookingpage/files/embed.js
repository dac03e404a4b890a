// One line puts the booking page into another site:
//   <script src="https://colloque.example.org/book/embed.js" defer></script>
// data-lang, data-with (a practitioner) and data-service choose; data-title names the frame for screen readers.
(() => {
  const script = document.currentScript;
  const home = new URL(script.src);
  const { lang, service, title, with: practitioner } = script.dataset;
  const page = new URL(service ? `/book/${encodeURIComponent(service)}` : '/book', home);
  page.searchParams.set('embed', '1');
  if (lang) page.searchParams.set('lang', lang);
  if (practitioner) page.searchParams.set('with', practitioner);
  const frame = document.createElement('iframe');
  const titles = { fr: 'Prendre rendez-vous', en: 'Book an appointment', ar: 'حجز موعد' };
  frame.title = title || titles[lang || document.documentElement.lang.slice(0, 2)] || titles.en;
  frame.src = page.href;
  frame.width = '100%';
  frame.height = '720';
  frame.style.cssText = 'border:0;inline-size:100%;display:block';
  let loaded = false;
  frame.addEventListener('load', () => {
    if (loaded && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
    loaded = true;
  });
  window.addEventListener('message', event => {
    if (event.source !== frame.contentWindow || event.origin !== home.origin || event.data?.colloque !== 'height') return;
    const height = Number(event.data.height);
    if (height > 0) frame.height = String(Math.min(Math.max(height, 240), 20000));
  });
  script.after(frame);
})();
