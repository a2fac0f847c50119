"""What lies ahead of a patient besides single visits: series, wishes on the waiting list, recalls."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.facts import Fact, empty, fact_row
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.recall import Recall, RecallState
from clinicdesk.domain.waiting import WaitingEntry, WaitingState
from clinicdesk.words import _, ngettext


class AheadCard(QFrame):
    """Hidden when nothing lies ahead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(8)
        column.addWidget(Label(_("Ahead"), "strong"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        column.addLayout(self._rows)

    def show_profile(self, profile: Profile, now: dt.datetime, zone: dt.tzinfo) -> None:
        """Show this patient's."""
        empty(self._rows)
        facts = ahead_of(profile, now, zone)
        for icon, value, what in facts:
            self._rows.addWidget(fact_row(icon, value, what))
        self.setVisible(bool(facts))


def ahead_of(profile: Profile, now: dt.datetime, zone: dt.tzinfo) -> list[Fact]:
    """Series that go on, wishes that wait, and recalls that stand, each as icon, what it is, and how it stands."""
    today = now.astimezone(zone).date()
    return [
        *_series(profile.visits, now, zone),
        *(_waiting(one, now) for one in profile.waiting if _waits(one, today)),
        *(_recall(one) for one in profile.recalls if one.state is RecallState.OPEN),
    ]


def _series(visits: Sequence[Appointment], now: dt.datetime, zone: dt.tzinfo) -> list[Fact]:
    by_series: dict[UUID, list[Appointment]] = {}
    for one in visits:
        if one.series_id is not None and one.status is not Status.CANCELLED:
            by_series.setdefault(one.series_id, []).append(one)
    facts: list[Fact] = []
    for members in by_series.values():
        ahead = [one for one in members if one.starts_at >= now and one.status.holds_the_slot]
        if not ahead:
            continue
        done = sum(one.status is Status.COMPLETED for one in members)
        following = min(ahead, key=lambda one: one.starts_at)
        words = _("{done} of {total} done · next {moment}").format(
            done=done, total=len(members), moment=formats.day_and_time(following.starts_at, zone)
        )
        facts.append(("repeat", following.service_name, words))
    return facts


def _waits(one: WaitingEntry, today: dt.date) -> bool:
    return one.state is WaitingState.OPEN and not one.expired(today)


def _waiting(one: WaitingEntry, now: dt.datetime) -> Fact:
    days = one.waiting_days(now)
    words = ngettext("on the waiting list for {count} day", "on the waiting list for {count} days", days)
    who = f"{one.service_name} · {one.professional_name}" if one.professional_name else one.service_name
    return "hourglass", who, words.format(count=days)


def _recall(one: Recall) -> Fact:
    due = _("to come again in {month}").format(month=formats.month_and_year(one.due_month))
    tried = ngettext("{count} attempt", "{count} attempts", one.attempts).format(count=one.attempts)
    what = one.service_name or one.reason or _("Next visit")
    return "calendar-clock", what, f"{due} · {tried}" if one.attempts else due
