"""What managers do with messages: channels with their secrets, pauses and tests, and what a text would look like."""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk import sealing
from clinicdesk.domain.hours import instant
from clinicdesk.domain.message_rules import DayPlan
from clinicdesk.domain.message_settings import (
    ChannelForm,
    ChannelState,
    MessagingForm,
    Sender,
    TestState,
    clean_channel,
    clean_test_recipient,
    refuse_elsewhere,
)
from clinicdesk.domain.parcels import CHECK
from clinicdesk.domain.preferences import Kept, SaveForm
from clinicdesk.domain.staff import Capability
from clinicdesk.domain.templates import TemplateFacts
from clinicdesk.errors import NoSenderYet, NotFound
from clinicdesk.keychain import FieldPlace
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import message_settings as rows
from clinicdesk.storage import preferences as forms
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases import message_plan, preferences
from clinicdesk.usecases.clinic import Clinic, new_id


@dataclass(frozen=True)
class Roads:
    """The channels' page: each channel's state, who sends, and where providers reach the clinic."""

    states: Mapping[UUID, ChannelState]
    sender: Sender
    public_address: str = ""


@dataclass(frozen=True, slots=True)
class SendTest:
    """See whether a channel works: by a message to oneself, or by asking the provider for nobody (`CHECK`)."""

    operation_id: UUID
    channel_id: UUID
    recipient: str
    body: str = ""
    subject: str = ""


def roads(clinic: Clinic) -> Roads:
    """What is known of the channels besides their forms."""
    knows = clinic.person.role in ("owner", "manager")
    with clinic.transaction() as tx:
        policy = forms.kept(tx, MessagingForm, clinic.id)
        address = policy[0].form.public_address if policy else ""
        return Roads(rows.channel_states(tx, clinic.id, with_secrets=knows), rows.sender(tx), address)


def save_channel(clinic: Clinic, command: SaveForm[ChannelForm]) -> Kept[ChannelForm]:
    """Keep a channel, and seal what is secret of it for the process that sends.

    Raises InvalidForm, also where a secret that is there would go to another server; NoSenderYet when a secret was
    typed and nobody can open it; and as `preferences.save` does.
    """
    with clinic.transaction() as tx:
        sealed = rows.sealed_names(tx, command.id) if command.id else set()
        form = clean_channel(command.form, sealed)
        if sealed:
            before = forms.kept(tx, ChannelForm, clinic.id, command.id)
            refuse_elsewhere(form, before[0].form if before else form, sealed)
        plain = replace(form, secrets={})
        saved = preferences.save_within(tx, clinic, replace(command, form=plain))
        if form.secrets:
            _seal(tx, clinic, saved.id, form.secrets)
            # What rested because its provider refused the old ones is tried with the new ones.
            if rows.wake(tx, saved.id):
                return forms.kept(tx, ChannelForm, clinic.id, saved.id)[0]
        return saved


def _seal(tx: Transaction, clinic: Clinic, channel_id: UUID, secrets: Mapping[str, str]) -> None:
    sender = rows.sender(tx)
    if sender.key_id is None:
        raise NoSenderYet
    sealed = {
        name: sealing.seal_to(
            sender.public_key, FieldPlace(clinic.id, "channel_secret", channel_id, name), words.encode()
        )
        for name, words in secrets.items()
    }
    rows.seal(tx, clinic.id, channel_id, sender.key_id, sealed)


def send_test(clinic: Clinic, command: SendTest) -> TestState:
    """Plan a test of a channel for now. Raises InvalidField, NotFound, NoSenderYet or NotAllowed."""
    message_id = new_id()
    with clinic.transaction() as tx:
        kind = rows.channel_kind(tx, clinic.id, command.channel_id)
        if kind is None:
            raise NotFound("message_channel", str(command.channel_id))
        checks = command.recipient == CHECK
        recipient = CHECK if checks else clean_test_recipient(kind, command.recipient)
        if not rows.sender(tx).known:
            raise NoSenderYet
        done = ledger.claim(tx, command.operation_id, "test_channel", message_id)
        if not done:
            spoken = {"recipient": recipient, "body": command.body, "subject": command.subject}
            rows.insert_test(tx, clinic.id, message_id, {"channel": command.channel_id, **spoken})
        return _found(rows.test_state(tx, done or message_id), message_id)


def test_state(clinic: Clinic, message_id: UUID) -> TestState:
    """How far a test came. Raises NotFound."""
    with clinic.transaction() as tx:
        return _found(rows.test_state(tx, message_id), message_id)


@dataclass(frozen=True)
class Foreseen:
    """What a day brings; `imagined` while the clinic does not write by itself: it is what would be sent if it did."""

    plan: DayPlan
    imagined: bool = False


class _TakenBack(Exception):
    """Ends a transaction in which something was only tried."""


def foresee(clinic: Clinic, day: dt.date, now: dt.datetime | None = None) -> Foreseen:
    """Who gets what on a day. Before a manager switches it on they see what that would send: it is switched on,
    planned, read and taken back in one transaction. Raises NotAllowed.
    """
    with clinic.transaction() as tx:
        policy = forms.kept(tx, MessagingForm, clinic.id)
        if (policy and policy[0].form.active) or not clinic.person.rights.may(Capability.CHANGE_SETTINGS):
            return Foreseen(message_plan.preview_within(tx, clinic, day, now))
    found: list[DayPlan] = []
    with suppress(_TakenBack), clinic.transaction() as tx:
        rows.switch_on(tx, clinic.id, instant(day, dt.time(0), clinic_rows.zone(tx, clinic.id)))
        found.append(message_plan.preview_within(tx, clinic, day, now))
        raise _TakenBack
    return Foreseen(found[0], imagined=True)


def sample(clinic: Clinic, today: dt.date) -> TemplateFacts:
    """The first visit of tomorrow or after it, as a text would speak of it; an invented one where there is none."""
    with clinic.transaction() as tx:
        zone = next((ZoneInfo(one.zone) for one in clinic_rows.clinics(tx) if one.id == clinic.id), dt.UTC)
        tomorrow = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), zone)
        facts = rows.sample(tx, clinic.id, tomorrow, zone)
    if facts.visit_at is not None:
        return facts
    ten = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(10), zone)
    return replace(facts, name="Ana Souza", visit_at=ten, professional="Dra. Helena")


def catalogue_names(clinic: Clinic) -> tuple[str, ...]:
    """Services, headings and specialties of the clinic: what no message says."""
    with clinic.transaction() as tx:
        return tuple(rows.catalogue_names(tx, clinic.id))


def _found(state: TestState | None, message_id: UUID) -> TestState:
    if state is None:
        raise NotFound("row", str(message_id))
    return state
