import '../styles/visit.css';
import { useState } from 'preact/hooks';
import type { Identity, Proof, Visit } from '../../protocol/messages';
import { toPhone, toVideo, verify } from '../../session/visit';
import type { CallTabProps } from '../call/tabs';
import { visitWords } from '../i18n/visit';
import { WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { SelectField } from '../parts/field';
import { dialledPhone } from '../parts/format';
import { useNow } from '../parts/hooks';
import { useShell } from '../shell/context';
import { CorrectIdentity } from './correct';

const proofs: readonly Proof[] = ['known', 'document', 'qualified', 'carer'];

/** Above everything else in the practitioner's column: who the patient is, where, and how to reach them when the call is cut off. */
export function IdentityStrip({ snapshot, consultation }: CallTabProps) {
  const { t } = useApp(visitWords);
  const patients = snapshot.visit?.patients ?? [];
  return (
    <section class="identities" aria-label={t.visit.strip}>
      {patients.map(one => (
        <OneIdentity
          key={one.participant}
          who={one}
          phone={snapshot.visit?.phone ?? null}
          consultation={consultation}
        />
      ))}
    </section>
  );
}

/** The same in one line, in the bar of the call, while the column is closed. */
export function IdentityLine({ visit, onOpen }: { readonly visit: Visit; readonly onOpen: () => void }) {
  const { t, format } = useApp(visitWords);
  const who = visit.patients[0];
  if (who === undefined) {
    return null;
  }
  const open = who.verified === undefined;
  return (
    <button type="button" class="on-stage identity-line" onClick={onOpen}>
      {open && <WarningIcon />}
      <span>
        {[
          who.birth_date === undefined ? t.visit.bornUnknown : format.date(who.birth_date),
          open ? t.visit.identityNotVerified : t.visit.proofs[who.verified ?? 'known'],
        ].join(' · ')}
      </span>
    </button>
  );
}

interface OneProps {
  readonly who: Identity;
  readonly phone: { readonly participant: string; readonly number: string; readonly since: string } | null;
  readonly consultation: string;
}

function OneIdentity({ who, phone, consultation }: OneProps) {
  const { t, format } = useApp(visitWords);
  const { desk, toasts } = useShell();
  const [correcting, setCorrecting] = useState(false);
  const words = t.visit;
  const name = who.name === '' ? words.nameUnknown : who.name;
  const attempt = (does: Promise<unknown>): void => {
    does.catch(() => toasts.warn(words.notKept));
  };
  return (
    <div class="identity">
      <div class="identity-name">
        <p>
          <b>{name}</b>
          <br />
          {who.birth_date === undefined
            ? words.bornUnknown
            : words.born(format.date(who.birth_date), ageOn(who.birth_date, new Date()))}
        </p>
        <button
          type="button"
          class="button small"
          aria-label={words.correctOf(name)}
          onClick={() => setCorrecting(true)}
        >
          {words.correct}
        </button>
      </div>
      <SelectField<Proof | ''>
        label={words.identity}
        value={who.verified ?? ''}
        choices={[
          { value: '', label: words.notVerified },
          ...proofs.map(value => ({ value, label: words.proofs[value] })),
        ]}
        onChoose={how =>
          attempt(verify(desk.request.bind(desk), consultation, who.participant, how === '' ? null : how))
        }
      />
      {who.verified !== undefined && (
        <p class="quiet">{words.verifiedBy(who.verified_by ?? '', format.time(who.verified_at ?? ''))}</p>
      )}
      <p>
        <span class="quiet">{words.place}</span> <span dir="auto">{who.place ?? words.placeUnknown}</span>
        {who.said_by_self === true && who.said_at !== undefined && (
          <span class="quiet"> ({words.saidBySelf(format.time(who.said_at))})</span>
        )}
        <br />
        <b>{who.emergency === undefined ? words.emergencyUnknown : words.emergency(who.emergency)}</b>
      </p>
      {phone?.participant !== who.participant && (
        <p>
          <span class="quiet">{words.callBack}</span>{' '}
          {who.call_back === undefined ? (
            words.callBackUnknown
          ) : (
            <a class="dial" href={`tel:${dialledPhone(who.call_back)}`} dir="ltr">
              {format.phone(who.call_back)}
            </a>
          )}
        </p>
      )}
      {phone?.participant === who.participant ? (
        <OnPhone
          number={phone.number}
          since={phone.since}
          onVideo={() => attempt(toVideo(desk.request.bind(desk), consultation))}
        />
      ) : (
        who.call_back !== undefined && (
          <button
            type="button"
            class="button small"
            onClick={() => attempt(toPhone(desk.request.bind(desk), consultation, who.participant))}
          >
            {words.toPhone}
          </button>
        )
      )}
      {correcting && <CorrectIdentity who={who} consultation={consultation} onClose={() => setCorrecting(false)} />}
    </div>
  );
}

function OnPhone({
  number,
  since,
  onVideo,
}: {
  readonly number: string;
  readonly since: string;
  readonly onVideo: () => void;
}) {
  const { t, format } = useApp(visitWords);
  const now = useNow(1000);
  return (
    <div class="notice on-phone">
      <p>
        <b>{t.visit.onPhone(format.clock((now - Date.parse(since)) / 1000))}</b>
        <br />
        {t.visit.onPhoneMore}
      </p>
      <div class="row">
        <a class="button primary small" href={`tel:${dialledPhone(number)}`}>
          {t.visit.dial(format.phone(number))}
        </a>
        <button type="button" class="button small" onClick={onVideo}>
          {t.visit.toVideo}
        </button>
      </div>
    </div>
  );
}

/** Whole years between a day (YYYY-MM-DD) and now. */
export function ageOn(birthDate: string, now: Date): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const before = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
  return Math.max(0, now.getFullYear() - year - (before ? 1 : 0));
}
