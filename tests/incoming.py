"""Patients who write to a clinic: a channel, questions about visits, and the robot who reads."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from clinicdesk.domain.received import Received
from clinicdesk.domain.told import Written, WrittenKind
from clinicdesk.usecases import replies
from clinicdesk.usecases.clinic import Clinic
from tests.office import at, put
from tests.outgoing import Outgoing

EVE = at(15) - dt.timedelta(days=1)
ANA = "5511900000142"


class Chat:
    """A channel, the robot who reads, and patients who write."""

    def __init__(self, ground: Outgoing, robot: Clinic) -> None:
        self.ground, self.robot, self.admin = ground, robot, ground.admin
        self.channel = ground.channel()
        self.told = 0

    def ask(self, patient: str = "ana", hour: int = 9, offer: UUID | None = None, **changes: object) -> UUID:
        """A visit at this hour, asked about; the question's id."""
        office = self.ground.office
        visit = office.book_row(
            self.admin, patient_id=office.sample.patients[patient], starts_at=at(hour), ends_at=at(hour, 30), **changes
        )
        return self.ask_about(visit, patient)

    def ask_about(self, visit: UUID, patient: str = "ana") -> UUID:
        """Ask about a visit as it stands."""
        question = uuid4()
        put(self.admin, "question", id=question, clinic_id=self.ground.clinic_id, kind="confirm",
            patient_id=self.ground.office.sample.patients[patient], appointment_id=visit, offer_id=None,
            appointment_version=self.ground.one("appointment", visit, "version"), allowed=["confirm", "cancel"],
            expires_at=self.ground.one("appointment", visit, "starts_at"))  # fmt: skip
        return question

    def sent(self, question: UUID, name: str = "wamid.ask") -> str:
        """The message that asked, as the provider calls it."""
        message = self.ground.message(
            self.ground.rule(), question_id=question, planned_for=EVE + dt.timedelta(seconds=self.told)
        )
        self.told += 1
        put(self.admin, "delivery", id=uuid4(), clinic_id=self.ground.clinic_id, message_id=message,
            channel_id=self.channel, recipient=ANA, provider_message_id=name, state="sent")  # fmt: skip
        return name

    def write(self, body: str = "", identity: str = ANA, now: dt.datetime = EVE, **changes: Any) -> Received:
        """Somebody writes."""
        self.told += 1
        kind = changes.pop("kind", WrittenKind.TEXT)
        name = changes.pop("name", f"wamid.in.{self.told}")
        written = Written(name, identity, kind, changes.pop("sent_at", now), body, **changes)
        return replies.receive(self.robot, self.channel, written, now)

    def visit(self, question: UUID) -> UUID:
        found: UUID = self.ground.one("question", question, "appointment_id")
        return found

    def status(self, question: UUID) -> str:
        return str(self.ground.one("appointment", self.visit(question), "status"))

    def answers(self) -> list[str]:
        """What the robot said, oldest first."""
        rows = self.admin.execute(
            "SELECT body FROM clinicdesk.outgoing_message WHERE kind = 'answer' ORDER BY created_at, id"
        ).fetchall()
        return [row[0] for row in rows]
