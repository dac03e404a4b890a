import { useState } from 'preact/hooks';
import type { Agenda, Appointment } from '../../session/agenda';
import { type Visit, visitorOf } from '../../session/day';
import { DeliveryChip, isTrouble, SendAgain } from '../desk/delivery';
import { FinishQuestion, LinkDialog } from '../desk/openlist';
import { deskWords } from '../i18n/desk';
import { sheetWords } from '../i18n/sheet';
import { todayWords } from '../i18n/today';
import { visitWords } from '../i18n/visit';
import { CalendarIcon, WarningIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { type Column, Table } from '../parts/table';
import { SheetDialog } from '../sheet/sheet';
import { useMay, useShell } from '../shell/context';
import { KeptChatDialog } from '../visit/keptchat';
import { AgreedActions, AgreedHow, AgreedState, AgreedWho } from './agreed';
import { deliveryOf, interpreterOf, isCalledOff, stateOf, testOf, visitName } from './visit';

interface DayListProps {
  readonly visits: readonly Visit[];
  /** What is agreed besides, by phone and in person. */
  readonly agreed: readonly Appointment[];
  readonly agenda: Agenda;
  /** YYYY-MM-DD */
  readonly date: string;
  /** The day, as shown. */
  readonly name: string;
  readonly isToday: boolean;
  readonly onChanged: () => void;
}

/** One line: a consultation, or an appointment that has none. */
type Row = { readonly at: string; readonly key: string } & (
  | { readonly visit: Visit; readonly one: null }
  | { readonly visit: null; readonly one: Appointment }
);

/** A day's visits: when, who, how far it is, whether the device was tested and the link arrived, and what can be done. */
export function DayList({ visits, agreed, agenda, date, name, isToday, onChanged }: DayListProps) {
  const { desk, toasts } = useShell();
  const { t: words, format } = useApp(todayWords);
  const { t } = useApp(deskWords);
  const [ending, setEnding] = useState<Visit | null>(null);
  const [link, setLink] = useState<{
    readonly visit: Visit;
    readonly participant: string;
    readonly link: string;
  } | null>(null);
  const [printing, setPrinting] = useState<{ readonly visit: Visit; readonly participant: string } | null>(null);
  const mayTell = useMay('notices:write');
  const { t: sheet } = useApp(sheetWords);
  const again = async (visit: Visit, participant: string): Promise<void> => {
    try {
      setLink({ visit, participant, link: await desk.link(visit.id, participant) });
    } catch {
      toasts.warn(t.desk.failed);
    }
  };
  if (visits.length + agreed.length === 0) {
    return <EmptyState icon={CalendarIcon} heading={isToday ? words.today.none : words.today.noneOther} />;
  }
  const headings = words.today.columns;
  const rows: readonly Row[] = [
    ...visits.map(visit => ({ at: visit.at, key: visit.id, visit, one: null })),
    ...agreed.map(one => ({ at: one.start, key: one.id, visit: null, one })),
  ].sort((x, y) => Date.parse(x.at) - Date.parse(y.at));
  const columns: readonly Column<Row>[] = [
    {
      key: 'time',
      heading: headings.time,
      bare: true,
      cell: ({ at, visit }) => (
        <>
          <b class="hour">{format.time(at)}</b>
          {visit?.planned === false && <span class="quiet at-once"> {words.today.atOnce}</span>}
        </>
      ),
    },
    {
      key: 'who',
      heading: headings.who,
      main: true,
      cell: ({ visit, one }) => (visit === null ? <AgreedWho one={one} date={date} /> : <Who visit={visit} />),
    },
    {
      key: 'state',
      heading: headings.state,
      bare: true,
      cell: ({ visit, one }) => (visit === null ? <AgreedState one={one} /> : <State visit={visit} />),
    },
    {
      key: 'ready',
      heading: headings.ready,
      bare: true,
      cell: ({ visit, one }) =>
        visit === null ? (
          <AgreedHow one={one} />
        ) : (
          visit.state !== 'ended' && (
            <div class="lines-of">
              <Sent visit={visit} />
              <Test visit={visit} />
            </div>
          )
        ),
    },
    {
      key: 'actions',
      heading: headings.actions,
      silent: true,
      cell: ({ visit, one }) =>
        visit === null ? (
          <AgreedActions one={one} agenda={agenda} />
        ) : (
          <Actions
            visit={visit}
            onEnd={() => setEnding(visit)}
            onLink={id => void again(visit, id)}
            onChanged={onChanged}
          />
        ),
    },
  ];
  return (
    <div class="day">
      <Table
        caption={words.today.caption(name)}
        columns={columns}
        rows={rows}
        keyOf={row => row.key}
        classOf={({ visit }) => (visit !== null && stateOf(visit) === 'ended' ? 'over' : '')}
      />
      {ending !== null && (
        <FinishQuestion
          name={visitName(ending, t, format)}
          planned={ending.planned && ending.state === 'created' ? ending.at : null}
          onNo={() => setEnding(null)}
          onYes={() => {
            void desk.end(ending.id).then(onChanged);
            setEnding(null);
          }}
        />
      )}
      {link !== null && (
        <LinkDialog link={link.link} onClose={() => setLink(null)}>
          {mayTell && (
            <button
              type="button"
              class="button"
              onClick={() => {
                setPrinting(link);
                setLink(null);
              }}
            >
              {sheet.sheet.make}
            </button>
          )}
        </LinkDialog>
      )}
      {printing !== null && (
        <SheetDialog
          consultation={printing.visit.id}
          participant={printing.participant}
          onClose={() => setPrinting(null)}
        />
      )}
    </div>
  );
}

/** The name, and what to know before one speaks: language, needs. */
function Who({ visit }: { readonly visit: Visit }) {
  const { t: words, language, format } = useApp(todayWords);
  const { t } = useApp(deskWords);
  const person = visitorOf(visit);
  const { t: more } = useApp(visitWords);
  const interpreter = visit.state === 'ended' ? null : interpreterOf(visit, Date.now());
  const theirs = person?.language.split('-')[0] ?? '';
  const name = visitName(visit, t, format);
  return (
    <>
      <b>{visit.record === '' ? name : <a href={`/desk/patients/${visit.record}`}>{name}</a>}</b>
      {theirs !== '' && theirs !== language && <span class="chip">{format.language(theirs)}</span>}
      {person?.needs.map(need => (
        <span key={need} class="chip">
          {words.today.needs[need as keyof typeof words.today.needs] ?? need}
        </span>
      ))}
      {interpreter !== null && <span class="chip">{more.visitPage.interpreter[interpreter]}</span>}
      {visit.people
        .filter(one => one.role === 'guest')
        .map(one => (
          <span key={one.id} class="chip">
            <bdi>{one.name === '' ? t.common.roles.guest : one.name}</bdi>
          </span>
        ))}
    </>
  );
}

function State({ visit }: { readonly visit: Visit }) {
  const { t: words, format } = useApp(todayWords);
  const { t } = useApp(deskWords);
  const state = stateOf(visit);
  const since = visitorOf(visit)?.since ?? null;
  return (
    <>
      <span class={state === 'waiting' || state === 'call' ? 'now' : undefined}>
        {isCalledOff(visit) ? words.today.calledOff : words.today.state[state]}
      </span>
      {since !== null && state !== 'ended' && <span class="quiet"> {t.desk.arrivedAt(format.time(since))}</span>}
      {state === 'ended' && visit.endedAt !== null && <span class="quiet"> {format.time(visit.endedAt)}</span>}
    </>
  );
}

function Test({ visit }: { readonly visit: Visit }) {
  const { t: words } = useApp(todayWords);
  const { t } = useApp(deskWords);
  const person = visitorOf(visit);
  if (person === null || visit.state === 'ended') {
    return null;
  }
  const { tested, troubles } = testOf(person.devices, t);
  if (!tested) {
    return <span class="quiet">{words.today.notTested}</span>;
  }
  if (troubles.length === 0) {
    return <span>{words.today.testedFine}</span>;
  }
  return (
    <span class="trouble">
      <WarningIcon />
      {troubles.join(' · ')}
    </span>
  );
}

/** Whether the links of all who are invited arrived: the patient's without a name, as it stands beside theirs. */
function Sent({ visit }: { readonly visit: Visit }) {
  const { t: words } = useApp(todayWords);
  const { t } = useApp(deskWords);
  const patient = visitorOf(visit);
  if (visit.state === 'ended') {
    return null;
  }
  return (
    <>
      {visit.people.map(person => {
        const delivery = deliveryOf(visit, person.id);
        const theirs = person.id === patient?.id;
        if (delivery === null) {
          return (
            theirs &&
            person.place === 'invited' && (
              <span key={person.id} class="quiet">
                {words.today.handed}
              </span>
            )
          );
        }
        return (
          <span key={person.id} class="sent">
            {!theirs && <span class="quiet">{person.name === '' ? t.common.roles[person.role] : person.name} · </span>}
            <DeliveryChip delivery={delivery} phone={person.phone} />
          </span>
        );
      })}
    </>
  );
}

interface ActionsProps {
  readonly visit: Visit;
  readonly onEnd: () => void;
  readonly onLink: (participant: string) => void;
  readonly onChanged: () => void;
}

function Actions({ visit, onEnd, onLink, onChanged }: ActionsProps) {
  const { enter, desk, toasts } = useShell();
  const mayTell = useMay('notices:write');
  const { t, format } = useApp(deskWords);
  const mayCall = useMay('call');
  const mayChange = useMay('consultations:write');
  const mayRead = useMay('documents:read');
  const state = stateOf(visit);
  const person = visitorOf(visit);
  const name = visitName(visit, t, format);
  if (state === 'ended' && mayRead) {
    return <EndedActions visit={visit} name={name} />;
  }
  if (state === 'ended' || !mayChange) {
    return null;
  }
  const delivery = person === null ? null : deliveryOf(visit, person.id);
  return (
    <div class="row">
      {mayTell && person !== null && delivery !== null && isTrouble(delivery) && state !== 'call' && (
        <SendAgain
          desk={desk}
          toasts={toasts}
          consultation={visit.id}
          participant={person.id}
          name={name}
          onSent={onChanged}
        />
      )}
      {mayCall && (state === 'call' || state === 'left') && (
        <button
          type="button"
          class="button primary small"
          aria-label={t.desk.resumeLabel(name)}
          onClick={() => enter(visit.id)}
        >
          {t.desk.resume}
        </button>
      )}
      {person !== null && (state === 'notOpened' || state === 'expected' || state === 'absent') && (
        <button
          type="button"
          class="button small"
          aria-label={t.desk.newLinkLabel(name)}
          onClick={() => onLink(person.id)}
        >
          {t.desk.newLink}
        </button>
      )}
      <Details visit={visit} name={name} />
      <button type="button" class="button small" aria-label={t.desk.finishLabel(name)} onClick={onEnd}>
        {t.desk.finish}
      </button>
    </div>
  );
}

/** The visit's own screen: who comes, interpreters, documents, messages. */
function Details({ visit, name }: { readonly visit: Visit; readonly name: string }) {
  const { t } = useApp(visitWords);
  return (
    <a class="button small" href={`/desk/visits/${visit.id}`} aria-label={t.visitPage.openOf(name)}>
      {t.visitPage.open}
    </a>
  );
}

/** What there is to read of a visit that is over. */
function EndedActions({ visit, name }: { readonly visit: Visit; readonly name: string }) {
  const { t } = useApp(visitWords);
  const [open, setOpen] = useState(false);
  return (
    <div class="row">
      <Details visit={visit} name={name} />
      <button type="button" class="button small" aria-label={t.keptChat.openOf(name)} onClick={() => setOpen(true)}>
        {t.keptChat.open}
      </button>
      {open && <KeptChatDialog consultation={visit.id} name={name} onClose={() => setOpen(false)} />}
    </div>
  );
}
