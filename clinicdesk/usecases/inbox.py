"""What a person can do with conversations: read and answer them, say who speaks there, and whose they are."""

import datetime as dt
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.inbox import (
    LIFE,
    LONGEST_NOTE,
    LONGEST_REPLY,
    Assign,
    Beside,
    Counts,
    EventKind,
    LinkPatient,
    Owner,
    Place,
    QuickReply,
    SaveQuickReply,
    SendTemplate,
    SendWords,
    Speech,
    Tab,
    Talk,
    TemplateOffer,
    Thread,
    WriteNote,
    clean_shortcut,
    clean_words,
    life,
    merged,
    speech,
    visit_beside,
)
from clinicdesk.domain.patients import fold
from clinicdesk.domain.templates import TemplateFacts, fill, values_of, variables_in
from clinicdesk.errors import AnotherSpeaks, ChangedElsewhere, ClinicError, InvalidField, NotFound, WindowClosed
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import inbox as rows
from clinicdesk.storage import ledger
from clinicdesk.storage import metrics as metric_rows
from clinicdesk.storage import patients as patient_rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases.clinic import Clinic, new_id

PAGE = 60


# --- reading ---------------------------------------------------------------------------------------------------------


def talks(
    clinic: Clinic, tab: Tab, search: str = "", most: int = PAGE, before: Place | None = None
) -> tuple[list[Talk], Counts]:
    """The conversations of a tab, the latest first, and how many there are in each tab."""
    with clinic.transaction() as tx:
        found = rows.talks(tx, clinic.id, clinic.person.id, tab, most, before, _search(search))
        return found, rows.counts(tx, clinic.id, clinic.person.id)


def counts(clinic: Clinic) -> Counts:
    """How many conversations stand in each tab, and how many messages wait for somebody."""
    with clinic.transaction() as tx:
        return rows.counts(tx, clinic.id, clinic.person.id)


def talk(clinic: Clinic, conversation_id: UUID) -> Talk:
    """One conversation. Raises NotFound."""
    with clinic.transaction() as tx:
        return _found(tx, clinic, conversation_id)


def thread(clinic: Clinic, conversation_id: UUID, most: int = PAGE, before: Place | None = None) -> Thread:
    """What was said and done in a conversation, oldest first, up to `before`. Raises NotFound."""
    with clinic.transaction() as tx:
        found = _found(tx, clinic, conversation_id)
        sources = (
            rows.incoming(tx, conversation_id, most + 1, before),
            rows.outgoing(tx, conversation_id, most + 1, before),
            rows.events(tx, conversation_id, most + 1, before),
        )
        lines, more = merged(sources, most)
        return Thread(found, lines, more)


def beside(clinic: Clinic, found: Talk) -> Beside:
    """What is known of whom a conversation is with."""
    with clinic.transaction() as tx:
        reminders = rows.reminders(tx, clinic.id)
        patient = patient_rows.patient(tx, found.patient_id) if found.patient_id else None
        if patient is None:
            return Beside(reminders=reminders)
        return Beside(
            patient=patient,
            visit=visit_beside(agenda_rows.of_patient(tx, patient.id), clinic.id, server_now(tx)),
            metrics=metric_rows.of_patient(tx, clinic.id, patient.id),
            reminders=reminders,
            consents=rows.consents(tx, patient.id, found.channel),
        )


def templates(
    clinic: Clinic, conversation_id: UUID, now: dt.datetime | None = None
) -> tuple[list[TemplateOffer], Decimal]:
    """The templates that can be sent in a conversation, as they would read, and what one costs. Raises NotFound."""
    with clinic.transaction() as tx:
        found = _found(tx, clinic, conversation_id)
        facts, price, _visit = _facts(tx, clinic, found, now)
        approved = speech(found, now or server_now(tx)) is not Speech.FREE
        offers = [_offer(row, facts) for row in rows.templates(tx, clinic.id, approved)]
        return offers, price if approved else Decimal(0)


def quick_replies(clinic: Clinic) -> list[QuickReply]:
    """The clinic's quick replies."""
    with clinic.transaction() as tx:
        return rows.quick_replies(tx, clinic.id)


# --- speaking --------------------------------------------------------------------------------------------------------


