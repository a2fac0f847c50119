"""The queue at the desk, by real events: the alert leads there, a message is decided by a key, and that taken back."""

from uuid import uuid4

from PySide6.QtCore import Qt

from clinicdesk.domain.queue import QueueView
from tests.journeys.hands import CTRL, Hands
from tests.office import Office, put, value

STATE = "SELECT state FROM clinicdesk.outgoing_message"


def test_a_message_nobody_knows_of_is_settled_by_a_key_and_that_taken_back(desk: Hands, office: Office) -> None:
    admin, own = office.admin(), {"clinic_id": office.sample.clinics["ipe"]}
    put(admin, "outgoing_message", id=uuid4(), kind="reminder", patient_id=office.sample.patients["ana"],
        planned_for="2035-03-05 12:00Z", expires_at="2035-03-06 12:00Z", state="unknown", reason="no_answer",
        **own)  # fmt: skip
    pill = desk.workspace.agenda.header.alert
    desk.until(lambda: pill.isVisible())
    assert pill.text() == "1 message to look into"
    desk.click(pill)
    page = desk.workspace.queue
    desk.until(lambda: page.isVisible() and page.model.messages)
    desk.key(Qt.Key.Key_Down)
    desk.until(lambda: page.list.chosen is not None)
    desk.key(Qt.Key.Key_1)
    desk.said("Noted that it went out")
    desk.until(lambda: not page.model.messages)
    assert value(admin, STATE) == "sent"
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: page.model.messages)
    assert value(admin, STATE) == "unknown"
    page.show_view(QueueView.SENT)
    desk.until(lambda: not page.model.messages)
    desk.click(page.back)
    desk.until(lambda: not page.isVisible())
