import type { Asker } from '../../session/requests';
import { requestsWords } from '../i18n/requests';
import { PhoneIcon } from '../icons';
import { useApp } from '../parts/app';
import { dialledPhone } from '../parts/format';

/** Who asks: name, birth date, mail. With a record, the name leads to it. */
export function AskerName({ person }: { readonly person: Asker }) {
  const { t, format } = useApp(requestsWords);
  return (
    <h2 class="asker">
      {person.patient === '' ? person.name : <a href={`/desk/patients/${person.patient}`}>{person.name}</a>}
      {person.birthDate !== '' && <span class="quiet"> · {t.requests.born(format.date(person.birthDate))}</span>}
    </h2>
  );
}

/** Calls, or writes to who has no telephone. */
export function Reach({ person }: { readonly person: Asker }) {
  const { t, format } = useApp(requestsWords);
  if (person.phone !== '') {
    return (
      <a class="button" href={`tel:${dialledPhone(person.phone)}`}>
        <PhoneIcon />
        <span dir="auto">{t.requests.call(format.phone(person.phone))}</span>
      </a>
    );
  }
  return person.mail === '' ? null : (
    <a class="button" href={`mailto:${person.mail}`} dir="ltr">
      {person.mail}
    </a>
  );
}
