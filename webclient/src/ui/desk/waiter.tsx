import type { DeskWaiting } from '../../session/desk';
import { deskWords } from '../i18n/desk';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { DeliveryChip, isTrouble } from './delivery';
import { waiterName } from './names';

interface WaiterProps {
  readonly one: DeskWaiting;
  readonly level: 2 | 3;
  readonly minutes: number;
  readonly first: boolean;
  /** Not from another consultation than the one that the practitioner is in. */
  readonly own: boolean;
  /** Null for who lets nobody in. */
  readonly onAdmit: (() => void) | null;
  readonly onMessage: () => void;
  readonly onPass: () => void;
  readonly onDecline: () => void;
}

/** Somebody who waits: since when, what they need, whether they will be seen and heard, and what can be done. */
export function Waiter(props: WaiterProps) {
  const { one, level, minutes, first, own } = props;
  const { t, format } = useApp(deskWords);
  const name = waiterName(one, t, format);
  const { about } = one;
  const { fine, troubles } = useDevices(one);
  const language = useLanguageName(about.language);
  const facts = [
    about.birthDate === '' ? '' : t.strip.born(format.date(about.birthDate)),
    language,
    ...about.needs.map(need => t.strip.needs[need]),
  ].filter(fact => fact !== '');
  return (
    <li class={first ? 'card waiter first' : 'card waiter'}>
      {level === 2 ? <h2>{name}</h2> : <h3>{name}</h3>}
      {one.role !== 'patient' && one.name !== '' && <p class="chip">{t.common.roles[one.role]}</p>}
      <p>
        <b>{minutes < 1 ? t.desk.waitsNow : t.desk.waits(minutes)}</b>{' '}
        <span class="quiet">· {t.desk.arrivedAt(format.time(one.since))}</span>
      </p>
      {facts.length > 0 && <p>{facts.join(' · ')}</p>}
      {one.passedBy !== null && <p class="quiet">{t.strip.passedBy(one.passedBy)}</p>}
      {one.presence !== 'here' && <Trouble>{t.desk.presence[one.presence]}</Trouble>}
      {about.knocking && <Trouble>{t.strip.twoDevices}</Trouble>}
      {troubles.map(words => (
        <Trouble key={words}>{words}</Trouble>
      ))}
      {about.delivery !== null && isTrouble(about.delivery) && (
        <p>
          <DeliveryChip delivery={about.delivery} phone={about.phone} />
        </p>
      )}
      {fine.length > 0 && <p class="quiet">{fine.join(' · ')}</p>}
      {about.message !== null && (
        <p class="quiet">
          {format.time(about.message.at)} · {t.strip.lastMessage(about.message.text)}
        </p>
      )}
      <div class="answers">
        {props.onAdmit !== null && (
          <button
            type="button"
            class={first && own ? 'button primary small' : 'button small'}
            aria-label={t.desk.admitLabel(name)}
            onClick={props.onAdmit}
          >
            {t.desk.admit}
          </button>
        )}
        <button type="button" class="button small" aria-label={t.strip.messageTo(name)} onClick={props.onMessage}>
          {t.strip.message}
        </button>
        {own && (
          <button type="button" class="button small" aria-label={t.strip.passLabel(name)} onClick={props.onPass}>
            {t.strip.pass}
          </button>
        )}
        <button type="button" class="button small" aria-label={t.desk.notNowLabel(name)} onClick={props.onDecline}>
          {t.desk.notNow}
        </button>
      </div>
    </li>
  );
}

function Trouble({ children }: { readonly children: string }) {
  return (
    <p class="trouble">
      <WarningIcon />
      {children}
    </p>
  );
}

/** What the device test found, in words: what will do, and what will not. */
function useDevices({ devices, about }: DeskWaiting): {
  readonly fine: readonly string[];
  readonly troubles: readonly string[];
} {
  const { t, format } = useApp(deskWords);
  if (devices === null) {
    return { fine: [], troubles: [] };
  }
  const found: readonly (readonly [boolean, string])[] = [
    [devices.camera === 'ok' || devices.camera === 'skipped', t.desk.deviceCamera[devices.camera]],
    [devices.microphone === 'ok' || devices.microphone === 'skipped', t.desk.deviceMicrophone[devices.microphone]],
    [devices.sound !== 'not-heard', t.desk.deviceSound[devices.sound]],
  ];
  // A test of another day says when it was.
  const another = about.testedAt !== null && format.dayOf(new Date(about.testedAt)) !== format.dayOf(new Date());
  return {
    fine: [
      ...found.filter(([good]) => good).map(([, words]) => words),
      ...(another && about.testedAt !== null ? [t.strip.tested(format.day(about.testedAt))] : []),
    ],
    troubles: found.filter(([good]) => !good).map(([, words]) => words),
  };
}

/** The language of somebody in words; '' when it is the page's own, or nobody said it. */
function useLanguageName(tag: string): string {
  const { language } = useApp();
  if (tag === '' || tag.split('-')[0] === language) {
    return '';
  }
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
