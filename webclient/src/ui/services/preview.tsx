import { useEffect, useState } from 'preact/hooks';
import type { FreeTime } from '../../session/schedules';
import type { Member, Modality, Service } from '../../session/services';
import { textIn } from '../../session/texts';
import { type Language, languageCodes, languages } from '../i18n';
import { localeOf } from '../i18n/languages';
import { servicesWords } from '../i18n/services';
import type { ServicesWords } from '../i18n/services/words';
import { useApp } from '../parts/app';
import { SelectField } from '../parts/field';
import { ordinal } from '../parts/format';
import { ServiceChoice } from './page';
import { lengthIn, useRead, useServer } from './use';

interface PreviewProps {
  readonly all: readonly Service[];
  readonly members: readonly Member[];
}

const shown = 24; // times

/** The next free times as a patient is offered them, in the patient's words. */
export function Preview({ all, members }: PreviewProps) {
  const { t, language: own } = useApp(servicesWords);
  const { schedules } = useServer();
  const words = t.services.page;
  const [id, setId] = useState(all.find(one => !one.hidden)?.id ?? all[0]?.id ?? '');
  const [practitioner, setPractitioner] = useState('');
  const [modality, setModality] = useState<Modality | ''>('');
  const [language, setLanguage] = useState<Language>(own);
  const [patient, setPatient] = useState<ServicesWords['services']>(t.services);
  const service = all.find(one => one.id === id) ?? all[0];
  useEffect(() => {
    let gone = false;
    void servicesWords.load[language]().then(loaded => {
      if (!gone) {
        setPatient(loaded.services);
      }
    });
    return () => {
      gone = true;
    };
  }, [language]);
  const query = { service: service?.id ?? '', practitioner, modality, limit: shown };
  const [free] = useRead(() => schedules.freeTimes(query), JSON.stringify(query));
  if (service === undefined) {
    return null;
  }
  const givers = members.filter(one => service.practitioners.includes(one.id));
  const why = service.hidden ? 'hidden' : givers.length === 0 ? 'nobody' : 'hours';
  return (
    <div class="card stack">
      <div>
        <h3>{words.preview}</h3>
        <p class="quiet">{words.previewHint}</p>
      </div>
      <div class="pair">
        <ServiceChoice
          all={all}
          label={words.service}
          value={service.id}
          onChoose={chosen => {
            setId(chosen);
            setPractitioner('');
            setModality('');
          }}
        />
        {givers.length > 1 && (
          <SelectField
            label={words.practitioner}
            value={practitioner}
            choices={[{ value: '', label: words.any }, ...givers.map(one => ({ value: one.id, label: one.name }))]}
            onChoose={setPractitioner}
          />
        )}
        {service.modalities.length > 1 && (
          <SelectField<Modality | ''>
            label={t.services.form.modality}
            value={modality}
            choices={[
              { value: '', label: words.anyWay },
              ...service.modalities.map(value => ({ value, label: t.services.modalities[value] })),
            ]}
            onChoose={setModality}
          />
        )}
        <SelectField
          label={words.language}
          value={language}
          choices={languageCodes.map(value => ({ value, label: languages[value].name }))}
          onChoose={setLanguage}
        />
      </div>
      {free === null && <p class="soon quiet">{t.common.loading}</p>}
      {free === 'failed' && <p class="notice bad">{t.common.loadFailed}</p>}
      {free !== null && free !== 'failed' && free.length === 0 && (
        <div class="notice">
          <p>
            <b>{words.nothing}</b>
          </p>
          <p>{words.why[why]}</p>
        </div>
      )}
      {free !== null && free !== 'failed' && free.length > 0 && (
        <AsPatient service={service} free={free} language={language} words={patient} />
      )}
    </div>
  );
}

interface AsPatientProps {
  readonly service: Service;
  readonly free: readonly FreeTime[];
  readonly language: Language;
  readonly words: ServicesWords['services'];
}

function AsPatient({ service, free, language, words }: AsPatientProps) {
  const locale = localeOf(language);
  // Each on the clocks of its practitioner, who may be elsewhere than the others.
  const said = ({ start, timeZone }: FreeTime, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(new Date(start));
  const zones = new Set(free.map(one => zoneIn(locale, one)));
  const days = new Map<string, FreeTime[]>();
  for (const one of free) {
    const name = ordinal(said(one, { weekday: 'long', day: 'numeric', month: 'long' }), language);
    days.set(name, [...(days.get(name) ?? []), one]);
  }
  const names = new Set(free.map(one => one.practitionerName));
  const facts = [
    lengthIn(language)(service.duration),
    service.modalities.map(one => words.modalities[one]).join(', '),
    textIn(service.price, language),
  ].filter(Boolean);
  return (
    <div class="as-patient stack" lang={language} dir={languages[language].dir}>
      <h4>{textIn(service.label, language)}</h4>
      <p dir="auto">{facts.join(' · ')}</p>
      <p class="as-written" dir="auto">
        {textIn(service.description, language)}
      </p>
      <p>
        <b>{words.page.choose}</b>
      </p>
      {[...days].map(([name, times]) => (
        <div key={name}>
          <h5>{name}</h5>
          <ul class="times-list">
            {times.map(one => (
              <li key={one.start + one.practitioner}>
                {said(one, { hour: 'numeric', minute: '2-digit' })}
                {names.size > 1 && <span class="quiet"> {one.practitionerName}</span>}
                {zones.size > 1 && <span class="quiet"> {zoneIn(locale, one)}</span>}
                {one.place !== '' && <span class="quiet"> {one.place}</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
      <p class="quiet">{words.page.zone([...zones].join(', '))}</p>
    </div>
  );
}

/** The zone's name in words. */
function zoneIn(locale: string, { start, timeZone }: FreeTime): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).formatToParts(new Date(start));
  return parts.find(part => part.type === 'timeZoneName')?.value ?? timeZone;
}
