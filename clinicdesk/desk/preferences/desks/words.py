"""What is said of a desk: when it was used last, until when its certificate counts, how it came and went."""

import datetime as dt

from clinicdesk import formats
from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.domain.desks import WARN_BEFORE, Desk
from clinicdesk.words import _

_TEAL, _OCHRE = 200, 65
IN_USE = dt.timedelta(minutes=2)  # a desk in use says so every half minute


def row_of(desk: Desk, clock: DeskClock) -> Row:
    """A desk as one line of the list."""
    here = _("this desk") if desk.here else ""
    detail = gone_words(desk, clock) if desk.revoked_at else used_words(desk, clock)
    icon, hue = ("triangle-alert", _OCHRE) if ends_soon(desk, clock) else ("monitor", _TEAL)
    if desk.revoked_at:
        return Row(desk.id, desk.name, detail, here, "unlink", muted=True)
    return Row(desk.id, desk.name, detail, here, icon, hue)


def used_words(desk: Desk, clock: DeskClock) -> str:
    """Who is at it, or who was last and when."""
    if desk.last_seen_at is None:
        return _("nobody signed in there yet")
    if clock.now() - desk.last_seen_at < IN_USE:
        return _("in use: {person}").format(person=desk.last_person)
    when = dates.moment(desk.last_seen_at, clock.now(), clock.zone)
    return _("{when}, {person}").format(when=when, person=desk.last_person)


def gone_words(desk: Desk, clock: DeskClock) -> str:
    """When it was shut out, and by whom."""
    assert desk.revoked_at is not None
    when = dates.moment(desk.revoked_at, clock.now(), clock.zone)
    if not desk.revoked_by:
        return _("shut out {when}").format(when=when)
    return _("shut out {when} by {person}").format(when=when, person=desk.revoked_by)


def joined_words(desk: Desk, clock: DeskClock) -> str:
    """When it joined, and who let it in."""
    when = dates.moment(desk.enrolled_at, clock.now(), clock.zone)
    if not desk.enrolled_by:
        return _("{when}, with a code from the server").format(when=when)
    return _("{when}, let in by {person}").format(when=when, person=desk.enrolled_by)


def certificate_words(desk: Desk, clock: DeskClock) -> str:
    """Until when its certificate counts; the desk fetches the next one itself."""
    day = formats.numeric_date(desk.expires_at.astimezone(clock.zone).date())
    if desk.expires_at <= clock.now():
        return _("ended on {day}: the desk needs a new code").format(day=day)
    if ends_soon(desk, clock):
        return _("{day}; it is renewed when somebody signs in there").format(day=day)
    return _("{day}, renewed by itself").format(day=day)


def ends_soon(desk: Desk, clock: DeskClock) -> bool:
    """Whether a desk in use should have renewed its certificate by now, or is about to."""
    return desk.expires_at - clock.now() < WARN_BEFORE
