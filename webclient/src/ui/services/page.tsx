import '../styles/services.css';
import { useState } from 'preact/hooks';
import type { Service } from '../../session/services';
import { textIn } from '../../session/texts';
import { QrCode } from '../desk/qr';
import { servicesWords } from '../i18n/services';
import { CalendarIcon } from '../icons';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { EmptyState } from '../parts/empty';
import { SelectField } from '../parts/field';
import { Preview } from './preview';
import { QuickStart } from './quick';
import { useRead, useServer } from './use';

/** Where patients book, how that comes into the practice's own site, and what they see there now. */
export function BookingPageSection() {
  const { t } = useApp(servicesWords);
  const { services } = useServer();
  const words = t.services.page;
  const [again, setAgain] = useState(0);
  const [read] = useRead(async () => ({ all: await services.list(), members: await services.members() }), again);
  const [open] = useRead(async () => (await fetch('/book', { method: 'HEAD' })).ok, services);
  const [service, setService] = useState('');
  const [practitioner, setPractitioner] = useState('');
  if (read === null) {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  if (read === 'failed') {
    return <p class="notice bad">{t.common.loadFailed}</p>;
  }
  const { all, members } = read;
  if (all.length === 0) {
    return (
      <section class="stack booking">
        <h2>{words.heading}</h2>
        <EmptyState icon={CalendarIcon} heading={t.services.list.none}>
          <p>{t.services.list.noneMore}</p>
        </EmptyState>
        <QuickStart onDone={() => setAgain(again + 1)} />
      </section>
    );
  }
  const chosen = all.find(one => one.id === service);
  const givers = members.filter(({ id }) =>
    (chosen === undefined ? all : [chosen]).some(one => one.practitioners.includes(id)),
  );
  const giver = givers.some(({ id }) => id === practitioner) ? practitioner : '';
  const address = addressOf(location.origin, service, giver);
  return (
    <section class="stack booking">
      <h2>{words.heading}</h2>
      <p>{words.intro}</p>
      {open === false && <p class="notice">{words.off}</p>}
      <div class="card stack">
        <div class="pair">
          <ServiceChoice
            all={all.filter(one => !one.hidden)}
            label={words.which}
            none={words.whole}
            value={service}
            onChoose={setService}
          />
          <SelectField
            label={words.with}
            value={giver}
            choices={[{ value: '', label: words.any }, ...givers.map(({ id, name }) => ({ value: id, label: name }))]}
            onChoose={setPractitioner}
          />
        </div>
        <CopyLink link={address} label={words.address} primary />
        <div class="row">
          <QrCode text={address} label={words.qr} />
          <a class="button" href={address} target="_blank" rel="noreferrer">
            {words.open}
          </a>
        </div>
      </div>
      <div class="card stack">
        <h3>{words.embed}</h3>
        <p>{words.embedHint}</p>
        <CopyLink link={embedOf(location.origin, service, giver)} label={words.embedLabel} copy={words.copy} />
        <p class="quiet">{words.embedAllowed}</p>
      </div>
      <Preview all={all} members={members} />
    </section>
  );
}

interface ChoiceProps {
  readonly all: readonly Service[];
  readonly label: string;
  /** What stands for no service; undefined: one must be chosen. */
  readonly none?: string;
  readonly value: string;
  readonly onChoose: (id: string) => void;
}

export function ServiceChoice({ all, label, none, value, onChoose }: ChoiceProps) {
  const { language } = useApp(servicesWords);
  const choices = all.map(one => ({ value: one.id, label: textIn(one.label, language) }));
  return (
    <SelectField
      label={label}
      value={value}
      choices={none === undefined ? choices : [{ value: '', label: none }, ...choices]}
      onChoose={onChoose}
    />
  );
}

/** The public address, as package bookingpage has it. */
export function addressOf(origin: string, service: string, practitioner: string): string {
  if (service === '') {
    return practitioner === '' ? `${origin}/book` : `${origin}/book/with/${practitioner}`;
  }
  return `${origin}/book/${service}${practitioner === '' ? '' : `?with=${practitioner}`}`;
}

/** The one line for another site. Ids hold no character that would have to be escaped. */
export function embedOf(origin: string, service: string, practitioner: string): string {
  const said = (name: string, value: string): string => (value === '' ? '' : ` data-${name}="${value}"`);
  return `<script src="${origin}/book/embed.js"${said('service', service)}${said('with', practitioner)} defer></script>`;
}
