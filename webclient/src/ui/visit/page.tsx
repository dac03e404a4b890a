import '../styles/visit.css';
import { useEffect, useState } from 'preact/hooks';
import { readVisit, type Visit, type Visitor } from '../../session/day';
import { DeskError } from '../../session/http';
import { InviteDialog } from '../call/invite';
import { DeliveryChip } from '../desk/delivery';
import { LinkDialog } from '../desk/openlist';
import { deskWords } from '../i18n/desk';
import { todayWords } from '../i18n/today';
import { visitWords } from '../i18n/visit';
import { CalendarIcon } from '../icons';
import { useApp } from '../parts/app';
import { EmptyState } from '../parts/empty';
import { usePart } from '../parts/hooks';
import { useMay, useShell } from '../shell/context';
import { ScreenHeading } from '../shell/heading';
import { deliveryOf, roleOf, stateOf, visitName, visitorName } from '../today/visit';
import { VisitDocuments } from './documents';
import { Interpreters, type Wait } from './interpreters';
import { KeptMessages } from './keptchat';
import { Notes } from './notes';

const UNHEARD = 15_000; // milliseconds between two questions when the desk's websocket says nothing

type Loaded = Visit | 'loading' | 'gone' | 'failed';

/** One consultation, before and after its call: who comes, interpreters, documents both ways, messages that stay, the private note. */
export function VisitPage({ id }: { readonly id: string }) {
  const { t } = useApp(visitWords);
  const { visit, refresh } = useVisit(id);
  if (visit === 'loading') {
    return <p class="soon quiet">{t.common.loading}</p>;
  }
  if (typeof visit === 'string') {
    return (
      <>
        <ScreenHeading>{t.visitPage.open}</ScreenHeading>
        <EmptyState icon={CalendarIcon} heading={visit === 'gone' ? t.visitPage.gone : t.common.loadFailed}>
          <p>
            <a href="/desk">{t.visitPage.back}</a>
          </p>
        </EmptyState>
      </>
    );
  }
  return <Shown visit={visit} onChanged={refresh} />;
}

/** The consultation, asked for again when the desk hears of something, and now and then. */
function useVisit(id: string): { readonly visit: Loaded; readonly refresh: () => void } {
  const { desk } = useShell();
  const heard = usePart(desk, snapshot => snapshot.heard);
  const [visit, setVisit] = useState<Loaded>('loading');
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let over = false;
    readVisit(desk.request.bind(desk), id).then(
      read => !over && setVisit(read),
      error => {
        if (!over) {
          const gone = error instanceof DeskError && error.code === 'not-found';
          setVisit(before => (gone ? 'gone' : typeof before === 'string' ? 'failed' : before));
        }
      },
    );
    return () => {
      over = true;
    };
  }, [id, heard, asked]);
  const refresh = (): void => setAsked(before => before + 1);
  useEffect(() => {
    const timer = setInterval(refresh, UNHEARD);
    return () => clearInterval(timer);
  }, []);
  return { visit, refresh };
}

interface PartProps {
  readonly visit: Visit;
  readonly onChanged: () => void;
}

function Shown({ visit, onChanged }: PartProps) {
  const { desk } = useShell();
  const { t, format } = useApp(visitWords);
  const { t: desks } = useApp(deskWords);
  const { t: today } = useApp(todayWords);
  const me = usePart(desk, snapshot => snapshot.me?.id ?? '');
  const mayDocuments = useMay('documents:read');
  const mayNote = useMay('notes') && visit.practitioner === me;
  const over = visit.state === 'ended';
  const day = format.dayOf(new Date(visit.at));
  const name = visitName(visit, desks, format);
  // Before the call it is about who comes, after it about what was sent.
  const people = <People visit={visit} onChanged={onChanged} />;
  const documents = mayDocuments && <VisitDocuments key={visit.id} visit={visit} />;
  return (
    <>
      <p class="back">
        <a href={day === format.dayOf(new Date()) ? '/desk' : `/desk/${day}`}>{t.visitPage.back}</a>
      </p>
      <ScreenHeading>{name}</ScreenHeading>
      <p class="lead">
        {format.when(visit.at)} ·{' '}
        {visit.endedAt === null ? today.today.state[stateOf(visit)] : t.visitPage.endedAt(format.time(visit.endedAt))}
      </p>
      {visit.record !== '' && (
        <p class="back">
          <a href={`/desk/patients/${visit.record}`}>{t.visitPage.record}</a>
        </p>
      )}
      <div class="patient-card">
        <div class="stack">
          {over ? documents : people}
          {over ? (
            mayDocuments && (
              <section class="card stack" aria-labelledby="visit-messages">
                <h2 id="visit-messages">{t.keptChat.open}</h2>
                <KeptMessages consultation={visit.id} />
              </section>
            )
          ) : (
            <Wanted visit={visit} onChanged={onChanged} />
          )}
        </div>
        <div class="stack">
          {over ? people : documents}
          {mayNote && (
            <section class="card" aria-label={t.note.label}>
              <Notes ask={desk.request.bind(desk)} consultation={visit.id} />
            </section>
          )}
        </div>
      </div>
    </>
  );
}

