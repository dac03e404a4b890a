import { useEffect, useState } from 'preact/hooks';
import { type Lost, Undelivered } from '../../session/undelivered';
import { DeliveryChip } from '../desk/delivery';
import { LinkDialog } from '../desk/openlist';
import { deskWords } from '../i18n/desk';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { usePart, useSnapshot } from '../parts/hooks';
import { useMay, useShell } from '../shell/context';

/** The messages that did not arrive, of everybody whom this account works for, and what to do about each. Nothing when all arrived. */
export function UndeliveredList() {
  const { desk, toasts } = useShell();
  const { t } = useApp(deskWords);
  const count = usePart(desk, snapshot => snapshot.undelivered);
  const may = useMay('notices:read');
  const [list] = useState(() => new Undelivered((method, path, body) => desk.request(method, path, body)));
  const { lost, failed } = useSnapshot(list);
  const [link, setLink] = useState('');
  useEffect(() => {
    if (may) {
      void list.load();
    }
  }, [count, may]);
  if (failed) {
    return <p class="notice">{t.delivery.failed}</p>;
  }
  if (lost === null || lost.length === 0) {
    return null;
  }
  const say = (good: boolean, sentence: string): void =>
    good ? toasts.say(sentence) : toasts.warn(t.delivery.notSentAgain);
  const handOver = async (one: Lost): Promise<void> => {
    try {
      setLink(await desk.link(one.consultation, one.participant));
    } catch {
      toasts.warn(t.desk.failed);
    }
  };
  return (
    <section class="undelivered card" aria-labelledby="undelivered-heading">
      <h2 id="undelivered-heading" class="trouble">
        <WarningIcon />
        {t.delivery.headingCount(lost.length)}
      </h2>
      <p class="quiet">{t.delivery.more}</p>
      <ul class="rows">
        {lost.map(one => (
          <LostMessage
            key={one.notice}
            one={one}
            onAgain={async () =>
              say(await list.sendAgain(one), t.delivery.sentAgain(one.name === '' ? t.delivery.somebody : one.name))
            }
            onLink={() => handOver(one)}
            onDone={async () => say(await list.settle(one.notice), t.delivery.done)}
          />
        ))}
      </ul>
      {link !== '' && <LinkDialog link={link} onClose={() => setLink('')} />}
    </section>
  );
}

interface LostProps {
  readonly one: Lost;
  readonly onAgain: () => Promise<void>;
  readonly onLink: () => Promise<void>;
  readonly onDone: () => Promise<void>;
}

function LostMessage({ one, onAgain, onLink, onDone }: LostProps) {
  const { desk } = useShell();
  const { t, format } = useApp(deskWords);
  const me = usePart(desk, snapshot => snapshot.me);
  const mayWrite = useMay('notices:write');
  const mayLink = useMay('consultations:write');
  const practitioner = one.practitioner === me?.id ? undefined : me?.actsFor.find(({ id }) => id === one.practitioner);
  const name = one.name === '' ? t.delivery.somebody : one.name;
  const [working, setWorking] = useState(false);
  const press = async (does: () => Promise<void>): Promise<void> => {
    setWorking(true);
    await does();
    setWorking(false);
  };
  const facts = [
    t.delivery.kinds[one.kind] ?? '',
    one.at === null ? '' : t.delivery.forWhen(`${format.day(format.dayOf(new Date(one.at)))}, ${format.time(one.at)}`),
    practitioner === undefined ? '' : t.delivery.of(practitioner.name),
  ].filter(fact => fact !== '');
  const wrong = one.reason === 'no-address' || one.reason === 'no-gateway';
  return (
    <li class="lost">
      <div class="lines-of">
        <b>{name}</b>
        <span class="quiet">{facts.join(' · ')}</span>
        <DeliveryChip
          delivery={{
            channel: one.channel,
            state: one.state,
            ...(one.reason === null ? {} : { reason: one.reason }),
          }}
          phone={one.phone}
        />
      </div>
      <div class="row">
        {mayWrite && one.canSendAgain && !wrong && (
          <button
            type="button"
            class="button small"
            aria-label={t.delivery.sendAgainLabel(name)}
            disabled={working}
            onClick={() => void press(onAgain)}
          >
            {t.delivery.sendAgain}
          </button>
        )}
        {mayLink && one.canSendAgain && (
          <button
            type="button"
            class="button small"
            aria-label={t.desk.newLinkLabel(name)}
            disabled={working}
            onClick={() => void press(onLink)}
          >
            {t.desk.newLink}
          </button>
        )}
        {mayWrite && (
          <button
            type="button"
            class="button small"
            aria-label={t.delivery.doneLabel(name)}
            disabled={working}
            onClick={() => void press(onDone)}
          >
            {t.delivery.done}
          </button>
        )}
      </div>
    </li>
  );
}
