"""How a clinic writes to its patients, as managers keep it: channels, texts, rules, and the hours nobody writes in.

What is secret of a channel is typed once and sealed; a form never holds what was sealed before.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from clinicdesk.domain.channel_fields import ADDRESSES, FIELDS, LONGEST_SECRET, ChannelField, checked_address
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.hooks import WAYS_IN, Receives
from clinicdesk.domain.messages import CARRIERS, ChannelKind, Event, MessageState, Provider, Purpose
from clinicdesk.domain.patients import clean_email, clean_name, clean_phone
from clinicdesk.domain.templates import check_template
from clinicdesk.errors import InvalidField, InvalidForm

LONGEST_SETTING = 200
PATIENT, GUARDIAN = "patient", "guardian"
MOST_OFFSET, MOST_LATE = 525_600, 43_200
# Reminders are counted back from the visit and follow-ups on from it; the others begin with what happened.
WITH_OFFSET = frozenset({Event.REMINDER, Event.FOLLOW_UP, Event.CHECK_IN})
CAN_ASK = frozenset({Event.BOOKED, Event.REMINDER, Event.MOVED})


@dataclass(frozen=True, slots=True)
class MessagingForm:
    """What holds for every message of a clinic."""

    active: bool = False
    quiet_from: dt.time = dt.time(21)
    quiet_to: dt.time = dt.time(8)
    on_sundays: bool = False
    grace_minutes: int = 3
    offer_minutes: int = 60
    media_days: int = 90
    public_address: str = ""


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """A text with variables, and under which name a provider approved it."""

    name: str = ""
    purpose: Purpose = Purpose.CARE
    subject: str = ""
    body: str = ""
    provider_name: str = ""
    provider_language: str = "pt_BR"
    provider_variables: tuple[str, ...] = ()
    active: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "purpose", Purpose(self.purpose))
        object.__setattr__(self, "provider_variables", tuple(self.provider_variables))


@dataclass(frozen=True, slots=True)
class RuleForm:
    """When a clinic writes by itself: on which occasion, to whom, by which channels, in which words."""

    event: Event = Event.REMINDER
    offset_minutes: int = 48 * 60
    template_id: UUID | None = None
    asks: bool = False
    channels: tuple[ChannelKind, ...] = (ChannelKind.WHATSAPP, ChannelKind.SMS, ChannelKind.EMAIL)
    recipient: str = PATIENT
    service_ids: tuple[UUID, ...] = ()
    professional_ids: tuple[UUID, ...] = ()
    excluded_service_ids: tuple[UUID, ...] = ()
    late_minutes: int = 240
    active: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "event", Event(self.event))
        object.__setattr__(self, "channels", tuple(ChannelKind(one) for one in self.channels))
        for name in ("service_ids", "professional_ids", "excluded_service_ids"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class ChannelForm:
    """One road to patients. `secrets` are what was typed now; what is not named there stays as it was sealed."""

    kind: ChannelKind = ChannelKind.WHATSAPP
    provider: Provider = Provider.META
    name: str = ""
    address: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    receives: Receives = Receives.NOTHING
    per_minute: int = 60
    price: Decimal = Decimal("0.0000")
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    active: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", ChannelKind(self.kind))
        object.__setattr__(self, "provider", Provider(self.provider))
        object.__setattr__(self, "receives", Receives(self.receives))


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What else is known of a channel: where its provider knocks, whether it rests and why, what was sealed when."""

    id: UUID
    hook_key: str = field(repr=False)
    paused_at: dt.datetime | None = None
    paused_reason: str = ""
    sealed: Mapping[str, dt.datetime] = field(default_factory=dict)
    readable: bool = True  # what was sealed is for a key that is still in use


@dataclass(frozen=True, slots=True)
class Sender:
    """The process that sends: whether anything can be sealed to it, and when it last gave a sign of life."""

    key_id: UUID | None = None
    public_key: bytes = b""
    host: str = ""
    seen_at: dt.datetime | None = None

    @property
    def known(self) -> bool:
        """Whether it ever said to what it listens."""
        return self.key_id is not None


@dataclass(frozen=True, slots=True)
class TestState:
    """How far a test message came, and what was wrong. `fault` is a word of ours, `detail` what the provider said."""

    __test__ = False

    id: UUID
    state: MessageState
    reason: str = ""
    fault: str = ""
    detail: str = ""
    checks: bool = False  # nothing was to arrive: the provider was only asked

    @property
    def over(self) -> bool:
        """Whether nothing more is to be waited for."""
        ended = (MessageState.DELIVERED, MessageState.READ, MessageState.FAILED, MessageState.CANCELLED)
        known = self.state in ended or self.state is MessageState.UNKNOWN
        return known or (self.checks and self.state is MessageState.SENT)


