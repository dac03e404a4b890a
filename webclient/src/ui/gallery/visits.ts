// One consultation's own screen, long before and after its call, and who sends interpreters. For development only.
const hoursFromNow = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

const claire = { id: 'p_1', role: 'practitioner', name: 'Dr Claire Moreau', place: 'left', needs: [], contact: {} };

function person(id: string, role: string, name: string, more: object = {}): object {
  return { id, role, name, language: 'fr', needs: [], contact: {}, place: 'invited', devices: {}, ...more };
}
function told(participant: string, kind: string, channel: string, state: string, more: object = {}): object {
  return { participant, kind, channel, state, changed_at: hoursFromNow(-20), ...more };
}
function asked(id: string, name: string, into: string, state: string): object {
  return { id, name, from: 'fr', into, state, deadline: hoursFromNow(22) };
}

/** Planned for the day after tomorrow, with a carer, a colleague and an interpreter. */
const before = () => ({
  id: 'c_before',
  state: 'created',
  practitioner: 'a_1',
  patient: 'pt_1',
  created_at: hoursFromNow(-30),
  scheduled_at: hoursFromNow(47),
  duration_minutes: 20,
  participants: [
    { ...claire, place: 'invited' },
    person('p_2', 'patient', 'Jeanne Martin', { contact: { phone: '+33639980010', reach: 'sms' } }),
    person('p_3', 'guest', 'Paul Martin', { as: 'carer', contact: { mail: 'paul@example.org', reach: 'mail' } }),
    person('p_4', 'guest', '', { as: 'expert' }),
    person('p_5', 'interpreter', 'Samira Haddad', { contact: { mail: 'ism@example.org', reach: 'mail' } }),
  ],
  deliveries: [
    told('p_2', 'invitation', 'sms', 'delivered'),
    told('p_3', 'invitation', 'mail', 'failed', { reason: 'mailbox-full' }),
    told('p_5', 'interpreter-accepted', 'mail', 'sent'),
  ],
  requests: [
    asked('r_1', 'ISM Interprétariat', 'ar', 'accepted'),
    asked('r_2', 'URAPEDA Service LSF Auvergne-Rhône-Alpes', 'fsl', 'asked'),
    asked('r_3', 'Samira Haddad', 'ar', 'refused'),
  ],
});

/** Ended an hour ago. */
const after = () => ({
  ...before(),
  id: 'c_after',
  state: 'ended',
  scheduled_at: hoursFromNow(-1.5),
  ended_at: hoursFromNow(-1),
  participants: [
    claire,
    person('p_2', 'patient', 'Jeanne Martin', {
      place: 'left',
      contact: { phone: '+33639980010', reach: 'sms' },
    }),
    person('p_3', 'guest', 'Paul Martin', { as: 'carer' }),
  ],
  requests: [],
});

/** Null: the path is another area's. */
export function visitAnswer(path: string): object | null {
  if (path === '/organisations') {
    const contact = { mail: 'demandes@ism.example.org', phone: '+33639980020' };
    return { organisations: [{ id: 'o_1', name: 'ISM Interprétariat', languages: ['ar', 'tr', 'fsl'], contact }] };
  }
  if (path === '/interpreters') {
    return {
      interpreters: [
        { id: 'o_1', name: 'ISM Interprétariat', languages: ['ar', 'tr'] },
        { id: 'o_2', name: 'URAPEDA Service LSF Auvergne-Rhône-Alpes', languages: ['fsl'] },
      ],
    };
  }
  const [, id, what] = /^\/consultations\/(c_before|c_after)(?:\/(note|chat))?$/.exec(path) ?? [];
  switch (what) {
    case 'note':
      return { text: id === 'c_after' ? 'Bien entendue. Tension à revoir dans un mois.' : '', revision: 1 };
    case 'chat':
      return {
        kept_until: hoursFromNow(24 * 90),
        messages: [
          {
            from: claire.name,
            role: 'practitioner',
            mine: true,
            text: 'Votre pharmacie : 12 rue des Lilas.',
            at: hoursFromNow(-1.2),
          },
          { from: 'Jeanne Martin', role: 'patient', mine: false, text: 'Merci, je note.', at: hoursFromNow(-1.1) },
        ],
      };
    default:
      return id === undefined ? null : id === 'c_before' ? before() : after();
  }
}

function document(id: string, name: string, kind: string, more: object = {}): object {
  const from = { from: 'p_1', from_name: claire.name, from_role: 'practitioner', mine: true, to: ['p_2'] };
  const rest = { size: 184_320, state: 'ready', shown: true, location_removed: false, sent_at: hoursFromNow(-1.2) };
  return { id, name, kind, ...from, ...rest, seen: [], ...more };
}

/** The lists of documents, which are asked for with fetch. */
export function answerDocuments(): void {
  globalThis.fetch = async asked => {
    const over = String(asked).includes('c_after');
    const sent = [
      document('d_1', 'Ordonnance du 22 novembre.pdf', 'application/pdf', {
        seen: [{ participant: 'p_2', at: hoursFromNow(-0.5) }],
      }),
      document('d_2', 'IMG_20261122_091544_compte-rendu-radiologie.jpg', 'image/jpeg', {
        from: 'p_2',
        from_name: 'Jeanne Martin',
        from_role: 'patient',
        mine: false,
        to: [],
        size: 3_400_000,
        location_removed: true,
      }),
    ];
    const list = { documents: over ? sent : sent.slice(1), days: 30, max_bytes: 52_428_800 };
    return Response.json(over ? { ...list, until: hoursFromNow(24 * 30) } : list);
  };
}
