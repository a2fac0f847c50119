"""What a message would cost before it is sent: the channel's own price, and how often it is paid."""

from dataclasses import dataclass
from decimal import Decimal

from clinicdesk.domain.messages import ChannelKind, Provider

# One part of a text message holds 160 signs of the GSM alphabet or 70 of any other; parts of several hold a few less.
_PLAIN, _PLAIN_PART, _ANY, _ANY_PART = 160, 153, 70, 67
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class Costing:
    """One message as far as its price goes. `price` is the channel's, of one message outside a conversation, in R$."""

    kind: ChannelKind
    provider: Provider
    price: Decimal
    body: str = ""
    in_window: bool = False


def cost_of(message: Costing) -> Decimal:
    """What one message costs, in R$.

    Meta takes nothing for what is written freely within a day after the patient wrote. A text message is paid for
    each of its parts. Whoever stands between takes their own price always.
    """
    if message.kind is ChannelKind.SMS:
        return message.price * parts_of(message.body)
    free = message.provider is Provider.META and message.in_window
    return Decimal(0) if free else message.price


def parts_of(body: str) -> int:
    """In how many parts a text message travels: at least one. One accented letter outside GSM's alphabet halves them.

    Source: 3GPP TS 23.038 (alphabet) and TS 23.040 (parts).
    """
    if all(letter in _GSM or letter in _GSM_TWICE for letter in body):
        signs = [2 if letter in _GSM_TWICE else 1 for letter in body]
        return _parts(signs, _PLAIN, _PLAIN_PART)
    return _parts([len(letter.encode("utf-16-be", "surrogatepass")) // 2 for letter in body], _ANY, _ANY_PART)


def _parts(signs: list[int], alone: int, part: int) -> int:
    """A sign of two units is never cut in half."""
    if sum(signs) <= alone:
        return 1
    parts, room = 1, part
    for sign in signs:
        if sign > room:
            parts, room = parts + 1, part
        room -= sign
    return parts