def send_words(clinic: Clinic, command: SendWords, now: dt.datetime | None = None) -> UUID:
    """Say something, taking the conversation over from the robot in the same step; the message's id.

    The window is looked at as of `now`, the server's clock when it is not given, and again when it is sent.

    Raises InvalidField, NotFound, AnotherSpeaks when a colleague has the conversation, WindowClosed.
    """
    body = clean_words(command.body) if command.media_id is None or command.body.strip() else ""
    message_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "outgoing_message", message_id)
        if done:
            return done
        found, there = _found(tx, clinic, command.conversation_id), server_now(tx)
        if speech(found, now or there) is Speech.TEMPLATES:
            raise WindowClosed(found.window_until)
        _take_over(tx, clinic, found)
        until = there + life(found, now or there)
        rows.insert_words(tx, clinic.id, message_id, found, body, until, media_id=command.media_id)
        return message_id


def send_template(clinic: Clinic, command: SendTemplate, now: dt.datetime | None = None) -> UUID:
    """Send a template, as when the window has closed; the conversation is taken over like for any words.

    Raises NotFound, AnotherSpeaks, or InvalidField for one that speaks of what nobody knows.
    """
    message_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "outgoing_message", message_id)
        if done:
            return done
        found, there = _found(tx, clinic, command.conversation_id), server_now(tx)
        facts, _price, visit = _facts(tx, clinic, found, now)
        approved = speech(found, now or there) is not Speech.FREE
        known = (_offer(row, facts) for row in rows.templates(tx, clinic.id, approved))
        offer = next((one for one in known if one.id == command.template_id), None)
        if offer is None:
            raise NotFound("template", str(command.template_id))
        if offer.lacks:
            raise InvalidField("template_id", "unknown_variable", offer.lacks[0])
        _take_over(tx, clinic, found)
        rows.insert_words(tx, clinic.id, message_id, found, offer.body, there + LIFE, offer.id, appointment_id=visit)
        return message_id


def begin(clinic: Clinic, patient_id: UUID) -> UUID:
    """The conversation with a patient, a new one where nobody has spoken with them yet; its id.

    A phone that a family shares has one conversation. Raises NotFound for a patient, or a clinic without WhatsApp, and
    InvalidField for a patient without a phone.
    """
    with clinic.transaction() as tx:
        patient = patient_rows.patient(tx, patient_id)
        if patient is None:
            raise NotFound("patient", str(patient_id))
        known = rows.of_patient(tx, clinic.id, patient_id)
        if known is not None:
            return known
        if not patient.phone:
            raise InvalidField("phone", "missing")
        channel_id, known = rows.by_phone(tx, clinic.id, patient.phone)
        if channel_id is None:
            raise NotFound("whatsapp")
        if known is not None:
            return known
        talk_id = new_id()
        rows.insert_talk(tx, clinic.id, talk_id, channel_id, patient.phone, patient_id)
        return talk_id


def take_back(clinic: Clinic, message_id: UUID) -> None:
    """Have a message not sent that nobody began to send. Raises NotFound when it is too late."""
    with clinic.transaction() as tx:
        rows.take_back(tx, message_id)


def mark_read(clinic: Clinic, conversation_id: UUID, seen_version: int) -> None:
    """Everything in it was seen, unless something came meanwhile."""
    with clinic.transaction() as tx:
        rows.mark_read(tx, conversation_id, seen_version)


# --- who speaks, and with whom ---------------------------------------------------------------------------------------


def assign(clinic: Clinic, command: Assign) -> Talk:
    """Take a conversation, give it to a colleague, or back to the robot. Raises AnotherSpeaks, NotFound."""
    with clinic.transaction() as tx:
        found = _found(tx, clinic, command.conversation_id)
        if not ledger.claim(tx, command.operation_id, "assign_conversation", command.conversation_id):
            _hand(tx, clinic, found, command.seen_person_id, command.person_id)
        return _found(tx, clinic, command.conversation_id)


def link(clinic: Clinic, command: LinkPatient) -> Talk:
    """Say whose conversation it is. Raises NotFound, or ChangedElsewhere when another desk said so first."""
    with clinic.transaction() as tx:
        found = _found(tx, clinic, command.conversation_id)
        if not ledger.claim(tx, command.operation_id, "link_conversation", command.conversation_id):
            name = _name_of(tx, command.patient_id)
            if not rows.set_patient(tx, found.id, command.seen_patient_id, command.patient_id):
                raise ChangedElsewhere("conversation", found.id, found.version, found.version)
            rows.insert_event(tx, clinic.id, new_id(), found.id, EventKind.LINKED, name)
        return _found(tx, clinic, command.conversation_id)


def write_note(clinic: Clinic, command: WriteNote) -> UUID:
    """Leave a note for colleagues; the patient never sees it. Raises InvalidField, NotFound."""
    words = clean_words(command.words, LONGEST_NOTE, "note")
    event_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "conversation_note", event_id)
        if not done:
            found = _found(tx, clinic, command.conversation_id)
            rows.insert_event(tx, clinic.id, event_id, found.id, EventKind.NOTE, words)
        return done or event_id


