import '../styles/services.css';
import { useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import type { Room } from '../../session/services';
import { servicesWords } from '../i18n/services';
import { DoorIcon } from '../icons';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { EmptyState } from '../parts/empty';
import { TextField } from '../parts/field';
import { useShell } from '../shell/context';
import { useRead, useServer } from './use';

const none: Room = { id: '', revision: 0, name: '' };

/** Rooms and devices that serve one appointment at a time. */
export function RoomsSection() {
  const { t, language } = useApp(servicesWords);
  const { toasts } = useShell();
  const { services } = useServer();
  const words = t.services.rooms;
  const [all, setAll] = useRead(() => services.rooms(), services);
  const [editing, setEditing] = useState<Room | null>(null);
  const [removing, setRemoving] = useState<Room | null>(null);
  const attempt = async (does: () => Promise<unknown>, conflict: string): Promise<void> => {
    try {
      await does();
      setEditing(null);
      toasts.say(t.common.saved);
    } catch (error) {
      toasts.warn(error instanceof DeskError && error.code === 'conflict' ? conflict : t.services.failed);
    }
    setAll(await services.rooms().catch(() => 'failed' as const));
  };
  if (all === null) {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  if (all === 'failed') {
    return <p class="notice bad">{t.common.loadFailed}</p>;
  }
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
            <b>{one.name}</b>
            <span class="row">
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
            if (editing.name.trim() !== '') {
              void attempt(() => services.saveRoom(editing), t.services.changedMeanwhile);
            }
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
          <div class="row">
            <button type="submit" class="button primary" disabled={editing.name.trim() === ''}>
              {t.common.save}
            </button>
            <button type="button" class="button" onClick={() => setEditing(null)}>
              {t.common.cancel}
            </button>
          </div>
        </form>
      )}
      {removing !== null && (
        <Question
          heading={words.removeOf(removing.name)}
          yes={t.services.remove}
          no={t.common.cancel}
          danger
          onNo={() => setRemoving(null)}
          onYes={() => {
            void attempt(() => services.removeRoom(removing.id), words.needed);
            setRemoving(null);
          }}
        >
          <p>{words.removeMore}</p>
        </Question>
      )}
    </section>
  );
}
