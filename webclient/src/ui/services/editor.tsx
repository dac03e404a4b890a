import { useEffect, useRef, useState } from 'preact/hooks';
import { DeskError } from '../../session/desk';
import { mergeFields } from '../../session/merge';
import {
  type Member,
  newService,
  type Room,
  type Service,
  type ServiceFields,
  serviceKeys,
} from '../../session/services';
import { textIn } from '../../session/texts';
import { servicesWords } from '../i18n/services';
import type { ServicesWords } from '../i18n/services/words';
import { useApp } from '../parts/app';
import { Question } from '../parts/dialog';
import { Notice } from '../parts/screen';
import { useOwner } from '../patients/owner';
import { useShell } from '../shell/context';
import { Unsaved } from '../shell/unsaved';
import { complete, ServiceForm } from './form';
import { useAttempt, useServer } from './use';

interface EditorProps {
  /** Null: a new one. */
  readonly service: Service | null;
  readonly rooms: readonly Room[];
  readonly members: readonly Member[];
}

const list = '/desk/settings/services';

/** A service in its form. When somebody else was quicker, both changes are brought together, and saving is asked for again. */
export function Editor({ service, rooms, members }: EditorProps) {
  const { t, language, announcer } = useApp(servicesWords);
  const { router, toasts } = useShell();
  const { services } = useServer();
  const attempt = useAttempt();
  const words = t.services.form;
  const [owner] = useOwner();
  const [first] = useState<ServiceFields>(service ?? { ...newService, practitioners: owner === '' ? [] : [owner] });
  const [base, setBase] = useState<Service | null>(service);
  const [fields, setFields] = useState<ServiceFields>(first);
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [clashes, setClashes] = useState<readonly (keyof ServiceFields)[] | null>(null);
  const [refused, setRefused] = useState('');
  const [removing, setRemoving] = useState(false);
  const [done, setDone] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => told.current?.focus(), [clashes]);
  useEffect(() => {
    if (done) {
      router.go(list); // once nothing is unsaved any more
    }
  }, [done]);
  const save = async (): Promise<void> => {
    setTried(true);
    if (!complete(fields) || fields.reminders.length > 4) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid], .error')?.focus());
      announcer.interrupt(t.services.failed);
      return;
    }
    setWorking(true);
    setRefused('');
    try {
      await (base === null ? services.create(fields) : services.change(base.id, base.revision, fields));
      toasts.say(t.common.saved);
      setDone(true);
      return;
    } catch (error) {
      const theirs =
        error instanceof DeskError && error.code === 'conflict' && base !== null
          ? (await services.list().catch(() => [])).find(one => one.id === base.id)
          : undefined;
      if (theirs !== undefined && base !== null) {
        const both = mergeFields<ServiceFields>(base, fields, theirs, serviceKeys);
        setBase(theirs);
        setFields(both.fields);
        setClashes(both.clashes);
        announcer.interrupt(t.services.changedMeanwhile);
      } else {
        setRefused(error instanceof DeskError ? error.detail : '');
        toasts.warn(t.services.failed);
      }
    }
    setWorking(false);
  };
  const remove = async (): Promise<void> => {
    setRemoving(false);
    if (base !== null && (await attempt(() => services.remove(base.id)))) {
      setDone(true);
    }
  };
  const name = textIn(fields.label, language);
  return (
    <form
      ref={form}
      class="patient-form stack booking"
      noValidate
      autocomplete="off"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <p>
        <a class="button plain small" href={list}>
          {words.back}
        </a>
      </p>
      <h2>{base === null ? words.new : textIn(base.label, language)}</h2>
      <Unsaved unsaved={!done && JSON.stringify(fieldsOf(fields)) !== JSON.stringify(fieldsOf(base ?? first))} />
      {clashes !== null && (
        <div ref={told} tabIndex={-1}>
          <Notice>
            <p>{t.services.changedMeanwhile}</p>
            {clashes.map(key => (
              <p key={key}>{t.services.theirs(labelOf(key, t.services))}</p>
            ))}
          </Notice>
        </div>
      )}
      <ServiceForm
        fields={fields}
        rooms={rooms}
        members={members}
        tried={tried}
        onChange={change => setFields(now => ({ ...now, ...change }))}
      />
      {refused !== '' && (
        <p class="notice bad" role="alert" lang="en" dir="ltr">
          {refused}
        </p>
      )}
      <div class="row">
        <button type="submit" class="button primary" disabled={working}>
          {t.common.save}
        </button>
        <a class="button" href={list}>
          {t.common.cancel}
        </a>
        {base !== null && (
          <button type="button" class="button plain" onClick={() => setRemoving(true)}>
            {t.services.list.remove}
          </button>
        )}
      </div>
      {removing && (
        <Question
          heading={t.services.list.removeOf(name)}
          yes={t.services.remove}
          no={t.common.cancel}
          danger
          onNo={() => setRemoving(false)}
          onYes={() => void remove()}
        >
          <p>{t.services.list.removeMore}</p>
        </Question>
      )}
    </form>
  );
}

const fieldsOf = (service: ServiceFields): object => Object.fromEntries(serviceKeys.map(key => [key, service[key]]));

function labelOf(key: keyof ServiceFields, { form }: ServicesWords['services']): string {
  const labels: Record<keyof ServiceFields, string> = {
    label: form.label,
    description: form.description,
    price: form.price,
    duration: form.duration,
    step: form.step,
    before: form.before,
    after: form.after,
    minNotice: form.minNotice,
    horizon: form.horizon,
    dailyMax: form.dailyMax,
    modalities: form.modality,
    practitioners: form.givers,
    resources: form.needs,
    questions: form.questions,
    reminders: form.reminders,
    cutOff: form.cutOff,
    approval: form.approval,
    hidden: form.hidden,
  };
  return labels[key];
}
