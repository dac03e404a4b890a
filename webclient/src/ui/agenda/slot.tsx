import { agendaWords } from '../i18n/agenda';
import { useApp } from '../parts/app';
import type { Slot, Span } from './layout';
import { placed } from './place';

interface SlotProps {
  readonly id: string;
  readonly slot: Slot;
  readonly hours: Span;
  /** As shown. */
  readonly time: string;
  readonly tabIndex: number;
  readonly disabled: boolean;
  readonly onFocus: () => void;
  readonly onBook: () => void;
}

/** An empty time: pressed, it is booked. */
export function EmptySlot({ id, slot, hours, time, tabIndex, disabled, onFocus, onBook }: SlotProps) {
  const { t } = useApp(agendaWords);
  return (
    <button
      type="button"
      class="agenda-slot"
      data-stop={id}
      tabIndex={tabIndex}
      aria-disabled={disabled || undefined}
      aria-label={t.agenda.slot[slot.kind](time)}
      style={placed(slot, hours)}
      onFocus={onFocus}
      onClick={disabled ? undefined : onBook}
    >
      <span aria-hidden="true">{time}</span>
    </button>
  );
}