/** Who is in it, whether their link arrived, and inviting somebody more. */
function People({ visit, onChanged }: PartProps) {
  const { desk, toasts } = useShell();
  const { t } = useApp(visitWords);
  const { t: desks } = useApp(deskWords);
  const mayWrite = useMay('consultations:write') && visit.state !== 'ended';
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const others = visit.people.filter(one => one.role !== 'practitioner');
  const again = async (one: Visitor): Promise<void> => {
    try {
      setLink(await desk.link(visit.id, one.id));
    } catch {
      toasts.warn(desks.desk.failed);
    }
  };
  return (
    <section class="card stack" aria-labelledby="visit-people">
      <h2 id="visit-people">{t.visitPage.people}</h2>
      <ul class="plain-list">
        {others.map(one => (
          <li key={one.id} class="plain-row">
            <p>
              <b>
                <bdi>{visitorName(one, desks)}</bdi>
              </b>
              {one.name !== '' && <span class="quiet"> · {roleOf(one, desks)}</span>}
              <br />
              <Way visit={visit} one={one} />
            </p>
            {mayWrite && one.place === 'invited' && (
              <button
                type="button"
                class="button small"
                aria-label={t.visitPage.linkOf(visitorName(one, desks))}
                onClick={() => void again(one)}
              >
                {t.visitPage.link}
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && (
        <>
          <p class="quiet">{t.visitPage.inviteMore}</p>
          <button type="button" class="button" onClick={() => setInviting(true)}>
            {desks.call.inviteHeading}
          </button>
        </>
      )}
      {inviting && (
        <InviteDialog
          invite={async who => {
            const made = await desk.invite(visit.id, who);
            onChanged();
            return made;
          }}
          onClose={() => setInviting(false)}
        />
      )}
      {link !== null && <LinkDialog link={link} onClose={() => setLink(null)} />}
    </section>
  );
}

/** Where somebody is, or how their link got to them. */
function Way({ visit, one }: { readonly visit: Visit; readonly one: Visitor }) {
  const { t } = useApp(todayWords);
  const { t: words } = useApp(visitWords);
  const delivery = deliveryOf(visit, one.id);
  if (one.place !== 'invited') {
    return <span>{t.today.state[one.place]}</span>;
  }
  if (visit.state === 'ended') {
    return <span class="quiet">{words.visitPage.notCome}</span>;
  }
  return delivery === null ? (
    <span class="quiet">{t.today.handed}</span>
  ) : (
    <DeliveryChip delivery={delivery} phone={one.phone} />
  );
}

/** Interpreters, asked for ahead. */
function Wanted({ visit, onChanged }: PartProps) {
  const { t } = useApp(visitWords);
  const mayWrite = useMay('consultations:write');
  if (!mayWrite) {
    return null;
  }
  return (
    <section class="card stack" aria-labelledby="visit-interpreters">
      <h2 id="visit-interpreters">{t.call.interpreters}</h2>
      <Interpreters consultation={visit.id} requests={visit.requests} usual={usualWait(visit)} onChanged={onChanged} />
    </section>
  );
}

/** Minutes within which an interpreter answers, usually: some time before it begins. */
function usualWait({ planned, at }: Visit): Wait {
  const left = planned ? (Date.parse(at) - Date.now()) / 60_000 : 0;
  return left > 2880 ? '1440' : left > 480 ? '240' : left > 120 ? '60' : '15';
}
