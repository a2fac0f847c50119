"""Conversations as the desk reads and writes them."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, text, update

from clinicdesk.domain.inbox import (
    Counts,
    EventKind,
    Happened,
    Incoming,
    Last,
    Outgoing,
    Owner,
    Place,
    QuickReply,
    Side,
    Tab,
    Talk,
)
from clinicdesk.domain.media import Media, MediaKind
from clinicdesk.domain.messages import ChannelKind, MessageKind, MessageState, Provider
from clinicdesk.domain.told import WrittenKind
from clinicdesk.storage import message_tables as t

_NAME = "coalesce(nullif({0}.social_name, ''), {0}.full_name, '')"

# In the order of the fields of Talk, then of Last.
_TALK = f"""
    WITH unclear AS (
        SELECT conversation_id, count(*) AS count FROM clinicdesk.incoming_message
         WHERE clinic_id = :clinic AND outcome = 'unclear' AND handled_at IS NULL GROUP BY conversation_id)
    SELECT c.id, c.version, c.channel_id, ch.kind, ch.provider, c.identity, c.phone, c.display_name, c.patient_id,
           {_NAME.format("p")}, c.owner, c.person_id, coalesce(w.name, ''), c.window_until, c.unread, c.last_at,
           c.opted_out_at, coalesce(u.count, 0),
           l.side, l.kind, l.words, l.state, l.reason, l.person_id, coalesce(m.kind, ''), coalesce(m.file_name, ''),
           coalesce(m.seconds, 0)
      FROM clinicdesk.conversation c
      JOIN clinicdesk.message_channel ch ON ch.id = c.channel_id
      LEFT JOIN unclear u ON u.conversation_id = c.id
      LEFT JOIN clinicdesk.patient p ON p.id = c.patient_id
      LEFT JOIN clinicdesk.person w ON w.id = c.person_id
      LEFT JOIN LATERAL (
          SELECT * FROM (
              (SELECT 'in' AS side, i.kind, i.body AS words, '' AS state, '' AS reason, NULL::uuid AS person_id,
                      i.media_id, i.sent_at AS at
                 FROM clinicdesk.incoming_message i WHERE i.conversation_id = c.id
                ORDER BY i.sent_at DESC, i.id DESC LIMIT 1)
              UNION ALL
              (SELECT 'out', o.kind, o.body, o.state, o.reason, o.person_id, o.media_id, o.planned_for
                 FROM clinicdesk.outgoing_message o WHERE o.conversation_id = c.id AND o.state <> 'cancelled'
                ORDER BY o.planned_for DESC, o.id DESC LIMIT 1)) both_sides
           ORDER BY at DESC LIMIT 1) l ON true
      LEFT JOIN clinicdesk.media m ON m.id = l.media_id
"""
_ONE = text(f"{_TALK} WHERE c.id = :id")
_WHICH = {
    Tab.MINE: "c.owner = 'person' AND c.person_id = :me",
    Tab.UNCLEAR: "u.count > 0",
    Tab.BOT: "c.owner = 'bot'",
    Tab.ALL: "true",
}
# As `folded` has it, without what makes that slow over everything that was ever said.
_PLAIN = "translate(lower(clinicdesk.unaccent('clinicdesk.unaccent'::regdictionary, {0}.body)), E'\\n`’\\'', ' ')"
_FOUND = f"""
    (c.phone LIKE :digits OR c.identity LIKE :digits OR clinicdesk.folded(c.display_name) LIKE :words
     OR p.search_text LIKE :words
     OR EXISTS (SELECT 1 FROM clinicdesk.incoming_message i
                 WHERE i.conversation_id = c.id AND {_PLAIN.format("i")} LIKE :words)
     OR EXISTS (SELECT 1 FROM clinicdesk.outgoing_message o
                 WHERE o.conversation_id = c.id AND {_PLAIN.format("o")} LIKE :words))
"""
_COUNTS = text(
    """
    SELECT count(*) FILTER (WHERE owner = 'person' AND person_id = :me), count(*) FILTER (WHERE owner = 'bot'),
           count(*),
           coalesce(sum(unread) FILTER (WHERE owner = 'bot' OR person_id = :me), 0),
           (SELECT count(*) FROM clinicdesk.incoming_message i
             WHERE i.clinic_id = :clinic AND i.outcome = 'unclear' AND i.handled_at IS NULL)
      FROM clinicdesk.conversation WHERE clinic_id = :clinic
    """
)
_MEDIA = """
    m.id, m.clinic_id, m.conversation_id, m.kind, m.mime, m.file_name, m.size, m.seconds, m.key_version,
    m.sealed IS NOT NULL, m.fault, m.expires_at, m.kept_at, m.created_at
