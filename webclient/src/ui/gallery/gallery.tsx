// npm run dev, then /src/ui/gallery/index.html?screen=waiting&lang=fr. Never part of a build.
import { render } from 'preact';
import type { Catalogue, Language } from '../i18n';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import icon from '../icon.svg';
import { Announcer } from '../parts/announcer';
import { AppContext } from '../parts/app';
import { newFormat } from '../parts/format';
import { PhoneLink } from '../parts/screen';
import { type Screen, screens } from './screens';

const asked = new URLSearchParams(location.search);
const language: Language = asked.get('lang') === 'en' ? 'en' : 'fr';
const t: Catalogue = language === 'en' ? en : fr;
document.documentElement.lang = language;
const screen = screens[asked.get('screen') ?? ''];
const root = document.getElementById('gallery');

async function show(): Promise<void> {
  if (root === null) {
    return;
  }
  if (screen === undefined) {
    render(
      <ul>
        {Object.keys(screens).map(name => (
          <li key={name}>
            <a href={`?screen=${name}&lang=${language}`}>{name}</a>
          </li>
        ))}
      </ul>,
      root,
    );
    return;
  }
  // Styles as the real pages have them.
  await (screen.frame === 'desk' || asked.get('screen')?.startsWith('desk-call')
    ? import('../styles/desk.css')
    : import('../styles/patient.css'));
  render(
    <AppContext.Provider
      value={{
        t,
        language,
        format: newFormat(language, t, navigator.languages),
        announcer: new Announcer(document.body),
        phone: '+33123456789',
      }}
    >
      <Framed screen={screen} />
    </AppContext.Provider>,
    screen.frame === 'patient' ? document.body : root,
  );
}

function Framed({ screen: one }: { readonly screen: Screen }) {
  if (one.frame === 'desk') {
    document.body.className = 'desk';
    return one.draw(t);
  }
  if (one.frame === 'call') {
    return <main id="app">{one.draw(t)}</main>;
  }
  document.body.className = 'page';
  return (
    <>
      <header class="top">
        <p class="practice">
          <img class="mark" src={icon} alt="" />
          <span>Cabinet des Tilleuls</span>
        </p>
        <a class="language" href="?lang=x">
          {t.frame.otherLanguage}
        </a>
      </header>
      <main id="app">
        <div class="screen">{one.draw(t)}</div>
      </main>
      <footer class="foot">
        <PhoneLink />
      </footer>
    </>
  );
}

void show();