# --- what is wrong with a form ---------------------------------------------------------------------------------------


def clean_channel(form: ChannelForm, sealed: Iterable[str] = ()) -> ChannelForm:
    """The channel ready to be kept; `sealed` are the secrets that are there already. Raises InvalidForm."""
    problems: list[InvalidField] = []

    def ask(name: str, check: Any) -> Any:
        try:
            return check()
        except InvalidField as problem:
            problems.append(problem)
            return getattr(form, name, None)

    if form.provider not in CARRIERS[form.kind]:
        problems.append(InvalidField("provider", "not_a_choice"))
    name = ask("name", lambda: clean_name(form.name, "name"))
    address = ask("address", lambda: _address(form))
    settings = {one.name: ask("settings", lambda one=one: _setting(form, one)) for one in _plain(form.provider)}
    typed = {name: words.strip() for name, words in form.secrets.items() if words.strip()}
    problems += _secret_problems(form, typed, set(sealed))
    if not 1 <= form.per_minute <= 6000:
        problems.append(InvalidField("per_minute", "out_of_range", "1-6000"))
    if not Decimal(0) <= form.price < Decimal(1000):
        problems.append(InvalidField("price", "out_of_range", "0-999"))
    if form.receives is not Receives.NOTHING and form.receives not in WAYS_IN[form.provider]:
        problems.append(InvalidField("receives", "not_a_choice"))
    if problems:
        raise InvalidForm(tuple(problems))
    kept = {key: value for key, value in settings.items() if value}
    return replace(form, name=name, address=address, settings=kept, secrets=typed)


def refuse_elsewhere(form: ChannelForm, before: ChannelForm, sealed: Iterable[str]) -> None:
    """Raise InvalidForm when a channel goes to another server and a secret that was typed for the old one does not."""
    there = [(one.address, *(one.settings.get(name, "") for name in ("host", "port", "security")))
             for one in (form, before)]  # fmt: skip
    lacking = sorted(set(sealed) - set(form.secrets))
    if there[0] != there[1] and lacking:
        raise InvalidForm(tuple(InvalidField(setting_field(name), "type_again") for name in lacking))


def _plain(provider: Provider) -> tuple[ChannelField, ...]:
    return tuple(one for one in FIELDS[provider] if not one.secret)


def secret_fields(provider: Provider) -> tuple[ChannelField, ...]:
    """What is secret of a provider's account."""
    return tuple(one for one in FIELDS[provider] if one.secret)


def setting_field(name: str) -> str:
    """What a setting or a secret of a channel is called as a field of its form."""
    return f"channel.{name}"


def _setting(form: ChannelForm, one: ChannelField) -> str:
    place = setting_field(one.name)
    written = clean_text(str(form.settings.get(one.name) or one.default), place).strip()
    if one.required and not written:
        raise InvalidField(place, "missing")
    if len(written) > LONGEST_SETTING:
        raise InvalidField(place, "too_long", str(LONGEST_SETTING))
    if one.choices and written and written not in one.choices:
        raise InvalidField(place, "not_a_choice")
    return written


def _secret_problems(form: ChannelForm, typed: Mapping[str, str], sealed: set[str]) -> list[InvalidField]:
    problems = []
    hears = form.receives is Receives.WEBHOOK
    for one in secret_fields(form.provider):
        place, words = setting_field(one.name), typed.get(one.name, "")
        needed = one.required and (hears or not one.receiving)
        if needed and not words and one.name not in sealed:
            problems.append(InvalidField(place, "missing"))
        if len(words.encode()) > LONGEST_SECRET:
            problems.append(InvalidField(place, "too_long", str(LONGEST_SECRET)))
        if any(unicodedata.category(each) == "Cc" for each in words):
            problems.append(InvalidField(place, "control_characters"))
    return problems


def _address(form: ChannelForm) -> str:
    """Empty for the one that is known: then a provider that moves is followed by a new release."""
    if form.provider not in ADDRESSES or not form.address.strip():
        return ""
    address = checked_address(form.address, form.provider)
    return "" if address == ADDRESSES[form.provider] else address


