"""The conversations of the demo clinic as rows, where they were when they were said."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from uuid_utils.compat import uuid7

from clinicdesk.domain.demo.keys import ZONE
from clinicdesk.domain.demo.papers import photo, result, voice
from clinicdesk.domain.demo.talks import QUICK_REPLIES, REMINDER, TEMPLATES, DemoTalk, Said
from clinicdesk.domain.templates import variables_in
from clinicdesk.storage import message_tables as t
from clinicdesk.storage.bulk import insert_rows

# Where rules begin to hold, messages are planned for what is booked; the demo's queue is laid by itself.
_TABLES = (
    "messaging_policy",
    "message_rule",
    "conversation",
    "conversation_event",
    "media",
    "question",
    "outgoing_message",
    "incoming_message",
)
_KEPT = dt.timedelta(days=90)
_PRICE = Decimal("0.0375")
_HOUR = dt.timedelta(hours=1)
_WORDS = "Aceito receber mensagens da clínica sobre as minhas consultas pelo WhatsApp."


def load_messages(
    connection: Connection,
    clinic_id: UUID,
    talks: Sequence[DemoTalk],
    people: Mapping[str, UUID],
    professionals: Mapping[UUID, str],
    seal: Callable[[UUID, bytes], bytes],
) -> None:
    """Write channel, rules, quick replies and conversations of one unit. Needs patients and visits to be there."""
    for table in _TABLES:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} DISABLE TRIGGER USER"))
    channel, template = _channel(connection, clinic_id), _reminders(connection, clinic_id)
    _replies(connection, clinic_id)
    for talk in talks:
        _Writing(connection, clinic_id, channel, template, people, professionals, seal).write(talk)
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table in _TABLES:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} ENABLE TRIGGER USER"))


def _channel(connection: Connection, clinic_id: UUID) -> UUID:
    c = t.message_channel.c
    found = connection.execute(select(c.id).where(c.clinic_id == clinic_id, c.kind == "whatsapp")).scalar()
    if found is not None:
        connection.execute(update(t.message_channel).where(c.id == found, c.price == 0).values(price=_PRICE))
        return UUID(str(found))
    channel_id = uuid7()
    row = {"id": channel_id, "clinic_id": clinic_id, "kind": "whatsapp", "provider": "meta", "name": "WhatsApp"}
    insert_rows(connection, t.message_channel, [row | {"receives": "webhook", "price": _PRICE}])
    return channel_id


def _reminders(connection: Connection, clinic_id: UUID) -> UUID:
    """The reminder's template, with its rules 48 and 12 hours ahead; those that are there already stay."""
    policy = {"clinic_id": clinic_id, "active": True, "public_address": "https://mensagens.demonstracao.example"}
    connection.execute(upsert(t.messaging_policy).values(policy).on_conflict_do_nothing())
    r = t.message_rule.c
    found = connection.execute(select(r.template_id).where(r.clinic_id == clinic_id, r.event == "reminder")).scalar()
    if found is not None:
        return UUID(str(found))
    templates = [
        {"id": uuid7(), "clinic_id": clinic_id, "name": name, "body": body, "provider_name": approved,
         "provider_variables": list(variables_in(body))}
        for name, body, approved in TEMPLATES
    ]  # fmt: skip
    insert_rows(connection, t.message_template, templates)
    template_id = templates[0]["id"]
    assert isinstance(template_id, UUID)
    rules = [
        {"id": uuid7(), "clinic_id": clinic_id, "event": "reminder", "offset_minutes": hours * 60, "asks": True,
         "template_id": template_id}
        for hours in (48, 12)
    ]  # fmt: skip
    insert_rows(connection, t.message_rule, rules)
    return template_id


def _replies(connection: Connection, clinic_id: UUID) -> None:
    rows = [
        {"id": uuid7(), "clinic_id": clinic_id, "shortcut": shortcut, "body": body, "position": position}
        for position, (shortcut, body) in enumerate(QUICK_REPLIES)
    ]
    insert_rows(connection, t.quick_reply, rows)


