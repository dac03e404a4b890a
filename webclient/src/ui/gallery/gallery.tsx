// npm run dev, then /src/ui/gallery/index.html?screen=waiting&lang=fr. Never part of a build.
import { render } from 'preact';
import { type Catalogue, isLanguage, type Language, languageCodes, languages, Words } from '../i18n';
import { agendaWords } from '../i18n/agenda';
import { ar } from '../i18n/ar';
import { calendarsWords } from '../i18n/calendars';
import { deskWords } from '../i18n/desk';
import { en } from '../i18n/en';
import { enteringWords } from '../i18n/entering';
import { fr } from '../i18n/fr';
import { patientsWords } from '../i18n/patients';
import { requestsWords } from '../i18n/requests';
import { shellWords } from '../i18n/shell';
import { teamWords } from '../i18n/team';
import icon from '../icon.svg';
import { Announcer } from '../parts/announcer';
import { AppContext } from '../parts/app';
import { newFormat } from '../parts/format';
import { PhoneLink } from '../parts/screen';
import { type Screen, screens } from './screens';

const asked = new URLSearchParams(location.search);
const wanted = asked.get('lang') ?? '';
const language: Language = isLanguage(wanted) ? wanted : 'fr';
const catalogues: Record<Language, Catalogue> = { fr, en, ar };
const t = catalogues[language];
const words = new Words(language, t);
document.documentElement.lang = language;
document.documentElement.dir = languages[language].dir;
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
  await words.load([
    agendaWords,
    deskWords,
    shellWords,
    patientsWords,
    calendarsWords,
    requestsWords,
    teamWords,
    enteringWords,
  ]);
  // Styles as the real pages have them.
  await (screen.frame === 'desk' || asked.get('screen')?.startsWith('desk-call')
    ? import('../styles/desk.css')
    : import('../styles/patient.css'));
  render(
    <AppContext.Provider
      value={{
        t,
        language,
        words,
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
    return one.draw(words.of(deskWords));
  }
  if (one.frame === 'call') {
    return <main id="app">{one.draw(words.of(deskWords))}</main>;
  }
  document.body.className = 'page';
  return (
    <>
      <header class="top">
        <p class="practice">
          <img class="mark" src={icon} alt="" />
          <span>Cabinet des Tilleuls</span>
        </p>
        <nav class="languages" aria-label={t.frame.language}>
          {languageCodes
            .filter(code => code !== language)
            .map(code => (
              <a key={code} href={`?lang=${code}`} lang={code} dir={languages[code].dir}>
                {languages[code].name}
              </a>
            ))}
        </nav>
      </header>
      <main id="app">
        <div class="screen">{one.draw(words.of(deskWords))}</div>
      </main>
      <footer class="foot">
        <PhoneLink />
      </footer>
    </>
  );
}

void show();
