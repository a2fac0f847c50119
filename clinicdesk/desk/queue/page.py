"""The queue of messages: what needs somebody, what is to go out, what went, what did not; and who sends beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.queue.deeds import QueueDeeds
from clinicdesk.desk.queue.listing import QueueList, QueueModel
from clinicdesk.desk.queue.panel import OPEN_PATIENT, OPEN_TALK, SHOW_VISIT, MessagePanel
from clinicdesk.desk.queue.pausing import PausePopover
from clinicdesk.desk.queue.standing import Standing
from clinicdesk.desk.queue.words import queue_summary
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.queue import ChannelStanding, Decision, QueuedMessage, QueueLook, QueueView, decisions
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import queue
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _, marked

_SOON = 250  # milliseconds: a burst of messages is one question
_BEAT = 15_000  # how often what nobody tells is looked at again: who is alive, and what became due
TOLD = ("outgoing_message", "message_channel", "messaging_policy")
_EMPTY = {
    QueueView.ATTENTION: ("circle-check", marked("Nothing needs you"), marked("Messages that fail come here.")),
    QueueView.AHEAD: ("clock", marked("Nothing is to go out until this time tomorrow"), ""),
    QueueView.SENT: ("check-check", marked("Nothing was sent today"), ""),
    QueueView.NOT_SENT: ("ban", marked("Nothing was dropped today"), ""),
}


class QueuePage(QWidget):
    """`left` asks for the conversations, `patient_wanted` carries a patient’s id, `visit_wanted` a visit’s."""

    left = Signal()
    search_requested = Signal()
    patient_wanted = Signal(object)
    talk_wanted = Signal(object)  # conversation id
    visit_wanted = Signal(object)

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        toasts: ToastArea,
        clock: DeskClock,
        refuse_offline: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self._clinic, self._background, self._toasts, self._clock = clinic, background, toasts, clock
        self._refuse_offline = refuse_offline
        self.deeds = QueueDeeds(clinic, background, undo, toasts, self)
        self.model = QueueModel(lambda: (clock.now(), clock.zone), self)
        self.list = QueueList(self.model)
        self.header = Header(_("Queue of messages"))
        self.header.bell.hide()
        self.back = Button(_("Conversations"), "flat", "chevron-left")
        self.filter = Segmented(
            [
                (QueueView.ATTENTION, _("Need somebody")),
                (QueueView.AHEAD, _("To go out")),
                (QueueView.SENT, _("Sent today")),
                (QueueView.NOT_SENT, _("Not sent today")),
            ],
            _("Which messages"),
        )
        self.standing = Standing(clock, on_server=clinic.server is not None)
        self.panel = SidePanel(self.standing)
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._beat = QTimer(self, interval=_BEAT)
        self._nothing: dict[QueueView, EmptyState] = {}
        self._arrange()
        self._listen()

    # --- what the window asks ---

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The page's own keys, for the table of shortcuts."""
        return {str(one): partial(self.decide, one) for one in Decision}

    def reload(self) -> None:
        """Read numbers and list again; what is shown stays until the answer is there."""
        view, now, zone = QueueView(self.filter.current), self._clock.now(), self._clock.zone

        def read() -> tuple[QueueLook, tuple[QueuedMessage, ...]]:
            return queue.look(self._clinic, now, zone), queue.listed(self._clinic, view, now, zone)

        self._background.run(self, read, self._came, self._failed, replaces="queue")

    def apply_changes(self, changes: Sequence[Change]) -> None:
        """Take in what happened at any desk, or what the sending did."""
        if self.isVisible() and any(change.kind in TOLD for change in changes):
            self._soon.start()

    def decide(self, decision: Decision) -> None:
        """Decide about the chosen message what a key or a button names."""
        chosen = self.list.chosen
        if chosen is None or decision not in decisions(chosen) or self._refuse_offline():
            return
        if not allowed.refused(Capability.SEND_MESSAGES, self._toasts):
            self.deeds.decide(chosen, decision)

    def show_view(self, view: QueueView) -> None:
        """Show the messages of a view."""
        self.filter.set_current(view)
        self.reload()

    # --- what came ---

    def _came(self, found: tuple[QueueLook, tuple[QueuedMessage, ...]]) -> None:
        look, messages = found
        chosen, row = self.list.chosen, self.list.currentIndex().row()
        self.header.set_title(_("Queue of messages"), queue_summary(look))
        self.standing.show_look(look)
        self.model.show(messages)
        self._stack.setCurrentWidget(self.list if messages else self._nothing[QueueView(self.filter.current)])
        if chosen is not None and messages:
            self.list.choose(chosen.id, max(row, 0))
        else:
            self._picked(None)

    def _picked(self, message: QueuedMessage | None) -> None:
        if message is None:
            self.panel.clear()
            return
        panel = MessagePanel(message, self._clock)
        panel.decided.connect(self.decide)
        panel.wanted.connect(self._go)
        self.panel.show_content(panel)

    def _go(self, way: str) -> None:
        chosen = self.list.chosen
        if chosen is not None and way == OPEN_PATIENT:
            self.patient_wanted.emit(chosen.patient_id)
        elif chosen is not None and way == SHOW_VISIT:
            self.visit_wanted.emit(chosen.appointment_id)
        elif chosen is not None and way == OPEN_TALK:
            self.talk_wanted.emit(chosen.conversation_id)

    def _ask_pause(self, channel: ChannelStanding, button: QWidget) -> None:
        if self._refuse_offline():
            return
        popover = PausePopover(self, channel)
        popover.decided.connect(lambda reason: self.deeds.pause(channel, reason))
        popover.open_at(button)

    def _resume(self, channel: ChannelStanding) -> None:
        if not self._refuse_offline():
            self.deeds.resume(channel)

    def _failed(self, error: ClinicError) -> None:
        self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")

    # --- the frame ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self._beat.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._beat.stop()

    def _listen(self) -> None:
        self.filter.chosen.connect(lambda _key: self.reload())
        self.list.picked.connect(self._picked)
        self.panel.emptied.connect(self.list.let_go)
        self.header.search_requested.connect(self.search_requested)
        self.back.clicked.connect(self.left)
        self.standing.pause_wanted.connect(self._ask_pause)
        self.standing.resume_wanted.connect(self._resume)
        self.deeds.changed.connect(self._soon.start)
        self.deeds.failed.connect(self._failed)
        self._soon.timeout.connect(self.reload)
        self._beat.timeout.connect(self.reload)

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(24, 10, 24, 10)
        bar.addWidget(self.filter)
        bar.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        for view, (icon, fact, advice) in _EMPTY.items():
            self._nothing[view] = EmptyState(icon, _(fact), _(advice) if advice else "")
            self._stack.addWidget(self._nothing[view])
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(bar)
        left.addWidget(self._stack, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(left, 1)
        body.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header.add_navigation(self.back)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        self.setFocusProxy(self.list)
