"""What rules do by themselves: what a clinic begins with, who gets what on a day and why not, birthdays."""

import datetime as dt
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid5

from clinicdesk.domain.hours import instant
from clinicdesk.domain.message_rules import DayPlan, PlannedFor, Road, Wait, Why, choose_road, why_not
from clinicdesk.domain.message_settings import RuleForm, TemplateForm
from clinicdesk.domain.messages import Event, MessageKind, MessageState
from clinicdesk.domain.templates import STARTERS
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import letters as letter_rows
from clinicdesk.storage import message_plan as rows
from clinicdesk.storage import preferences as forms
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.storage.letters import Row
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.letters import channel_order, compose, cost_by, read_letter, read_road

MOST_SHOWN = 500
_ASKED = ("confirm", "cancel")
_ASKING = (MessageKind.BOOKED, MessageKind.REMINDER, MessageKind.MOVED)
_WAITING = (MessageState.PLANNED, MessageState.CLAIMED)


def install_starter(clinic: Clinic) -> int:
    """Give a clinic without rules the ones it may begin with, and their texts; how many. Raises NotAllowed."""
    with clinic.transaction() as tx:
        if forms.kept(tx, RuleForm, clinic.id):
            return 0
        texts = {one.form.name: one.id for one in forms.kept(tx, TemplateForm, clinic.id)}
        for one in STARTERS:
            template_id = texts.get(one.name) or new_id()
            if one.name not in texts:
                text = TemplateForm(name=one.name, subject=one.subject, body=one.body)
                forms.add(tx, clinic.id, template_id, text)
            rule = RuleForm(Event(one.event), one.offset_minutes, template_id, one.asks, late_minutes=one.late_minutes)
            forms.add(tx, clinic.id, new_id(), rule)
        return len(STARTERS)


def preview(clinic: Clinic, day: dt.date, now: dt.datetime | None = None) -> DayPlan:
    """Who gets what on a local day, in the words they will read, and why not. Raises NotAllowed."""
    with clinic.transaction() as tx:
        return preview_within(tx, clinic, day, now)


def preview_within(tx: Transaction, clinic: Clinic, day: dt.date, now: dt.datetime | None = None) -> DayPlan:
    """The same inside another use case's transaction, with what was changed there."""
    zone = clinic_rows.zone(tx, clinic.id)
    moment = now or server_now(tx)
    since, until = (instant(each, dt.time(0), zone) for each in (day, day + dt.timedelta(days=1)))
    found = letter_rows.letters_of_day(tx, clinic.id, since, until, MOST_SHOWN)
    return DayPlan(day, tuple(_planned(tx, letter, moment) for letter in found))


def _planned(tx: Transaction, letter: Row, now: dt.datetime) -> PlannedFor:
    state = MessageState(letter["state"])
    due = max(letter["planned_for"], now)
    against: str | None = None
    road: Road | None = None
    if state in _WAITING:
        against, road = _foreseen(tx, letter, due)
    elif state in (MessageState.CANCELLED, MessageState.FAILED):
        against = letter["reason"]
    elif row := letter_rows.channel(tx, letter["channel_id"]) if letter["channel_id"] else None:
        road = read_road({**row, **_NOTHING_KNOWN}, letter, now)
    words = _words(letter, road)
    sent = state not in (*_WAITING, MessageState.CANCELLED, MessageState.FAILED)
    return PlannedFor(
        letter["id"],
        letter["patient_id"],
        letter["patient_name"],
        letter["visit_at"],
        MessageKind(letter["kind"]),
        letter["planned_for"].astimezone(dt.UTC),
        road.kind if road else None,
        against,
        words,
        sent,
        letter["price"] if sent else cost_by(road, words) if road else Decimal(0),
    )


_NOTHING_KNOWN = {"consent": True, "opted_out": False, "tried": False, "identity": "", "window_until": None}


def _foreseen(tx: Transaction, letter: Row, due: dt.datetime) -> tuple[Why | None, Road | None]:
    """What would happen if the time had come, and nothing changed until then."""
    against = why_not(read_letter(letter), due)
    if isinstance(against, Wait):
        against = against.why
    if against is not None:
        return against, None
    roads = [read_road(row, letter, due) for row in letter_rows.roads(tx, letter)]
    chosen = choose_road(MessageKind(letter["kind"]), channel_order(letter), roads)
    return (chosen, None) if isinstance(chosen, Why) else (None, chosen)


def _words(letter: Row, road: Road | None) -> str:
    if road is None:
        return ""
    asks = letter["asks"] and road.receives and letter["kind"] in _ASKING
    return compose(letter, road, letter["id"], letter["id"] if asks else None, _ASKED if asks else ()).body


# --- by whoever sends ---


def plan_birthdays(clinic: Clinic, day: dt.date) -> int:
    """Plan the wishes of a day; how many are new. Asked again, or by two at once, it plans nobody twice."""
    with clinic.transaction() as tx:
        quiet = rows.quiet_hours(tx, clinic.id)
        midnight = instant(day, dt.time(0), quiet.zone)
        new = 0
        for one in rows.birthdays(tx, clinic.id, day):
            due = quiet.next_allowed(midnight + dt.timedelta(minutes=one.offset_minutes))
            new += rows.wish(
                tx,
                {
                    "id": _wish_id(one.rule_id, one.patient_id, day),
                    "clinic": clinic.id,
                    "rule": one.rule_id,
                    "template": one.template_id,
                    "patient": one.patient_id,
                    "due": due,
                    "expires": due + dt.timedelta(minutes=one.late_minutes),
                },
            )
        return new


def _wish_id(rule_id: UUID, patient_id: UUID, day: dt.date) -> UUID:
    return uuid5(NAMESPACE_OID, f"birthday:{rule_id}:{patient_id}:{day.year}")


def replan(clinic: Clinic) -> int:
    """Look over the plans of all visits to come, so that a rule that changed counts for them; how many there are.

    A day is a transaction of its own: nobody who moves a visit meanwhile waits for all of them.
    """
    looked_at = 0
    with clinic.transaction() as tx:
        days = rows.days_ahead(tx, clinic.id)
    for day in days:
        with clinic.transaction() as tx:
            # From the last instant of the day before, for a visit may begin at midnight.
            since = day - dt.timedelta(microseconds=1)
            looked_at += rows.replan(tx, clinic.id, since, since + dt.timedelta(days=1))
    return looked_at
