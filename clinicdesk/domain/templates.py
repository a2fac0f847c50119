"""The words of a message: a text with variables, filled in for one patient and one visit.

There is no variable for the service, its category or the specialty, and there will be none: a phone is not an identity.
The texts a clinic begins with and the words that ask for an answer are in the language of the template and so are not
translated here.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_date

from clinicdesk.domain.messages import Event
from clinicdesk.domain.patients import show_phone
from clinicdesk.errors import InvalidField

LONGEST_BODY = 1024
LONGEST_SUBJECT = 150
LONGEST_VALUE = 80
DEFAULT_LANGUAGE = "pt_BR"
VARIABLES = (
    "name",
    "first_name",
    "day",
    "weekday",
    "time",
    "professional",
    "clinic",
    "address",
    "phone",
    "code",
)
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_DAY = {"pt_BR": "d 'de' MMMM", "es": "d 'de' MMMM", "en": "d MMMM"}


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a text may speak of."""

    name: str = ""
    visit_at: dt.datetime | None = None
    zone: dt.tzinfo = dt.UTC
    professional: str = ""
    clinic: str = ""
    address: str = ""
    phone: str = ""  # as it is kept
    code: str = ""  # that the reception's scanner reads


def variables_in(text: str) -> tuple[str, ...]:
    """The variables of a text in their order, each as often as it stands there."""
    return tuple(_VARIABLE.findall(text))


def check_template(body: str, subject: str = "", provider_variables: Sequence[str] = ()) -> None:
    """Refuse, by InvalidField, a text that is missing, too long, or asks for what nobody has."""
    if not body.strip():
        raise InvalidField("body", "missing")
    for field, text, longest in (("body", body, LONGEST_BODY), ("subject", subject, LONGEST_SUBJECT)):
        if len(text) > longest:
            raise InvalidField(field, "too_long", str(longest))
        if any(unicodedata.category(each) == "Cc" and each != "\n" for each in text):
            raise InvalidField(field, "control_characters")
        for name in variables_in(text):
            if name not in VARIABLES:
                raise InvalidField(field, "unknown_variable", name)
    for name in provider_variables:
        if name not in VARIABLES:
            raise InvalidField("provider_variables", "unknown_variable", name)


