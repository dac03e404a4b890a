import '../styles/services.css';
import { useState } from 'preact/hooks';
import type { Member, Service } from '../../session/services';
import { textIn } from '../../session/texts';
import { servicesWords } from '../i18n/services';
import { CalendarIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import type { SectionProps } from '../settings/sections';
import { NothingHere } from '../shell/frame';
import { Editor } from './editor';
import { QuickStart } from './quick';
import { lengthIn, useRead, useServer } from './use';

/** What can be booked, and below its address each service in its form. */
export function ServicesSection({ below: [which, ...rest] }: SectionProps) {
  const { t } = useApp(servicesWords);
  const { services } = useServer();
  const [again, setAgain] = useState(0);
  const [read] = useRead(
    async () => ({ all: await services.list(), rooms: await services.rooms(), members: await services.members() }),
    `${which ?? ''} ${again}`,
  );
  if (read === null) {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  if (read === 'failed') {
    return (
      <div class="notice bad">
        <p>{t.common.loadFailed}</p>
        <button type="button" class="button small" onClick={() => setAgain(again + 1)}>
          {t.common.retry}
        </button>
      </div>
    );
  }
  const { all, rooms, members } = read;
  if (which !== undefined) {
    const service = which === 'new' ? null : all.find(one => one.id === which);
    return service === undefined || rest.length > 0 ? (
      <NothingHere />
    ) : (
      <Editor key={which} service={service} rooms={rooms} members={members} />
    );
  }
  return <List all={all} members={members} onDone={() => setAgain(again + 1)} />;
}

interface ListProps {
  readonly all: readonly Service[];
  readonly members: readonly Member[];
  readonly onDone: () => void;
}

function List({ all, members, onDone }: ListProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.list;
  const length = lengthIn(language);
  const shown = [...all].sort((a, b) => textIn(a.label, language).localeCompare(textIn(b.label, language), language));
  const givers = (service: Service): string =>
    service.practitioners
      .map(id => members.find(one => one.id === id)?.name ?? '')
      .filter(Boolean)
      .join(', ') || words.nobody;
  return (
    <section class="stack booking">
      <h2>{words.heading}</h2>
      <p>{words.intro}</p>
      {all.length === 0 && (
        <>
          <EmptyState icon={CalendarIcon} heading={words.none}>
            <p>{words.noneMore}</p>
          </EmptyState>
          <QuickStart onDone={onDone} />
        </>
      )}
      <ul class="plain-list">
        {shown.map(one => {
          const name = textIn(one.label, language);
          return (
            <li key={one.id} class="card row between">
              <div>
                <h3>{name}</h3>
                <p>
                  {[length(one.duration), ...one.modalities.map(by => t.services.modalities[by])].join(' · ')}
                  <br />
                  {givers(one)}
                </p>
                {(one.hidden || one.approval) && (
                  <p class="row">
                    {one.hidden && <span class="chip">{words.hidden}</span>}
                    {one.approval && <span class="chip">{words.approval}</span>}
                  </p>
                )}
              </div>
              <a class="button small" href={`/desk/settings/services/${one.id}`} aria-label={words.changeOf(name)}>
                {words.change}
              </a>
            </li>
          );
        })}
      </ul>
      <div class="row">
        <a class={all.length === 0 ? 'button' : 'button primary'} href="/desk/settings/services/new">
          {words.add}
        </a>
        {all.length > 0 && (
          <a class="button" href="/desk/settings/booking-page">
            {t.services.quick.see}
          </a>
        )}
      </div>
    </section>
  );
}
