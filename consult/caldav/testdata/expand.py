# Has the server say when what recurs takes place, with python3-caldav: one event for each time, without rules and zones.
import os
from datetime import datetime, timezone

import caldav

client = caldav.DAVClient(os.environ["SERVER_URL"] + "/caldav/", username=os.environ["USER_NAME"], password=os.environ["PASSWORD"])
book = client.principal().calendars()[0]
book.save_event(
    """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
BEGIN:VEVENT
UID:series
DTSTAMP:20261101T000000Z
SUMMARY:Team
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
DURATION:PT1H
END:VEVENT
END:VCALENDAR
"""
)
start, end = datetime(2027, 3, 1, tzinfo=timezone.utc), datetime(2027, 5, 1, tzinfo=timezone.utc)

# What the server itself sends: the library expands whatever still has a rule.
query, kind = book.build_search_xml_query(comp_class=caldav.Event, start=start, end=end, expand=True)
_, sent = book._request_report_build_resultlist(query, kind)
assert len(sent) == 1, sent
for word in ("RRULE", "EXDATE", "TZID", "VTIMEZONE"):
    assert word not in sent[0].data, sent[0].data

for found in (book.search(event=True, start=start, end=end, expand=True), book.date_search(start, end, expand=True)):
    times = []
    for event in found:
        for part in event.icalendar_instance.subcomponents:
            times.append("%s %s %s" % (part["DTSTART"].dt.isoformat(), part["RECURRENCE-ID"].dt.isoformat(), part["SUMMARY"]))
    assert times == [
        "2027-03-22T08:00:00+00:00 2027-03-22T08:00:00+00:00 Team",
        "2027-03-29T07:00:00+00:00 2027-03-29T07:00:00+00:00 Team",
        "2027-04-12T13:00:00+00:00 2027-04-12T07:00:00+00:00 Team, later",
    ], times

busy = book.freebusy_request(start, end)
assert busy.data.count("FREEBUSY:") == 3 and "FREEBUSY:20270412T130000Z/20270412T140000Z" in busy.data, busy.data
print("done")