"""
_BEFORE = "AND ({0}, {1}) < (CAST(:at AS timestamptz), CAST(:id AS uuid))"
_INCOMING = f"""
    SELECT i.id, i.sent_at, i.version, i.kind, i.body, i.outcome, i.handled_at IS NOT NULL, {_MEDIA}
      FROM clinicdesk.incoming_message i LEFT JOIN clinicdesk.media m ON m.id = i.media_id
     WHERE i.conversation_id = :conversation {{before}} ORDER BY i.sent_at DESC, i.id DESC LIMIT :most
"""
_OUTGOING = f"""
    SELECT o.id, o.planned_for, o.version, o.kind, o.state, o.body, o.reason, o.detail, o.person_id,
           coalesce(w.name, ''), coalesce(mt.name, ''), o.price, {_MEDIA}
      FROM clinicdesk.outgoing_message o
      LEFT JOIN clinicdesk.person w ON w.id = o.person_id
      LEFT JOIN clinicdesk.message_template mt ON mt.id = o.template_id
      LEFT JOIN clinicdesk.media m ON m.id = o.media_id
     WHERE o.conversation_id = :conversation {{before}} ORDER BY o.planned_for DESC, o.id DESC LIMIT :most
"""
_EVENTS = """
    SELECT e.id, e.at, e.kind, e.person_id, coalesce(w.name, ''), e.words, e.appointment_id
      FROM clinicdesk.conversation_event e LEFT JOIN clinicdesk.person w ON w.id = e.person_id
     WHERE e.conversation_id = :conversation {before} ORDER BY e.at DESC, e.id DESC LIMIT :most
"""
_REMINDERS = text(
    """
    SELECT DISTINCT r.offset_minutes FROM clinicdesk.message_rule r
      JOIN clinicdesk.messaging_policy y ON y.clinic_id = r.clinic_id AND y.active
     WHERE r.clinic_id = :clinic AND r.event = 'reminder' AND r.active ORDER BY 1 DESC
    """
)
_BY_PHONE = text(
    """
    SELECT ch.id, c.id FROM clinicdesk.message_channel ch
      LEFT JOIN clinicdesk.conversation c
             ON c.channel_id = ch.id AND (c.phone = :phone OR c.identity = ltrim(:phone, '+'))
     WHERE ch.clinic_id = :clinic AND ch.kind = 'whatsapp' AND ch.active
     ORDER BY ch.position, ch.name, ch.id, c.last_at DESC LIMIT 1
    """
)
_TEMPLATES = text(
    """
    SELECT t.id, t.name, t.body, t.provider_language FROM clinicdesk.message_template t
     WHERE t.clinic_id = :clinic AND t.active AND t.purpose = 'care' AND (t.provider_name <> '' OR NOT :approved)
     ORDER BY t.name
    """
)
_SPOKEN_OF = text(
    """
    SELECT c.name, c.zone, c.address, c.phone, ch.price,
           coalesce((SELECT k.code FROM clinicdesk.check_in_pass k WHERE k.appointment_id = :visit), '')
      FROM clinicdesk.clinic c JOIN clinicdesk.message_channel ch ON ch.id = :channel WHERE c.id = :clinic
    """
)
_CONSENTS = text(
    """
    SELECT EXISTS (SELECT 1 FROM clinicdesk.consent WHERE patient_id = :patient AND channel = :channel
                      AND purpose = 'care' AND revoked_at IS NULL)
    """
)


def _talk(row: Sequence[Any]) -> Talk:
    values = _made(row[:18], {3: ChannelKind, 4: Provider, 10: Owner})
    last = Last(*_made(row[18:], {0: Side})) if row[18] else None
    return Talk(*[*values, last])


def _made(row: Sequence[Any], kinds: Mapping[int, Callable[[Any], Any]]) -> list[Any]:
    """The values of a row, those at some places made into words of the domain."""
    return [kinds[at](value) if at in kinds else value for at, value in enumerate(row)]


def _media(row: Sequence[Any]) -> Media | None:
    return Media(*_made(row, {3: MediaKind})) if row[0] is not None else None


def talk(connection: Connection, clinic_id: UUID, conversation_id: UUID) -> Talk | None:
    """One conversation; None when it is not there or not this person's to see."""
    row = connection.execute(_ONE, {"id": conversation_id, "clinic": clinic_id}).one_or_none()
    return _talk(row) if row else None


