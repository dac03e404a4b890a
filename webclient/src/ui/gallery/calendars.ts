// What the section of calendar programs is told. For development only.

export const madePassword = { user: 'claire.moreau@example.org', password: 'k7mq-2vxa-9ehr-hh4p-wd3s-nb8c-yt' };
export const calendarAddress = 'https://visio.cabinet-des-tilleuls.example/caldav/';

/** Null: the path is another area's. With `none` nothing was made yet. */
export function calendarsAnswer(path: string, none: boolean): object | null {
  if (!path.startsWith('/me/calendars')) {
    return null;
  }
  const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
  const passwords = [
    { id: 'pw_1', name: 'iPhone', user: madePassword.user, created_at: hoursAgo(900), used_at: hoursAgo(2) },
    { id: 'pw_2', name: 'Thunderbird du bureau', user: madePassword.user, created_at: hoursAgo(30) },
  ];
  return {
    address: calendarAddress,
    user: madePassword.user,
    titles: 'initials',
    passwords: none ? [] : passwords,
    ...(none ? {} : { feed_since: hoursAgo(500) }),
  };
}