def values_of(facts: TemplateFacts, language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """What stands in place of each variable, in the language of the text."""
    found = {
        "name": facts.name,
        "first_name": facts.name.strip().split(" ")[0] if facts.name.strip() else "",
        "professional": facts.professional,
        "clinic": facts.clinic,
        "address": facts.address,
        "phone": show_phone(facts.phone),
        "code": facts.code,
        "day": "",
        "weekday": "",
        "time": "",
    }
    if facts.visit_at is not None:
        local = facts.visit_at.astimezone(facts.zone)
        locale = language if language in _DAY else DEFAULT_LANGUAGE
        found["day"] = _first_of_month(format_date(local.date(), _DAY[locale], locale), local.day, locale)
        found["weekday"] = format_date(local.date(), "EEEE", locale)
        found["time"] = f"{local:%H:%M}"
    return {name: harmless(value) for name, value in found.items()}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced, once: what a name contains is never read as a variable."""
    return _VARIABLE.sub(lambda found: values.get(found.group(1), ""), text)


def ordered_values(variables: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """The values as a provider counts them. It takes no empty one."""
    return tuple(values.get(name, "") or "-" for name in variables)


def harmless(value: str) -> str:
    """A value on one line, without anything that cannot be seen, and not longer than a name."""
    seen = "".join(" " if each.isspace() else each for each in value if _visible(each))
    return " ".join(seen.split())[:LONGEST_VALUE]


def _visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _first_of_month(written: str, day: int, language: str) -> str:
    return written.replace("1 de", "1º de", 1) if day == 1 and language == "pt_BR" else written


# --- asking for an answer --------------------------------------------------------------------------------------------

# By what may be answered. Only where an answer can arrive; buttons may not be shown, so the figures are always there.
ASKING: dict[str, dict[tuple[str, ...], str]] = {
    "pt_BR": {
        ("confirm", "cancel"): "Responda 1 para confirmar ou 0 para cancelar.",
        ("accept", "refuse"): "Responda 1 para aceitar ou 0 para recusar.",
    },
    "es": {
        ("confirm", "cancel"): "Responda 1 para confirmar o 0 para cancelar.",
        ("accept", "refuse"): "Responda 1 para aceptar o 0 para rechazar.",
    },
    "en": {
        ("confirm", "cancel"): "Reply 1 to confirm or 0 to cancel.",
        ("accept", "refuse"): "Reply 1 to accept or 0 to decline.",
    },
}
LABELS: dict[str, dict[str, str]] = {
    "pt_BR": {"confirm": "Confirmar", "cancel": "Cancelar", "accept": "Aceitar", "refuse": "Recusar"},
    "es": {"confirm": "Confirmar", "cancel": "Cancelar", "accept": "Aceptar", "refuse": "Rechazar"},
    "en": {"confirm": "Confirm", "cancel": "Cancel", "accept": "Accept", "refuse": "Decline"},
}


def asking(allowed: Sequence[str], language: str = DEFAULT_LANGUAGE) -> str:
    """The sentence that asks for one of these answers; empty where there is none for them."""
    return ASKING.get(language, ASKING[DEFAULT_LANGUAGE]).get(tuple(allowed), "")


def label(answer: str, language: str = DEFAULT_LANGUAGE) -> str:
    """What is written on the button of an answer."""
    return LABELS.get(language, LABELS[DEFAULT_LANGUAGE]).get(answer, answer)


# --- what a clinic begins with ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StarterRule:
    """A rule with its words, as a clinic finds it: to be changed, or switched off."""

    event: Event
    name: str
    body: str
    subject: str = ""
    offset_minutes: int = 0
    asks: bool = False
    late_minutes: int = 240
    active: bool = True


_WHEN = "{weekday}, {day}, às {time}, com {professional}"
OFFER_BODY = (
    f"Olá, {{first_name}}! Abriu um horário na {{clinic}}: {_WHEN}."
    " Você está na nossa lista de espera. Quer este horário?"
)
STARTERS: tuple[StarterRule, ...] = (
    StarterRule(
        Event.BOOKED,
        "Marcada",
        f"Olá, {{first_name}}! Seu horário na {{clinic}} está marcado: {_WHEN}.\nEndereço: {{address}}",
        "Seu horário na {clinic}",
    ),
    StarterRule(
        Event.REMINDER,
        "Lembrete de 48 horas",
        f"Olá, {{first_name}}! Lembramos do seu horário na {{clinic}}: {_WHEN}.",
        "Lembrete do seu horário na {clinic}",
        offset_minutes=48 * 60,
        asks=True,
        late_minutes=24 * 60,
    ),
    StarterRule(
        Event.REMINDER,
        "Lembrete de 12 horas",
        f"{{first_name}}, seu horário na {{clinic}} está chegando: {_WHEN}.",
        "Seu horário na {clinic} está chegando",
        offset_minutes=12 * 60,
        asks=True,
        late_minutes=10 * 60,
    ),
    StarterRule(
        Event.MOVED,
        "Remarcada",
        f"Olá, {{first_name}}! Seu horário na {{clinic}} mudou. Agora é {_WHEN}.",
        "Seu horário na {clinic} mudou",
    ),
    StarterRule(
        Event.CANCELLED,
        "Desmarcada",
        "Olá, {first_name}. Seu horário na {clinic} de {weekday}, {day}, às {time}, foi desmarcado. "
        "Para marcar outro, fale com a gente: {phone}.",
        "Seu horário na {clinic} foi desmarcado",
    ),
    # Switched on, times that are given up are offered to the waiting list by themselves.
    StarterRule(
        Event.OFFER,
        "Horário que abriu",
        OFFER_BODY,
        "Abriu um horário na {clinic}",
        late_minutes=60,
        active=False,
    ),
)
