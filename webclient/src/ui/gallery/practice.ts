// What the API answers about messages, accounts and means to sign in, for the gallery's screens.

const at = '2026-11-22T09:02:00Z';

const undelivered = {
  notices: [
    {
      notice: 'n_1',
      kind: 'invitation',
      channel: 'sms',
      state: 'failed',
      reason: 'unreached',
      practitioner: 'a_1',
      consultation: 'c_2',
      participant: 'p_5',
      name: 'Ahmed Benali',
      phone: '+33639980011',
      at,
      created_at: at,
      send_again: true,
    },
    {
      notice: 'n_2',
      kind: 'link-again',
      channel: 'mail',
      state: 'failed',
      reason: 'no-address',
      practitioner: 'a_2',
      consultation: 'c_9',
      participant: 'p_9',
      name: 'Marie-Antoinette Lefebvre-Desmoulins',
      phone: '+33639980012',
      created_at: at,
      send_again: true,
    },
    {
      notice: 'n_3',
      kind: 'appointment-moved',
      channel: 'sms',
      state: 'uncertain',
      reason: 'interrupted',
      practitioner: 'a_2',
      name: '',
      at,
      created_at: at,
      send_again: false,
    },
  ],
};

const accounts = [
  {
    id: 'a_1',
    name: 'Dr Claire Moreau',
    roles: ['practitioner', 'operator'],
    mail: 'claire@example.org',
    set_up: true,
    seen_at: at,
  },
  { id: 'a_2', name: 'Dr Paul Durand', roles: ['practitioner'], mail: '', set_up: true },
  { id: 'a_3', name: 'Nadia Benali', roles: ['secretary'], mail: 'nadia@example.org', units: ['u_1'], set_up: false },
  { id: 'a_4', name: 'Samira Haddad', roles: ['interpreter'], languages: ['fr', 'ar'], set_up: true, disabled: true },
];

const ways = { password: true, passkeys: true, providers: [{ id: 'psc', name: 'Pro Santé Connect' }] };

const template = (kind: string, channel: string, text: string, subject = '') => ({
  kind,
  channel,
  language: 'fr',
  subject,
  text,
  own: false,
});

const answers: Readonly<Record<string, object>> = {
  '/notices/undelivered': undelivered,
  '/accounts': { accounts },
  '/units': { units: [{ id: 'u_1', name: 'Cardiologie', shares_patients: true }] },
  '/me/means': {
    mail: 'claire@example.org',
    password: true,
    passkeys: [{ id: 'k_1', name: 'Firefox, Linux', created_at: at, used_at: at }],
    providers: ['psc'],
    recovery_codes: 6,
    ways,
  },
  '/me/sign-ins': {
    sign_ins: [
      { id: 'i_1', means: 'passkey', browser: 'Firefox, Linux', created_at: at, here: true },
      { id: 'i_2', means: 'password', browser: 'Safari, iPhone', created_at: at },
    ],
  },
  '/me/tokens': {
    tokens: [{ id: 't_1', name: 'Logiciel du cabinet', scopes: ['patients:read'], expires_at: '2027-11-22T09:02:00Z' }],
  },
  '/sign-in/ways': ways,
  '/templates': {
    fields: ['Practice', 'Phone', 'Practitioner', 'When', 'Link'],
    templates: [
      template('invitation', 'sms', '{{.Practice}} : votre rendez-vous vidéo {{.When}}. Ouvrez {{.Link}}'),
      template(
        'invitation',
        'mail',
        'Bonjour,\n\nvotre rendez-vous vidéo {{.When}}.\n\n{{.Link}}',
        '{{.Practice}} : votre rendez-vous',
      ),
      template('delay', 'sms', '{{.Practice}} : environ {{.Minutes}} minutes de retard.'),
    ],
  },
  '/notices/channels': {
    mail: true,
    gateways: [{ name: 'ovh', prefixes: ['+33'], report_url: 'https://visio.example.org/api/v1/sms-report/ovh/9d…' }],
  },
};

/** The answer to GET of a path; null when it is about something else. */
export function practiceAnswer(path: string): object | null {
  return answers[path] ?? null;
}