def talks(
    connection: Connection,
    clinic_id: UUID,
    me: UUID,
    tab: Tab,
    most: int,
    before: Place | None = None,
    search: tuple[str, str] | None = None,
) -> list[Talk]:
    """A clinic's conversations of a tab, the latest first; `search` is folded words and digits."""
    which = [f"c.clinic_id = :clinic AND {_WHICH[tab]}"]
    asked: dict[str, object] = {"clinic": clinic_id, "me": me, "most": most}
    if before is not None:
        which.append("(c.last_at, c.id) < (CAST(:at AS timestamptz), CAST(:id AS uuid))")
        asked |= {"at": before[0], "id": before[1]}
    if search is not None:
        which.append(_FOUND)
        folded, digits = search
        asked["words"] = f"%{_literal(folded)}%"
        asked["digits"] = f"%{digits}%" if digits else ""
    query = f"{_TALK} WHERE {' AND '.join(which)} ORDER BY c.last_at DESC, c.id DESC LIMIT :most"
    return [_talk(row) for row in connection.execute(text(query), asked)]


def of_patient(connection: Connection, clinic_id: UUID, patient_id: UUID) -> UUID | None:
    """The conversation in which a patient was spoken with last."""
    c = t.conversation.c
    query = select(c.id).where(c.clinic_id == clinic_id, c.patient_id == patient_id).order_by(c.last_at.desc())
    found: UUID | None = connection.execute(query.limit(1)).scalar()
    return found


def by_phone(connection: Connection, clinic_id: UUID, phone: str) -> tuple[UUID | None, UUID | None]:
    """The first WhatsApp channel of a clinic, and the conversation held there with a phone; None for none."""
    row = connection.execute(_BY_PHONE, {"clinic": clinic_id, "phone": phone}).one_or_none()
    return (row[0], row[1]) if row else (None, None)


def counts(connection: Connection, clinic_id: UUID, me: UUID) -> Counts:
    """How many conversations stand in each tab, and how many messages wait."""
    mine, bot, everything, unread, unclear = connection.execute(_COUNTS, {"clinic": clinic_id, "me": me}).one()
    return Counts(mine, unclear, bot, everything, int(unread))


def incoming(connection: Connection, conversation_id: UUID, most: int, before: Place | None) -> list[Incoming]:
    """What was written to the clinic, the latest first."""
    rows = _stretch(connection, _INCOMING, ("i.sent_at", "i.id"), conversation_id, most, before)
    return [Incoming(*[*_made(row[:7], {3: WrittenKind}), _media(row[7:])]) for row in rows]


def outgoing(connection: Connection, conversation_id: UUID, most: int, before: Place | None) -> list[Outgoing]:
    """What the clinic wrote, the latest first."""
    rows = _stretch(connection, _OUTGOING, ("o.planned_for", "o.id"), conversation_id, most, before)
    kinds: dict[int, Callable[[Any], Any]] = {3: MessageKind, 4: MessageState}
    return [Outgoing(*[*_made(row[:12], kinds), _media(row[12:])]) for row in rows]


def events(connection: Connection, conversation_id: UUID, most: int, before: Place | None) -> list[Happened]:
    """What happened besides, the latest first."""
    rows = _stretch(connection, _EVENTS, ("e.at", "e.id"), conversation_id, most, before)
    return [Happened(*_made(row, {2: EventKind})) for row in rows]


def reminders(connection: Connection, clinic_id: UUID) -> tuple[int, ...]:
    """How long before a visit this clinic reminds, in minutes, the earliest first."""
    return tuple(connection.execute(_REMINDERS, {"clinic": clinic_id}).scalars())


def consents(connection: Connection, patient_id: UUID, channel: ChannelKind) -> bool:
    """Whether somebody agreed to messages about their visits on a channel."""
    return bool(connection.execute(_CONSENTS, {"patient": patient_id, "channel": channel}).scalar_one())


def templates(connection: Connection, clinic_id: UUID, approved: bool) -> list[tuple[UUID, str, str, str]]:
    """A clinic's templates about visits: id, name, text and language; those a provider approved, or all."""
    rows = connection.execute(_TEMPLATES, {"clinic": clinic_id, "approved": approved})
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def spoken_of(
    connection: Connection, clinic_id: UUID, channel_id: UUID, visit_id: UUID | None
) -> tuple[str, str, str, str, Decimal, str]:
    """What a text says of the clinic: name, zone, address and phone; what a message costs; the visit's code."""
    asked = {"clinic": clinic_id, "channel": channel_id, "visit": visit_id}
    name, zone, address, phone, price, code = connection.execute(_SPOKEN_OF, asked).one()
    return name, zone, address, phone, price, code


# --- writing ---------------------------------------------------------------------------------------------------------


def mark_read(connection: Connection, conversation_id: UUID, seen_version: int) -> bool:
    """Nothing is unread; False when something came meanwhile."""
    c = t.conversation.c
    query = update(t.conversation).where(c.id == conversation_id, c.version == seen_version)
    return connection.execute(query.values(unread=0)).rowcount == 1


