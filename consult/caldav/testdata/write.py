# Puts events into the calendar of this account, changes and deletes them, with python3-caldav. The argument is the UID of an
# appointment that begins at 2026-11-24T13:30:00Z.
import os
import sys

import caldav
from caldav.lib import error

client = caldav.DAVClient(os.environ["SERVER_URL"] + "/caldav/", username=os.environ["USER_NAME"], password=os.environ["PASSWORD"])
book = client.principal().calendars()[0]


def event(uid, lines):
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20261101T000000Z\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n" % (
        uid,
        lines.strip().replace("\n", "\r\n"),
    )


def refused(do, word):
    try:
        do()
    except error.DAVError as e:
        assert word in str(e), e
        return
    raise AssertionError("this was not refused")


token = book.objects_by_sync_token().sync_token

lunch = book.save_event(event("lunch", "SUMMARY:Lunch\nDTSTART;TZID=Europe/Paris:20261124T120000\nDURATION:PT1H"))
changed = book.objects_by_sync_token(sync_token=token, load_objects=True)
assert [str(o.url) for o in changed] == [str(lunch.url)], list(changed)
token = changed.sync_token

refused(lambda: book.save_event(event("clash", "SUMMARY:Clash\nDTSTART:20261124T134500Z\nDURATION:PT1H")), "Conflict")
assert "Lunch" in book.event_by_uid("lunch").data

lunch.load()
lunch.data = lunch.data.replace("T120000", "T110000")
lunch.save()
assert "T110000" in book.event_by_uid("lunch").data

# A series across the change of clocks, with an exception and an occurrence that was moved.
series = book.save_event(
    event(
        "series",
        """SUMMARY:Team
DTSTART;TZID=Europe/Paris:20270322T090000
DURATION:PT1H
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Paris:20270405T090000
END:VEVENT
BEGIN:VEVENT
UID:series
DTSTAMP:20261101T000000Z
RECURRENCE-ID;TZID=Europe/Paris:20270412T090000
SUMMARY:Team, later
DTSTART;TZID=Europe/Paris:20270412T150000
DURATION:PT1H""",
    )
)
assert "EXDATE;TZID=Europe/Paris:20270405T090000" in book.event_by_uid("series").data

changed = book.objects_by_sync_token(sync_token=token)
assert len(list(changed)) == 2, list(changed)
token = changed.sync_token
lunch.delete()
changed = book.objects_by_sync_token(sync_token=token)
assert len(list(changed)) == 1, list(changed)

appointment = book.event_by_uid(sys.argv[1])
refused(appointment.delete, "Forbidden")
print("done")
