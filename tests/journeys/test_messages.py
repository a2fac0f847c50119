"""A visit and what is said of it: the reminder goes out, the answer comes back, and every desk sees what it did."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from clinicdesk.desk.messages.panel import TalkPanel
from clinicdesk.desk.places import INBOX_PLACE
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.usecases import offers, waiting
from sync.at_work import put_together
from sync.gateway.standing import Gateway
from tests.journeys.hands import CTRL, Hands
from tests.journeys.other_desk import OtherDesk
from tests.journeys.test_finder import begin_for_ana
from tests.office import Office, value
from tests.sync.fakes.meta import FakeMeta, SentMessage
from tests.sync.process.working import Sending, sending
from tests.usecases.test_waiting import adding

ANA, BENTO = "Ana Conceição Álvares", "Bento d'Ávila"
SECONDS = 20.0


class Talking:
    """The clinic with its process at work, and a Meta on loopback that it talks with."""

    def __init__(self, clinic: Sending, meta: FakeMeta, approved: UUID) -> None:
        self.clinic, self.meta, self.admin, self.approved = clinic, meta, clinic.admin, approved

    def say_what_is_due_by(self, visit: UUID) -> SentMessage:
        """Time passes until the reminder of a visit is due; what the patient gets."""
        count = len(self.meta.sent)
        moved = self.admin.execute(
            "UPDATE clinicdesk.outgoing_message SET planned_for = clock_timestamp()"
            " WHERE appointment_id = %s AND kind = 'reminder' AND state = 'planned'",
            [visit],
        ).rowcount
        assert moved == 1, self.admin.execute("SELECT kind, state, reason FROM clinicdesk.outgoing_message").fetchall()
        return self.meta.wait_for(count + 1, SECONDS)[-1]

    def until(self, statement: str, wanted: object) -> None:
        """Wait for what the process writes."""
        ends = time.monotonic() + SECONDS
        while (found := value(self.admin, statement)) != wanted:
            assert time.monotonic() < ends, found
            time.sleep(0.02)


@pytest.fixture
def talking(office: Office, tmp_path: Path) -> Iterator[Talking]:
    """A clinic whose rules remind by WhatsApp and ask, at any hour of any day."""
    with sending(office, tmp_path / "sync") as clinic, FakeMeta.open() as meta:
        clinic.admin.execute(
            "UPDATE clinicdesk.messaging_policy SET quiet_from = '00:00', quiet_to = '00:00', on_sundays = true,"
            " grace_minutes = 0"
        )
        channel = clinic.meta(meta, receives="webhook")
        approved = clinic.laid.template(
            "Olá, {first_name}: {day} às {time}.",
            provider_name="confirmacao_consulta",
            provider_variables=["first_name", "day", "time"],
        )
        clinic.laid.rule(offset_minutes=48 * 60, asks=True, channels=["whatsapp"], template_id=approved)
        for patient in ("ana", "bento", "nina"):
            clinic.laid.consent(patient)
        with _at_work(clinic) as gateway:
            hook = value(clinic.admin, "SELECT hook_key FROM clinicdesk.message_channel WHERE id = %s", [channel])
            meta.connect(f"http://127.0.0.1:{gateway.hooks.port}/hooks/{hook}")  # type: ignore[union-attr]
            yield Talking(clinic, meta, approved)


@contextlib.contextmanager
def _at_work(clinic: Sending) -> Iterator[Gateway]:
    stopping = threading.Event()
    gateway = Gateway(clinic.account.line, clinic.account.open, 0)
    with put_together(clinic.account, stopping) as process:
        gateway.stand()
        thread = threading.Thread(target=process.run, name="process")
        thread.start()
        try:
            yield gateway
        finally:
            stopping.set()
            thread.join(30)
            gateway.close()


def _book_ana(desk: Hands, office: Office) -> Appointment:
    """N, a name, Enter, and the first time that is free."""
    begin_for_ana(desk)
    desk.until(lambda: desk.editor.booking.free)
    desk.key(Qt.Key.Key_Return, CTRL)
    return desk.visit_of(ANA)


def test_a_reminder_is_answered_and_the_card_turns_confirmed_at_every_desk(
    desk: Hands, office: Office, other: OtherDesk, talking: Talking
) -> None:
    visit = _book_ana(desk, office)
    other.until(lambda told: str(visit.id) in told["visits"], 15)
    reminder = talking.say_what_is_due_by(visit.id)
    assert "Ana" in reminder.words
    talking.meta.tell(reminder, "delivered", "read")
    talking.meta.write(reminder.wa_id, "1")
    other.until(lambda told: told["visits"][str(visit.id)][2] == "confirmed", 3.0)
    desk.status(visit.id, Status.CONFIRMED)
    # The robot says so, once, however often the answer is delivered.
    talking.until("SELECT count(*) FROM clinicdesk.outgoing_message WHERE kind = 'answer' AND state = 'sent'", 1)
    talking.until("SELECT state FROM clinicdesk.outgoing_message WHERE kind = 'reminder'", "read")


def test_who_cannot_come_frees_the_time_for_who_waits(desk: Hands, office: Office, talking: Talking) -> None:
    waiting.add(office.desk("renata"), adding(office))
    visit = _book_ana(desk, office)
    reminder = talking.say_what_is_due_by(visit.id)
    talking.meta.write(reminder.wa_id, "0")
    desk.status(visit.id, Status.CANCELLED)
    assert value(talking.admin, "SELECT count(*) FROM clinicdesk.waiting_offer") == 0  # nobody asked for that yet
    talking.clinic.laid.rule("offer", asks=True, channels=["whatsapp"], template_id=talking.approved)
    count = len(talking.meta.sent)
    robot = talking.clinic.account.at(office.sample.clinics["ipe"])
    assert offers.offer_freed(robot) == 1
    offered = talking.meta.wait_for(count + 1, SECONDS)[-1]
    assert offered.wa_id != reminder.wa_id and "Bento" in offered.words
    talking.meta.write(offered.wa_id, "sim, quero", name="Bento")
    booked = desk.visit_of(BENTO)
    assert (booked.starts_at, booked.professional_id) == (visit.starts_at, visit.professional_id)
    assert booked.status is Status.CONFIRMED
    assert value(talking.admin, "SELECT state FROM clinicdesk.waiting_entry") == "booked"
    talking.until("SELECT state FROM clinicdesk.waiting_offer", "accepted")


def test_an_answer_that_is_none_waits_for_a_person(desk: Hands, office: Office, talking: Talking) -> None:
    visit = _book_ana(desk, office)
    reminder = talking.say_what_is_due_by(visit.id)
    talking.meta.write(reminder.wa_id, "quem é?")
    talking.until("SELECT count(*) FROM clinicdesk.incoming_message WHERE outcome = 'unclear'", 1)
    assert desk.held(visit.id).status is Status.PENDING
    # The reply waits in the inbox, under one key.
    inbox = desk.workspace.inbox
    assert inbox is not None
    desk.workspace.show_place(INBOX_PLACE)
    page = inbox.page
    desk.until(lambda: page.waiting)
    assert [one.body for one in page.waiting] == ["quem é?"]
    desk.until(lambda: isinstance(page.panel.content, TalkPanel) and page.panel.content.interpret is not None)
    desk.until(lambda: any("quem é?" in words for words in desk.words(page.panel)))
    desk.key(Qt.Key.Key_2)
    desk.status(visit.id, Status.CONFIRMED)
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit.id, Status.PENDING)
