"""What the worklist of recalls says: months, outcomes, and how long something is due."""

import datetime as dt

from clinicdesk.desk.dates import capitalised, relative_day
from clinicdesk.domain.recall import Outcome, Recall, is_overdue
from clinicdesk.formats import month_and_year
from clinicdesk.words import _, marked, ngettext

ICONS = {
    Outcome.NO_ANSWER: "phone",
    Outcome.LEFT_MESSAGE: "message-circle",
    Outcome.CALL_BACK: "clock",
    Outcome.REFUSED: "ban",
    Outcome.BOOKED: "calendar-check",
}
_OUTCOMES = {
    Outcome.NO_ANSWER: marked("No answer"),
    Outcome.LEFT_MESSAGE: marked("Left a message"),
    Outcome.CALL_BACK: marked("Call back"),
    Outcome.REFUSED: marked("Does not want to"),
    Outcome.BOOKED: marked("Booked a visit"),
}


def outcome_word(outcome: Outcome) -> str:
    """What came of an attempt."""
    return _(_OUTCOMES[outcome])


def due_words(recall: Recall, today: dt.date) -> tuple[str, str]:
    """The month it is due, and the tone it is said in: red once that month went by."""
    words = month_and_year(recall.due_month)
    if is_overdue(recall, today):
        return _("Overdue: {month}").format(month=words), "danger"
    return capitalised(words), "accent" if recall.due_month <= today else "muted"


def what_for(recall: Recall) -> str:
    """What the patient is to come for, and with whom."""
    return " · ".join(filter(None, (recall.service_name or _("Any visit"), recall.professional_name)))


def tried_words(recall: Recall, today: dt.date, zone: dt.tzinfo) -> str:
    """What came of the last attempt, when, and how many there were."""
    if recall.last_outcome is None or recall.last_attempt_at is None:
        return _("Not tried yet")
    day = relative_day(recall.last_attempt_at.astimezone(zone).date(), today)
    count = ngettext("{count} attempt", "{count} attempts", recall.attempts).format(count=recall.attempts)
    return f"{outcome_word(recall.last_outcome)}, {day} · {count}"


def last_visit_words(recall: Recall, today: dt.date, zone: dt.tzinfo) -> str:
    """When the patient was here last."""
    if recall.last_visit_at is None:
        return _("Never came yet")
    return _("Last visit {day}").format(day=relative_day(recall.last_visit_at.astimezone(zone).date(), today))
