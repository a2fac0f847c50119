"""A message with all that decides about it, out of its row: what is asked of the rules, and what is handed over."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.hooks import Receives, can_receive
from clinicdesk.domain.message_cost import Costing, cost_of
from clinicdesk.domain.message_rules import Letter, QuietHours, Road, VisitNow
from clinicdesk.domain.messages import ChannelKind, MessageKind, Provider
from clinicdesk.domain.outbox import SendingChannel, button_payload
from clinicdesk.domain.parcels import ApprovedTemplate, Button, Parcel, Recipient
from clinicdesk.domain.templates import TemplateFacts, asking, fill, label, ordered_values, values_of
from clinicdesk.storage.letters import Row

_ALL_KINDS = tuple(ChannelKind)


def read_letter(row: Row) -> Letter:
    """All that decides about a message, as it stands now."""
    visit = VisitNow(Status(row["status"]), row["starts_at"], row["visit_version"]) if row["status"] else None
    active = (row["rule_id"] is None or row["rule_active"]) and row["template_active"] is not False
    zone = ZoneInfo(row["zone"])
    return Letter(
        MessageKind(row["kind"]),
        row["planned_for"].astimezone(dt.UTC),
        row["expires_at"],
        QuietHours(zone, row["quiet_from"], row["quiet_to"], row["on_sundays"]),
        visit,
        row["visit_at"],
        bool(row["asks"]),
        bool(active),
        row["messages_on"],
        row["led_by_another"],
        row["owner"] == "person",
        row["offer_state"] in (None, "offered"),
        row["read_as"],
    )


def of_one_channel(letter: Row) -> bool:
    """Whether it is said in a conversation, or tests a channel: no other channel is tried."""
    return letter["kind"] in (MessageKind.ANSWER, MessageKind.PERSON, MessageKind.TEST)


def channel_order(letter: Row) -> tuple[ChannelKind, ...]:
    """The kinds of channel a message may take, the first to be asked first."""
    return tuple(ChannelKind(each) for each in letter["channels"]) if letter["channels"] else _ALL_KINDS


def read_road(row: Row, letter: Row, now: dt.datetime) -> Road:
    """How far a channel leads to the recipient of a letter."""
    kind = ChannelKind(row["kind"])
    address = letter["email"].lower() if kind is ChannelKind.EMAIL else letter["phone"] or row["identity"]
    return Road(
        row["id"],
        kind,
        Provider(row["provider"]),
        address,
        row["consent"],
        row["opted_out"],
        row["tried"],
        row["paused_at"] is not None,
        row["window_until"] is not None and row["window_until"] > now,
        bool(letter["provider_name"]),
        _hears(row),
        row["identity"],
        row["price"],
    )


def own_road(row: Row, letter: Row, now: dt.datetime) -> Road:
    """The road of what is said in a conversation, or of a test."""
    window = letter["window_until"]
    return Road(
        row["id"],
        ChannelKind(row["kind"]),
        Provider(row["provider"]),
        letter["recipient"] or letter["conversation_phone"] or letter["identity"] or "",
        opted_out=bool(letter["talk_stopped"]),
        paused=row["paused_at"] is not None,
        window_open=window is not None and window > now,
        approved=bool(letter["provider_name"]),
        receives=_hears(row),
        identity=letter["identity"] or "",
        price=row["price"],
    )


def cost_by(road: Road, body: str) -> Decimal:
    """What these words cost by a road, in R$."""
    return cost_of(Costing(road.kind, road.provider, road.price, body, road.window_open))


def _hears(row: Row) -> bool:
    return can_receive(Provider(row["provider"]), Receives(row["receives"]), row["public_address"])


def compose(letter: Row, road: Road, attempt_id: UUID, question_id: UUID | None, allowed: Sequence[str]) -> Parcel:
    """The message as it is handed over."""
    language = letter["provider_language"] or "pt_BR"
    values = values_of(_facts(letter), language)
    written = of_one_channel(letter) and letter["body"]  # by a person or as an answer; else it follows from its text
    body = written or fill(letter["template_body"] or letter["body"], values)
    buttons: tuple[Button, ...] = ()
    if question_id is not None and allowed and not written:
        body = f"{body}\n\n{asking(allowed, language)}".rstrip()
        buttons = tuple(Button(button_payload(question_id, each), label(each, language)) for each in allowed)
    approved = None
    if letter["provider_name"] and road.kind is ChannelKind.WHATSAPP and not road.window_open:
        ordered = ordered_values(letter["provider_variables"], values)
        approved = ApprovedTemplate(letter["provider_name"], language, ordered)
    return Parcel(
        attempt_id,
        road.kind,
        _recipient(letter, road),
        body,
        fill(letter["template_subject"] or letter["subject"], values),
        approved,
        road.window_open,
        buttons,
        letter["quoted_id"],
        tries=letter["attempts"],
    )


def _facts(letter: Row) -> TemplateFacts:
    return TemplateFacts(
        letter["patient_name"],
        letter["starts_at"] if letter["kind"] != MessageKind.CANCELLED else letter["visit_at"] or letter["starts_at"],
        ZoneInfo(letter["zone"]),
        letter["professional"] or "",
        letter["clinic"],
        letter["address"],
        letter["clinic_phone"],
        letter["code"] or "",
    )


def _recipient(letter: Row, road: Road) -> Recipient:
    name = letter["addressee_name"]
    if road.kind is ChannelKind.EMAIL:
        return Recipient(email=road.address, name=name)
    if road.address.startswith("+"):
        return Recipient(phone=road.address, identity=road.identity, name=name)
    return Recipient(identity=road.identity or road.address, name=name)


def sending_channel(row: Row) -> SendingChannel:
    """A channel as its carrier is made from."""
    return SendingChannel(
        row["id"],
        row["clinic_id"],
        ChannelKind(row["kind"]),
        Provider(row["provider"]),
        row["name"],
        row["address"],
        row["settings"],
        row["per_minute"],
    )
