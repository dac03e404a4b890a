import { useState } from 'preact/hooks';
import { refusalOf } from '../../session/entering';
import { linkOf, type Member, type Unit } from '../../session/team';
import { QrCode } from '../desk/qr';
import { wordsFor } from '../entering/refusals';
import { useProof } from '../entering/useproof';
import { enteringWords } from '../i18n/entering';
import { teamWords } from '../i18n/team';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { CheckField, TextField } from '../parts/field';
import { Notice } from '../parts/screen';
import { useShell } from '../shell/context';

/** A link that was made, for whom. */
export interface Handed {
  readonly name: string;
  readonly link: string;
  readonly sent: boolean;
}

const roles = ['practitioner', 'secretary', 'interpreter', 'operator'] as const;

interface Said {
  readonly name: string;
  readonly mail: string;
  readonly roles: readonly string[];
  readonly units: readonly string[];
  readonly languages: string;
}

interface FieldsProps {
  readonly said: Said;
  readonly units: readonly Unit[];
  readonly tried: boolean;
  readonly onSay: (said: Said) => void;
}

function toggled(all: readonly string[], one: string, on: boolean): readonly string[] {
  return on ? [...all, one] : all.filter(other => other !== one);
}

/** What is said of somebody. */
function MemberFields({ said, units, tried, onSay }: FieldsProps) {
  const { t } = useApp(teamWords);
  return (
    <>
      <TextField
        label={t.team.name}
        error={tried && said.name.trim() === '' ? t.team.nameMissing : ''}
        value={said.name}
        maxLength={80}
        autocomplete="off"
        onInput={name => onSay({ ...said, name })}
      />
      <TextField
        label={t.team.mail}
        hint={t.team.mailHint}
        type="email"
        dir="ltr"
        autocomplete="off"
        value={said.mail}
        maxLength={254}
        onInput={mail => onSay({ ...said, mail })}
      />
      <fieldset class="field">
        <legend>{t.team.roles}</legend>
        <div class="options">
          {roles.map(role => (
            <CheckField
              key={role}
              label={t.team[role]}
              checked={said.roles.includes(role)}
              onCheck={on => onSay({ ...said, roles: toggled(said.roles, role, on) })}
            />
          ))}
        </div>
        {tried && said.roles.length === 0 && <p class="trouble error">{t.team.roleMissing}</p>}
      </fieldset>
      {units.length > 0 && (
        <fieldset class="field">
          <legend>{t.team.units}</legend>
          <div class="options">
            {units.map(unit => (
              <CheckField
                key={unit.id}
                label={unit.name}
                checked={said.units.includes(unit.id)}
                onCheck={on => onSay({ ...said, units: toggled(said.units, unit.id, on) })}
              />
            ))}
          </div>
        </fieldset>
      )}
      {said.roles.includes('interpreter') && (
        <TextField
          label={t.team.languages}
          hint={t.team.languagesHint}
          dir="ltr"
          value={said.languages}
          maxLength={100}
          onInput={languages => onSay({ ...said, languages })}
        />
      )}
    </>
  );
}

function bodyOf({ name, mail, roles: chosen, units, languages }: Said): object {
  return {
    name: name.trim(),
    mail: mail.trim(),
    roles: chosen,
    units,
    languages: languages.split(/[\s,،]+/).filter(Boolean),
  };
}

interface EndProps {
  /** Why it was refused; '' when it was not. */
  readonly problem: string;
  readonly submit: string;
  readonly onCancel: () => void;
}

/** What a form ends with: why it was refused, and the two ways out of it. */
function FormEnd({ problem, submit, onCancel }: EndProps) {
  const { t } = useApp();
  return (
    <>
      {problem !== '' && (
        <Notice kind="bad">
          <p role="alert">{problem}</p>
        </Notice>
      )}
      <div class="choices">
        <button type="button" class="button" onClick={onCancel}>
          {t.common.cancel}
        </button>
        <button type="submit" class="button primary">
          {submit}
        </button>
      </div>
    </>
  );
}

