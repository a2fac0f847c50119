"""Two entries that may be one person, in words: why it seems so, what stands in their fields, what goes along."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from clinicdesk import formats
from clinicdesk.desk.patients.own_fields import own_words
from clinicdesk.desk.wording_fields import FIELDS
from clinicdesk.domain.custom_fields import CustomField, from_stored
from clinicdesk.domain.merging import OWN, Entry, LikelyPair
from clinicdesk.domain.patients import show_phone
from clinicdesk.terms import priority_word
from clinicdesk.words import _, marked, ngettext

REASONS = {
    "same_name": marked("same name"),
    "like_name": marked("similar name"),
    "same_birth": marked("same birth date"),
    "same_phone": marked("same phone"),
}


def reason_words(pair: LikelyPair) -> str:
    """`mesmo nome · mesma data de nascimento`."""
    return " · ".join(_(REASONS[one]) for one in pair.reasons)


def visits_words(count: int) -> str:
    """`7 visitas`, or that there is none."""
    if not count:
        return _("no visits")
    return ngettext("{count} visit", "{count} visits", count).format(count=formats.number(count))


def since_words(entry: Entry, zone: dt.tzinfo) -> str:
    """`7 visitas · desde mar 2024 · última em 03/10/2026`."""
    since = formats.month_and_year(entry.created_at.astimezone(zone).date())
    said = [visits_words(entry.visits), _("since {month}").format(month=since)]
    if entry.last_visit_at is not None:
        day = formats.numeric_date(entry.last_visit_at.astimezone(zone).date())
        said.append(_("last visit {day}").format(day=day))
    return " · ".join(said)


def field_name(name: str, own: Sequence[CustomField]) -> str:
    """What a field is called: the form's word, or the clinic's."""
    if name.startswith(OWN):
        field = _own(name, own)
        return field.name if field is not None else _("Own field")
    return _(FIELDS[name])


def value_words(entry: Entry, name: str, own: Sequence[CustomField]) -> str:
    """What stands in a field of an entry, as the screen writes it; empty for nothing."""
    value = entry.value(name)
    if name.startswith(OWN):
        field = _own(name, own)
        return own_words(from_stored(field, value)) if field is not None else str(value or "")
    if isinstance(value, dt.date):
        return formats.numeric_date(value)
    if name == "phone":
        return show_phone(str(value))
    if name == "priority":
        return priority_word(str(value)) if value else ""
    return str(value or "")


def goes_along(merged: Entry) -> str:
    """What of the entry given up goes over to the other one: `7 visitas, 2 na lista de espera`; empty for nothing."""
    counted = (
        (merged.visits, visits_words(merged.visits)),
        (merged.waiting, ngettext("{count} on the waiting list", "{count} on the waiting list", merged.waiting)),
        (merged.recalls, ngettext("{count} recall", "{count} recalls", merged.recalls)),
        (merged.alerts, ngettext("{count} alert", "{count} alerts", merged.alerts)),
        (merged.dependants, ngettext("{count} dependant", "{count} dependants", merged.dependants)),
    )
    said = [words.format(count=formats.number(count)) for count, words in counted if count]
    if merged.tags:
        said.append(_("tags {names}").format(names=", ".join(merged.tags)))
    return ", ".join(said)


def _own(name: str, own: Sequence[CustomField]) -> CustomField | None:
    return next((one for one in own if one.id == UUID(name.removeprefix(OWN))), None)
