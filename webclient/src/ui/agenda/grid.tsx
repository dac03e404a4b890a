import { useEffect, useRef, useState } from 'preact/hooks';
import type { Appointment } from '../../session/agenda';
import { wallOf } from '../../session/zone';
import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import { AppointmentCard } from './card';
import {
  arrow,
  blockedOf,
  buffersOf,
  type Column,
  clockOf,
  FINE,
  instantOf,
  minuteOf,
  openOf,
  outOfHole,
  type Span,
  STEP,
  shownOf,
  stopsOf,
} from './layout';
import { placed } from './place';
import { isAhead } from './say';
import { EmptySlot } from './slot';

interface GridProps {
  readonly columns: readonly Column[];
  readonly hours: Span;
  /** What a column is called. */
  headingOf(column: Column): string;
  /** Where its heading leads; '' for nowhere. */
  linkOf(column: Column): string;
  /** Milliseconds. */
  readonly now: number;
  readonly mayChange: boolean;
  onOpen(appointment: Appointment): void;
  onBook(column: Column, minute: number): void;
  onDrop(appointment: Appointment, column: Column, minute: number): void;
  /** PageUp and PageDown: the days before and after. */
  onTurn(by: -1 | 1): void;
  /** The keys turned here: the focus comes along. */
  readonly turned: { current: boolean };
}

/** An appointment on its way. */
interface Moving {
  readonly appointment: Appointment;
  readonly length: number; // minutes
  readonly column: number;
  readonly minute: number;
  readonly by: 'keys' | 'pointer';
}

interface Held {
  readonly appointment: Appointment;
  readonly length: number;
  readonly grab: number; // pixels below the card's upper edge
  readonly x: number;
  readonly y: number;
}

const EDGE = 40; // pixels from the window's edge within which what is dragged scrolls the page
const SCROLL = 12; // pixels at each movement
const SLACK = 5; // pixels that a hand may tremble before it drags

/**
 * Columns of days with what is agreed and what is free in them, all of it buttons: one stop of the Tab key, arrows within. Appointments are
 * moved by M, arrows and Enter, or are dragged with a mouse or a pen; a finger scrolls, and opens.
 */
