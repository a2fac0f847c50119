"""The visits that stand in the way of putting somebody or something out of use, and how each goes to another.

They are moved one by one in steps: what is moved is moved, what is refused stays in the list with its reason.
"""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.preferences.listing import Row, RowListView
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.handover import Heir
from clinicdesk.errors import ClinicError, StillUsed
from clinicdesk.formats import day_and_time
from clinicdesk.usecases import handover
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _, ngettext

_WIDTH = 680
ANY = "any"


class Worklist(Popover):
    """`cleared` says that nothing stands in the way any more."""

    cleared = Signal()

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        clock: DeskClock,
        fact: StillUsed,
        names: dict[UUID, str],
    ) -> None:
        super().__init__(owner, veiled=True, light=False, radius=16)
        self._clinic, self._background, self._undo, self._clock = clinic, background, undo, clock
        self._fact, self._names = fact, names
        self.heirs: dict[UUID, Heir] = {}
        self._reasons: dict[UUID, str] = {}
        self._waiting: list[tuple[Appointment, UUID]] = []
        self._moved: list[tuple[Appointment, Appointment]] = []
        self._wanted = 0
        self.to = Select()
        self.to_button = Button(_("Move where free"), "primary", "arrow-right-left", size="key")
        self.stop_button = Button(_("Stop"), "secondary", size="key")
        self.one_to = Select()
        self.one_button = Button(_("Move this one"), "secondary", size="key")
        self.progress = Label("", "strong", "muted", numbers=True)
        self.notice = Banner("info", "")
        self.list = RowListView(_("Visits to move"), two_lines=True)
        self._title = Label("", "subsection", wrap=True)
        self.set_content(self._body(), self.to_button)
        self._listen()
        self.read()

    def read(self) -> None:
        """Read what is still in the way."""
        kind, row_id = self._fact.kind, self._fact.id
        self._background.run(
            self, lambda: handover.heirs(self._clinic, kind, row_id), self._came, self._failed, replaces="heirs"
        )

    @property
    def busy(self) -> bool:
        """Whether visits are being moved."""
        return bool(self._wanted)

    # --- what is in the way ---

    def _came(self, found: list[Heir]) -> None:
        self.heirs = {one.visit.id: one for one in found}
        hidden = self._fact.count - len(found) if self._fact.kind == "professional" and not self._moved else 0
        self.notice.setVisible(hidden > 0)
        if hidden > 0:
            words = ngettext(
                "{count} more lies in another unit; somebody there has to move it",
                "{count} more lie in other units; somebody there has to move them",
                hidden,
            )
            self.notice.say("info", words.format(count=hidden))
        self._show()
        if not found and not hidden:
            self.cleared.emit()

    def _show(self) -> None:
        count = len(self.heirs)
        words = ngettext("{count} visit to come has to be moved", "{count} visits to come have to be moved", count)
        self._title.setText(words.format(count=count))
        rows = [self._row(one) for one in self.heirs.values()]
        current = self.list.current_id
        self.list.show_rows(rows, current if current in self.heirs else next(iter(self.heirs), None))
        self._offer()
        self._offer_one()

    def _row(self, one: Heir) -> Row:
        visit = one.visit
        when = day_and_time(visit.starts_at, self._clock.zone)
        detail = self._reasons.get(visit.id) or f"{when} · {visit.service_name}"
        right = self._names.get(one.free[0], "") if one.free else _("nobody is free")
        return Row(visit.id, visit.patient_name, detail, right, muted=not one.free)

    def _offer(self) -> None:
        """Everybody who could take some, with how many."""
        counts: dict[UUID, int] = {}
        for one in self.heirs.values():
            for each in one.free:
                counts[each] = counts.get(each, 0) + 1
        free = sum(bool(one.free) for one in self.heirs.values())
        every: list[tuple[object, str]] = [(ANY, _("the first that is free ({count})").format(count=free))]
        every += [
            (key, _("{name} ({count} free)").format(name=self._names.get(key, "–"), count=count))
            for key, count in sorted(counts.items(), key=lambda pair: -pair[1])
        ]
        self.to.set_options(every)
        if free and not self.busy:
            self.to_button.permit()
        else:
            self.to_button.refuse(_("Nobody is free at these times; move them on the agenda"))

    def _offer_one(self) -> None:
        heir = self.heirs.get(self.list.current_id) if self.list.current_id else None
        self.one_to.set_options([(key, self._names.get(key, "–")) for key in heir.free] if heir else [])
        self.one_button.setEnabled(bool(heir and heir.free) and not self.busy)

    # --- moving ---

    def move_all(self) -> None:
        """Move everything that is free where it is asked to go; the rest stays listed."""
        to = self.to.value
        wanted = [
            (one.visit, one.free[0] if to == ANY else to)
            for one in self.heirs.values()
            if one.free and (to == ANY or to in one.free)
        ]
        self._begin([(visit, key) for visit, key in wanted if isinstance(key, UUID)])

    def move_one(self) -> None:
        """Move the visit one is on."""
        heir = self.heirs.get(self.list.current_id) if self.list.current_id else None
        to = self.one_to.value
        if heir is not None and isinstance(to, UUID):
            self._begin([(heir.visit, to)])

    def stop(self) -> None:
        """Leave the rest where it is."""
        self._waiting.clear()

    def _begin(self, wanted: list[tuple[Appointment, UUID]]) -> None:
        if self.busy or not wanted:
            return
        self._waiting, self._wanted, self._moved = wanted, len(wanted), []
        self._reasons.clear()
        self._show_busy()
        self._next()

    def _next(self) -> None:
        self._tell_progress()
        if not self._waiting:
            self._end()
            return
        visit, to = self._waiting.pop(0)
        self._background.run(
            self,
            lambda: handover.hand_over(self._clinic, self._fact.kind, visit, to),
            lambda after: self._went(visit, after),
            lambda error: self._stayed(visit, error),
            lane="writes",
        )

    def _went(self, before: Appointment, after: Appointment) -> None:
        self._moved.append((before, after))
        self.heirs.pop(before.id, None)
        self._next()

    def _stayed(self, visit: Appointment, error: ClinicError) -> None:
        self._reasons[visit.id] = sentence(error, self._clock.zone)
        self._next()

    def _end(self) -> None:
        self._wanted = 0
        moved = list(self._moved)
        if moved:
            count = len(moved)
            words = ngettext("{count} visit moved", "{count} visits moved", count).format(count=count)
            self._undo.did(_deed(words, moved, self._clinic, self._background, self._clock))
        self._fact = StillUsed(self._fact.kind, self._fact.id, max(0, self._fact.count - len(moved)))
        self._show_busy()
        self._show()
        self.read()

    def _tell_progress(self) -> None:
        done = self._wanted - len(self._waiting)
        words = _("{done} of {count}").format(done=done, count=self._wanted) if self.busy else ""
        self.progress.setText(words)

    def _show_busy(self) -> None:
        self.stop_button.setVisible(self.busy)
        self.to_button.set_busy(self.busy)
        self.one_button.setEnabled(not self.busy)
        self._tell_progress()

    def _failed(self, error: ClinicError) -> None:
        self.notice.say("warn", sentence(error, self._clock.zone))
        self.notice.show()

    # --- the card ---

    def _listen(self) -> None:
        self.to_button.clicked.connect(self.move_all)
        self.one_button.clicked.connect(self.move_one)
        self.stop_button.clicked.connect(self.stop)
        self.list.chosen.connect(lambda _id: self._offer_one())
        self.closed.connect(self.stop)

    def _body(self) -> QWidget:
        card = QWidget()
        card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 16, 16, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        close = icon_button("x", _("Close"), size="dense", key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close)
        column.addLayout(head)
        self.notice.hide()
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(_("Move to"), "label", "muted"))
        self.to.setAccessibleName(_("Move to"))
        row.addWidget(self.to, 1)
        row.addWidget(self.progress)
        row.addWidget(self.stop_button)
        row.addWidget(self.to_button)
        self.stop_button.hide()
        column.addLayout(row)
        column.addWidget(separator())
        self.list.setFixedHeight(336)
        column.addWidget(self.list)
        column.addWidget(separator())
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(Label(_("The chosen one, to"), "label", "muted"))
        self.one_to.setAccessibleName(_("The chosen one, to"))
        foot.addWidget(self.one_to, 1)
        foot.addWidget(self.one_button)
        column.addLayout(foot)
        return card


def _deed(
    words: str,
    moved: list[tuple[Appointment, Appointment]],
    clinic: Clinic,
    background: Background,
    clock: DeskClock,
) -> Deed:
    """Everything that was moved goes back one by one, and forth again by Ctrl+Y."""

    def take_back(done: Callable[[Deed], None]) -> None:
        back: list[tuple[Appointment, Appointment]] = []
        waiting = list(reversed(moved))

        def step() -> None:
            if not waiting:
                done(_deed(words, back, clinic, background, clock))
                return
            before, after = waiting.pop(0)

            def went(again: Appointment) -> None:
                back.append((after, again))
                step()

            background.run(
                background,
                lambda: handover.hand_back(clinic, before, after),
                went,
                lambda _error: step(),
                lane="writes",
            )

        step()

    return Deed(words, take_back)
