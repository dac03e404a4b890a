import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { WarningIcon } from '../icons';

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what was typed, and how to mend it; empty or absent for nothing. */
  readonly error?: string | undefined;
}

/** What a control of a field must carry, so that its label, hint and error belong to it. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** A label, its control, and below it a hint and what is wrong. The others of this file are made of it. */
export function Field({
  label,
  hint,
  error = '',
  children,
}: FieldProps & { readonly children: (control: FieldControl) => ComponentChildren }) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === '' ? '' : `${id}-error`].filter(Boolean);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': error === '' ? undefined : true,
      })}
      {error !== '' && (
        <p id={`${id}-error`} class="trouble error">
          <WarningIcon />
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface WrittenProps extends FieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly name?: string;
  readonly autocomplete?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly spellcheck?: boolean;
  readonly disabled?: boolean;
  /** "ltr" for what is never written from right to left: telephone numbers, mail and web addresses, codes. */
  readonly dir?: 'ltr' | 'auto';
}

interface TextProps extends WrittenProps {
  readonly type?: 'text' | 'email' | 'tel' | 'url' | 'password' | 'date' | 'month' | 'time' | 'number';
  readonly inputMode?: 'text' | 'numeric' | 'tel' | 'email';
  readonly min?: string;
  readonly max?: string;
  readonly onBlur?: () => void;
}

/** One line of text. Give type, autocomplete, inputMode, required, maxLength and dir as to an input. */
export function TextField({ label, hint, error, value, onInput, type = 'text', ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {control => (
        <input
          type={type as 'text'}
          {...rest}
          {...control}
          value={value}
          onInput={event => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A telephone number or a mail address, of somebody else than who types. */
export function ContactField(props: Omit<TextProps, 'type' | 'maxLength' | 'autocomplete' | 'spellcheck' | 'dir'>) {
  return <TextField {...props} maxLength={254} autocomplete="off" spellcheck={false} dir="ltr" />;
}

interface AreaProps extends WrittenProps {
  readonly rows?: number;
}

/** Several lines of text. */
export function TextArea({ label, hint, error, value, onInput, ...rest }: AreaProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {control => (
        <textarea rows={4} {...rest} {...control} value={value} onInput={event => onInput(event.currentTarget.value)} />
      )}
    </Field>
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
}

interface SelectProps<V extends string> extends FieldProps {
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly onChoose: (value: V) => void;
}

/** One of many, as a native list. */
export function SelectField<V extends string>({ label, hint, error, value, choices, onChoose }: SelectProps<V>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {control => (
        <select
          {...control}
          value={value}
          onChange={event => {
            const chosen = choices.find(one => one.value === event.currentTarget.value);
            if (chosen !== undefined) {
              onChoose(chosen.value);
            }
          }}
        >
          {choices.map(one => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** One of few, all of them to be seen. */
export function RadioField<V extends string>({ label, hint, value, choices, onChoose }: Omit<SelectProps<V>, 'error'>) {
  const id = useId();
  return (
    <fieldset class="field" aria-describedby={hint === undefined ? undefined : `${id}-hint`}>
      <legend>{label}</legend>
      <div class="options">
        {choices.map(one => (
          <label key={one.value} class="option">
            <input type="radio" name={id} checked={one.value === value} onChange={() => onChoose(one.value)} />
            {one.label}
          </label>
        ))}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onCheck: (checked: boolean) => void;
}

/** Yes or no. */
export function CheckField({ label, checked, onCheck }: CheckProps) {
  return (
    <label class="option">
      <input type="checkbox" checked={checked} onChange={event => onCheck(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

/** A day, as the browser's own input: YYYY-MM-DD, or '' for none. */
export function DateField(props: Omit<TextProps, 'type'>) {
  return <TextField {...props} type="date" />;
}
