"""The inbox over a real clinic, with real keys: what is read, typed, refused, decided and heard."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.messages.composer import chip_words
from clinicdesk.desk.messages.finding import FindPopover
from clinicdesk.desk.messages.note import NotePopover
from clinicdesk.desk.messages.page import InboxPage
from clinicdesk.desk.messages.panel import TalkPanel
from clinicdesk.desk.messages.quick_replies import QuickRepliesPopover
from clinicdesk.desk.messages.template_picker import TemplatePicker
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.drafts import Draft
from clinicdesk.domain.inbox import (
    Counts,
    EventKind,
    Happened,
    Incoming,
    Outgoing,
    QuickReply,
    SaveQuickReply,
    SendWords,
    Tab,
)
from clinicdesk.domain.messages import MessageState
from clinicdesk.usecases import agenda, inbox
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from tests.office import Office
from tests.talks import HOUR, NOW, Wire


class Bench:
    """A page by itself, with nothing that tells it of changes but the test."""

    def __init__(self, office: Office, qtbot: QtBot, login: str = "renata") -> None:
        self.office, self.qtbot, self.wire = office, qtbot, Wire(office)
        self.bugs: list[BaseException] = []
        self.background = Background(self.bugs.append)
        self.clinic: Clinic = office.desk(login)
        self.area = QWidget()
        self.toasts = ToastArea(self.area)
        self.said: list[str] = []
        self.toasts.shown.connect(self.said.append)
        self.clock = DeskClock(NOW)
        self.undo = Undo(self.toasts)
        self.page = InboxPage(self.clinic, self.background, self.undo, self.toasts, self.clock, lambda: False)
        self.badges: list[int] = []
        self.page.badge_changed.connect(self.badges.append)
        for widget in (self.area, self.page):
            qtbot.addWidget(widget)
        self.page.resize(1366, 768)

    def open(self) -> None:
        with self.qtbot.waitActive(self.page):
            self.page.show()
        self.settle()

    def settle(self) -> None:
        timers = (self.page._soon, self.page._typing)
        self.qtbot.waitUntil(
            lambda: not self.background.busy and not any(one.isActive() for one in timers), timeout=10_000
        )
        assert not self.bugs, self.bugs

    def hear(self) -> None:
        self.page.apply_changes([Change("conversation", None, None)])
        self.settle()

    def choose(self, talk_id: UUID) -> None:
        assert self.page.list.choose(talk_id)
        self.settle()

    def write(self, words: str) -> None:
        self.page.composer.edit.setFocus()
        self.qtbot.keyClicks(self.page.composer.edit, words)

    def enter(self, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.page.composer.edit, Qt.Key.Key_Return, modifiers)
        self.settle()

    def bodies(self) -> list[str]:
        return [row.body for row in self.page.lines.rows if isinstance(row, Incoming | Outgoing)]

    def shown(self, kind: type[QWidget]) -> QWidget:
        return next(one for one in self.page.window().findChildren(kind) if one.isVisible())

    def panel(self) -> TalkPanel:
        content = self.page.panel.content
        assert isinstance(content, TalkPanel)
        return content


@pytest.fixture
def bench(office: Office, qtbot: QtBot, dress: Callable[..., None]) -> Iterator[Bench]:
    dress(reduced_motion=True)
    made = Bench(office, qtbot)
    yield made
    made.background.close()


def test_what_is_typed_goes_out_by_enter_and_takes_the_conversation(bench: Bench) -> None:
    talk_id = bench.wire.talk()
    bench.wire.came(talk_id, "Posso chegar mais cedo?")
    bench.open()
    assert bench.page.talk is not None and bench.page.talk.id == talk_id  # the latest is open at once
    assert bench.badges[-1] == 1
    bench.write("Pode sim")
    bench.enter(Qt.KeyboardModifier.ShiftModifier)
    bench.write("Ate ja")
    bench.enter()
    assert bench.page.composer.text == ""
    bench.settle()
    assert bench.bodies() == ["Posso chegar mais cedo?", "Pode sim\nAte ja"]
    assert bench.page.talk.person_id == bench.clinic.person.id
    assert bench.page.head.owner.accessibleName() == "With you"
    events = [row.kind for row in bench.page.lines.rows if isinstance(row, Happened)]
    assert events == [EventKind.TAKEN]
    bench.enter()  # nothing is typed: nothing is sent
    assert len(bench.bodies()) == 2
    sent = next(row for row in bench.page.lines.rows if isinstance(row, Outgoing))
    bench.wire.went(sent.id, "claimed", "sending", "sent", "failed", reason="not_reached")
    bench.hear()
    index = bench.page.lines.index(len(bench.page.lines.rows) - 1)
    assert "Not delivered" in str(index.data())


def test_a_draft_stays_with_its_conversation(bench: Bench) -> None:
    one, two = bench.wire.talk(), bench.wire.talk("+5521988887777", None, name="Jéssica")
    bench.wire.came(one, "Bom dia")
    bench.wire.came(two, "Oi", NOW - HOUR)
    bench.open()
    bench.choose(one)
    bench.write("para a Ana")
    bench.page.list.setFocus()
    bench.qtbot.keyClick(bench.page.list, Qt.Key.Key_Down)
    bench.settle()
    assert bench.page.talk is not None and bench.page.talk.id == two
    assert bench.page.composer.text == ""
    bench.qtbot.keyClick(bench.page.list, Qt.Key.Key_Return)  # Enter answers
    assert bench.page.composer.edit.hasFocus()
    typed = {draft.key: draft for draft in bench.page.typed()}
    assert typed.keys() == {str(one)} and typed[str(one)].values == {"words": "para a Ana"}
    bench.choose(one)
    assert bench.page.composer.text == "para a Ana"
    bench.page.resume(Draft("message", str(two), bench.clinic.id, "Jéssica", NOW, {"words": "de ontem"}))
    bench.settle()
    assert bench.page.talk.id == two and bench.page.composer.text == "de ontem"
    with pytest.raises(ValueError, match="draft"):
        bench.page.resume(Draft("message", str(two), bench.clinic.id, "", NOW, ["old"]))


def test_nothing_typed_is_lost_when_a_colleague_was_first(bench: Bench) -> None:
    talk_id = bench.wire.talk()
    bench.wire.came(talk_id, "Bom dia")
    bench.open()
    bench.write("Ja respondo")
    other = bench.office.desk("otavio")
    inbox.send_words(other, SendWords(new_id(), talk_id, "Bom dia!"))  # this desk has not heard of it
    bench.enter()
    assert "Otávio Lins has this conversation" in bench.said[-1]
    assert bench.page.composer.text == "Ja respondo"
    bench.hear()
    assert bench.page.composer.edit.isReadOnly() and not bench.page.composer.send.isEnabled()
    bench.page.command("hand")
    bench.settle()
    bench.enter()
    bench.settle()
    assert bench.bodies()[-1] == "Ja respondo"
    bench.page.command("hand")  # back to the robot
    bench.settle()
    assert bench.page.talk is not None and bench.page.talk.person_id is None
    bench.undo.undo()
    bench.settle()
    bench.hear()
    assert bench.page.talk.person_id == bench.clinic.person.id


def test_a_closed_window_leaves_templates(bench: Bench) -> None:
    talk_id = bench.wire.talk(window=-HOUR)
    bench.wire.came(talk_id, "Obrigada", NOW - 25 * HOUR)
    bench.wire.template("Olá, {first_name}! Podemos retomar?")
    bench.wire.template("Seu horário é às {time}", "horario")
    bench.open()
    assert bench.page.composer.edit.isReadOnly() and not bench.page.composer.send.isVisible()
    bench.page.composer.template.click()
    bench.settle()
    picker = bench.shown(TemplatePicker)
    assert isinstance(picker, TemplatePicker)
    assert [offer.body for offer in picker.offers] == ["Olá, Ana! Podemos retomar?", "Seu horário é às "]
    bench.qtbot.keyClick(picker.list, Qt.Key.Key_Down)
    assert not picker.send.isEnabled()  # it speaks of a visit there is none of
    bench.qtbot.keyClick(picker.list, Qt.Key.Key_Up)
    bench.qtbot.keyClick(picker.list, Qt.Key.Key_Return)
    bench.settle()
    bench.settle()
    assert bench.bodies()[-1] == "Olá, Ana! Podemos retomar?"


def test_one_key_decides_about_a_reply_and_can_be_taken_back(bench: Bench) -> None:
    visit = bench.office.book_row(bench.office.admin())
    talk_id = bench.wire.talk()
    question = bench.wire.ask("ana", visit)
    bench.wire.came(talk_id, "Depende do ônibus. Dá pra ser outro dia?", outcome="unclear", question=question)
    bench.open()
    assert bench.page.to_read.isVisible() and "Ana" in bench.page.to_read.accessibleName()
    card = bench.panel().interpret
    assert card is not None and card.reply.appointment is not None and card.reply.appointment.id == visit
    bench.page.commands()["confirm"]()
    bench.page.commands()["cancel"]()  # a second key while the first is on its way is none
    bench.settle()

    def status() -> Status:
        return agenda.appointments(bench.clinic, [visit])[0].status

    assert status() is Status.CONFIRMED
    assert bench.page.waiting == () and bench.panel().interpret is None and not bench.page.to_read.isVisible()
    bench.undo.undo()
    bench.settle()
    assert status() is Status.PENDING and len(bench.page.waiting) == 1
    bench.page.commands()["offer"]()
    bench.settle()
    bench.settle()
    assert bench.page.composer.text.startswith("Hello, Ana! ")  # nothing is sent by itself
    assert status() is Status.PENDING


def test_an_unknown_number_becomes_somebodys(bench: Bench) -> None:
    talk_id = bench.wire.talk("+5521988887777", None, name="<b>Bento</b>")
    bench.wire.came(talk_id, "<img src=x> oi")
    bench.open()
    assert {"find_patient", "new_patient"} <= bench.panel().buttons.keys()
    plain = [one for one in bench.page.findChildren(QLabel) if "<b>" in one.text()]
    assert plain and all(one.textFormat() == Qt.TextFormat.PlainText for one in plain)
    wished: list[object] = []
    bench.page.register_requested.connect(wished.append)
    bench.panel().buttons["new_patient"].click()
    assert len(wished) == 1
    bench.panel().buttons["find_patient"].click()
    popover = bench.shown(FindPopover)
    assert isinstance(popover, FindPopover)
    bench.qtbot.keyClicks(popover.picker.box, "bento")
    bench.qtbot.waitUntil(lambda: bool(popover.picker.choices.matches))
    bench.qtbot.keyClick(popover.picker.box, Qt.Key.Key_Return)
    bench.settle()
    bench.hear()
    assert bench.page.talk is not None and bench.page.talk.patient_name == "Bento d'Ávila"
    bench.page.command("unlink")
    bench.settle()
    bench.hear()
    assert bench.page.talk.patient_id is None


def test_quick_replies_are_typed_by_a_slash_and_kept_here(bench: Bench) -> None:
    talk_id = bench.wire.talk()
    bench.wire.came(talk_id, "Onde fica?")
    inbox.save_quick_reply(bench.clinic, SaveQuickReply(new_id(), None, 0, "sala4", "A Sala 4 fica no térreo."))
    bench.open()
    bench.write("/sa")
    assert not bench.page.tools.suggestions.isHidden()
    bench.enter()
    assert bench.page.composer.text == "A Sala 4 fica no térreo." and bench.bodies() == ["Onde fica?"]
    bench.page.composer.quick.click()
    popover = bench.shown(QuickRepliesPopover)
    assert isinstance(popover, QuickRepliesPopover)
    popover.new.click()
    popover.shortcut.setText("sala4")
    popover.words.setPlainText("Outra")
    popover.save.click()
    bench.settle()
    assert "choose another" in popover._shortcut_field.error
    popover.shortcut.setText("onde")
    popover.save.click()
    bench.settle()
    bench.settle()
    assert [one.shortcut for one in bench.page.tools.replies] == ["sala4", "onde"]
    popover.remove.click()
    bench.settle()
    bench.settle()
    assert [one.shortcut for one in bench.page.tools.replies] == ["sala4"]


def test_a_note_is_for_the_team(bench: Bench) -> None:
    talk_id = bench.wire.talk()
    bench.wire.came(talk_id, "Bom dia")
    bench.open()
    bench.page.composer.note.click()
    popover = bench.shown(NotePopover)
    assert isinstance(popover, NotePopover)
    bench.qtbot.keyClicks(popover.words, "guia 4471")
    bench.qtbot.keyClick(popover.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    bench.settle()
    notes = [row.words for row in bench.page.lines.rows if isinstance(row, Happened)]
    assert notes == ["guia 4471"] and bench.page.talk is not None and bench.page.talk.person_id is None


def test_whoever_reads_further_up_is_left_there(bench: Bench) -> None:
    talk_id = bench.wire.talk()
    for number in range(130):
        bench.wire.came(talk_id, f"linha {number}", NOW - HOUR + HOUR * number / 200)
    bench.open()
    view, bar = bench.page.talk_view, bench.page.talk_view.verticalScrollBar()
    assert len(bench.bodies()) == inbox.PAGE and view.at_end
    bar.setValue(0)
    bench.settle()
    assert len(bench.bodies()) == 2 * inbox.PAGE and bar.value() > 0  # what was on show stays in sight
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    bench.wire.came(talk_id, "agora")
    bench.hear()
    assert bench.bodies()[-1] == "agora" and bar.value() == before
    view.to_end()
    bench.wire.came(talk_id, "e agora")
    bench.hear()
    assert view.at_end and len(bench.bodies()) > inbox.PAGE


def test_it_is_found_and_sorted_by_tab(bench: Bench) -> None:
    one, two = bench.wire.talk(), bench.wire.talk("+5521988887777", None, name="Jéssica")
    bench.wire.came(one, "Bom dia")
    bench.wire.came(two, "vocês atendem o convênio?", NOW - HOUR)
    bench.open()
    bench.page.focus_search()
    bench.qtbot.keyClicks(bench.page.search, "conv")
    bench.settle()
    assert [talk.id for talk in bench.page.model.talks] == [two]
    bench.qtbot.keyClick(bench.page.search, Qt.Key.Key_Escape)
    bench.settle()
    assert len(bench.page.model.talks) == 2
    bench.page.show_tab(Tab.MINE)
    bench.settle()
    assert bench.page.model.talks == () and bench.page._nothing.isVisible()
    bench.page.show_talk(two)
    bench.settle()
    assert bench.page.talk is not None and bench.page.talk.id == two


def test_what_was_on_screen_for_a_while_is_read(bench: Bench) -> None:
    talk_id = bench.wire.talk()
    bench.wire.came(talk_id, "Bom dia")
    bench.open()
    bench.page._reading.timeout.emit()
    bench.settle()
    bench.settle()
    assert bench.page.model.talks[0].unread == 0 and bench.badges[-1] == 0
    bench.page.set_offline("No connection")
    bench.wire.came(talk_id, "Alô?")
    bench.hear()
    bench.page._reading.timeout.emit()
    bench.settle()
    assert bench.page.model.talks[0].unread == 1
    assert not bench.page.composer.send.isEnabled() and bench.page.composer.send.toolTip() == "No connection"


def test_what_nobody_began_to_send_is_taken_back(bench: Bench) -> None:
    talk_id = bench.wire.talk()
    bench.wire.came(talk_id, "Bom dia")
    bench.open()
    bench.write("ops")
    bench.enter()
    bench.settle()
    sent = next(row for row in bench.page.lines.rows if isinstance(row, Outgoing))
    bench.page.talk_view.take_back_wanted.emit(sent)
    bench.settle()
    bench.settle()
    sent = next(row for row in bench.page.lines.rows if isinstance(row, Outgoing))
    assert sent.state is MessageState.CANCELLED
    bench.page.talk_view.take_back_wanted.emit(sent)
    bench.settle()
    assert bench.said[-1] == "This is no longer there. Reload and look again."


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Pode sim, estamos esperando.", "Pode sim, estamos esperando."),
        ("Estamos na Av. Paulista, 1.000, 4º andar. O estacionamento é atrás.", "Estamos na Av. Paulista"),
        ("Para este exame são necessárias 8 horas de jejum; água pode.", "/curto"),
    ],
)
def test_a_chip_says_how_a_quick_reply_begins(body: str, shown: str) -> None:
    assert chip_words(QuickReply(new_id(), 1, "curto", body)) == shown


def test_at_large_text_the_tabs_are_whole(bench: Bench, dress: Callable[..., None]) -> None:
    dress(reduced_motion=True, text_scale=1.5)
    large = Bench(bench.office, bench.qtbot)
    large.open()
    large.page._counted(Counts(mine=3, unclear=2))
    tabs = large.page.tabs._tabs.values()
    assert [one.text() for one in tabs] == ["Mine 3", "Read 2", "Robot", "All"]
    large.qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in tabs))
    large.background.close()