def clean_template(form: TemplateForm) -> TemplateForm:
    """The text ready to be kept. Raises InvalidForm."""
    problems: list[InvalidField] = []
    for check in (
        lambda: clean_name(form.name, "name"),
        lambda: check_template(form.body, form.subject, form.provider_variables),
    ):
        try:
            check()
        except InvalidField as problem:
            problems.append(problem)
    if len(form.name.strip()) > 60:
        problems.append(InvalidField("name", "too_long", "60"))
    if len(form.provider_name.strip()) > LONGEST_SETTING:
        problems.append(InvalidField("provider_name", "too_long", str(LONGEST_SETTING)))
    if problems:
        raise InvalidForm(tuple(problems))
    return replace(
        form,
        name=clean_name(form.name, "name"),
        subject=form.subject.strip(),
        body=form.body.strip(),
        provider_name=clean_text(form.provider_name, "provider_name").strip(),
    )


def clean_rule(form: RuleForm) -> RuleForm:
    """The rule ready to be kept. Raises InvalidForm."""
    problems: list[InvalidField] = []
    if form.template_id is None:
        problems.append(InvalidField("template_id", "missing"))
    if not form.channels:
        problems.append(InvalidField("channels", "missing"))
    if not 0 <= form.offset_minutes <= MOST_OFFSET:
        problems.append(InvalidField("offset_minutes", "out_of_range", f"0-{MOST_OFFSET // 60}"))
    if not 1 <= form.late_minutes <= MOST_LATE:
        problems.append(InvalidField("late_minutes", "out_of_range", f"1-{MOST_LATE // 60}"))
    if set(form.service_ids) & set(form.excluded_service_ids):
        problems.append(InvalidField("excluded_service_ids", "both"))
    if problems:
        raise InvalidForm(tuple(problems))
    return replace(
        form,
        offset_minutes=form.offset_minutes if form.event in WITH_OFFSET else 0,
        asks=form.asks and form.event in CAN_ASK,
        channels=tuple(dict.fromkeys(form.channels)),
        service_ids=tuple(sorted(form.service_ids)),
        professional_ids=tuple(sorted(form.professional_ids)),
        excluded_service_ids=tuple(sorted(form.excluded_service_ids)),
    )


def clean_messaging(form: MessagingForm) -> MessagingForm:
    """What holds for every message, ready to be kept. Raises InvalidForm."""
    problems = [
        InvalidField(name, "out_of_range", f"{low}-{high}")
        for name, low, high in (("grace_minutes", 0, 60), ("offer_minutes", 5, 1440), ("media_days", 1, 90))
        if not low <= getattr(form, name) <= high
    ]
    address = form.public_address.strip().rstrip("/")
    if address:
        try:
            # Providers call it from outside, so anything but https is not even tried by them.
            address = checked_address(address, Provider.META)
        except InvalidField as problem:
            problems.append(InvalidField("public_address", problem.reason))
    if problems:
        raise InvalidForm(tuple(problems))
    return replace(form, public_address=address)


def clean_test_recipient(kind: ChannelKind, written: str) -> str:
    """Where a test goes: a phone with its country, or an e-mail address. Raises InvalidField."""
    found = clean_email(written) if kind is ChannelKind.EMAIL else clean_phone(written)
    if not found:
        raise InvalidField("recipient", "missing")
    return found


# --- advice ----------------------------------------------------------------------------------------------------------

# The beginnings of words that tell more than a phone may know.
_TELLING = (
    "dermato", "ortoped", "cardio", "gineco", "obstetr", "urolog", "psiqu", "psico", "oncolog", "endocrin", "infecto",
    "reumato", "neurolog", "pediatr", "geriatr", "mastolog", "proctolog", "fisioterap", "botox", "toxina", "preenchim",
    "laser", "biopsia", "cirurg", "exame", "resultado", "quimio", "vasectom", "ultrassom", "endoscop", "colonoscop",
    "mamograf", "papanicolau", "tratamento de", "procedimento",
)  # fmt: skip


def folded(text: str) -> str:
    """Small letters without accents."""
    return "".join(one for one in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(one))


def telling_words(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Words of a text that tell a specialty or a procedure: of the clinic's own lists, and common ones."""
    plain = folded(text)
    words = [one.strip(".,;:!?()\"'*") for one in text.split()]
    found = [one for one in words if any(folded(one).startswith(beginning) for beginning in _TELLING)]
    found += [name for name in names if len(name) > 3 and folded(name) in plain]
    return tuple({folded(one): one for one in reversed(found)}.values())[::-1]
