"""How a visit stands when its code is shown, as a sentence that says what to do next."""

import datetime as dt

from clinicdesk.desk.dates import relative_day
from clinicdesk.domain.check_in import Answer, Arrival
from clinicdesk.formats import clock
from clinicdesk.words import _, marked

ICONS = {
    Answer.HERE: "armchair",
    Answer.INSIDE: "stethoscope",
    Answer.OVER: "check-check",
    Answer.CANCELLED: "ban",
    Answer.OTHER_DAY: "calendar-clock",
}
_SENTENCES = {
    Answer.HERE: marked("{patient} is checked in already, since {since}"),
    Answer.INSIDE: marked("{patient} is with {professional} already, since {since}"),
    Answer.OVER: marked("{patient}’s visit of {day}, {time}, is over"),
    Answer.CANCELLED: marked("{patient}’s visit of {day}, {time}, was cancelled"),
    Answer.OTHER_DAY: marked("{patient}’s visit is {day}, at {time}"),
}


def arrival_sentence(arrival: Arrival, patient: str, today: dt.date, zone: dt.tzinfo) -> str:
    """What the desk says to a code that registered no arrival; `patient` is the name as it may be shown."""
    visit = arrival.appointment
    return _(_SENTENCES[arrival.answer]).format(
        patient=patient,
        professional=visit.professional_name,
        since=clock(visit.status_at, zone),
        day=relative_day(visit.starts_at.astimezone(zone).date(), today),
        time=clock(visit.starts_at, zone),
    )
