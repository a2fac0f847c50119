"""What somebody waits for, in few words: “Consulta · 45 min · tardes · qui e sex”."""

import datetime as dt

from clinicdesk.desk import dates
from clinicdesk.desk.wording_messages import STATES
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.offers import Offer, OfferState
from clinicdesk.domain.waiting import EVERY_DAY, MIDNIGHT, Urgency, WaitingEntry, WaitingWish
from clinicdesk.formats import clock, short_weekday
from clinicdesk.words import _, marked, ngettext

NOON, EVENING = dt.time(12), dt.time(18)
_MONDAY = dt.date(2026, 11, 23)
URGENCIES = {
    Urgency.CAN_WAIT: marked("can wait"),
    Urgency.SOON: marked("soon"),
    Urgency.URGENT: marked("urgent"),
}


def urgency_word(urgency: Urgency) -> str:
    """How soon, in a word."""
    return _(URGENCIES[urgency])


def hours_words(wish: WaitingWish) -> str:
    """The hours somebody can come; empty when any will do."""
    span = wish.from_time, wish.to_time
    if span == (MIDNIGHT, MIDNIGHT):
        return ""
    named = {
        (MIDNIGHT, NOON): _("mornings"),
        (NOON, EVENING): _("afternoons"),
        (EVENING, MIDNIGHT): _("evenings"),
    }
    if span in named:
        return named[span]
    if wish.to_time == MIDNIGHT:
        return _("from {time} on").format(time=f"{wish.from_time:%H:%M}")
    if wish.from_time == MIDNIGHT:
        return _("until {time}").format(time=f"{wish.to_time:%H:%M}")
    return f"{wish.from_time:%H:%M}–{wish.to_time:%H:%M}"


def days_words(wish: WaitingWish) -> str:
    """The weekdays somebody can come; empty when any will do."""
    if set(wish.weekdays) == set(EVERY_DAY):
        return ""
    if set(wish.weekdays) == set(EVERY_DAY[:5]):
        return _("Monday to Friday")
    return ", ".join(short_weekday(_MONDAY + dt.timedelta(days=day - 1)) for day in sorted(wish.weekdays))


def service_words(entry: WaitingEntry, catalogue: Catalogue | None = None) -> str:
    """What somebody waits for, and how long it takes."""
    services = catalogue.services if catalogue else ()
    minutes = next((one.duration_minutes for one in services if one.id == entry.wish.service_id), 0)
    length = _("{minutes} min").format(minutes=minutes) if minutes else ""
    return " · ".join(filter(None, (entry.service_name, length)))


def wish_words(entry: WaitingEntry, catalogue: Catalogue | None = None) -> str:
    """The second line of a row."""
    parts = (service_words(entry, catalogue), hours_words(entry.wish), days_words(entry.wish))
    return " · ".join(filter(None, parts))


def since_words(entry: WaitingEntry, now: dt.datetime) -> str:
    """How long somebody has waited."""
    days = entry.waiting_days(now)
    return (
        ngettext("waiting {count} day", "waiting {count} days", days).format(count=days) if days else _("since today")
    )


def until_words(entry: WaitingEntry, today: dt.date) -> str:
    """The last day somebody can come; empty when there is none."""
    last = entry.wish.last_day
    return _("until {day}").format(day=dates.relative_day(last, today)) if last else ""


def offer_place(offer: Offer, zone: dt.tzinfo, today: dt.date) -> str:
    """The time that is on offer: `hoje, 15:00`."""
    local = offer.place.slot.starts_at.astimezone(zone)
    return f"{dates.capitalised(dates.relative_day(local.date(), today))}, {local:%H:%M}"


def offer_words(offer: Offer, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Since when it is on offer, and how long still: `oferecido às 10:14, expira em 43 min`."""
    at = clock(offer.offered_at, zone)
    if not offer.stands(now):
        return _("offered at {time}, over").format(time=at)
    left = dates.minutes_text(offer.minutes_left(now))
    return _("offered at {time}, ends in {left}").format(time=at, left=left)


def offer_message_words(offer: Offer) -> str:
    """Where the message that makes the offer stands."""
    said = _(STATES[offer.message_state]) if offer.message_state in STATES else _("no message")
    by = offer.offered_by or _("by itself")
    return _("Message: {state} · offered {by}").format(state=said.lower(), by=by)


def ended_words(offer: Offer, zone: dt.tzinfo, today: dt.date, name: str) -> str:
    """What became of an offer, for everybody who is not looking."""
    said = {
        OfferState.ACCEPTED: _("{patient} accepted {time}: booked"),
        OfferState.REFUSED: _("{patient} does not want {time}"),
        OfferState.EXPIRED: _("{patient} did not answer about {time}"),
        OfferState.UNANSWERABLE: _("The offer of {time} did not reach {patient}"),
        OfferState.WITHDRAWN: _("The offer of {time} to {patient} is withdrawn"),
        OfferState.OFFERED: _("{time} is offered to {patient}"),
    }[offer.state]
    place = offer_place(offer, zone, today)
    starts = said.startswith("{time}")
    return said.format(patient=name, time=place if starts else place[:1].lower() + place[1:])


def reason_words(entry: WaitingEntry, now: dt.datetime) -> str:
    """Why somebody fits a time: what they asked for, and why they come before others."""
    parts = (hours_words(entry.wish), days_words(entry.wish), entry.professional_name)
    asked = ", ".join(filter(None, parts)) or _("any time")
    urgent = urgency_word(entry.wish.urgency) if entry.wish.urgency is Urgency.URGENT else ""
    told = " · ".join(filter(None, (urgent, _("asked for {what}").format(what=asked), since_words(entry, now))))
    return dates.capitalised(told)
