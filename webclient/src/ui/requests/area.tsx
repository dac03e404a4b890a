import '../styles/requests.css';
import type { ComponentType } from 'preact';
import { requestsWords } from '../i18n/requests';
import { useApp } from '../parts/app';
import type { AreaProps } from '../shell/areas';
import { useMay } from '../shell/context';
import { NothingHere } from '../shell/frame';
import { ScreenHeading } from '../shell/heading';
import { Figures } from './figures';
import { TakeOver } from './import';
import { RequestList } from './list';
import { UnsaidList } from './unsaid';
import { WaitList } from './waiting';

const screens = {
  answer: RequestList,
  waiting: WaitList,
  unsaid: UnsaidList,
  figures: Figures,
  import: TakeOver,
} as const satisfies Readonly<Record<string, ComponentType>>;
type Screen = keyof typeof screens;

/** Requests and what belongs to them, below the agenda: /desk/agenda/requests, …/waiting, …/unsaid, …/figures, …/import. */
export function RequestsArea({ below: [id = 'answer', ...rest] }: AreaProps) {
  const { t } = useApp(requestsWords);
  const mayWrite = useMay('appointments:write');
  const shown = (Object.keys(screens) as Screen[]).filter(one => one !== 'import' || mayWrite);
  const current = shown.find(one => one === id);
  if (current === undefined || rest.length > 0) {
    return <NothingHere />;
  }
  const Current = screens[current];
  return (
    <div class="requests">
      <ScreenHeading>{t.requests.heading}</ScreenHeading>
      <nav class="screens" aria-label={t.requests.heading}>
        <ul>
          {shown.map(one => (
            <li key={one}>
              <a
                href={one === 'answer' ? '/desk/agenda/requests' : `/desk/agenda/requests/${one}`}
                aria-current={one === current ? 'page' : undefined}
              >
                {t.requests.tabs[one]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Current key={current} />
    </div>
  );
}
