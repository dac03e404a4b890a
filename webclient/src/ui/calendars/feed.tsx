import { useState } from 'preact/hooks';
import { type Calendars, endFeed, newFeed } from '../../session/calendars';
import { calendarsWords } from '../i18n/calendars';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { Question } from '../parts/dialog';
import { useShell } from '../shell/context';
import type { Doing } from './section';

/** A link for calendars that only read. */
export function Feed({ all, doing }: { readonly all: Calendars; readonly doing: Doing }) {
  const { t, format } = useApp(calendarsWords);
  const { desk } = useShell();
  const request = desk.request.bind(desk);
  const words = t.calendars;
  const [link, setLink] = useState('');
  const [ending, setEnding] = useState(false);
  const make = (): void => void doing.attempt(async () => setLink(await newFeed(request)));
  const there = all.feedSince !== '';
  return (
    <section class="card stack" aria-labelledby="calendar-feed">
      <h2 id="calendar-feed">{words.feed}</h2>
      <p class="quiet">{words.feedMore}</p>
      {there && link === '' && <p>{words.feedSince(format.date(all.feedSince))}</p>}
      {there && link !== '' && (
        <>
          <p role="status">{words.feedOnce}</p>
          <CopyLink link={link} label={words.feed} primary />
        </>
      )}
      <div class="row">
        {there ? (
          <button type="button" class="button" onClick={() => setEnding(true)}>
            {words.feedEnd}
          </button>
        ) : (
          <button type="button" class="button" disabled={doing.working} onClick={make}>
            {words.feedMake}
          </button>
        )}
      </div>
      {ending && (
        <Question
          heading={words.feedEnd}
          yes={words.feedEnd}
          no={t.common.cancel}
          danger
          onNo={() => setEnding(false)}
          onYes={() => {
            setEnding(false);
            setLink('');
            void doing.attempt(() => endFeed(request));
          }}
        >
          <p>{words.feedEndMore}</p>
        </Question>
      )}
    </section>
  );
}
