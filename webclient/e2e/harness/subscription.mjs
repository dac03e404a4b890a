/** A calendar on the network in Thunderbird: found, subscribed to, read and written by its own code. What is inside runs in Thunderbird. */

export class Subscription {
  /** @param {import('./thunderbird.mjs').Thunderbird} thunderbird */
  constructor(thunderbird) {
    this.thunderbird = thunderbird;
  }

  /** Looks for calendars as the dialog *New calendar* does, and subscribes to the first. Returns what was found. */
  find(address, user, password) {
    return this.thunderbird.run(
      async (where, who, secret) => {
        const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
        const found = [...(await cal.provider.detection.detect(who, secret, where, false, [], {})).entries()];
        const login = Cc['@mozilla.org/login-manager/loginInfo;1'].createInstance(Ci.nsILoginInfo);
        login.init(where, null, 'Colloque', who, secret, '', '');
        await Services.logins.addLoginAsync(login);
        const [calendar] = found[0][1];
        calendar.setProperty('cache.enabled', true);
        cal.manager.registerCalendar(calendar);
        return found.flatMap(([provider, all]) =>
          all.map(one => ({ type: provider.type, path: one.uri.pathQueryRef, name: one.name, readOnly: one.readOnly })),
        );
      },
      address,
      user,
      password,
    );
  }

  /** Subscribes to an .ics file. */
  subscribe(address) {
    return this.thunderbird.run(async where => {
      const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
      const calendar = cal.manager.createCalendar('ics', Services.io.newURI(where));
      calendar.readOnly = true;
      cal.manager.registerCalendar(calendar);
    }, address);
  }

  /** Asks the server anew, and returns all that it has: "title start", in UTC. */
  read() {
    return this.thunderbird.run(async () => {
      const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
      const calendar = cal.manager.getCalendars().at(-1);
      await new Promise(loaded => {
        const nothing = () => undefined;
        const observer = {
          QueryInterface: ChromeUtils.generateQI(['calIObserver']),
          onLoad() {
            calendar.removeObserver(observer);
            loaded();
          },
          onStartBatch: nothing,
          onEndBatch: nothing,
          onAddItem: nothing,
          onModifyItem: nothing,
          onDeleteItem: nothing,
          onError: nothing,
          onPropertyChanged: nothing,
          onPropertyDeleting: nothing,
        };
        calendar.addObserver(observer);
        calendar.refresh();
      });
      const all = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
      return all.map(one => `${one.title} ${one.startDate.getInTimezone(cal.dtz.UTC).icalString}`).sort();
    });
  }

  /** Puts an event, changes its times, or deletes it; times are on clocks in Paris. Returns "done", or why not. */
  change(how, uid, start, end) {
    return this.thunderbird.run(
      async (what, id, from, to) => {
        const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
        const { CalEvent } = ChromeUtils.importESModule('resource:///modules/CalEvent.sys.mjs');
        const calendar = cal.manager.getCalendars().at(-1);
        const clock = text => {
          const time = cal.createDateTime(text);
          time.timezone = cal.timezoneService.getTimezone('Europe/Paris');
          return time;
        };
        const old = what === 'put' ? null : await calendar.getItem(id);
        const event = old === null ? new CalEvent() : old.clone();
        if (what !== 'delete') {
          event.id = id;
          event.title = id;
          event.startDate = clock(from);
          event.endDate = clock(to);
        }
        try {
          await {
            put: () => calendar.addItem(event),
            change: () => calendar.modifyItem(event, old),
            delete: () => calendar.deleteItem(old),
          }[what]();
          return 'done';
        } catch (refused) {
          return String(refused);
        }
      },
      how,
      uid,
      start,
      end,
    );
  }

  /** Changes an event's times to what the server refuses: the dialog that asks whether to overwrite is answered with no. Returns what it said. */
  changeAndGiveUp(uid, start, end) {
    return this.thunderbird.run(
      async (id, from, to) => {
        const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
        const calendar = cal.manager.getCalendars().at(-1);
        const old = await calendar.getItem(id);
        const event = old.clone();
        for (const [which, text] of [
          ['startDate', from],
          ['endDate', to],
        ]) {
          const time = cal.createDateTime(text);
          time.timezone = cal.timezoneService.getTimezone('Europe/Paris');
          event[which] = time;
        }
        const asked = new Promise(answered => {
          const look = async subject => {
            await new Promise(done => subject.addEventListener('load', done, { once: true }));
            const dialog = subject.document.querySelector('dialog');
            if (dialog === null || !/conflicts/.test(subject.location)) {
              return;
            }
            Services.ww.unregisterNotification(observer);
            const said = subject.document.documentElement.textContent.trim().replace(/\s+/g, ' ');
            dialog.cancelDialog();
            answered(said);
          };
          const observer = { observe: (subject, topic) => topic === 'domwindowopened' && look(subject) };
          Services.ww.registerNotification(observer);
        });
        const changed = calendar.modifyItem(event, old).then(
          () => 'done',
          refused => String(refused),
        );
        return [await asked, await changed];
      },
      uid,
      start,
      end,
    );
  }
}
