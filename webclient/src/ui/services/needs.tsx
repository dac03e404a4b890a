import type { Member, Room } from '../../session/services';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { CheckField } from '../parts/field';
import { toggled } from './choices';

interface NeedsProps {
  readonly groups: readonly (readonly string[])[];
  readonly rooms: readonly Room[];
  readonly members: readonly Member[];
  readonly onChange: (to: readonly (readonly string[])[]) => void;
}

/** Rooms, devices and interpreters that must be free at the same time: of each group, one. */
export function Needs({ groups, rooms, members, onChange }: NeedsProps) {
  const { t } = useApp(servicesWords);
  const words = t.services.form;
  const all = [...rooms, ...members.filter(({ roles }) => roles.includes('interpreter'))];
  if (all.length === 0 && groups.length === 0) {
    return null; // there is nothing that could be needed
  }
  const put = (at: number, group: readonly string[]): void =>
    onChange(groups.map((one, index) => (index === at ? group : one)));
  return (
    <fieldset class="field group">
      <legend class="hidden-text">{words.needs}</legend>
      <p class="hint">{words.needsHint}</p>
      {groups.map((group, at) => (
        <fieldset key={at} class="card field group">
          <legend>{words.anyOf}</legend>
          {all.map(({ id, name }) => (
            <CheckField
              key={id}
              label={name}
              checked={group.includes(id)}
              onCheck={on => put(at, toggled(group, id, on))}
            />
          ))}
          {group
            .filter(id => !all.some(one => one.id === id))
            .map(id => (
              <CheckField key={id} label={words.left} checked onCheck={() => put(at, toggled(group, id, false))} />
            ))}
          <div class="row">
            <button
              type="button"
              class="button plain small"
              onClick={() => onChange(groups.filter((_, index) => index !== at))}
            >
              {words.needsRemove}
            </button>
          </div>
        </fieldset>
      ))}
      {groups.length < 2 && (
        <div class="row">
          <button type="button" class="button small" onClick={() => onChange([...groups, []])}>
            {words.needsAdd}
          </button>
        </div>
      )}
    </fieldset>
  );
}
