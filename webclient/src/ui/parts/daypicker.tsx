import { useEffect, useRef, useState } from 'preact/hooks';
import { isDay } from '../../session/day';

interface PickerProps {
  readonly label: string;
  /** YYYY-MM-DD */
  readonly value: string;
  readonly onPick: (day: string) => void;
}

const written = /^(\d|Backspace|Delete|ArrowUp|ArrowDown)$/;

/**
 * A day to go to. One that is typed is taken with Enter, or when the field is left: browsers call every figure a change, and to go there at
 * once would take the focus away in the middle of a date.
 */
export function DayPicker({ label, value, onPick }: PickerProps) {
  const [text, setText] = useState(value);
  const typing = useRef(false);
  useEffect(() => setText(value), [value]);
  const pick = (day: string): void => {
    typing.current = false;
    if (isDay(day) && day !== value) {
      onPick(day);
    }
  };
  return (
    <input
      type="date"
      aria-label={label}
      value={text}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          pick(event.currentTarget.value);
        } else if (written.test(event.key) && !event.altKey) {
          typing.current = true;
        }
      }}
      onInput={event => setText(event.currentTarget.value)}
      onChange={event => {
        if (!typing.current) {
          pick(event.currentTarget.value);
        }
      }}
      onBlur={event => pick(event.currentTarget.value)}
    />
  );
}
