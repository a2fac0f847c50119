"""The inbox: conversations at the left, the chosen one in the middle, whom it is with at the right."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.messages.composer import Composer
from clinicdesk.desk.messages.deeds import InboxDeeds
from clinicdesk.desk.messages.files import Files
from clinicdesk.desk.messages.interpreting import COMMANDS, InterpretCard, Interpreting, WaitingReplies, times_words
from clinicdesk.desk.messages.listing import TalkList, TalkModel
from clinicdesk.desk.messages.panel import TalkPanel
from clinicdesk.desk.messages.talk_head import TalkHead
from clinicdesk.desk.messages.thread_model import ThreadModel
from clinicdesk.desk.messages.thread_view import ThreadView
from clinicdesk.desk.messages.tools import TalkTools
from clinicdesk.desk.messages.words import name_of
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.beside import NARROW
from clinicdesk.desk.widgets.chip import Chip, PillButton
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.label import separator
from clinicdesk.desk.widgets.search_box import SearchBox
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.widgets.tabs import Tabs
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.drafts import Draft
from clinicdesk.domain.inbox import Beside, Counts, Tab, Talk, Thread
from clinicdesk.domain.interpretations import Decision, UnclearReply
from clinicdesk.domain.messages import ChannelKind
from clinicdesk.domain.queue import QueueLook
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import inbox, queue
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _, ngettext, pgettext

_SOON = 120  # milliseconds: what comes together is one question
_TYPING = 250
_READ_AFTER = 1500  # who only walks past a conversation has not read it
_LIST_WIDTH = 344
_GROWS = 0.3  # how much of the text's growth the list follows: the talk beside it needs room too
_LARGE = 1.25  # from this size of text on, a long word gives way to a short one
_KEYED = ("hand", "note", "open_patient", "reschedule", "show_visit")
_KINDS = frozenset({"conversation", "conversation_event", "incoming_message", "outgoing_message", "media"})


class InboxPage(QWidget):
    """`badge_changed` carries how many messages wait. The others are wishes the window answers."""

    badge_changed = Signal(int)
    search_requested = Signal()
    queue_requested = Signal()
    reschedule_requested = Signal(object)  # Appointment
    visit_requested = Signal(object)  # Appointment
    book_requested = Signal(object)  # patient id
    patient_requested = Signal(object)  # patient id
    register_requested = Signal(object)  # Talk

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
        self._offline = ""
        self.me = clinic.person.id
        self.talk: Talk | None = None
        self.counts = Counts()
        self._typed: dict[UUID, tuple[str, str]] = {}  # what was not sent yet, and with whom
        self._begun = False
        self._revealed = False
        self.deeds = InboxDeeds(clinic, background, undo, clock, self)
        self.model = TalkModel(self.me, clock.now, lambda: clock.zone, self)
        self.list = TalkList(self.model)
        self.lines = ThreadModel(self.me, clock.now, lambda: clock.zone, self)
        self.files = Files(clinic, background, self)
        self.talk_view = ThreadView(self.lines, self.files)
        self.header = Header(_("Messages"))
        self.header.bell.hide()
        self.road, self.due = Chip(""), PillButton()
        self.due.clicked.connect(self.queue_requested)
        for chip in (self.road, self.due):
            self.header.add_navigation(chip, gap=4)
            chip.hide()
        self.tabs = Tabs([(tab, _tab_word(tab, self.counts)) for tab in Tab], _("Which conversations"), inset=16)
        self.tabs.set_current(Tab.ALL)
        self.search = SearchBox(_("Name, number or words"))
        self.to_read = WaitingReplies()
        self.head = TalkHead(self.me)
        self.composer = Composer(self.me)
        toasts.keep_clear(self.composer.box)
        self.panel = SidePanel(QWidget())
        self.interpreting = Interpreting(clinic, background, undo, self)
        self.waiting: tuple[UnclearReply, ...] = ()
        self.tools = TalkTools(self, clinic, background, clock, self.deeds, self.files, self.composer, self.head)
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING)
        self._reading = QTimer(self, singleShot=True, interval=_READ_AFTER)
        self._arrange()
        self._listen()

    # --- what the window asks ---

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The page's own keys, for the table of shortcuts."""
        return {
            "next": partial(self.list.step, 1),
            "previous": partial(self.list.step, -1),
            **{name: partial(self.command, name) for name in (*_KEYED, *COMMANDS)},
        }

    def reload(self) -> None:
        """Read list and conversation again; what is shown stays until the answer is there."""
        self._begun = True
        tab, words = Tab(self.tabs.current), self.search.text()
        most = max(inbox.PAGE, min(len(self.model.talks), 5 * inbox.PAGE))
        self._background.run(
            self, lambda: inbox.talks(self._clinic, tab, words, most), partial(self._came, most), self._failed,
            replaces="talks",
        )  # fmt: skip
        self.interpreting.read()
        now, zone = self._clock.now(), self._clock.zone
        self._background.run(
            self, lambda: queue.look(self._clinic, now, zone), self._looked, lambda _error: None, replaces="look"
        )
        self._read_thread()

    def count(self) -> None:
        """Read how many messages wait, for the number on the rail."""
        self._background.run(
            self, lambda: inbox.counts(self._clinic), self._counted, lambda _error: None, replaces="counts"
        )

    def apply_changes(self, changes: Sequence[Change]) -> None:
        """Take in what happened at any desk, or in the robot."""
        if any(change.kind in _KINDS for change in changes):
            self._soon.start()

    def set_offline(self, words: str) -> None:
        """Why nothing can be sent now; empty when it can. What is on show stays to be read."""
        self._offline = words
        self.composer.set_offline(words)
        if isinstance(self.panel.content, TalkPanel):
            self.panel.content.set_offline(words)

    def show_talk(self, talk_id: UUID) -> None:
        """Go to one conversation, whatever list it stands in."""
        self.search.clear()
        self.tabs.set_current(Tab.ALL)
        self._wanted = talk_id
        self.reload()

    def show_tab(self, tab: Tab) -> None:
        """Look at other conversations."""
        self.tabs.set_current(tab)
        self.reload()

    def focus_search(self) -> None:
        """Look for a conversation."""
        self.search.setFocus()
        self.search.selectAll()

    def command(self, name: str) -> None:
        """Do to the conversation on show what a key or a button names."""
        if name in COMMANDS:
            self._interpret(COMMANDS[name])
            return
        talk = self.talk
        if talk is None:
            return
        beside = self.panel.content.beside if isinstance(self.panel.content, TalkPanel) else Beside()
        if name == "open_patient" and talk.patient_id is not None:
            self.patient_requested.emit(talk.patient_id)
        elif name == "show_visit" and beside.visit is not None:
            self.visit_requested.emit(beside.visit)
        elif name not in ("open_patient", "show_visit") and not self._refuse_offline():
            self._do(name, talk, beside)

    def _do(self, name: str, talk: Talk, beside: Beside) -> None:
        if name == "reschedule" and beside.visit is not None:
            self.reschedule_requested.emit(beside.visit)
        elif name == "book" and talk.patient_id is not None:
            self.book_requested.emit(talk.patient_id)
        elif name == "new_patient":
            self.register_requested.emit(talk)
        elif allowed.refused(Capability.SEND_MESSAGES, self._toasts):
            return
        elif name == "hand":
            self.deeds.hand(talk, None if talk.person_id == self.me else self.me)
        elif name == "unlink":
            self.deeds.link(talk, None)
        elif name in (tools := self._tools(talk)):
            tools[name]()

    def _tools(self, talk: Talk) -> Mapping[str, Callable[[], None]]:
        """What opens from a conversation."""
        return {
            "note": partial(self.tools.note, talk),
            "template": partial(self.tools.templates, talk),
            "find_patient": partial(self.tools.find, talk),
            "attach": partial(self.tools.attach, talk),
            "more": partial(self.tools.more, talk),
        }

    # --- replies to interpret ---

    @property
    def reply(self) -> UnclearReply | None:
        """The reply one decides about: of the conversation on show, else the one that waits longest."""
        talk_id = self.talk.id if self.talk is not None else None
        here = next((one for one in self.waiting if one.conversation_id == talk_id), None)
        return here or next(iter(self.waiting), None)

    def _interpret(self, decision: Decision) -> None:
        reply = self.reply
        if reply is None or self._refuse_offline() or allowed.refused(Capability.SEND_MESSAGES, self._toasts):
            return
        if decision in (Decision.CONFIRM, Decision.CANCEL) and allowed.refused(Capability.CHANGE_VISITS, self._toasts):
            return
        self.interpreting.decide(reply, decision)

    def _waiting_came(self, waiting: tuple[UnclearReply, ...]) -> None:
        self.waiting = waiting
        self.to_read.show_replies(waiting)
        self.to_read.setVisible(bool(waiting) and self.tabs.current != Tab.UNCLEAR)
        self._show_reply()

    def _show_reply(self) -> None:
        panel, reply = self.panel.content, self.reply
        if not isinstance(panel, TalkPanel):
            return
        if reply is None:
            panel.show_reply(None)
        elif panel.interpret is None or panel.interpret.reply != reply:
            shown = InterpretCard(reply, self.waiting.index(reply) + 1, len(self.waiting), self._clock)
            shown.decided.connect(self._interpret)
            shown.opened.connect(lambda: self.show_talk(reply.conversation_id))
            panel.show_reply(shown)
            panel.set_offline(self._offline)

    def _offer_times(self, reply: UnclearReply, slots: tuple[Slot, ...]) -> None:
        """Put other times into the message to whoever asked; nothing is sent by itself."""
        words = times_words(reply.name, slots, self._clock)
        if self.talk is not None and self.talk.id == reply.conversation_id:
            if not self.composer.text.strip():
                self.composer.set_text(words)
            self.composer.setFocus()
            return
        self._typed.setdefault(reply.conversation_id, (words, reply.name))
        self.show_talk(reply.conversation_id)
        self.composer.setFocus()

    # --- drafts ---

    def typed(self) -> list[Typed]:
        """What is typed and not sent, by conversation."""
        self._keep_typed()
        return [Typed(str(key), about, {"words": words}) for key, (words, about) in self._typed.items()]

    def resume(self, draft: Draft) -> None:
        """Go on with what was typed before."""
        words: Any = draft.values["words"] if isinstance(draft.values, dict) else None
        if not isinstance(words, str):
            raise ValueError("not a draft of a message")
        talk_id = UUID(draft.key)
        self._typed[talk_id] = (words, draft.about)
        if self.talk is not None and self.talk.id == talk_id:
            self.composer.set_text(words)
        self.show_talk(talk_id)

    def _keep_typed(self) -> None:
        if self.talk is None:
            return
        if self.composer.text.strip():
            self._typed[self.talk.id] = (self.composer.text, name_of(self.talk))
        else:
            self._typed.pop(self.talk.id, None)

    # --- what came ---

    _wanted: UUID | None = None

    def _came(self, most: int, found: tuple[list[Talk], Counts]) -> None:
        talks, counts = found
        self._counted(counts)
        wanted, self._wanted = self._wanted or (self.talk.id if self.talk else None), None
        self.model.show(talks, len(talks) == most)
        empty = self._unfound if self.search.text().strip() else self._nothing
        self._lists.setCurrentWidget(self.list if talks else empty)
        if not self.list.choose(wanted):
            if wanted is None and talks:
                self.list.choose(talks[0].id)
            elif wanted is not None and (self.talk is None or self.talk.id != wanted):
                self._open_id(wanted)
        elif self.talk is not None and self.list.chosen is not None:
            self._picked(self.list.chosen)
        if not talks and self.talk is None:
            self._middle.setCurrentWidget(self._none)

    def _looked(self, look: QueueLook) -> None:
        """How the road to the patients stands, beside the title."""
        roads = [one for one in look.channels if one.active and one.kind is ChannelKind.WHATSAPP]
        paused = bool(roads) and all(one.paused for one in roads)
        if not roads:
            self.road.set_state(_("No WhatsApp set up"), "muted", "message-circle")
        elif paused:
            self.road.set_state(_("WhatsApp paused"), "warn", "pause")
        elif not look.alive:
            self.road.set_state(_("Nothing is sent now"), "warn", "triangle-alert")
        else:
            self.road.set_state(_("WhatsApp connected"), "ok", "circle-check")
        self.road.show()
        words = ngettext("{count} waiting to be sent", "{count} waiting to be sent", look.due)
        self.due.set_state(words.format(count=look.due), "muted", "clock")
        self.due.setVisible(look.due > 0)

    def _open_id(self, talk_id: UUID) -> None:
        """A conversation that stands further down than the list was read."""
        self._background.run(
            self, lambda: inbox.talk(self._clinic, talk_id), self._picked, self._failed, replaces="talk"
        )

    def _counted(self, counts: Counts) -> None:
        self.counts = counts
        for tab in Tab:
            self.tabs.set_label(tab, _tab_word(tab, counts))
        self.badge_changed.emit(counts.unread + counts.unclear)

    def _more(self) -> None:
        if not self.model.talks:
            return
        tab, words, before = Tab(self.tabs.current), self.search.text(), self.model.talks[-1].place
        self._background.run(
            self,
            lambda: inbox.talks(self._clinic, tab, words, inbox.PAGE, before),
            lambda found: self.model.add(found[0], len(found[0]) == inbox.PAGE),
            self._failed,
            replaces="more",
        )

    def _picked(self, talk: Talk | None) -> None:
        if talk is None:
            return
        other = self.talk is None or self.talk.id != talk.id
        if other:
            self._keep_typed()
        self.talk = talk
        self.head.show_talk(talk)
        self.composer.show_talk(talk, self._clock.now())
        self._middle.setCurrentWidget(self._talk)
        if other:
            self.composer.set_text(self._typed.get(talk.id, ("", ""))[0])
            self._reading.start()
            self._read_thread()
        elif talk.unread and not self._reading.isActive():
            self._reading.start()

    def _read_thread(self) -> None:
        talk = self.talk
        if talk is None:
            return
        self._background.run(
            self, lambda: inbox.thread(self._clinic, talk.id), self._thread_came, self._failed, replaces="thread"
        )
        self._background.run(
            self, lambda: inbox.beside(self._clinic, talk), partial(self._beside_came, talk), self._failed,
            replaces="beside",
        )  # fmt: skip

    def _thread_came(self, read: Thread) -> None:
        if self.talk is not None and read.talk.id == self.talk.id:
            self.talk = read.talk
            self.head.show_talk(read.talk)
            self.composer.show_talk(read.talk, self._clock.now())
            self.talk_view.show_thread(read)

    def _beside_came(self, talk: Talk, beside: Beside) -> None:
        if self.talk is None or talk.id != self.talk.id:
            return
        before = self.panel.content
        if isinstance(before, TalkPanel) and (before.talk.id, before.beside) == (talk.id, beside):
            return
        panel = TalkPanel(talk, beside, self._clock)
        panel.commanded.connect(self.command)
        panel.set_offline(self._offline)
        self.panel.show_content(panel)
        self._fit_panel()
        self._show_reply()

    def _earlier(self) -> None:
        talk, before = self.talk, self.lines.oldest
        if talk is None or before is None:
            return
        self._background.run(
            self,
            lambda: inbox.thread(self._clinic, talk.id, inbox.PAGE, before),
            self.talk_view.add_earlier,
            self._earlier_failed,
            replaces="earlier",
        )

    def _earlier_failed(self, error: ClinicError) -> None:
        self.lines.ask_failed()
        self._failed(error)

    def _seen(self) -> None:
        talk = self.talk
        here = self.isVisible() and self.window().isActiveWindow() and not self._offline
        if talk is not None and talk.unread and here and allowed.may(Capability.SEND_MESSAGES):
            self.deeds.seen(talk)

    def _send(self, words: str) -> None:
        talk = self.talk
        if talk is None or self._refuse_offline() or allowed.refused(Capability.SEND_MESSAGES, self._toasts):
            return

        def refused(error: ClinicError) -> None:
            # Nothing typed is lost: it stands there again, before what was typed since.
            if self.talk is not None and self.talk.id == talk.id:
                since = self.composer.text
                self.composer.set_text(f"{words}\n{since}" if since.strip() else words)
            else:
                self._typed[talk.id] = (words, name_of(talk))
            self._failed(error)
            self.reload()

        self.composer.set_text("")
        self._typed.pop(talk.id, None)
        self.talk_view.to_end()
        self.deeds.send(talk, words, refused)

    def _failed(self, error: ClinicError) -> None:
        self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")

    # --- the frame ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self.tools.read()
        self._reading.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_panel()

    def _fit_panel(self) -> None:
        """Beside the conversation where there is room for both, else when it is asked for."""
        narrow = self.window().width() < NARROW
        self._revealed = self._revealed and narrow
        self.head.side.setVisible(narrow)
        self.panel.setVisible(self.talk is not None and (not narrow or self._revealed))

    def _toggle_panel(self) -> None:
        self._revealed = not self._revealed
        self._fit_panel()

    def _changed_soon(self) -> None:
        if self.isVisible():
            self.reload()
        else:
            self.count()

    def _listen(self) -> None:
        self.list.picked.connect(self._picked)
        self.list.opened.connect(lambda _talk: self.composer.setFocus())
        self.model.more_wanted.connect(self._more)
        self.lines.earlier_wanted.connect(self._earlier)
        self.tabs.chosen.connect(lambda _tab: self.reload())
        self.to_read.clicked.connect(lambda: self.show_tab(Tab.UNCLEAR))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self.reload)
        self._soon.timeout.connect(self._changed_soon)
        self._reading.timeout.connect(self._seen)
        self.composer.sent.connect(self._send)
        self.composer.note_wanted.connect(lambda: self.command("note"))
        self.head.hand_wanted.connect(lambda: self.command("hand"))
        self.composer.file_wanted.connect(lambda: self.command("attach"))
        self.composer.templates_wanted.connect(lambda: self.command("template"))
        self.composer.replies_wanted.connect(self.tools.quick_replies)
        self.head.side_wanted.connect(self._toggle_panel)
        self.head.more_wanted.connect(lambda: self.command("more"))
        self.interpreting.came.connect(self._waiting_came)
        self.interpreting.times_found.connect(self._offer_times)
        self.talk_view.media_wanted.connect(lambda file: self.files.open(file, self))
        self.talk_view.keep_wanted.connect(lambda file, kept: self.files.keep(file, kept, self._soon.start))
        self.files.came.connect(self.talk_view.picture_came)
        self.tools.commanded.connect(self.command)
        for part in (self.interpreting, self.files, self.tools):
            part.failed.connect(self._failed)
        self.talk_view.take_back_wanted.connect(self.deeds.take_back)
        self.deeds.changed.connect(self._soon.start)
        self.deeds.failed.connect(self._failed)
        self.deeds.failed.connect(lambda _error: self._soon.start())
        self.header.search_requested.connect(self.search_requested)
        self._clock.minute_passed.connect(self._tick)

    def _tick(self) -> None:
        if self.talk is not None and self.isVisible():
            self.composer.show_talk(self.talk, self._clock.now())

    def _arrange(self) -> None:
        self._nothing = EmptyState(
            "message-circle", _("No conversation here"), _("Whoever writes to the clinic appears here.")
        )
        advice = _("A name, a number or words that were said find a conversation.")
        self._unfound = EmptyState("search", _("Nothing found"), advice)
        self._none = EmptyState("message-circle", _("No conversation chosen"), _("Choose one: ↑ ↓, or J K."))
        self._lists = QStackedWidget()
        self._lists.addWidget(self.list)
        self._lists.addWidget(self._nothing)
        self._lists.addWidget(self._unfound)
        left = QWidget()
        stand_on(left, "surface")
        left.setFixedWidth(round(_LIST_WIDTH * (1 + (current().text_scale - 1) * _GROWS)))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tabs)
        for widget in (self.search, self.to_read):
            row = QHBoxLayout()
            row.setContentsMargins(12, 0, 12, 0)
            row.addWidget(widget)
            column.addLayout(row)
        column.addWidget(self._lists, 1)
        self._talk = QWidget()
        middle = QVBoxLayout(self._talk)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        for part, stretch in (
            (self.head, 0),
            (separator(), 0),
            (self.talk_view, 1),
            (separator(), 0),
            (self.composer, 0),
        ):
            middle.addWidget(part, stretch)
        self._middle = QStackedWidget()
        self._middle.addWidget(self._none)
        self._middle.addWidget(self._talk)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(left)
        body.addWidget(separator(vertical=True))
        body.addWidget(self._middle, 1)
        body.addWidget(self.panel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(body, 1)
        self.to_read.hide()
        self.setFocusProxy(self.list)


def _tab_word(tab: Tab, counts: Counts) -> str:
    words = {
        Tab.MINE: (_("Mine"), counts.mine),
        Tab.UNCLEAR: (
            _("To interpret") if current().text_scale < _LARGE else pgettext("replies", "Read"),
            counts.unclear,
        ),
        Tab.BOT: (_("Robot"), 0),
        Tab.ALL: (pgettext("conversations", "All"), 0),
    }[tab]
    return f"{words[0]} {words[1]}" if words[1] else words[0]
