import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { CallSnapshot } from '../../session/call';
import { SettingsIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart, useWakeLock } from '../parts/hooks';
import { Mirror } from '../parts/media';
import type { LocalPort } from '../parts/ports';
import { Heading, Notice } from '../parts/screen';
import { SettingsDialog } from '../parts/settings';

interface WaitingProps {
  readonly snapshot: CallSnapshot;
  readonly local: LocalPort;
  readonly practitioner: string;
  /** Was in the call and has been sent back. */
  readonly sentBack: boolean;
  /** Was passed on to the practitioner who is named. */
  readonly passed: boolean;
  readonly onLeave: () => void;
  /** What can be sent already. */
  readonly documents?: ComponentChildren;
  /** It goes on by telephone. */
  readonly phone?: ComponentChildren;
}

/** The waiting room: what is known, when it was said, and nothing to do. */
export function WaitingScreen({
  snapshot,
  local,
  practitioner,
  sentBack,
  passed,
  onLeave,
  documents,
  phone,
}: WaitingProps) {
  const { t, format } = useApp();
  const words = t.waiting;
  const camera = usePart(local, one => one.camera);
  const lit = useWakeLock(true);
  const [settings, setSettings] = useState(false);
  const waiting = snapshot.waiting;
  if (waiting === null) {
    return <Arriving lost={snapshot.network === 'lost'} />;
  }
  const state = waiting.practitioner;
  return (
    <div class="screen">
      <Heading title={words.title}>{words.heading}</Heading>
      {phone}
      {snapshot.network === 'lost' && (
        <Notice>
          <p>{words.lost}</p>
        </Notice>
      )}
      {passed && (
        <Notice>
          <p>{words.passed(practitioner)}</p>
        </Notice>
      )}
      {sentBack && !passed && (
        <Notice>
          <p>{words.sentBack(practitioner)}</p>
        </Notice>
      )}
      <p>
        {state === 'away' ? words.noted(practitioner) : words.knows(practitioner)} <b>{words.keepOpen}</b>
      </p>
      {!lit && <p>{words.screenOn}</p>}
      <div class="card state">
        <p class={`now ${state}`}>
          {state === 'available'
            ? words.available(practitioner)
            : state === 'away'
              ? words.away(practitioner)
              : words.inConsultation(practitioner)}
        </p>
        {waiting.delay !== null && (
          <p>
            <span class="late">{waiting.delay.minutes === 0 ? words.onTime : words.late(waiting.delay.minutes)}</span>
            <br />
            <span class="quiet">{words.saidAt(format.time(waiting.delay.saidAt))}</span>
          </p>
        )}
        <p class="quiet">{words.arrivedAt(format.time(waiting.since))}</p>
      </div>
      {waiting.message !== null && (
        <section class="card said">
          <h2>
            {words.message(practitioner)} <span class="quiet">{format.time(waiting.message.at)}</span>
          </h2>
          <p dir="auto">{waiting.message.text}</p>
        </section>
      )}
      <div class="own">
        <Mirror local={local} />
        <div class="stack">
          <p>{camera === 'on' ? words.ownPicture : words.ownPictureOff}</p>
          <button type="button" class="button small" onClick={() => setSettings(true)}>
            <SettingsIcon />
            {words.devices}
          </button>
        </div>
      </div>
      {documents}
      {snapshot.role === 'patient' && (
        <div class="card">
          <h2>{words.prepareHeading}</h2>
          <ul class="bullets">
            {words.prepare.map(thing => (
              <li key={thing}>{thing}</li>
            ))}
          </ul>
        </div>
      )}
      <div class="actions">
        <button type="button" class="button plain" onClick={onLeave}>
          {words.leave}
        </button>
      </div>
      {settings && <SettingsDialog local={local} onClose={() => setSettings(false)} />}
    </div>
  );
}

/** The moment between the last tap and the waiting room. */
export function Arriving({ lost }: { readonly lost: boolean }) {
  const { t } = useApp();
  return (
    <div class="screen">
      <Heading title={t.waiting.title}>{t.waiting.arriving}</Heading>
      {lost && (
        <Notice>
          <p>{t.waiting.lost}</p>
        </Notice>
      )}
    </div>
  );
}

/** This is the second device: the first one is asked. */
export function Elsewhere() {
  const { t } = useApp();
  return (
    <div class="screen">
      <Heading title={t.waiting.title}>{t.waiting.elsewhere}</Heading>
      <p>{t.waiting.elsewhereMore}</p>
    </div>
  );
}
