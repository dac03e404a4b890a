import { preferencesWords } from '../i18n/preferences';
import { shellWords } from '../i18n/shell';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import { Lazy } from '../parts/lazy';
import { type AreaProps, allowed } from '../shell/areas';
import { useShell } from '../shell/context';
import { NothingHere } from '../shell/frame';
import { ScreenHeading } from '../shell/heading';
import { sections } from './sections';

/** The settings: one section at a time, each with an address of its own. */
export function SettingsArea({ below: [chosen, ...rest] }: AreaProps) {
  const { desk } = useShell();
  const { t } = useApp(preferencesWords);
  const { t: shell } = useApp(shellWords);
  const scopes = usePart(desk, snapshot => snapshot.me?.scopes ?? []);
  const shown = sections.filter(section => allowed(section.scopes, scopes));
  const groups = [...new Set(shown.map(one => one.group))];
  const section = shown.find(one => one.id === (chosen ?? sections[0]?.id));
  if (section === undefined || (rest.length > 0 && section.deep !== true)) {
    return <NothingHere />;
  }
  return (
    <>
      <ScreenHeading>{shell.shell.settings}</ScreenHeading>
      {chosen !== undefined && (
        <p class="back all-settings">
          <a href="/desk/settings">{t.preferences.all}</a>
        </p>
      )}
      <div class={`settings${shown.length > 1 ? ' several' : ''}${chosen === undefined ? '' : ' chosen'}`}>
        {shown.length > 1 && (
          <nav aria-label={shell.shell.settings}>
            {groups.map(group => (
              <section key={group} aria-labelledby={`settings-${group}`}>
                <h2 id={`settings-${group}`}>{t.preferences.groups[group]}</h2>
                <ul>
                  {shown
                    .filter(one => one.group === group)
                    .map(one => (
                      <li key={one.id}>
                        <a href={`/desk/settings/${one.id}`} aria-current={one === section ? 'page' : undefined}>
                          {one.name(t)}
                        </a>
                      </li>
                    ))}
                </ul>
              </section>
            ))}
          </nav>
        )}
        <Lazy key={section.id} load={section.load} words={section.words} props={{ below: rest }} />
      </div>
    </>
  );
}
