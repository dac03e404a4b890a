import { useEffect, useState } from 'preact/hooks';
import { DeskError } from '../../session/http';
import {
  type Access,
  addOutside,
  type Choice,
  lookOutside,
  type OutsideCalendar,
  outsideCalendars,
  readOutside,
  removeOutside,
} from '../../session/outside';
import { outsideWords } from '../i18n/outside';
import { useApp } from '../parts/app';
import { RadioField, SelectField, TextField } from '../parts/field';
import { FormWays, RemoveQuestion, Unread, useKept } from '../parts/kept';
import { useOwner, useOwners } from '../patients/owner';
import { useShell } from '../shell/context';

/** Calendars that a practitioner keeps elsewhere: when they are busy there is not offered to patients. */
export function OutsideSection() {
  const { t } = useApp(outsideWords);
  const owners = useOwners();
  const [owner, chooseOwner] = useOwner();
  return (
    <section class="stack">
      <h2>{t.outside.heading}</h2>
      <p>{t.outside.intro}</p>
      {owners.length > 1 && (
        <SelectField
          label={t.outside.whose}
          value={owner}
          choices={owners.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={chooseOwner}
        />
      )}
      {owner !== '' && <CalendarsOf key={owner} owner={owner} />}
    </section>
  );
}

/** As many as the server takes for one practitioner. */
const most = 10;

/** How often the list is asked for while something is being read, in ms. */
const soon = 1500;

function CalendarsOf({ owner }: { readonly owner: string }) {
  const { t } = useApp(outsideWords);
  const { desk, toasts } = useShell();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<OutsideCalendar | null>(null);
  const [reading, setReading] = useState(0);
  const ask = desk.request.bind(desk);
  const {
    known: all,
    failed,
    again,
    attempt,
  } = useKept(
    () => outsideCalendars(ask, owner),
    () => toasts.warn(t.outside.failed),
  );
  // What was just asked for is read within seconds: look until it is.
  const unread = all?.some(one => one.readAt === '' && one.trouble === null) ?? false;
  useEffect(() => {
    if (!unread && reading === 0) {
      return undefined;
    }
    const timer = setTimeout(() => {
      setReading(Math.max(0, reading - 1));
      void again();
    }, soon);
    return () => clearTimeout(timer);
  }, [all, reading]);
  if (all === null) {
    return <Unread failed={failed} again={again} />;
  }
  return (
    <>
      {all.length === 0 && !adding && <p class="quiet">{t.outside.none}</p>}
      <ul class="plain-list">
        {all.map(one => (
          <Row
            key={one.id}
            one={one}
            onRead={async () => {
              if (await attempt(() => readOutside(ask, owner, one.id))) {
                setReading(4);
              }
            }}
            onRemove={() => setRemoving(one)}
          />
        ))}
      </ul>
      {adding ? (
        <AddForm
          owner={owner}
          onCancel={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            void again();
          }}
        />
      ) : all.length < most ? (
        <div class="row">
          <button type="button" class="button" onClick={() => setAdding(true)}>
            {t.outside.add}
          </button>
        </div>
      ) : (
        <p class="quiet">{t.outside.tooMany}</p>
      )}
      {removing !== null && (
        <RemoveQuestion
          name={removing.name}
          words={t.outside}
          onNo={() => setRemoving(null)}
          onYes={() => {
            void attempt(() => removeOutside(ask, owner, removing.id));
            setRemoving(null);
          }}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly one: OutsideCalendar;
  readonly onRead: () => Promise<void>;
  readonly onRemove: () => void;
}

function Row({ one, onRead, onRemove }: RowProps) {
  const { t, format } = useApp(outsideWords);
  const words = t.outside;
  return (
    <li class="card stack">
      <p>
        <b>{one.name}</b>
        <br />
        <span class="quiet" dir="ltr">
          {one.server}
        </span>
      </p>
      {one.trouble === null ? (
        <p class="quiet">{one.readAt === '' ? words.notYet : words.readAt(format.time(one.readAt))}</p>
      ) : (
        <p class="notice warn" role="status">
          {words.since(words.troubles[one.trouble], format.when(one.troubleSince))}
        </p>
      )}
      {one.skipped > 0 && <p class="quiet">{words.skipped(one.skipped)}</p>}
      <div class="row">
        <button type="button" class="button small" aria-label={words.againOf(one.name)} onClick={() => void onRead()}>
          {words.again}
        </button>
        <button type="button" class="button small" aria-label={words.removeOf(one.name)} onClick={onRemove}>
          {words.remove}
        </button>
      </div>
    </li>
  );
}

const nothing: Access = { address: '', user: '', password: '' };

interface AddProps {
  readonly owner: string;
  readonly onAdded: () => void;
  readonly onCancel: () => void;
}

/** First where it is; then, once something was found there, which one and its name. */
function AddForm({ owner, onAdded, onCancel }: AddProps) {
  const { t } = useApp(outsideWords);
  const words = t.outside;
  const { desk } = useShell();
  const ask = desk.request.bind(desk);
  const [access, setAccess] = useState(nothing);
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [chosen, setChosen] = useState('');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const enter = (to: Partial<Access>): void => {
    setAccess({ ...access, ...to });
    setChoices([]);
  };
  const pick = (choice: Choice): void => {
    setChosen(choice.address);
    setName(choice.name || words.heading);
  };
  const look = async (): Promise<void> => {
    const found = await lookOutside(ask, owner, access);
    setWrong(found.trouble === null ? '' : words.troubles[found.trouble]);
    setChoices(found.choices);
    const first = found.choices[0];
    if (first !== undefined) {
      pick(first);
    }
  };
  const submit = async (): Promise<void> => {
    setBusy(true);
    setWrong('');
    try {
      if (choices.length === 0) {
        await look();
      } else {
        await addOutside(ask, owner, { ...access, address: chosen }, name);
        onAdded();
      }
    } catch (error) {
      setWrong(error instanceof DeskError && error.code === 'conflict' ? words.known : words.failed);
    }
    setBusy(false);
  };
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={words.address}
        hint={words.addressHint}
        type="url"
        autocomplete="off"
        value={access.address}
        maxLength={2000}
        dir="ltr"
        required
        onInput={address => enter({ address })}
      />
      <TextField
        label={words.user}
        autocomplete="off"
        value={access.user}
        maxLength={200}
        dir="ltr"
        onInput={user => enter({ user })}
      />
      <TextField
        label={words.password}
        hint={words.passwordHint}
        type="password"
        autocomplete="off"
        value={access.password}
        maxLength={200}
        dir="ltr"
        onInput={password => enter({ password })}
      />
      {wrong !== '' && (
        <p class="notice bad" role="alert">
          {wrong}
        </p>
      )}
      {choices.length > 1 && (
        <RadioField
          label={words.choose}
          value={chosen}
          choices={choices.map(one => ({ value: one.address, label: one.name || one.address }))}
          onChoose={address => {
            const choice = choices.find(one => one.address === address);
            if (choice !== undefined) {
              pick(choice);
            }
          }}
        />
      )}
      {choices.length > 0 && <TextField label={words.name} value={name} maxLength={100} required onInput={setName} />}
      <FormWays
        submit={busy ? words.looking : choices.length === 0 ? words.look : words.take}
        ready={!busy && access.address.trim() !== '' && (choices.length === 0 || name.trim() !== '')}
        onCancel={onCancel}
      />
    </form>
  );
}