# --- quick replies ---------------------------------------------------------------------------------------------------


def save_quick_reply(clinic: Clinic, command: SaveQuickReply) -> UUID:
    """Keep a quick reply. Raises InvalidField, or ChangedElsewhere when another desk changed it first."""
    shortcut, body = clean_shortcut(command.shortcut), clean_words(command.body, LONGEST_REPLY)
    reply_id = command.reply_id or new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "quick_reply", reply_id)
        if done:
            return done
        if command.reply_id is None:
            rows.insert_quick_reply(tx, clinic.id, reply_id, shortcut, body, len(rows.quick_replies(tx, clinic.id)))
        elif not rows.change_quick_reply(tx, reply_id, command.seen_version, shortcut, body):
            raise ChangedElsewhere("quick_reply", reply_id, command.seen_version, command.seen_version + 1)
        return reply_id


def remove_quick_reply(clinic: Clinic, reply_id: UUID) -> None:
    """Keep it no more. Raises NotFound when it is gone already."""
    with clinic.transaction() as tx:
        if not rows.remove_quick_reply(tx, reply_id):
            raise NotFound("quick_reply", str(reply_id))


# --- within ----------------------------------------------------------------------------------------------------------


def _found(tx: Transaction, clinic: Clinic, conversation_id: UUID) -> Talk:
    found = rows.talk(tx, clinic.id, conversation_id)
    if found is None:
        raise NotFound("conversation", str(conversation_id))
    return found


def _facts(
    tx: Transaction, clinic: Clinic, found: Talk, now: dt.datetime | None
) -> tuple[TemplateFacts, Decimal, UUID | None]:
    """What a text may speak of in a conversation, what it costs, and the visit it is about."""
    visits = agenda_rows.of_patient(tx, found.patient_id) if found.patient_id else []
    visit = visit_beside(visits, clinic.id, now or server_now(tx))
    visit_id = visit.id if visit is not None else None
    name, zone, address, phone, price, code = rows.spoken_of(tx, clinic.id, found.channel_id, visit_id)
    facts = TemplateFacts(
        found.patient_name or found.display_name,
        visit.starts_at if visit is not None else None,
        ZoneInfo(zone),
        visit.professional_name if visit is not None else "",
        name,
        address,
        phone,
        code,
    )
    return facts, price, visit_id


def _offer(row: tuple[UUID, str, str, str], facts: TemplateFacts) -> TemplateOffer:
    template_id, name, body, language = row
    values = values_of(facts, language)
    lacks = tuple(dict.fromkeys(one for one in variables_in(body) if not values.get(one)))
    return TemplateOffer(template_id, name, fill(body, values), lacks)


def _take_over(tx: Transaction, clinic: Clinic, found: Talk) -> None:
    me = clinic.person.id
    if found.person_id == me:
        return
    if found.owner is Owner.PERSON:
        raise AnotherSpeaks(found.person_name)
    _hand(tx, clinic, found, None, me)


def _hand(tx: Transaction, clinic: Clinic, found: Talk, seen: UUID | None, wanted: UUID | None) -> None:
    if not rows.set_owner(tx, found.id, seen, wanted):
        raise _spoken_by(tx, clinic, found)
    if wanted == seen:
        return
    if wanted is None:
        kind, words = EventKind.HANDED_BACK, ""
    elif wanted == clinic.person.id:
        kind, words = EventKind.TAKEN, ""
    else:
        after = _found(tx, clinic, found.id)
        kind, words = EventKind.ASSIGNED, after.person_name
    rows.insert_event(tx, clinic.id, new_id(), found.id, kind, words)


def _spoken_by(tx: Transaction, clinic: Clinic, found: Talk) -> ClinicError:
    return AnotherSpeaks(_found(tx, clinic, found.id).person_name)


def _name_of(tx: Transaction, patient_id: UUID | None) -> str:
    if patient_id is None:
        return ""
    patient = patient_rows.patient(tx, patient_id)
    if patient is None:
        raise NotFound("patient", str(patient_id))
    return patient.name


def _search(written: str) -> tuple[str, str] | None:
    words = written.strip()
    if not words:
        return None
    digits = "".join(letter for letter in words if letter.isdigit())
    only_digits = digits if len(digits) >= 4 and not any(letter.isalpha() for letter in words) else ""
    return fold(words), only_digits