interface FormProps {
  readonly units: readonly Unit[];
  readonly onDone: (handed: Handed | null) => void;
  readonly onCancel: () => void;
}

export function InviteForm({ units, onDone, onCancel }: FormProps) {
  const { desk } = useShell();
  const { t, language } = useApp(teamWords);
  const { t: entering } = useApp(enteringWords);
  const [said, setSaid] = useState<Said>({ name: '', mail: '', roles: [], units: [], languages: '' });
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState('');
  const { proof, proven } = useProof(null);
  const invite = async (): Promise<void> => {
    setTried(true);
    if (said.name.trim() === '' || said.roles.length === 0) {
      return;
    }
    try {
      const answer = await proven(() => desk.request('POST', '/accounts', { ...bodyOf(said), language }));
      onDone({ name: said.name.trim(), ...linkOf(answer) });
    } catch (error) {
      setProblem(wordsFor(refusalOf(error), entering));
    }
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void invite();
      }}
    >
      <p class="quiet">{t.team.inviteMore}</p>
      <MemberFields said={said} units={units} tried={tried} onSay={setSaid} />
      <FormEnd problem={problem} submit={t.team.inviteButton} onCancel={onCancel} />
      {proof}
    </form>
  );
}

export function MemberForm({ member, units, onDone, onCancel }: FormProps & { readonly member: Member }) {
  const { desk } = useShell();
  const { t, language } = useApp(teamWords);
  const { t: entering } = useApp(enteringWords);
  const [said, setSaid] = useState<Said>({ ...member, languages: member.languages.join(', ') });
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState('');
  const { proof, proven } = useProof(null);
  const path = `/accounts/${encodeURIComponent(member.id)}`;
  const attempt = async (what: () => Promise<Handed | null>): Promise<void> => {
    setProblem('');
    try {
      onDone(await proven(what));
    } catch (error) {
      const code = refusalOf(error);
      setProblem(code === 'last-operator' ? t.team.lastOperator : wordsFor(code, entering));
    }
  };
  const save = async (): Promise<void> => {
    setTried(true);
    if (said.name.trim() !== '' && said.roles.length > 0) {
      await attempt(async () => {
        await desk.request('PATCH', path, bodyOf(said));
        return null;
      });
    }
  };
  const freshLink = async (): Promise<Handed> => ({
    name: member.name,
    ...linkOf(await desk.request('POST', `${path}/link`, { language })),
  });
  const close = async (disabled: boolean): Promise<null> => {
    await desk.request('PATCH', path, { disabled });
    return null;
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <MemberFields said={said} units={units} tried={tried} onSay={setSaid} />
      <FormEnd problem={problem} submit={t.common.save} onCancel={onCancel} />
      {!member.disabled && (
        <>
          <button type="button" class="button small" onClick={() => void attempt(freshLink)}>
            {t.team.newLink}
          </button>
          <p class="quiet">{t.team.newLinkMore}</p>
        </>
      )}
      <button type="button" class="button small" onClick={() => void attempt(() => close(!member.disabled))}>
        {member.disabled ? t.team.enable : t.team.disable}
      </button>
      {!member.disabled && <p class="quiet">{t.team.disableMore}</p>}
      {proof}
    </form>
  );
}

/** A fresh link, to copy, show or print. */
export function LinkHanded({ handed, onClose }: { readonly handed: Handed; readonly onClose: () => void }) {
  const { t } = useApp(teamWords);
  return (
    <section class="card stack narrow" aria-labelledby="handed">
      <h2 id="handed">{t.team.linkFor(handed.name)}</h2>
      <p>
        {t.team.linkMore} {handed.sent && t.team.linkSent}
      </p>
      <div class="qr-frame">
        <QrCode text={handed.link} label={t.team.linkFor(handed.name)} />
      </div>
      <CopyLink link={handed.link} label={t.team.copyLink} primary />
      <button type="button" class="button small" onClick={onClose}>
        {t.common.close}
      </button>
    </section>
  );
}
