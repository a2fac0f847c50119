"""Why the agenda refuses a visit, as sentences that name the holder and the next free time when they are known."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from clinicdesk import errors
from clinicdesk.desk.wording_fields import field_sentence
from clinicdesk.formats import clock, short_date
from clinicdesk.terms import closure_word, resource_phrase, status_word
from clinicdesk.words import _, marked, ngettext, pgettext

Zone = dt.tzinfo | None
POLICY_RULES = (
    "max_advance_days",
    "max_daily_appointments",
    "max_daily_overbookings",
    "min_advance_hours",
    "slot_duration_minutes",
)
NOT_OFFERED = {
    "professional": marked("This professional does not offer this service here. Choose somebody else."),
    "room": marked("This service does not use this room. Choose another room."),
    "equipment": marked("This service does not use this equipment. Choose another."),
    "service": marked("This clinic does not offer this service. Choose another."),
    "resource": marked("This does not belong to this clinic. Choose another professional, room or equipment."),
}


def with_article(name: str) -> str:
    """A name as it stands inside a sentence: “o Dr. André”, “a Dra. Helena”, “Renata”."""
    if name.startswith("Dra."):
        return pgettext("a woman doctor inside a sentence", "{name}").format(name=name)
    if name.startswith("Dr."):
        return pgettext("a man doctor inside a sentence", "{name}").format(name=name)
    return name


def _taken(error: errors.SlotTaken, zone: Zone) -> str:
    who = with_article(error.resource_name) or resource_phrase(error.resource_kind)
    said = _who_holds(error, who, clock(error.until, zone) if error.until else "")
    advice = _("Free at {time}.").format(time=clock(error.next_free, zone)) if error.next_free else _another_time()
    return f"{_capital(said)} {advice}"


def _who_holds(error: errors.SlotTaken, who: str, until: str) -> str:
    person = error.resource_kind == "professional"
    if error.held_for_minutes is not None:
        return _held(error, who)
    if error.elsewhere:
        said = _("{who} is held by another unit until {until}.") if until else _("{who} is held by another unit.")
    elif error.holder and error.resource_name and person:
        said = _("{holder} is with {who} until {until}.") if until else _("{holder} is with {who} at that time.")
    elif error.holder and error.resource_name:
        said = _("{holder} is using {who} until {until}.") if until else _("{holder} is using {who} at that time.")
    else:
        said = _("{who} is taken until {until}.") if until else _("{who} is taken at that time.")
    return said.format(holder=error.holder, who=who, until=until)


def _held(error: errors.SlotTaken, who: str) -> str:
    minutes = error.held_for_minutes or 1
    if error.holder:
        said = ngettext(
            "{holder} is holding {who} at that time, for {count} minute more.",
            "{holder} is holding {who} at that time, for {count} minutes more.",
            minutes,
        )
    else:
        said = ngettext(
            "{who} is being booked at that time; held for {count} minute more.",
            "{who} is being booked at that time; held for {count} minutes more.",
            minutes,
        )
    return said.format(holder=error.holder, who=who, count=minutes)


def _closed(error: errors.SlotClosed, zone: Zone) -> str:
    said = {
        "closed": _("Nobody works at that time."),
        "break": _("That is break time."),
        "holiday": _("That day is a holiday."),
        "time_off": _("The professional is away at that time."),
        "block": _("That time is blocked."),
    }[error.kind]
    if error.label:
        said = _("That time is closed: {label}.").format(label=closure_word(error.kind, error.label))
    opens = _("Opens at {time}.").format(time=clock(error.opens_at, zone)) if error.opens_at else _another_time()
    return f"{said} {opens}"


def _outside_policy(error: errors.OutsidePolicy, _zone: Zone) -> str:
    count = error.limit
    if error.rule == "max_daily_overbookings" and not count:
        return _("The clinic takes no overbookings. Choose a free time.")
    said = {
        "max_advance_days": ngettext(
            "The clinic books at most {count} day ahead. Choose an earlier day.",
            "The clinic books at most {count} days ahead. Choose an earlier day.",
            count,
        ),
        "max_daily_appointments": ngettext(
            "The professional has {count} visit that day, the clinic's limit. Choose another day.",
            "The professional has {count} visits that day, the clinic's limit. Choose another day.",
            count,
        ),
        "max_daily_overbookings": ngettext(
            "The professional has {count} overbooking that day, the clinic's limit. Choose a free time.",
            "The professional has {count} overbookings that day, the clinic's limit. Choose a free time.",
            count,
        ),
        "min_advance_hours": ngettext(
            "The clinic asks for {count} hour of notice. Choose a later time.",
            "The clinic asks for {count} hours of notice. Choose a later time.",
            count,
        ),
        "slot_duration_minutes": ngettext(
            "Visits start every {count} minute. Choose a time on that grid.",
            "Visits start every {count} minutes. Choose a time on that grid.",
            count,
        ),
    }[error.rule]
    return said.format(count=count)


def _conflicts(error: errors.SeriesConflicts, zone: Zone) -> str:
    day, first = error.conflicts[0]
    said = f"{_capital(short_date(day))}: {sentence_of(first, zone)}"
    more = len(error.conflicts) - 1
    if not more:
        return said
    others = ngettext(
        "{count} more day of the series cannot be as wished.",
        "{count} more days of the series cannot be as wished.",
        more,
    )
    return f"{said} {others.format(count=more)}"


def sentence_of(error: errors.ClinicError, zone: Zone) -> str:
    """What is said of a refusal of the agenda; of another fact, what its field says."""
    if type(error) in SENTENCES:
        return SENTENCES[type(error)](error, zone)
    return field_sentence(error) if isinstance(error, errors.InvalidField) else _another_time()


def _status(error: errors.StatusRefused, _zone: Zone) -> str:
    return _("A visit that is “{current}” cannot become “{wanted}”. See its history and take the step between.").format(
        current=status_word(error.current).lower(), wanted=status_word(error.wanted).lower()
    )


def _unknown_pass(error: errors.PassUnknown, _zone: Zone) -> str:
    if error.clinic_name:
        return _("This code is of a visit in {clinic}. Change the unit, or send the patient there.").format(
            clinic=error.clinic_name
        )
    return _("This code is not of this clinic. Find the patient by name.")


def _too_early(error: errors.TooEarly, zone: Zone) -> str:
    return _("A visit becomes “{wanted}” once its time has come, at {time}.").format(
        wanted=status_word(error.wanted).lower(), time=clock(error.starts_at, zone)
    )


def _waiting_taken(error: errors.WaitingEntryTaken, _zone: Zone) -> str:
    by = error.changed_by or _("Another desk")
    said = {
        "booked": _("{person} has booked {patient} from the list already."),
        "given_up": _("{person} has taken {patient} off the list."),
        "open": _("{person} has changed what {patient} waits for. Look at the list again."),
    }[error.state]
    return said.format(person=by, patient=error.patient_name)


OFFER_OVER = {
    "accepted": marked("This offer was accepted already. Look at the agenda."),
    "refused": marked("This offer was refused already. Offer the time to somebody else."),
    "expired": marked("This offer is over. Offer the time again, or to somebody else."),
    "withdrawn": marked("This offer was withdrawn. Offer the time again, or to somebody else."),
    "unanswerable": marked("The offer could not be delivered. Call the patient, or offer the time to somebody else."),
}
OFFER_REFUSED = {
    "too_soon": marked("This time begins too soon to wait for an answer. Call instead."),
    "not_reached": marked(
        "{patient} cannot be asked by message: a phone, a consent or a channel that takes answers is missing."
        " Call instead."
    ),
    "offered_already": marked("{patient} has an offer already that stands. Withdraw it first, or wait for the answer."),
}


def _another_time() -> str:
    return _("Choose another time.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


SENTENCES: dict[type[errors.ClinicError], Callable[[Any, Zone], str]] = {
    errors.SlotTaken: _taken,
    errors.SlotClosed: _closed,
    errors.OutsidePolicy: _outside_policy,
    errors.StatusRefused: _status,
    errors.SeriesConflicts: _conflicts,
    errors.PassUnknown: _unknown_pass,
    errors.NotWaiting: lambda _error, _zone: _("Only who is at reception is called. Register the arrival first."),
    errors.TooEarly: _too_early,
    errors.WaitingEntryTaken: _waiting_taken,
    errors.OfferOver: lambda error, _zone: _(OFFER_OVER[error.state]),
    errors.OfferRefused: lambda error, _zone: _(OFFER_REFUSED[error.reason]).format(
        patient=error.patient_name or _("This patient")
    ),
    errors.NotOffered: lambda error, _zone: _(NOT_OFFERED[error.what]),
}
