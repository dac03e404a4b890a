import { useState } from 'preact/hooks';
import { calendarsOf, setTitles, type Titles } from '../../session/calendars';
import { refusalOf } from '../../session/entering';
import { wordsFor } from '../entering/refusals';
import { useProof } from '../entering/useproof';
import { calendarsWords } from '../i18n/calendars';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { RadioField } from '../parts/field';
import { type Kept, Unread, useKept } from '../parts/kept';
import { useShell } from '../shell/context';
import { Feed } from './feed';
import { Programs } from './programs';

/** What the parts of this section need to do something: fresh proof where it is asked for, a toast where it fails. */
export type Doing = Pick<Kept<unknown>, 'attempt' | 'working'>;

/** How one's own appointments go into calendar programs. */
export function CalendarsSection() {
  const { t, announcer } = useApp(calendarsWords);
  const { t: entering } = useApp(enteringWords);
  const { desk, toasts } = useShell();
  const { proof, proven } = useProof(null);
  const request = desk.request.bind(desk);
  const {
    known: all,
    failed,
    working,
    again,
    attempt: plainly,
  } = useKept(
    () => calendarsOf(request),
    error => toasts.warn(wordsFor(refusalOf(error), entering)),
  );
  const [chosen, setChosen] = useState<Titles | null>(null); // until the server has said the same
  if (all === null) {
    return <Unread failed={failed} again={again} />;
  }
  const words = t.calendars;
  const doing: Doing = { attempt: does => plainly(() => proven(does)), working };
  const choose = async (titles: Titles): Promise<void> => {
    setChosen(titles);
    if (await doing.attempt(() => setTitles(request, titles))) {
      announcer.say(words.saved);
    }
    setChosen(null);
  };
  return (
    <div class="stack">
      <p>{words.intro}</p>
      <Programs all={all} doing={doing} />
      <section class="card stack">
        <RadioField<Titles>
          label={words.titlesHeading}
          hint={words.titlesHint}
          value={chosen ?? all.titles}
          choices={(['name', 'initials', 'neutral'] as const).map(value => ({ value, label: words.titles[value] }))}
          onChoose={titles => void choose(titles)}
        />
      </section>
      <Feed all={all} doing={doing} />
      {proof}
    </div>
  );
}
