import '../styles/agenda.css';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Agenda, type Appointment, type Service } from '../../session/agenda';
import { dayAfter, isDay } from '../../session/day';
import type { Me } from '../../session/desk';
import { agendaWords } from '../i18n/agenda';
import { AgendaIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { useMedia, useNow, usePart, useSnapshot } from '../parts/hooks';
import type { AreaProps } from '../shell/areas';
import { useMay, useShell } from '../shell/context';
import { NothingHere } from '../shell/frame';
import { ScreenHeading } from '../shell/heading';
import { addressOf, type Place, queried } from './address';
import { BookDialog } from './book';
import { DeclinedWarning } from './declined';
import { AppointmentDialog } from './detail';
import { DriftWarning } from './drift';
import { Grid } from './grid';
import { LackWarning } from './lacking';
import { aligned, type Column, columnsOf, hoursOf, instantOf, mondayOf } from './layout';
import { AgendaList } from './list';
import { useLive } from './live';
import { MoveDialog } from './move';
import { whenOf } from './say';
import { DaySheet } from './sheet';
import type { Giver } from './time';
import { Toolbar } from './toolbar';

const MOST = 6; // books side by side, when nobody has chosen

/** The appointment book: /desk/agenda, /desk/agenda/day/2026-11-24, /desk/agenda/week/2026-11-24. */
export function AgendaArea({ below: [view = 'day', date, ...rest], query }: AreaProps) {
  const { desk } = useShell();
  const { t, format } = useApp(agendaWords);
  const me = usePart(desk, snapshot => snapshot.me);
  // Of the clocks of whose books are shown; of the practice's until they are known, and where they are in several zones.
  const [zone, setZone] = useState('');
  const now = new Date(useNow(30_000));
  const today = (zone === '' ? format : format.inZone(zone)).dayOf(now);
  if (rest.length > 0 || (view !== 'day' && view !== 'week') || (date !== undefined && !isDay(date))) {
    return <NothingHere />;
  }
  if (me === null || me.actsFor.length === 0) {
    return (
      <>
        <ScreenHeading hidden>{t.agenda.heading}</ScreenHeading>
        <EmptyState icon={AgendaIcon} heading={t.agenda.nobodyLets}>
          <p>{t.agenda.nobodyLetsHow}</p>
        </EmptyState>
      </>
    );
  }
  return (
    <AgendaScreen me={me} today={today} place={{ view, date: date ?? today, ...queried(query) }} onZone={setZone} />
  );
}

interface ScreenProps {
  readonly me: Me;
  readonly today: string;
  readonly place: Place;
  /** The zone of all books that are shown; '' for several. */
  onZone(zone: string): void;
}

/** Whose books are shown: those that were chosen, a practitioner's own, or all that a secretary keeps. */
function booksOf({ actsFor, roles, id }: Me, { view, who }: Place): readonly string[] {
  const all = actsFor.map(one => one.id);
  const chosen = all.filter(one => who.includes(one));
  const own = roles.includes('practitioner') ? [id] : all.slice(0, MOST);
  const shown = chosen.length > 0 ? chosen : own;
  return view === 'week' ? shown.slice(0, 1) : shown;
}

type Doing =
  | { readonly what: 'book'; readonly start: string; readonly practitioner: string; readonly pressed: boolean }
  | {
      readonly what: 'move';
      readonly appointment: Appointment;
      readonly to: { start: string; practitioner: string } | null;
    };

function AgendaScreen({ me, today, place, onZone }: ScreenProps) {
  const { desk, router, toasts } = useShell();
  const { t, format } = useApp(agendaWords);
  const [agenda] = useState(() => new Agenda((method, path, body) => desk.request(method, path, body)));
  const { books, failed } = useSnapshot(agenda);
  const now = useNow(30_000);
  const phone = useMedia('(max-width: 44rem)');
  const mayChange = useMay('appointments:write');
  const [services, setServices] = useState<readonly Service[] | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const turned = useRef(false);
  const { view, date } = place;
  const whose = booksOf(me, place);
  const from = view === 'day' ? date : mondayOf(date);
  const to = view === 'day' ? date : dayAfter(from, 6);
  useEffect(() => void agenda.show({ from, to, whose }), [from, to, whose.join()]);
  useLive(agenda);
  useEffect(() => {
    const [first] = books ?? [];
    if (first !== undefined) {
      onZone(books?.every(one => one.timeZone === first.timeZone) ? first.timeZone : '');
    }
  }, [books]);
  useEffect(() => {
    agenda.services().then(setServices, () => undefined);
  }, []);

  const side = useMemo(() => aligned(books ?? []), [books]);
  const hours = useMemo(() => hoursOf(side), [side]);
  const all = useMemo(() => columnsOf(side, hours), [side]);
  // A weekend that is closed and empty takes no room.
  const columns =
    view === 'week'
      ? all.filter(({ day, cards }, i) => i < 5 || day.date === today || day.open.length > 0 || cards.length > 0)
      : all;
  const zoneOf = (id: string): string | undefined => books?.find(book => book.practitioner === id)?.timeZone;
  const givers: readonly Giver[] = me.actsFor.map(({ id, name }) => ({
    id,
    name,
    timeZone: zoneOf(id) ?? books?.[0]?.timeZone ?? 'UTC',
  }));
  const headingOf = ({ book, day }: Column): string => {
    if (view === 'week') {
      return format.day(day.date);
    }
    const there = format.inZone(book.timeZone);
    return there.elsewhere && books?.some(one => one.timeZone !== book.timeZone)
      ? `${book.name} · ${there.zone}`
      : book.name;
  };
  const there = books?.[0] === undefined ? null : format.inZone(books[0].timeZone);
  const zone = there?.elsewhere && books?.every(one => one.timeZone === books[0]?.timeZone) ? there.zone : '';
  const open = (appointment: string): void => router.go(addressOf({ ...place, appointment }));
  const close = (): void => router.go(addressOf({ ...place, appointment: '' }));
  const opened = books?.flatMap(book => book.appointments).find(one => one.id === place.appointment);
  const book = (column: Column | undefined, minute: number, pressed: boolean): void => {
    if (column !== undefined) {
      const { practitioner } = column.book;
      setDoing({ what: 'book', start: instantOf(column.day, minute), practitioner, pressed });
    }
  };
  const shownDay = view === 'day' ? format.day(date) : t.agenda.weekOf(format.day(from));
  const first = columns.find(column => column.day.date >= today) ?? columns[0];

  return (
    <div class="agenda">
      <ScreenHeading hidden>{t.agenda.headingOf(shownDay)}</ScreenHeading>
      <Toolbar
        place={place}
        today={today}
        owners={me.actsFor}
        whose={whose}
        zone={zone}
        onWho={who => router.go(addressOf({ ...place, who, appointment: '' }))}
        onBook={mayChange ? () => book(first, nextMinute(first, now), false) : null}
      />
      {failed && <p class="notice">{t.agenda.failed}</p>}
      <DeclinedWarning agenda={agenda} mayChange={mayChange} />
      <DriftWarning
        agenda={agenda}
        whose={whose}
        mayChange={mayChange}
        onMove={(appointment, start) =>
          setDoing({ what: 'move', appointment, to: { start, practitioner: appointment.practitioner } })
        }
      />
      <LackWarning agenda={agenda} mayChange={mayChange} onOpen={({ id }) => open(id)} />
      {books
        ?.filter(one => !one.bookable)
        .map(one => (
          <p key={one.practitioner} class="notice">
            {t.agenda.noHours(one.name)}
          </p>
        ))}
      {books === null ? (
        !failed && <p class="soon quiet">{t.common.loading}</p>
      ) : phone ? (
        <AgendaList columns={columns} headingOf={headingOf} onOpen={({ id }) => open(id)} />
      ) : (
        <>
          <Grid
            columns={columns}
            hours={hours}
            headingOf={headingOf}
            linkOf={({ day }) =>
              view === 'week' ? addressOf({ ...place, view: 'day', date: day.date, appointment: '' }) : ''
            }
            now={now}
            mayChange={mayChange}
            onOpen={({ id }) => open(id)}
            onBook={(column, minute) => book(column, minute, true)}
            onDrop={(appointment, column, minute) =>
              setDoing({
                what: 'move',
                appointment,
                to: { start: instantOf(column.day, minute), practitioner: column.book.practitioner },
              })
            }
            turned={turned}
            onTurn={by =>
              router.go(addressOf({ ...place, date: dayAfter(date, by * (view === 'day' ? 1 : 7)), appointment: '' }))
            }
          />
          <Legend />
        </>
      )}
      {view === 'day' && <DaySheet columns={columns} heading={shownDay} />}
      {place.appointment !== '' && doing === null && (
        <AppointmentDialog
          key={place.appointment}
          agenda={agenda}
          id={place.appointment}
          changedAt={opened?.changedAt ?? ''}
          linkOf={one =>
            addressOf({
              ...place,
              date: format.inZone(one.timeZone).dayOf(new Date(one.start)),
              who: whose.includes(one.practitioner) ? place.who : [one.practitioner],
              appointment: one.id,
            })
          }
          onMove={appointment => setDoing({ what: 'move', appointment, to: null })}
          onClose={close}
        />
      )}
      {doing?.what === 'book' && (
        <BookDialog agenda={agenda} services={services} givers={givers} {...doing} onClose={() => setDoing(null)} />
      )}
      {doing?.what === 'move' && (
        <MoveDialog
          agenda={agenda}
          givers={givers}
          {...doing}
          onClose={() => setDoing(null)}
          onMoved={moved => {
            setDoing(null);
            if (place.appointment !== '') {
              close();
            }
            toasts.say(t.agenda.movedToast(moved.name, whenOf(moved.start, moved.timeZone, format)));
          }}
        />
      )}
    </div>
  );
}

/** The next quarter of an hour of today, or the first that is open. */
function nextMinute(column: Column | undefined, now: number): number {
  const free = column?.slots.filter(slot => slot.kind === 'free') ?? [];
  const ahead = free.find(slot => column !== undefined && Date.parse(instantOf(column.day, slot.from)) >= now);
  return (ahead ?? free[0] ?? column?.slots[0])?.from ?? 9 * 60;
}

/** What the backgrounds mean, and the keys. */
function Legend() {
  const { t } = useApp(agendaWords);
  const { legend, keys } = t.agenda;
  return (
    <div class="agenda-legend">
      <ul class="row">
        {(['closed', 'blocked', 'buffer'] as const).map(one => (
          <li key={one} class="row">
            <span class={`swatch ${one}`} aria-hidden="true" />
            {legend[one]}
          </li>
        ))}
      </ul>
      <p class="quiet">{keys}</p>
    </div>
  );
}
