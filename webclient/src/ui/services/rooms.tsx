import '../styles/services.css';
import { useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import type { Room } from '../../session/services';
import { servicesWords } from '../i18n/services';
import { DoorIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { TextField } from '../parts/field';
import { FormWays, RemoveQuestion, Unread, useKept } from '../parts/kept';
import { useShell } from '../shell/context';
import { useServer } from './use';

const isConflict = (error: unknown): boolean => error instanceof DeskError && error.code === 'conflict';
const none: Room = { id: '', revision: 0, name: '', closed: false };

/** Rooms and devices that serve one appointment at a time. */
export function RoomsSection() {
  const { t, language } = useApp(servicesWords);
  const { toasts } = useShell();
  const { services } = useServer();
  const words = t.services.rooms;
  const [editing, setEditing] = useState<Room | null>(null);
  const [removing, setRemoving] = useState<Room | null>(null);
  const {
    known: all,
    failed,
    working,
    again,
    attempt,
  } = useKept(
    () => services.rooms(),
    error => toasts.warn(isConflict(error) ? t.services.changedMeanwhile : t.services.failed),
  );
  if (all === null) {
    return <Unread failed={failed} again={again} />;
  }
  const save = async (room: Room): Promise<void> => {
    if (room.name.trim() !== '' && (await attempt(() => services.saveRoom(room)))) {
      setEditing(null);
      toasts.say(t.common.saved);
    }
  };
  const remove = async (room: Room): Promise<void> => {
    setRemoving(null);
    const refused = (error: unknown): void => toasts.warn(isConflict(error) ? words.needed : t.services.failed);
    if (await attempt(() => services.removeRoom(room.id), refused)) {
      toasts.say(t.common.saved);
    }
  };
  const shown = [...all].sort((a, b) => a.name.localeCompare(b.name, language));
  return (
    <section class="stack booking">
      <h2>{words.heading}</h2>
      <p>{words.intro}</p>
      {all.length === 0 && editing === null && (
        <EmptyState icon={DoorIcon} heading={words.none}>
          <p>{words.noneMore}</p>
        </EmptyState>
      )}
      <ul class="plain-list">
        {shown.map(one => (
          <li key={one.id} class="card row between">
            <span>
              <b>{one.name}</b> {one.closed && <span class="chip">{words.closed}</span>}
              {one.closed && <p class="quiet">{words.closedMore}</p>}
            </span>
            <span class="row">
              <button
                type="button"
                class="button plain small"
                aria-label={(one.closed ? words.reopenOf : words.closeOf)(one.name)}
                disabled={working}
                onClick={() => void save({ ...one, closed: !one.closed })}
              >
                {one.closed ? words.reopen : words.close}
              </button>
              <button
                type="button"
                class="button small"
                aria-label={words.rename(one.name)}
                onClick={() => setEditing(one)}
              >
                {t.services.list.change}
              </button>
              <button
                type="button"
                class="button plain small"
                aria-label={words.removeOf(one.name)}
                onClick={() => setRemoving(one)}
              >
                {t.services.remove}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {editing === null ? (
        <div class="row">
          <button type="button" class="button" onClick={() => setEditing(none)}>
            {words.add}
          </button>
        </div>
      ) : (
        <form
          class="card stack"
          noValidate
          onSubmit={event => {
            event.preventDefault();
            void save(editing);
          }}
        >
          <TextField
            label={words.name}
            value={editing.name}
            required
            maxLength={100}
            autocomplete="off"
            onInput={name => setEditing({ ...editing, name })}
          />
          <FormWays
            submit={t.common.save}
            ready={!working && editing.name.trim() !== ''}
            onCancel={() => setEditing(null)}
          />
        </form>
      )}
      {removing !== null && (
        <RemoveQuestion
          name={removing.name}
          words={{ ...words, remove: t.services.remove }}
          onNo={() => setRemoving(null)}
          onYes={() => void remove(removing)}
        />
      )}
    </section>
  );
}
