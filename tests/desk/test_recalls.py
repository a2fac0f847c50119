"""The worklist of recalls: what its rows say, and that they are drawn wherever they stand."""

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.recalls.listing import RecallList, RecallModel
from clinicdesk.desk.recalls.panel import RecallPanel
from clinicdesk.desk.recalls.words import due_words, last_visit_words, tried_words, what_for
from clinicdesk.desk.widgets.button import Button
from clinicdesk.domain.agenda import Channel
from clinicdesk.domain.recall import Attempt, Outcome, RecallState
from tests.builders import TUESDAY, ZONE, local
from tests.domain.test_recall import recall

NOW = local(10, 18)
LATE = recall(due_month=dt.date(2026, 9, 1), patient_name="Ana " + "Albuquerque " * 12, service_name="Limpeza",
              professional_name="Dr. Caio Menezes", attempts=2, last_outcome=Outcome.LEFT_MESSAGE,
              last_attempt_at=local(9), patient_phone="+5511900000142")  # fmt: skip


def test_a_row_says_for_what_until_when_and_what_was_tried() -> None:
    assert due_words(LATE, TUESDAY) == ("Overdue: September 2026", "danger")
    assert due_words(recall(), TUESDAY) == ("November 2026", "accent")
    assert due_words(recall(due_month=dt.date(2026, 12, 1)), TUESDAY)[1] == "muted"
    assert what_for(LATE) == "Limpeza · Dr. Caio Menezes"
    assert what_for(recall()) == "Any visit"
    assert tried_words(LATE, TUESDAY, ZONE) == "Left a message, today · 2 attempts"
    assert tried_words(recall(), TUESDAY, ZONE) == "Not tried yet"
    assert last_visit_words(recall(), TUESDAY, ZONE) == "Never came yet"
    assert last_visit_words(recall(last_visit_at=local(9)), TUESDAY, ZONE) == "Last visit today"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [480, 1100])
def test_rows_are_drawn_narrow_and_wide(width: int, dark: bool, qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress(dark=dark)
    holder = QWidget()
    qtbot.addWidget(holder)
    model = RecallModel(lambda: TUESDAY, lambda: ZONE, holder)
    view = RecallList(model, lambda: TUESDAY, holder)
    view.resize(width, 300)
    model.show([LATE, recall()])
    view.choose(LATE.id, 0)
    holder.show()
    assert view.chosen == LATE
    assert "Overdue: September 2026" in str(model.data(model.index(0)))
    assert not view.grab().isNull()
    view.choose(uuid4(), 7)  # gone: the last one stands there now
    assert view.chosen == model.recalls[1]


def test_the_panel_offers_what_the_state_allows(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    clock = DeskClock(NOW)

    def offered(**changes: object) -> list[str]:
        panel = RecallPanel(recall(**changes), clock)
        qtbot.addWidget(panel)
        panel.show_attempts([Attempt(uuid4(), Outcome.NO_ANSWER, Channel.PHONE, "", NOW, "Renata")])
        assert not panel.grab().isNull()
        return [button.text() for button in panel.findChildren(Button) if button.text()]

    assert offered()[0] == "Book" and len(offered()) == 7
    assert offered(state=RecallState.BOOKED, appointment_id=uuid4(), booked_for=NOW) == ["Show the visit"]
    assert offered(state=RecallState.REFUSED) == ["Call again"]
