"""The queue's page: what its rows and panel say, what the alert tells, and that both are drawn wherever they stand."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.queue.listing import QueueList, QueueModel
from clinicdesk.desk.queue.panel import MessagePanel
from clinicdesk.desk.queue.pausing import PausePopover
from clinicdesk.desk.queue.standing import Standing
from clinicdesk.desk.queue.words import alert_words, queue_summary, stopped_words
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.header import Header
from clinicdesk.domain.messages import ChannelKind, MessageKind, MessageState
from clinicdesk.domain.queue import ChannelStanding, Decision, QueuedMessage, QueueLook
from clinicdesk.domain.sync_process import SyncProcess
from tests.builders import ZONE, local

NOW = local(10, 18)
MINUTE = dt.timedelta(minutes=1)


def queued(state: MessageState = MessageState.PLANNED, **changes: object) -> QueuedMessage:
    message = QueuedMessage(
        uuid4(), 1, MessageKind.REMINDER, state, "", "", NOW - MINUTE, NOW + 60 * MINUTE, NOW - MINUTE, 1, "", uuid4(),
        "Ana " + "Albuquerque " * 9, "+5511900000142", uuid4(), local(15), "Retorno", "Dra. Helena", "WhatsApp",
        ChannelKind.WHATSAPP, "+5511900000142", NOW - MINUTE, "", "",
    )  # fmt: skip
    return replace(message, **changes)  # type: ignore[arg-type]


FAILED = queued(MessageState.FAILED, reason="unreachable", fault="not_reached", detail="131026 Message undeliverable")
UNKNOWN = queued(MessageState.UNKNOWN, reason="no_answer")
DROPPED = queued(MessageState.CANCELLED, reason="discarded", decided_by="Renata Souza")


def channel(**changes: object) -> ChannelStanding:
    return replace(ChannelStanding(uuid4(), 1, "WhatsApp", ChannelKind.WHATSAPP, True, None, ""), **changes)  # type: ignore[arg-type]


def seen(at: dt.datetime) -> SyncProcess:
    status = {
        "requeue_messages": {"next": (NOW + MINUTE).isoformat()},
        "revive_jobs": {"fault": "OperationalError"},
        "tidy_queue": {"next": "soon"},
        "of another release": {"next": NOW.isoformat()},
    }
    return SyncProcess(uuid4(), "servidor", "1.0", NOW - 60 * MINUTE, at, status=status)


def look(**changes: object) -> QueueLook:
    at = QueueLook(NOW, True, 0, None, 0, 0, 0, 0, 0, (seen(NOW),), (channel(),))
    return replace(at, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [480, 1100])
def test_rows_are_drawn_narrow_and_wide(width: int, dark: bool, qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress(dark=dark)
    holder = QWidget()
    qtbot.addWidget(holder)
    model = QueueModel(lambda: (NOW, ZONE), holder)
    view = QueueList(model, holder)
    view.resize(width, 300)
    model.show([FAILED, UNKNOWN, DROPPED, queued()])
    holder.show()
    view.choose(UNKNOWN.id, 0)
    assert view.chosen == UNKNOWN
    assert "Failed: the number has no WhatsApp" in str(model.data(model.index(0)))
    assert not view.grab().isNull()
    view.choose(uuid4(), 9)  # gone: the last one stands there now
    assert view.chosen == model.messages[-1]
    view.let_go()
    assert view.chosen is None


def test_the_panel_offers_what_may_be_decided(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()

    def offered(message: QueuedMessage) -> list[str]:
        panel = MessagePanel(message, DeskClock(NOW))
        qtbot.addWidget(panel)
        assert not panel.grab().isNull()
        return [button.text() for button in panel.findChildren(Button) if button.text()]

    ways = ["Open the register", "Show the visit"]
    assert offered(FAILED) == ["Send again", "Discard", *ways]
    assert offered(UNKNOWN) == ["It went out", "It did not", *ways]
    assert offered(DROPPED) == ["Take it back", *ways]
    assert offered(queued()) == ["Discard", *ways]
    assert offered(queued(conversation_id=uuid4())) == ["Discard", "Open the conversation", *ways]
    assert offered(queued(MessageState.READ, patient_id=None, appointment_id=None)) == []


def test_a_button_of_the_panel_decides(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    panel = MessagePanel(UNKNOWN, DeskClock(NOW))
    qtbot.addWidget(panel)
    heard: list[Decision] = []
    panel.decided.connect(heard.append)
    next(one for one in panel.findChildren(Button) if one.text() == "It did not").click()
    assert heard == [Decision.DID_NOT]


def test_the_alert_says_the_gravest_and_keeps_the_rest_for_its_tip() -> None:
    assert alert_words(look()) == ("", "")
    assert alert_words(look(failed=1)) == ("1 message not delivered", "1 message not delivered")
    both = look(failed=2, unknown=1)
    assert alert_words(both) == ("3 messages need somebody", "1 message to look into\n2 messages not delivered")
    away = look(due=2, oldest=NOW - 9 * MINUTE, failed=2, unknown=1, workers=(seen(NOW - 5 * MINUTE),))
    first, every = alert_words(away)
    assert first == "Reminders have stopped"
    assert every.splitlines() == ["Reminders have stopped", "1 message to look into", "2 messages not delivered"]
    assert queue_summary(away) == "2 in the queue · the oldest for 9 min"
    assert "10:13" in stopped_words(away, ZONE)
    assert stopped_words(look(workers=()), ZONE) == "Reminders have never started here"
    assert queue_summary(look(ahead=3)) == "3 until this time tomorrow"
    assert queue_summary(look()) == "Nothing waits"


def test_beside_the_list_stands_who_sends_and_by_what(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    standing = Standing(DeskClock(NOW), on_server=True)
    qtbot.addWidget(standing)
    standing.resize(300, 600)
    standing.show()

    def said() -> list[str]:
        return [one.text() for one in standing.findChildren(QLabel) if one.isVisible()]

    by_itself = channel(paused_at=NOW, paused_reason="wrong_token")
    by_hand = channel(paused_at=NOW, paused_reason="person:chip na loja", name="SMS", kind=ChannelKind.SMS)
    standing.show_look(look(channels=(channel(unread=2), by_itself, by_hand, channel(active=False))))
    assert "2 deliveries of this week were not read whole: see the provider's own panel." in said()
    assert "Queues what was lost: next today, 10:19" in said()
    assert "Takes up what a process left lying: it fails, and is tried again" in said()
    assert any("Chip na loja" in one for one in said())
    assert any("The provider refuses the access token" in one for one in said())
    wanted: list[object] = []
    standing.pause_wanted.connect(lambda which, _button: wanted.append(which))
    standing.resume_wanted.connect(wanted.append)
    for button in [one for one in standing.findChildren(Button) if one.isVisible()]:
        button.click()
    assert len(wanted) == 3
    standing.show_look(look(due=1, workers=()))
    (banner,) = [one for one in standing.findChildren(Banner) if one.isVisible()]
    assert "systemctl start clinicdesk-sync" in banner.accessibleName()
    standing.show_look(look(workers=(), channels=()))
    assert "Nothing is being sent, and nothing waits." in said()
    assert not standing.grab().isNull()


def test_a_pause_asks_why(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    popover = PausePopover(window, channel())
    popover.open_centred()
    heard: list[str] = []
    popover.decided.connect(heard.append)
    popover.confirm.click()
    assert heard == [] and popover.isVisible()
    popover.reason.setText("  chip na loja ")
    popover.confirm.click()
    assert heard == ["chip na loja"]


def test_the_header_shows_the_alert_whole_or_as_its_icon(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    header = Header("Agenda")
    qtbot.addWidget(header)
    header.resize(900, 65)
    header.show()
    header.show_alert("Reminders have stopped", "since 10:13", "danger")
    qtbot.waitUntil(lambda: header.alert.isVisible() and header.alert.whole)
    header.resize(header.minimumSizeHint().width(), 65)
    qtbot.waitUntil(lambda: not header.alert.whole)
    assert header.alert.accessibleName() == "Reminders have stopped"
    assert not header.grab().isNull()
    header.show_alert("")
    assert not header.alert.isVisible()
