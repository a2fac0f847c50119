"""The clinic's own terms in the language in use: states, roads, roles, and why a time is closed or not offered.

They are given as the texts the domain's enumerations hold, so that paper, command line and desk all say the same word.
"""

from clinicdesk.words import _, marked

_STATUSES = {
    "pending": marked("To confirm"),
    "confirmed": marked("Confirmed"),
    "checked_in": marked("In reception"),
    "in_progress": marked("In progress"),
    "completed": marked("Completed"),
    "no_show": marked("No-show"),
    "cancelled": marked("Cancelled"),
}
_CHANNELS = {
    "desk": marked("at the desk"),
    "phone": marked("by phone"),
    "whatsapp": marked("by WhatsApp"),
    "sms": marked("by SMS"),
    "email": marked("by e-mail"),
    "booking_page": marked("on the booking page"),
    "assistant": marked("by the assistant"),
    "import": marked("by import"),
}
_ROLES = {
    "owner": marked("Owner"),
    "manager": marked("Manager"),
    "reception": marked("Reception"),
    "professional": marked("Professional"),
}
_CLOSURES = {
    "closed": marked("Closed"),
    "break": marked("Break"),
    "holiday": marked("Holiday"),
    "time_off": marked("Time off"),
    "block": marked("Blocked"),
}
_WHY_NOT = {
    "closed": marked("Nobody works on these days. Look at other days."),
    "holiday": marked("These days are holidays. Look at other days."),
    "time_off": marked("The professional is away on these days. Choose somebody else or look further ahead."),
    "full": marked("The agenda is full on these days. Look further ahead or choose somebody else."),
    "too_short": marked("The free times are shorter than the service. Shorten the visit or look further ahead."),
    "room_in_use": marked("Every room for this service is in use. Look at another time of day."),
    "equipment_in_use": marked("The equipment for this service is in use. Look at another time of day."),
    "min_advance_hours": marked("The free times are too soon for the clinic's policy. Look at later days."),
    "max_advance_days": marked("These days are further ahead than the clinic books. Look at earlier days."),
    "max_daily_appointments": marked("The daily limit of visits is reached on these days. Look at other days."),
    "outside_hours_asked": marked("There is free time, but not between the hours asked. Widen the hours."),
    "other_days_asked": marked("This weekday was not asked for. Ask for more days of the week."),
    "nobody": marked("Nobody offers this service here. Choose another service, or say in the settings who does it."),
    "held": marked("What is free is being booked by somebody at this moment. Look again in some minutes."),
    "break": marked("That is break time. Choose another time."),
    "block": marked("That time is blocked. Choose another time."),
    "slot_duration_minutes": marked("Visits do not start at that minute here. Choose a time on the grid."),
}
_WHY_NOT_WORDS = {
    "closed": marked("closed"),
    "holiday": marked("holiday"),
    "time_off": marked("away"),
    "full": marked("full"),
    "too_short": marked("too short"),
    "room_in_use": marked("no free room"),
    "equipment_in_use": marked("equipment in use"),
    "min_advance_hours": marked("too soon"),
    "max_advance_days": marked("too far ahead"),
    "max_daily_appointments": marked("daily limit reached"),
    "outside_hours_asked": marked("not at the hours asked"),
    "other_days_asked": marked("weekday not asked for"),
    "nobody": marked("nobody offers it"),
    "held": marked("being booked"),
    "break": marked("break"),
    "block": marked("blocked"),
    "slot_duration_minutes": marked("not on the grid"),
}
_PRIORITIES = {
    "over_80": marked("80+"),
    "over_60": marked("60+"),
    "disabled": marked("Disabled person"),
    "autistic": marked("Autistic person"),
    "reduced_mobility": marked("Reduced mobility"),
    "pregnant": marked("Pregnant"),
    "lactating": marked("Nursing"),
    "with_infant": marked("With an infant"),
    "obese": marked("Obesity"),
    "blood_donor": marked("Blood donor"),
}
_RESOURCES = {
    "professional": marked("The professional"),
    "room": marked("The room"),
    "equipment": marked("The equipment"),
    "service": marked("The service"),
}
# What is kept with a consent: the very words. A change of them here is a change for who is asked from then on.
_ASKED = {
    "care": marked(
        "The clinic may send me messages about my visits by WhatsApp, SMS and e-mail. I can stop them whenever I want,"
        " by answering SAIR or at the desk."
    ),
    "marketing": marked(
        "The clinic may send me news and offers by WhatsApp, SMS and e-mail. I can stop them whenever I want, by"
        " answering SAIR or at the desk."
    ),
}


def status_word(status: str) -> str:
    """The state of a visit, as chips and lists show it."""
    return _(_STATUSES[status])


def channel_phrase(channel: str) -> str:
    """By which road a change came, to stand inside a sentence: “by phone”."""
    return _(_CHANNELS[channel])


def role_word(role: str) -> str:
    """What a person is in the clinic."""
    return _(_ROLES[role])


def closure_word(kind: str, label: str = "") -> str:
    """Why time is closed: the clinic's own word when there is one."""
    return label or _(_CLOSURES[kind])


def why_not_sentence(reason: str) -> str:
    """Why a search found no free time, and where to look instead."""
    return _(_WHY_NOT[reason])


def priority_word(priority: str) -> str:
    """Why the law lets somebody go first, as chips show it."""
    return _(_PRIORITIES[priority])


def why_not_words(reason: str) -> str:
    """The same in a word or two, to stand beside a day or a time."""
    return _(_WHY_NOT_WORDS[reason])


def resource_phrase(kind: str) -> str:
    """A resource whose name is not known, to begin a sentence with."""
    return _(_RESOURCES[kind])


def asked_words(purpose: str = "care") -> str:
    """What a patient is asked before the clinic writes to them, and what is kept when they say yes."""
    return _(_ASKED[purpose])
