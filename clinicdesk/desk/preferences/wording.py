"""What the settings say: the words of effects, of histories, and of what was saved."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from clinicdesk import formats
from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.audit import Alteration, FieldChange
from clinicdesk.domain.effects import Effect, Touch
from clinicdesk.formats import short_date
from clinicdesk.words import _, ngettext

_MONDAY = dt.date(2024, 1, 1)
Shown = Callable[[Any], str]


def effect_words(effect: Effect) -> str:
    """What a change touches, in a sentence without its full stop."""
    count = effect.count
    said = {
        Touch.OUTSIDE_HOURS: lambda: ngettext(
            "{count} visit lies outside the new hours; it stays where it is",
            "{count} visits lie outside the new hours; they stay where they are",
            count,
        ),
        Touch.HELD: lambda: ngettext(
            "{count} visit to come has to be moved first", "{count} visits to come have to be moved first", count
        ),
        Touch.KEEP_LENGTH: lambda: ngettext(
            "{count} booked visit keeps its length", "{count} booked visits keep their length", count
        ),
        Touch.KEEP_PRICE: lambda: ngettext(
            "{count} booked visit keeps the older price", "{count} booked visits keep the older price", count
        ),
        Touch.KEEP_BUFFERS: lambda: ngettext(
            "{count} booked visit keeps its older intervals", "{count} booked visits keep their older intervals", count
        ),
        Touch.KEEP_PEOPLE: lambda: ngettext(
            "{count} booked visit stays with somebody or somewhere the list leaves out",
            "{count} booked visits stay with somebody or somewhere the list leaves out",
            count,
        ),
        Touch.NOT_OFFERED: lambda: ngettext(
            "{count} booked visit still takes place", "{count} booked visits still take place", count
        ),
        Touch.TOO_FAR: lambda: ngettext(
            "{count} visit is booked further ahead; it stays",
            "{count} visits are booked further ahead; they stay",
            count,
        ),
        Touch.DAYS_OVER: lambda: ngettext(
            "{count} day already holds more visits than that", "{count} days already hold more visits than that", count
        ),
        Touch.OTHER_ZONE: lambda: ngettext(
            "{count} visit will show another time on the wall",
            "{count} visits will show another time on the wall",
            count,
        ),
        Touch.HOLIDAY_VISITS: lambda: ngettext(
            "{count} visit is booked on that day; it stays", "{count} visits are booked on that day; they stay", count
        ),
    }[effect.touch]()
    return said.format(count=count)


def changed_by(person: str, at: dt.datetime | None, clock: DeskClock) -> str:
    """Who saved this last, and when; empty while nobody did."""
    if at is None:
        return ""
    day = dates.relative_day(at.astimezone(clock.zone).date(), clock.today())
    if not person:
        return _("Changed {day}").format(day=day)
    return _("Changed by {person}, {day}").format(person=person, day=day)


def alteration_lines(one: Alteration, labels: Mapping[str, str], shown: Mapping[str, Shown]) -> list[str]:
    """What was saved at one time, a line for each field: “Price: R$ 320,00 → R$ 350,00”."""
    lines = []
    if one.made:
        lines.append(_("Made"))
    for change in one.changes:
        if change.field in ("days", "exceptions") and isinstance(change.before, list):
            lines.extend(_hours_lines(change))
        elif change.field in labels:
            lines.append(_field_line(change, labels[change.field], shown.get(change.field, _plain)))
        elif change.field == "position":
            lines.append(_("Moved to another place of the list"))
    if one.gone:
        lines.append(_("Removed"))
    return lines


def _hours_lines(change: FieldChange) -> list[str]:
    """Rows of hours that went and came, a line for each day: “segunda-feira: − 08:00–12:00, + 08:00–12:30”."""
    days: dict[str, list[str]] = {}
    for sign, rows in (("−", change.before), ("+", change.after)):
        for row in sorted(rows, key=lambda one: (one.get("day") or "", one.get("weekday") or 0, one["starts"] or "")):
            if "day" in row:
                name = short_date(dt.date.fromisoformat(row["day"]))
            else:
                name = formats.weekday(_MONDAY + dt.timedelta(days=row["weekday"] - 1))
            span = f"{row['starts'][:5]}–{row['ends'][:5]}" if row["starts"] else _("closed")
            days.setdefault(name, []).append(f"{sign} {span}")
    return [f"{name}: {', '.join(parts)}" for name, parts in days.items()]


def _field_line(change: FieldChange, label: str, shown: Shown) -> str:
    if isinstance(change.before, list):
        gone = [_uuid(one) for one in change.before if one not in change.after]
        new = [_uuid(one) for one in change.after if one not in change.before]
        named = [
            (sign, one["name"] if isinstance(one, dict) else shown((one,)))
            for sign, ones in (("+", new), ("−", gone))
            for one in ones
        ]
        parts = [f"{sign} {name}" for sign, name in named]
        return f"{label}: {', '.join(parts)}"
    return f"{label}: {shown(_typed(change.before))} → {shown(_typed(change.after))}"


def _plain(value: object) -> str:
    return str(value) if value not in ("", None) else _("empty")


def _typed(value: Any) -> Any:
    """A value out of JSON as the form holds it, as far as its look tells."""
    if isinstance(value, str):
        return _uuid(value)
    return value


def _uuid(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        try:
            return UUID(value)
        except ValueError:
            return value
    return value
