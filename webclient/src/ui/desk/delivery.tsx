import { useState } from 'preact/hooks';
import type { LinkDelivery } from '../../protocol/messages';
import { reasonOf, sendLink } from '../../session/undelivered';
import { deskWords } from '../i18n/desk';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import type { DeskPort } from '../parts/ports';
import type { Toasts } from '../parts/toast';

/** It did not arrive, or nobody knows. */
export function isTrouble({ state }: Pick<LinkDelivery, 'state'>): boolean {
  return state === 'failed' || state === 'uncertain';
}

/** What became of somebody's link, and why it did not arrive. */
export function DeliveryChip({ delivery, phone }: { readonly delivery: LinkDelivery; readonly phone: string }) {
  const { t, format } = useApp(deskWords);
  const said = t.delivery.states[delivery.channel][delivery.state];
  if (!isTrouble(delivery)) {
    return <span>{said}</span>;
  }
  const reason = reasonOf(delivery.reason);
  return (
    <span class="trouble">
      <WarningIcon />
      <span>
        {reason === null ? said : t.delivery.because(said, t.delivery.reasons[reason])}{' '}
        {phone !== '' && (
          <a class="dial" href={`tel:${phone}`} dir="ltr">
            {format.phone(phone)}
          </a>
        )}
      </span>
    </span>
  );
}

interface SendAgainProps {
  readonly desk: DeskPort;
  readonly toasts: Toasts;
  readonly consultation: string;
  readonly participant: string;
  readonly name: string;
  readonly onSent?: () => void;
}

/** Sends somebody whose link did not arrive another one. */
export function SendAgain({ desk, toasts, consultation, participant, name, onSent }: SendAgainProps) {
  const { t } = useApp(deskWords);
  const [working, setWorking] = useState(false);
  const send = async (): Promise<void> => {
    setWorking(true);
    try {
      await sendLink((method, path, body) => desk.request(method, path, body), consultation, participant);
      toasts.say(t.delivery.sentAgain(name));
      onSent?.();
    } catch {
      toasts.warn(t.delivery.notSentAgain);
    }
    setWorking(false);
  };
  return (
    <button
      type="button"
      class="button small"
      disabled={working}
      aria-label={t.delivery.sendAgainLabel(name)}
      onClick={() => void send()}
    >
      {t.delivery.sendAgain}
    </button>
  );
}
