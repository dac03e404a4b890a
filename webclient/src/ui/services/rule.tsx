import type { Rule } from '../../session/schedules';
import { modalities, type Service } from '../../session/services';
import { textIn } from '../../session/texts';
import { servicesWords } from '../i18n/services';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { CheckField, DateField, SelectField } from '../parts/field';
import { toggled } from './choices';

interface RuleProps {
  readonly rule: Rule;
  readonly day: string;
  readonly places: readonly string[];
  readonly services: readonly Service[];
  readonly onChange: (to: Partial<Rule>) => void;
  readonly onClose: () => void;
}

/** How often hours come, from when to when, where and what for. */
export function RuleDialog({ rule, day, places, services, onChange, onClose }: RuleProps) {
  const { t, language } = useApp(servicesWords);
  const words = t.services.hours;
  const every =
    rule.every > words.everyWeeks.length ? [...words.everyWeeks.keys(), rule.every - 1] : [...words.everyWeeks.keys()];
  return (
    <Dialog heading={words.more(day, rule.from)} onClose={onClose}>
      <SelectField
        label={words.every}
        value={String(rule.every)}
        choices={every.map(at => ({ value: String(at + 1), label: words.everyWeeks[at] ?? String(at + 1) }))}
        onChoose={value => onChange({ every: Number(value) })}
      />
      <div class="pair">
        <DateField
          label={words.since}
          hint={rule.every > 1 ? words.sinceNeeded : undefined}
          value={rule.since}
          onInput={since => onChange({ since })}
        />
        <DateField label={words.until} value={rule.until} min={rule.since} onInput={until => onChange({ until })} />
      </div>
      {places.length > 0 && (
        <SelectField
          label={words.place}
          value={rule.place}
          choices={[{ value: '', label: words.anywhere }, ...places.map(value => ({ value, label: value }))]}
          onChoose={place => onChange({ place })}
        />
      )}
      <fieldset class="field group">
        <legend>{words.modality}</legend>
        {modalities.map(one => (
          <CheckField
            key={one}
            label={t.services.modalities[one]}
            checked={rule.modalities.includes(one)}
            onCheck={on => onChange({ modalities: toggled(rule.modalities, one, on) })}
          />
        ))}
        <p class="hint">{words.modalityAll}</p>
      </fieldset>
      {services.length > 1 && (
        <fieldset class="field group">
          <legend>{words.services}</legend>
          {services.map(one => (
            <CheckField
              key={one.id}
              label={textIn(one.label, language)}
              checked={rule.services.includes(one.id)}
              onCheck={on =>
                onChange({
                  // A service that is gone would keep these hours from being offered at all.
                  services: toggled(rule.services, one.id, on).filter(id => services.some(known => known.id === id)),
                })
              }
            />
          ))}
          <p class="hint">{words.servicesAll}</p>
        </fieldset>
      )}
      <div class="row">
        <button type="button" class="button primary" onClick={onClose}>
          {t.common.close}
        </button>
      </div>
    </Dialog>
  );
}