def set_owner(connection: Connection, conversation_id: UUID, seen_person_id: UUID | None, wanted: UUID | None) -> bool:
    """Say who speaks here, None for the robot; False when somebody else did than was seen."""
    c = t.conversation.c
    query = update(t.conversation).where(c.id == conversation_id, c.person_id.is_not_distinct_from(seen_person_id))
    owner = Owner.BOT if wanted is None else Owner.PERSON
    return connection.execute(query.values(owner=owner, person_id=wanted)).rowcount == 1


def set_patient(connection: Connection, conversation_id: UUID, seen: UUID | None, wanted: UUID | None) -> bool:
    """Say whose conversation it is; False when another desk said so first."""
    c = t.conversation.c
    query = update(t.conversation).where(c.id == conversation_id, c.patient_id.is_not_distinct_from(seen))
    return connection.execute(query.values(patient_id=wanted)).rowcount == 1


def insert_talk(
    connection: Connection, clinic_id: UUID, talk_id: UUID, channel_id: UUID, phone: str, patient_id: UUID
) -> None:
    """Begin a conversation in which nobody has said anything; the provider's name of the person is learned later."""
    row = {"id": talk_id, "clinic_id": clinic_id, "channel_id": channel_id, "identity": phone.lstrip("+")}
    connection.execute(insert(t.conversation), row | {"phone": phone, "patient_id": patient_id})


def insert_event(
    connection: Connection, clinic_id: UUID, event_id: UUID, conversation_id: UUID, kind: EventKind, words: str = ""
) -> None:
    """Write down what happened; who did it is the database's to say."""
    row = {"id": event_id, "clinic_id": clinic_id, "conversation_id": conversation_id, "kind": kind, "words": words}
    connection.execute(insert(t.conversation_event), row)


def insert_words(
    connection: Connection,
    clinic_id: UUID,
    message_id: UUID,
    talk: Talk,
    body: str,
    expires_at: dt.datetime,
    template_id: UUID | None = None,
    media_id: UUID | None = None,
    appointment_id: UUID | None = None,
) -> None:
    """Write a message of whoever is at work, to be sent at once."""
    connection.execute(
        insert(t.outgoing_message),
        {
            "id": message_id,
            "clinic_id": clinic_id,
            "kind": MessageKind.PERSON,
            "patient_id": talk.patient_id,
            "conversation_id": talk.id,
            "channel_id": talk.channel_id,
            "template_id": template_id,
            "media_id": media_id,
            "appointment_id": appointment_id,
            "body": body,
            "expires_at": expires_at,
        },
    )


def take_back(connection: Connection, message_id: UUID) -> None:
    """Have a message not sent that nobody began to send. Raises NotFound when it is too late."""
    connection.execute(text("SELECT clinicdesk.discard_message(:id)"), {"id": message_id})


def quick_replies(connection: Connection, clinic_id: UUID) -> list[QuickReply]:
    """A clinic's quick replies in their order."""
    q = t.quick_reply.c
    query = t.quick_reply.select().where(q.clinic_id == clinic_id).order_by(q.position, q.shortcut)
    return [QuickReply(row.id, row.version, row.shortcut, row.body, row.position) for row in connection.execute(query)]


def insert_quick_reply(
    connection: Connection, clinic_id: UUID, reply_id: UUID, shortcut: str, body: str, position: int
) -> None:
    """Write a quick reply."""
    row = {"id": reply_id, "clinic_id": clinic_id, "shortcut": shortcut, "body": body, "position": position}
    connection.execute(insert(t.quick_reply), row)


def change_quick_reply(connection: Connection, reply_id: UUID, seen_version: int, shortcut: str, body: str) -> bool:
    """Change a quick reply; False when another desk did first."""
    q = t.quick_reply.c
    query = update(t.quick_reply).where(q.id == reply_id, q.version == seen_version)
    return connection.execute(query.values(shortcut=shortcut, body=body)).rowcount == 1


def remove_quick_reply(connection: Connection, reply_id: UUID) -> bool:
    """Keep a quick reply no more; False when it is gone already."""
    return connection.execute(delete(t.quick_reply).where(t.quick_reply.c.id == reply_id)).rowcount == 1


# --- within ----------------------------------------------------------------------------------------------------------


def _stretch(
    connection: Connection, query: str, place: tuple[str, str], conversation_id: UUID, most: int, before: Place | None
) -> Sequence[Any]:
    asked: dict[str, object] = {"conversation": conversation_id, "most": most}
    if before is not None:
        asked |= {"at": before[0], "id": before[1]}
    where = _BEFORE.format(*place) if before is not None else ""
    return connection.execute(text(query.format(before=where)), asked).all()


def _literal(words: str) -> str:
    """Words that LIKE takes as they are."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
