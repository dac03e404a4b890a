import { useEffect, useState } from 'preact/hooks';
import { refusalOf } from '../../session/entering';
import { type Member, membersOf, type Unit, unitsOf } from '../../session/team';
import { wordsFor } from '../entering/refusals';
import { enteringWords } from '../i18n/entering';
import { teamWords } from '../i18n/team';
import type { TeamWords } from '../i18n/team/words';
import { useApp } from '../parts/app';
import { Dialog } from '../parts/dialog';
import { usePart } from '../parts/hooks';
import { Table } from '../parts/table';
import type { AreaProps } from '../shell/areas';
import { useMay, useShell } from '../shell/context';
import { NothingHere } from '../shell/frame';
import { ScreenHeading } from '../shell/heading';
import { Delegates } from './delegates';
import { type Handed, InviteForm, LinkHanded, MemberForm } from './member';
import { Units } from './units';

type Open = { readonly kind: 'nothing' | 'invite' } | { readonly kind: 'member'; readonly member: Member };

/** Who works here. An operator invites and changes; a practitioner says which secretaries act for them. */
export function TeamArea({ below }: AreaProps) {
  const { desk, toasts } = useShell();
  const { t } = useApp(teamWords);
  const { t: entering } = useApp(enteringWords);
  const operator = useMay('accounts:write');
  const practitioner = useMay('call');
  const me = usePart(desk, snapshot => snapshot.me);
  const [members, setMembers] = useState<readonly Member[] | null>(null);
  const [units, setUnits] = useState<readonly Unit[]>([]);
  const [open, setOpen] = useState<Open>({ kind: 'nothing' });
  const [handed, setHanded] = useState<Handed | null>(null);
  const request = desk.request.bind(desk);
  const load = async (): Promise<void> => {
    const [people, parts] = await Promise.all([membersOf(request), unitsOf(request)]);
    setMembers(people);
    setUnits(parts);
  };
  const reload = (): void => {
    load().catch(error => toasts.warn(wordsFor(refusalOf(error), entering)));
  };
  useEffect(reload, []);
  if (below.length > 0) {
    return <NothingHere />;
  }
  const done = (link: Handed | null): void => {
    setOpen({ kind: 'nothing' });
    setHanded(link);
    reload();
    void desk.me().catch(() => undefined);
  };
  return (
    <>
      <ScreenHeading>{t.team.heading}</ScreenHeading>
      {members === null ? (
        <p class="soon quiet">{t.common.loading}</p>
      ) : (
        <div class="stack">
          {handed !== null && <LinkHanded handed={handed} onClose={() => setHanded(null)} />}
          {operator && (
            <div class="row">
              <button type="button" class="button primary" onClick={() => setOpen({ kind: 'invite' })}>
                {t.team.invite}
              </button>
            </div>
          )}
          <Table<Member>
            caption={t.team.people}
            rows={members}
            keyOf={one => one.id}
            columns={[
              {
                key: 'name',
                heading: t.team.name,
                main: true,
                cell: one => (one.id === me?.id ? `${one.name} (${t.team.you})` : one.name),
              },
              { key: 'roles', heading: t.team.roles, cell: one => rolesOf(one, t) },
              {
                key: 'units',
                heading: t.team.units,
                cell: one =>
                  units
                    .filter(unit => one.units.includes(unit.id))
                    .map(unit => unit.name)
                    .join(', '),
              },
              ...(operator
                ? [
                    { key: 'state', heading: t.team.state, cell: (one: Member) => stateOf(one, t) },
                    {
                      key: 'actions',
                      heading: t.team.actions,
                      bare: true,
                      cell: (one: Member) => (
                        <button
                          type="button"
                          class="button small"
                          aria-label={t.team.editName(one.name)}
                          onClick={() => setOpen({ kind: 'member', member: one })}
                        >
                          {t.team.edit}
                        </button>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          {practitioner && (
            <Delegates
              key={me?.delegates.join()}
              secretaries={members.filter(one => one.roles.includes('secretary'))}
              chosen={me?.delegates ?? []}
              onSaved={() => done(null)}
            />
          )}
          {operator && <Units units={units} onSaved={reload} />}
        </div>
      )}
      {open.kind === 'invite' && (
        <Dialog heading={t.team.invite} onClose={() => setOpen({ kind: 'nothing' })}>
          <InviteForm units={units} onDone={done} onCancel={() => setOpen({ kind: 'nothing' })} />
        </Dialog>
      )}
      {open.kind === 'member' && (
        <Dialog heading={open.member.name} onClose={() => setOpen({ kind: 'nothing' })}>
          <MemberForm member={open.member} units={units} onDone={done} onCancel={() => setOpen({ kind: 'nothing' })} />
        </Dialog>
      )}
    </>
  );
}

function rolesOf(member: Member, t: TeamWords): string {
  const words: { readonly [role: string]: string } = {
    practitioner: t.team.practitioner,
    secretary: t.team.secretary,
    interpreter: t.team.interpreter,
    operator: t.team.operator,
  };
  const languages = member.languages.length === 0 ? '' : ` (${member.languages.join(', ')})`;
  return `${member.roles.map(role => words[role] ?? role).join(', ')}${languages}`;
}

function stateOf(member: Member, t: TeamWords): string {
  if (member.disabled) {
    return t.team.disabled;
  }
  return member.setUp || member.seen ? t.team.active : t.team.invited;
}
