# Finds the calendar of this account and reads what stands in it, with python3-caldav.
import os
from datetime import datetime, timezone

import caldav

client = caldav.DAVClient(os.environ["SERVER_URL"] + "/.well-known/caldav", username=os.environ["USER_NAME"], password=os.environ["PASSWORD"])
calendars = client.principal().calendars()
assert len(calendars) == 1, calendars
book = calendars[0]
print("calendar", book.name, book.get_supported_components())

found = book.date_search(datetime(2026, 11, 24, tzinfo=timezone.utc), datetime(2026, 11, 25, tzinfo=timezone.utc), expand=False)
assert len(found) == 1, found
for event in found:
    print("UID", event.vobject_instance.vevent.uid.value)
    print("start", event.vobject_instance.vevent.dtstart.value.isoformat())

again = book.event_by_url(found[0].url)
assert sorted(again.data.split()) == sorted(found[0].data.split()), (again.data, found[0].data)
assert book.event_by_uid(found[0].vobject_instance.vevent.uid.value).url == found[0].url

known = book.objects_by_sync_token(load_objects=True)
assert len(list(known)) == 1, known
changed = book.objects_by_sync_token(sync_token=known.sync_token)
print("changes after a token:", len(list(changed)))

busy = book.freebusy_request(datetime(2026, 11, 24, tzinfo=timezone.utc), datetime(2026, 11, 25, tzinfo=timezone.utc))
assert "FREEBUSY:20261124T133000Z/20261124T140000Z" in busy.data, busy.data

for change in (found[0].delete, lambda: found[0].save()):
    try:
        change()
    except caldav.lib.error.AuthorizationError:
        continue
    except caldav.lib.error.DAVError as e:
        print("refused:", type(e).__name__)
        continue
    raise AssertionError("an appointment was changed")
