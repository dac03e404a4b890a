import '../styles/visit.css';
import { useEffect, useState } from 'preact/hooks';
import { visitWords } from '../i18n/visit';
import { PhoneIcon } from '../icons';
import { useApp } from '../parts/app';
import { TextField } from '../parts/field';
import { useSnapshot } from '../parts/hooks';
import type { CallPort } from '../parts/ports';

interface WhereProps {
  readonly call: CallPort;
}

/** In the waiting room: where the patient is, and where to call them back. Nobody has to. */
export function WhereCard({ call }: WhereProps) {
  const { t, announcer, format } = useApp(visitWords);
  const said = useSnapshot(call).waiting?.where ?? null;
  const [open, setOpen] = useState(said?.place === '');
  const [place, setPlace] = useState(said?.place ?? '');
  const [number, setNumber] = useState(said?.callBack ?? '');
  const [state, setState] = useState<'ready' | 'working' | 'phone' | 'failed'>('ready');
  if (said === null) {
    return null;
  }
  const words = t.where;
  const save = async (): Promise<void> => {
    setState('working');
    const refused = await call.sayWhere(place.trim(), number.trim());
    if (refused === null) {
      setOpen(false);
      announcer.say(words.kept);
    }
    setState(refused === null ? 'ready' : refused === 'bad-message' ? 'phone' : 'failed');
  };
  return (
    <section class="card where" aria-label={words.heading}>
      <h2>{words.heading}</h2>
      {open ? (
        <form
          class="stack"
          noValidate
          onSubmit={event => {
            event.preventDefault();
            void save();
          }}
        >
          <p class="quiet">{words.why}</p>
          <TextField
            label={words.place}
            hint={words.placeHint}
            value={place}
            maxLength={200}
            autocomplete="street-address"
            dir="auto"
            onInput={setPlace}
          />
          <TextField
            label={words.callBack}
            error={state === 'phone' ? words.wrongPhone : ''}
            type="tel"
            value={number}
            maxLength={40}
            autocomplete="tel"
            dir="ltr"
            onInput={setNumber}
          />
          {state === 'failed' && (
            <p class="notice bad" role="alert">
              {words.failed}
            </p>
          )}
          <button type="submit" class="button" disabled={state === 'working'}>
            {words.save}
          </button>
        </form>
      ) : (
        <>
          <p>
            <span dir="auto">{said.place}</span>
            {said.callBack !== '' && (
              <>
                <br />
                <span dir="ltr">{format.phone(said.callBack)}</span>
              </>
            )}
          </p>
          <p class="quiet">{words.kept}</p>
          <button
            type="button"
            class="button small"
            onClick={() => {
              setPlace(said.place);
              setNumber(said.callBack);
              setOpen(true);
            }}
          >
            {words.change}
          </button>
        </>
      )}
    </section>
  );
}

/** It goes on by telephone: said to the one who is called, and, without the number, to the others. */
export function PhoneNotice({ call, practitioner }: WhereProps & { readonly practitioner: string }) {
  const { t, announcer, format } = useApp(visitWords);
  const { phone } = useSnapshot(call);
  const said =
    phone === null
      ? ''
      : phone.number === ''
        ? t.where.callsOther(practitioner)
        : t.where.calls(practitioner, format.phone(phone.number));
  useEffect(() => {
    if (said !== '') {
      announcer.interrupt(said);
    }
  }, [said]);
  return said === '' ? null : (
    <div class="notice phone-notice">
      <PhoneIcon />
      <p>
        <b>{said}</b>
        <br />
        {t.where.callsMore}
      </p>
    </div>
  );
}
