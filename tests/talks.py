"""Conversations for tests, written as the robot and the settings write them."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from clinicdesk.usecases.clinic import new_id
from tests.office import Office

NOW = dt.datetime.now(dt.UTC)
HOUR = dt.timedelta(hours=1)


class Wire:
    """What crossed the internet, written as the robot writes it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.robot = office.robot()
        self.channel = new_id()
        self.clinic = office.sample.clinics["ipe"]

    def _do(self, statement: str, *values: object) -> Any:
        with self.robot.transaction() as tx:
            return tx.exec_driver_sql(statement, values)

    def talk(
        self,
        phone: str = "+5511900000142",
        patient: str | None = "ana",
        provider: str = "meta",
        window: dt.timedelta = 20 * HOUR,
        name: str = "Ana",
    ) -> UUID:
        """Somebody who may be written to for as long as the window is open."""
        talk_id = uuid4()
        known = self.office.sample.patients[patient] if patient else None
        with self.office.desk("claudia").transaction() as tx:
            tx.exec_driver_sql(
                "INSERT INTO clinicdesk.message_channel (id, clinic_id, kind, provider, name) VALUES"
                " (%s, %s, 'whatsapp', %s, %s) ON CONFLICT DO NOTHING",
                (self.channel, self.clinic, provider, "W" + provider),
            )
        self._do(
            "INSERT INTO clinicdesk.conversation (id, clinic_id, channel_id, identity, phone, display_name, patient_id,"
            " window_until) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            talk_id, self.clinic, self.channel, phone[1:], phone, name, known, NOW + window,
        )  # fmt: skip
        return talk_id

    def ask(self, patient: str, visit: UUID) -> UUID:
        """What the robot asked about a visit."""
        question = uuid4()
        self._do(
            "INSERT INTO clinicdesk.question (id, clinic_id, kind, patient_id, appointment_id, appointment_version,"
            " allowed, expires_at) VALUES (%s, %s, 'confirm', %s, %s, 1, '{confirm,cancel}', %s)",
            question, self.clinic, self.office.sample.patients[patient], visit, NOW + 20 * HOUR,
        )  # fmt: skip
        return question

    def went(self, message_id: UUID, *states: str, reason: str = "") -> None:
        """How far a message came, step by step."""
        for state in states:
            self._do(
                "UPDATE clinicdesk.outgoing_message SET state = %s, reason = %s WHERE id = %s",
                state, reason if state == states[-1] else "", message_id,
            )  # fmt: skip

    def template(self, body: str, approved: str = "lembrete") -> UUID:
        """A template of the clinic."""
        template_id = uuid4()
        with self.office.desk("claudia").transaction() as tx:
            tx.exec_driver_sql(
                "INSERT INTO clinicdesk.message_template (id, clinic_id, name, body, provider_name)"
                " VALUES (%s, %s, %s, %s, %s)",
                (template_id, self.clinic, body[:40], body, approved),
            )
        return template_id

    def came(
        self,
        talk_id: UUID,
        body: str,
        at: dt.datetime = NOW,
        outcome: str = "conversation",
        question: UUID | None = None,
    ) -> UUID:
        """Something that was written to the clinic."""
        message_id = uuid4()
        self._do(
            "INSERT INTO clinicdesk.incoming_message (id, clinic_id, channel_id, conversation_id, provider_message_id,"
            " kind, body, sent_at, outcome, question_id) VALUES (%s, %s, %s, %s, %s, 'text', %s, %s, %s, %s)",
            message_id, self.clinic, self.channel, talk_id, str(message_id), body, at, outcome, question,
        )  # fmt: skip
        self._do(
            "UPDATE clinicdesk.conversation SET unread = unread + 1, last_at = %s, last_words = %s WHERE id = %s",
            at, body, talk_id,
        )  # fmt: skip
        return message_id
