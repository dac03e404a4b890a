import { useState } from 'preact/hooks';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';

interface SendBackProps {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly onSendBack: (participant: string) => void;
  readonly onClose: () => void;
}

/** Who goes back to the waiting room. With one person there is nothing to choose. */
export function SendBackDialog({ people, onSendBack, onClose }: SendBackProps) {
  const { t } = useApp();
  const [chosen, setChosen] = useState(people[0]?.id ?? '');
  const person = people.find(one => one.id === chosen) ?? people[0];
  if (person === undefined) {
    return null;
  }
  return (
    <Dialog heading={t.call.sendBackQuestion(person.name)} onClose={onClose}>
      {people.length > 1 && (
        <fieldset class="options">
          <legend class="hidden-text">{t.call.sendBack}</legend>
          {people.map(one => (
            <label key={one.id} class="option">
              <input
                type="radio"
                name="send-back"
                value={one.id}
                checked={one.id === person.id}
                onChange={() => setChosen(one.id)}
              />
              {one.name}
            </label>
          ))}
        </fieldset>
      )}
      <p>{t.call.sendBackMore(person.name)}</p>
      <div class="choices">
        <button type="button" class="button" onClick={onClose}>
          {t.common.cancel}
        </button>
        <button type="button" class="button primary" onClick={() => onSendBack(person.id)}>
          {t.call.sendBackYes}
        </button>
      </div>
    </Dialog>
  );
}