export function Grid(props: GridProps) {
  const { columns, hours, headingOf, linkOf, now, mayChange, onOpen, onBook, onDrop } = props;
  const { t, format, announcer } = useApp(agendaWords);
  const [at, setAt] = useState('');
  const [moving, setMoving] = useState<Moving | null>(null);
  const grid = useRef<HTMLFieldSetElement>(null);
  const held = useRef<Held | null>(null);
  const dragged = useRef(false);
  const stops = columns.flatMap(stopsOf);
  const current = stops.some(stop => stop.id === at) ? at : (firstStop(columns, now) ?? stops[0]?.id ?? '');
  useEffect(() => {
    if (props.turned.current) {
      props.turned.current = false;
      go(current);
    }
  }, []);
  useEffect(() => {
    if (moving?.by === 'keys') {
      grid.current?.querySelector('.moving')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }, [moving]);

  const go = (id: string): void => {
    setAt(id);
    grid.current?.querySelector<HTMLElement>(`[data-stop="${CSS.escape(id)}"]`)?.focus();
  };
  const timeAt = (column: Column, minute: number): string =>
    format.inZone(column.book.timeZone).time(instantOf(column.day, minute));
  const drop = ({ appointment, column: index, minute }: Moving): void => {
    setMoving(null);
    const column = columns[index];
    if (
      column !== undefined &&
      (column.book.practitioner !== appointment.practitioner || minuteOf(column.day, appointment.start) !== minute)
    ) {
      onDrop(appointment, column, minute);
    }
  };
  const clamped = (minute: number, length: number): number => Math.max(hours.from, Math.min(hours.to - length, minute));

  const shift = (was: Moving, across: number, down: number): void => {
    const column = Math.max(0, Math.min(columns.length - 1, was.column + across));
    const there = columns[column];
    const minute = clamped(was.minute + down, was.length);
    const next = { ...was, column, minute: there === undefined ? minute : outOfHole(there.day, minute, down) };
    setMoving(next);
    if (there !== undefined) {
      announcer.say(t.agenda.movingAt(timeAt(there, next.minute), headingOf(there)));
    }
  };
  const begin = (id: string): void => {
    const column = columns.findIndex(one => one.cards.some(card => card.appointment.id === id));
    const card = columns[column]?.cards.find(one => one.appointment.id === id);
    if (card !== undefined && mayChange && isAhead(card.appointment)) {
      const { appointment, from, to } = card;
      setMoving({ appointment, length: to - from, column, minute: from, by: 'keys' });
      announcer.say(t.agenda.movingStart(appointment.name));
    }
  };
  const handleKey = (event: KeyboardEvent): void => {
    const id = event.target instanceof HTMLElement ? event.target.dataset['stop'] : undefined;
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const sideways = document.documentElement.dir === 'rtl' ? -1 : 1;
    const across = event.key === 'ArrowRight' ? sideways : event.key === 'ArrowLeft' ? -sideways : 0;
    const down = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (moving !== null) {
      if (across !== 0 || down !== 0) {
        shift(moving, across, down * (event.shiftKey ? FINE : STEP));
      } else if (event.key === 'Enter') {
        drop(moving);
      } else if (event.key === 'Escape') {
        setMoving(null);
        announcer.say(t.agenda.movingEnd);
      } else if (event.key !== ' ') {
        return;
      }
      event.preventDefault();
      return;
    }
    const own = columns.find(column => stopsOf(column).some(stop => stop.id === id));
    if (across !== 0 || down !== 0) {
      go(arrow(columns, id, across, down));
    } else if (event.key === 'Home' || event.key === 'End') {
      go((own === undefined ? undefined : stopsOf(own).at(event.key === 'Home' ? 0 : -1)?.id) ?? id);
    } else if (event.key === 'PageUp' || event.key === 'PageDown') {
      props.turned.current = true;
      props.onTurn(event.key === 'PageUp' ? -1 : 1);
    } else if (event.key.toLowerCase() === 'm') {
      begin(id);
    } else {
      return;
    }
    event.preventDefault();
  };

  /** Over which column and minute a pointer holds a card. */
  const under = (event: PointerEvent, { appointment, length, grab }: Held): Moving | null => {
    const bodies = [...(grid.current?.querySelectorAll('.agenda-body') ?? [])].map(body =>
      body.getBoundingClientRect(),
    );
    const far = (box: DOMRect): number => Math.max(box.left - event.clientX, event.clientX - box.right, 0);
    const column = bodies.reduce((best, box, i) => (far(box) < far(bodies[best] ?? box) ? i : best), 0);
    const box = bodies[column];
    if (box === undefined) {
      return null;
    }
    const minutes = ((event.clientY - grab - box.top) / box.height) * (hours.to - hours.from);
    return {
      appointment,
      length,
      column,
      minute: clamped(hours.from + Math.round(minutes / FINE) * FINE, length),
      by: 'pointer',
    };
  };
  const handleDown = (event: PointerEvent, appointment: Appointment, length: number): void => {
    dragged.current = false;
    if (
      event.button !== 0 ||
      event.pointerType === 'touch' ||
      !mayChange ||
      !isAhead(appointment) ||
      !(event.currentTarget instanceof HTMLElement)
    ) {
      return;
    }
    const grab = event.clientY - event.currentTarget.getBoundingClientRect().top;
    held.current = { appointment, length, grab, x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const handleMove = (event: PointerEvent): void => {
    const { current: one } = held;
    if (one !== null && (dragged.current || Math.hypot(event.clientX - one.x, event.clientY - one.y) > SLACK)) {
      dragged.current = true;
      const edge = event.clientY < EDGE ? -1 : event.clientY > innerHeight - EDGE ? 1 : 0;
      scrollBy(0, edge * SCROLL);
      setMoving(under(event, one));
    }
  };
  const handleUp = (): void => {
    held.current = null;
    if (moving?.by === 'pointer') {
      drop(moving);
    }
  };
  const giveUp = (): void => {
    held.current = null;
    setMoving(null);
  };

  return (
    <fieldset
      ref={grid}
      class="agenda-scroll"
      aria-label={t.agenda.heading}
      onKeyDown={handleKey}
      // A pen would scroll as a finger does, unless the style says otherwise before it touches: it is seen above the screen.
      onPointerOver={event => grid.current?.toggleAttribute('data-pen', event.pointerType === 'pen')}
    >
      <div
        class={columns.length > 4 ? 'agenda-grid many' : 'agenda-grid'}
        style={{ '--minutes': hours.to - hours.from, '--columns': columns.length }}
      >
        <Hours columns={columns} hours={hours} />
        {columns.map((column, index) => (
          <section key={column.key} class="agenda-column" aria-label={headingOf(column)}>
            <DayHeading column={column} now={now} heading={headingOf(column)} link={linkOf(column)} />
            <div class="agenda-body">
              <Background column={column} hours={hours} now={now} />
              <ul>
                {stopsOf(column).map(stop => {
                  const card = column.cards.find(one => one.appointment.id === stop.id);
                  const slot = column.slots.find(one => one.from === stop.from);
                  const tab = stop.id === current ? 0 : -1;
                  return (
                    <li key={stop.id}>
                      {card !== undefined ? (
                        <AppointmentCard
                          card={card}
                          hours={hours}
                          tabIndex={tab}
                          onFocus={() => setAt(stop.id)}
                          onOpen={() => {
                            if (!dragged.current) {
                              onOpen(card.appointment);
                            }
                            dragged.current = false;
                          }}
                          onPointerDown={event => handleDown(event, card.appointment, card.to - card.from)}
                          onPointerMove={handleMove}
                          onPointerUp={handleUp}
                          onPointerCancel={giveUp}
                        />
                      ) : (
                        slot !== undefined && (
                          <EmptySlot
                            id={stop.id}
                            slot={slot}
                            hours={hours}
                            time={timeAt(column, slot.from)}
                            tabIndex={tab}
                            disabled={!mayChange}
                            onFocus={() => setAt(stop.id)}
                            onBook={() => onBook(column, slot.from)}
                          />
                        )
                      )}
                    </li>
                  );
                })}
              </ul>
              {moving !== null && moving.column === index && (
                <p
                  class="moving"
                  aria-hidden="true"
                  style={placed({ from: moving.minute, to: moving.minute + moving.length }, hours)}
                >
                  <b>{timeAt(column, moving.minute)}</b> {moving.appointment.name}
                </p>
              )}
            </div>
          </section>
        ))}
      </div>
    </fieldset>
  );
}

/** Whose or which day it is; in a week today is marked. */
function DayHeading({
  column,
  now,
  heading,
  link,
}: {
  readonly column: Column;
  readonly now: number;
  readonly heading: string;
  readonly link: string;
}) {
  if (link === '') {
    return <h3>{heading}</h3>;
  }
  const today = column.day.date === wallOf(new Date(now).toISOString(), column.book.timeZone).date;
  return (
    <h3 class={today ? 'today' : undefined}>
      <a href={link} aria-current={today ? 'date' : undefined}>
        {heading}
      </a>
    </h3>
  );
}

/** The clock at the side. */
function Hours({ columns, hours }: Pick<GridProps, 'columns' | 'hours'>) {
  const { format } = useApp();
  const first = clockOf(columns);
  const all = Array.from({ length: (hours.to - hours.from) / 60 }, (_, i) => hours.from + i * 60);
  return (
    <div class="agenda-hours" aria-hidden="true">
      {first !== undefined &&
        all.map(minute => {
          const time = format.inZone(first.book.timeZone).time(instantOf(first.day, minute));
          return (
            <span
              key={minute}
              class={time.includes('(') ? 'zoned' : undefined}
              style={placed({ from: minute, to: minute + 60 }, hours)}
            >
              {time}
            </span>
          );
        })}
    </div>
  );
}

/** What is open, busy, kept free around appointments, and where now is. The buttons say the same in words. */
function Background({ column, hours, now }: Pick<GridProps, 'hours' | 'now'> & { readonly column: Column }) {
  const { hole } = column.day;
  const layers: readonly [string, readonly Span[]][] = [
    ['open', openOf(column)],
    ['blocked', blockedOf(column)],
    ['buffer', buffersOf(column)],
    ['hole', hole == null ? [] : [hole]],
  ];
  const minute = minuteOf(column.day, new Date(now).toISOString());
  return (
    <div class="agenda-behind" aria-hidden="true">
      {layers.map(([kind, spans]) =>
        shownOf(spans, hours).map(span => <div key={`${kind}${span.from}`} class={kind} style={placed(span, hours)} />),
      )}
      {minute >= hours.from && minute < hours.to && (
        <div class="now" style={placed({ from: minute, to: minute }, hours)} />
      )}
    </div>
  );
}

/** Where the Tab key goes first: what is now, or the first that is open or agreed. */
function firstStop(columns: readonly Column[], now: number): string | undefined {
  for (const column of columns) {
    const minute = minuteOf(column.day, new Date(now).toISOString());
    const here = stopsOf(column).find(stop => stop.from <= minute && stop.to > minute);
    if (here !== undefined) {
      return here.id;
    }
  }
  const first = columns[0];
  const free = first?.slots.find(slot => slot.kind === 'free');
  return free === undefined ? undefined : `${first?.key}/${free.from}`;
}
