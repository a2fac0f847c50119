"""Who gets what on a day, when and by which channel, and who gets nothing and why: read, never written."""

import datetime as dt
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk import dates
from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.preferences.listing import Row, RowListView
from clinicdesk.desk.preferences.section import Desk
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card, separator
from clinicdesk.desk.widgets.month_calendar import MonthCalendar
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_messages import CHANNEL_ICONS, channels_words, kind_word, reason_word
from clinicdesk.domain.message_rules import DayPlan, PlannedFor
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import message_settings
from clinicdesk.usecases.clinic import Change
from clinicdesk.usecases.message_settings import Foreseen
from clinicdesk.words import _, ngettext

_TABLES = frozenset({"message_rule", "message_template", "message_channel", "messaging_policy", "consent"})
_SIDE = 376


class MessageDayPage(Leaf):
    """The list at the left, in the order of time; the words of the chosen one at the right."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.desk = desk
        self.day = desk.clock.today() + dt.timedelta(days=1)
        self.plan: DayPlan | None = None
        self._refused = False
        self.messages: dict[UUID, PlannedFor] = {}
        self.title = Label("", "section")
        self.total = Label("", "second", "muted", numbers=True)
        self.back = icon_button("chevron-left", _("The day before"), size="dense")
        self.on = icon_button("chevron-right", _("The day after"), size="dense")
        self.tomorrow = Button(_("Tomorrow"), "secondary", size="dense")
        self.pick = icon_button("calendar-search", _("Another day"), size="dense")
        self.calendar = MonthCalendar(desk.clock.today())
        self._popover = Popover(self)
        self._popover.set_content(self._month(), self.calendar)
        self.notice = Banner("info", "")
        self.list = RowListView(_("Who gets what"), two_lines=True)
        self.words = Label("", "body", wrap=True)
        self.whose, self.about = Label("", "subsection", wrap=True), Label("", "second", "muted", wrap=True)
        self._empty = EmptyState("message-circle", _("Nobody gets anything"), _("No rule speaks on this day."))
        self._arrange()
        self._listen()

    def refresh(self) -> None:
        super().refresh()
        clinic, day, now = self.desk.clinic, self.day, self.desk.clock.now()
        self.title.setText(dates.day_title(day))
        self.desk.background.run(
            self, lambda: message_settings.foresee(clinic, day, now), self._came, self._failed, replaces="day"
        )

    def apply_change(self, change: Change) -> None:
        if self.begun and change.kind in _TABLES:
            self.refresh()

    def show_day(self, day: dt.date) -> None:
        """Look at another day."""
        self.day = day
        self.refresh()

    def _came(self, foreseen: Foreseen) -> None:
        plan = foreseen.plan
        if plan.day != self.day:
            return
        self.plan, self._refused = plan, False
        self.notice.setVisible(foreseen.imagined)
        if foreseen.imagined:
            words = _("Nothing of this goes out: the clinic does not write by itself yet")
            self.notice.say("info", words, _("Switch it on"), _("So it would be if it did."))
        going, held = plan.going_out, plan.held_back
        self.messages = {one.message_id: one for one in plan.messages}
        out = ngettext("{count} goes out", "{count} go out", len(going)).format(count=len(going))
        stays = ngettext("{count} does not", "{count} do not", len(held)).format(count=len(held))
        cost = _("about {price}").format(price=formats.money(plan.cost)) if plan.cost else ""
        self.total.setText(" · ".join(part for part in (out, stays, cost) if part))
        rows = [_row(one, self.desk.clock.zone) for one in going]
        if held:
            rows.append(Row(None, _("Not going out"), right=str(len(held))))
            rows += [_row(one, self.desk.clock.zone) for one in held]
        self._empty.setVisible(not rows)
        self.list.setVisible(bool(rows))
        first = next((row.id for row in rows if row.id is not None), None)
        self.list.show_rows(rows, first)
        self._show(first)

    def _show(self, key: UUID | None) -> None:
        one = self.messages.get(key) if key is not None else None
        self._right.setVisible(one is not None)
        if one is not None:
            self.whose.setText(one.patient_name)
            self.about.setText(about_words(one, self.desk.clock.zone))
            self.words.setText(one.body)
            self._bubble.setVisible(bool(one.body))

    def _failed(self, error: ClinicError) -> None:
        self._refused = True
        self.notice.say("warn", sentence(error, self.desk.clock.zone), _("Try again"))
        self.notice.show()

    def _month(self) -> QWidget:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.addWidget(self.calendar)
        return holder

    def _open_month(self) -> None:
        self.calendar.set_selected(self.day)
        self._popover.open_at(self.pick)

    def _picked(self, day: dt.date) -> None:
        self._popover.dismiss()
        self.show_day(day)

    def _act(self) -> None:
        """Go where it is switched on; after a refusal, read again."""
        if self._refused:
            self.refresh()
        else:
            self.place_wanted.emit("messaging")

    def _listen(self) -> None:
        self.back.clicked.connect(lambda: self.show_day(self.day - dt.timedelta(days=1)))
        self.on.clicked.connect(lambda: self.show_day(self.day + dt.timedelta(days=1)))
        self.tomorrow.clicked.connect(lambda: self.show_day(self.desk.clock.today() + dt.timedelta(days=1)))
        self.notice.acted.connect(self._act)
        self.pick.clicked.connect(self._open_month)
        self.calendar.day_chosen.connect(self._picked)
        self.list.chosen.connect(self._show)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 16, 16, 0)
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.total)
        head.addLayout(words, 1)
        for button in (self.pick, self.back, self.tomorrow, self.on):
            head.addWidget(button)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addLayout(head)
        self.notice.hide()
        left.addWidget(self.notice)
        left.addWidget(self.list, 1)
        left.addWidget(self._empty, 1)
        self._empty.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(separator(vertical=True))
        row.addWidget(self._side())

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(24, 20, 24, 20)
        self._right = QWidget()
        inside = QVBoxLayout(self._right)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.whose)
        inside.addWidget(self.about)
        self._bubble: QFrame = card()
        line = QHBoxLayout(self._bubble)
        line.setContentsMargins(14, 12, 14, 12)
        line.setSpacing(10)
        line.addWidget(IconLabel("message-circle", "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        line.addWidget(self.words, 1)
        inside.addWidget(self._bubble)
        column.addWidget(self._right)
        column.addStretch(1)
        self._right.hide()
        return side


def _row(one: PlannedFor, zone: dt.tzinfo) -> Row:
    """Who, what about, when and by which road; or why not."""
    detail = kind_word(one.rule)
    if one.visit is not None:
        detail = f"{detail} · {formats.day_and_time(one.visit, zone)}"
    if one.why_not is not None:
        reason = reason_word(one.why_not)
        return Row(one.message_id, one.patient_name, f"{detail} · {reason}", "", icon="ban", muted=True)
    at = formats.clock(one.when, zone)
    icon = CHANNEL_ICONS[one.channel] if one.channel is not None else "message-circle"
    chip = ("ok", "check") if one.sent else None
    if one.channel is not None:
        detail = f"{detail} · {_('by {channel}').format(channel=channels_words((str(one.channel),)))}"
    return Row(one.message_id, one.patient_name, detail, _("sent") if one.sent else at, icon=icon, chip=chip)


def about_words(one: PlannedFor, zone: dt.tzinfo) -> str:
    """The same in a sentence, for the one that is looked at."""
    if one.why_not is not None:
        return dates.capitalised(reason_word(one.why_not))
    by = channels_words((str(one.channel),)) if one.channel is not None else "–"
    said = _("{kind}, at {time}, by {channel}")
    return said.format(kind=kind_word(one.rule), time=formats.clock(one.when, zone), channel=by)
