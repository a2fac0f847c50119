"""The status of a visit as the screen shows it: icon and word."""

from clinicdesk.domain.agenda import Status
from clinicdesk.words import _, marked

ICONS: dict[Status, str] = {
    Status.PENDING: "circle-dashed",
    Status.CONFIRMED: "circle-check",
    Status.CHECKED_IN: "armchair",
    Status.IN_PROGRESS: "stethoscope",
    Status.COMPLETED: "check-check",
    Status.NO_SHOW: "user-x",
    Status.CANCELLED: "ban",
}

_WORDS: dict[Status, str] = {
    Status.PENDING: marked("To confirm"),
    Status.CONFIRMED: marked("Confirmed"),
    Status.CHECKED_IN: marked("In reception"),
    Status.IN_PROGRESS: marked("In progress"),
    Status.COMPLETED: marked("Completed"),
    Status.NO_SHOW: marked("No-show"),
    Status.CANCELLED: marked("Cancelled"),
}


def status_word(status: Status) -> str:
    """The status in the language in use, as chips and lists show it."""
    return _(_WORDS[status])
