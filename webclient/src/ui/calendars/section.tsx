import { useEffect, useState } from 'preact/hooks';
import { type Calendars, calendarsOf, setTitles, type Titles } from '../../session/calendars';
import { refusalOf } from '../../session/entering';
import { wordsFor } from '../entering/refusals';
import { useProof } from '../entering/useproof';
import { calendarsWords } from '../i18n/calendars';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { RadioField } from '../parts/field';
import { useShell } from '../shell/context';
import { Feed } from './feed';
import { Programs } from './programs';

/** What the parts of this section need to do something: fresh proof where it is asked for, a toast where it fails. */
export interface Doing {
  /** Does it, reads everything anew, and tells whether it went well. */
  attempt(does: () => Promise<void>): Promise<boolean>;
}

/** How one's own appointments go into calendar programs. */
export function CalendarsSection() {
  const { t, announcer } = useApp(calendarsWords);
  const { t: entering } = useApp(enteringWords);
  const { desk, toasts } = useShell();
  const [all, setAll] = useState<Calendars | null>(null);
  const { proof, proven } = useProof(null);
  const request = desk.request.bind(desk);
  const load = async (): Promise<void> => setAll(await calendarsOf(request));
  const attempt = async (does: () => Promise<void>): Promise<boolean> => {
    try {
      await proven(does);
      await load();
      return true;
    } catch (error) {
      toasts.warn(wordsFor(refusalOf(error), entering));
      return false;
    }
  };
  useEffect(() => void attempt(async () => undefined), []);
  if (all === null) {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  const words = t.calendars;
  const choose = async (titles: Titles): Promise<void> => {
    setAll({ ...all, titles });
    if (await attempt(() => setTitles(request, titles))) {
      announcer.say(words.saved);
    }
  };
  return (
    <div class="stack">
      <p>{words.intro}</p>
      <Programs all={all} doing={{ attempt }} />
      <section class="card stack">
        <RadioField<Titles>
          label={words.titlesHeading}
          hint={words.titlesHint}
          value={all.titles}
          choices={(['name', 'initials', 'neutral'] as const).map(value => ({ value, label: words.titles[value] }))}
          onChoose={titles => void choose(titles)}
        />
      </section>
      <Feed all={all} doing={{ attempt }} />
      {proof}
    </div>
  );
}