class _Writing:
    """One conversation after the other, on one channel."""

    def __init__(
        self,
        connection: Connection,
        clinic_id: UUID,
        channel: UUID,
        template: UUID,
        people: Mapping[str, UUID],
        professionals: Mapping[UUID, str],
        seal: Callable[[UUID, bytes], bytes],
    ) -> None:
        self._connection = connection
        self._clinic, self._channel, self._template = clinic_id, channel, template
        self._people, self._professionals, self._seal = people, professionals, seal

    def write(self, talk: DemoTalk) -> None:
        talk_id = uuid7()
        person = self._people[talk.person] if talk.person else None
        self._put(
            t.conversation,
            id=talk_id,
            channel_id=self._channel,
            identity=talk.phone.lstrip("+") or str(talk_id),
            phone=talk.phone,
            display_name=talk.display_name or (talk.patient.full_name.split()[0] if talk.patient else ""),
            patient_id=talk.patient.id if talk.patient else None,
            owner="person" if person else "bot",
            person_id=person,
            window_until=talk.window_until,
            unread=talk.unread,
            last_at=talk.last_at,
            last_words=next((one.words for one in reversed(talk.said) if one.words not in ("", "@")), ""),
        )
        if talk.patient is not None:
            self._consent(talk.patient.id)
        question = self._question(talk) if talk.patient and any(one.words == "@" for one in talk.said) else None
        for place, said in enumerate(talk.said):
            self._line(talk, talk_id, question, said, talk.lines[place])

    def _line(self, talk: DemoTalk, talk_id: UUID, question: UUID | None, said: Said, at: dt.datetime) -> None:
        if said.side == "event":
            person = None if said.kind == "confirmed" else self._people[talk.person or "renata"]
            visit = talk.visit.id if talk.visit and person is None else None
            self._put(t.conversation_event, id=uuid7(), conversation_id=talk_id, kind=said.kind, person_id=person,
                      words=said.words, at=at, appointment_id=visit)  # fmt: skip
            return
        media = self._media(talk_id, said, at) if said.media else None
        if said.side == "in":
            outcome = said.state if said.state != "read" else "conversation"
            self._put(t.incoming_message, id=uuid7(), channel_id=self._channel, conversation_id=talk_id,
                      provider_message_id=f"demo-{uuid7()}", kind=said.media[0] if said.media else "text",
                      body=said.words, media_id=media, sent_at=at, received_at=at, outcome=outcome,
                      question_id=question if outcome in ("unclear", "confirmed") else None)  # fmt: skip
            return
        self._put(t.outgoing_message, **self._sent(talk, talk_id, question, said, at), media_id=media)

    def _sent(
        self, talk: DemoTalk, talk_id: UUID, question: UUID | None, said: Said, at: dt.datetime
    ) -> dict[str, Any]:
        reminder = said.words == "@"
        robot = said.side == "robot"
        return {
            "id": uuid7(),
            "kind": said.kind or ("reminder" if reminder else "answer" if robot else "person"),
            "template_id": self._template if reminder else None,
            "patient_id": talk.patient.id if talk.patient else None,
            "appointment_id": talk.visit.id if reminder and talk.visit else None,
            "conversation_id": talk_id,
            "question_id": question if reminder else None,
            "channel_id": self._channel,
            "body": self._reminder(talk, at) if reminder else said.words,
            "planned_for": at,
            "expires_at": at + 4 * _HOUR,
            "state": said.state,
            "reason": said.reason,
            "attempts": 1,
            "state_at": at,
            "person_id": None if robot else self._people[said.side],
            "created_at": at,
        }

    def _reminder(self, talk: DemoTalk, at: dt.datetime) -> str:
        assert talk.patient is not None and talk.visit is not None
        zone = ZoneInfo(ZONE)
        local, days = talk.visit.starts_at.astimezone(zone), 0
        days = (local.date() - at.astimezone(zone).date()).days
        when = {0: "Hoje", 1: "Amanhã"}.get(days, f"No dia {local:%d/%m}")
        name = talk.patient.full_name.split()[0]
        professional = self._professionals.get(talk.visit.professional_id, "")
        return REMINDER.format(name=name, when=when, time=f"{local:%H:%M}", professional=professional)

    def _question(self, talk: DemoTalk) -> UUID:
        assert talk.patient is not None and talk.visit is not None
        question_id, asked = uuid7(), min(talk.lines.values())
        answered = any(one.state == "confirmed" for one in talk.said)
        self._put(t.question, id=question_id, kind="confirm", patient_id=talk.patient.id, appointment_version=1,
                  appointment_id=talk.visit.id, allowed=["yes", "no"], asked_at=asked, expires_at=talk.visit.starts_at,
                  answer="yes" if answered else "", closed_at=talk.last_at if answered else None)  # fmt: skip
        return question_id

    def _media(self, talk_id: UUID, said: Said, at: dt.datetime) -> UUID:
        assert said.media is not None
        kind, mime, name, seconds = said.media
        media_id = uuid7()
        content = {"image": photo, "document": result}.get(kind, partial(voice, seconds))()
        self._put(t.media, id=media_id, conversation_id=talk_id, kind=kind, mime=mime, file_name=name,
                  size=len(content), seconds=seconds, sealed=self._seal(media_id, content), expires_at=at + _KEPT,
                  created_at=at)  # fmt: skip
        return media_id

    def _consent(self, patient_id: UUID) -> None:
        row = {"id": uuid7(), "patient_id": patient_id, "purpose": "care", "channel": "whatsapp", "words": _WORDS}
        self._connection.execute(upsert(t.consent).values(row).on_conflict_do_nothing())

    def _put(self, table: Any, **values: object) -> None:
        self._connection.execute(insert(table), {"clinic_id": self._clinic, **values})
