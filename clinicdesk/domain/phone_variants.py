"""Brazilian numbers as providers write them: kept with the ninth digit, recognised with and without, never rewritten.

WhatsApp names many mobiles by the eight digits they had before 2016, and some by nine, without a rule that holds. So
nothing is computed to be sent: what a provider called somebody is learned, and an incoming number is matched on all
the ways its owner may be written.
"""

import re
from enum import StrEnum

import phonenumbers

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import ChannelKind

# Country, area code, the ninth digit, the rest; and the old writing, whose eight digits began with 6 to 9 (Anatel).
_MOBILE = re.compile(r"55([1-9][0-9])9([0-9]{8})")
_OLD_MOBILE = re.compile(r"55([1-9][0-9])([6-9][0-9]{7})")
_LANDLINE = re.compile(r"55[1-9][0-9][2-5][0-9]{7}")
_NON_GEOGRAPHIC = re.compile(r"55(?:0?[3589]00[0-9]{6,7}|[34]00[0-9]{5})")


class Line(StrEnum):
    """What kind of line a number is."""

    NONE = "none"
    MOBILE = "mobile"
    LANDLINE = "landline"
    TOLL_FREE = "toll_free"  # 0800 and its like: nobody's own
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


def digits_of(text: str) -> str:
    """The digits of a number as any provider writes it: `whatsapp:+55…`, `55…@c.us`, `+55 11 9…`."""
    return re.sub(r"[^0-9]", "", text.partition("@")[0])


def canonical(text: str) -> str:
    """The number as a patient's is kept: E.164, a Brazilian mobile with its ninth digit; empty where there is none."""
    digits = digits_of(text)
    if old := _OLD_MOBILE.fullmatch(digits):
        return f"+55{old[1]}9{old[2]}"
    return f"+{digits}" if 8 <= len(digits) <= 15 else ""


def variants(text: str) -> frozenset[str]:
    """Every way the owner of a number may be written, in E.164; of a landline or foreign number, that one."""
    if not (known := canonical(text)):
        return frozenset()
    mobile = _MOBILE.fullmatch(known[1:])
    older = f"55{mobile[1]}{mobile[2]}" if mobile else ""
    return frozenset({known, f"+{older}"}) if _OLD_MOBILE.fullmatch(older) else frozenset({known})


def line_of(phone: str) -> Line:
    """What kind of line an E.164 number is, as far as its digits tell."""
    digits = digits_of(phone)
    if not digits:
        return Line.NONE
    if _NON_GEOGRAPHIC.fullmatch(digits):
        return Line.TOLL_FREE
    if _MOBILE.fullmatch(digits) or _OLD_MOBILE.fullmatch(digits):
        return Line.MOBILE
    if _LANDLINE.fullmatch(digits):
        return Line.LANDLINE
    return _line_abroad(digits)


def _line_abroad(digits: str) -> Line:
    if digits.startswith("55") or not 8 <= len(digits) <= 15:
        return Line.UNKNOWN
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return Line.UNKNOWN
    if not phonenumbers.is_possible_number(number):
        return Line.UNKNOWN
    toll_free = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.TOLL_FREE
    return Line.TOLL_FREE if toll_free else Line.FOREIGN


_FAULTS = {
    Line.NONE: CarrierFault.NO_PHONE,
    Line.UNKNOWN: CarrierFault.NOT_A_PHONE,
    Line.LANDLINE: CarrierFault.LANDLINE,
    Line.TOLL_FREE: CarrierFault.TOLL_FREE,
}


def why_not_by_phone(kind: ChannelKind, phone: str, *, abroad: bool = False) -> CarrierFault | None:
    """Why a number is not reached this way, known before anything is sent; `abroad`: whether the channel sends there.

    WhatsApp goes abroad as it goes next door; a text message there costs many times as much and often arrives nowhere.
    """
    line = line_of(phone)
    if line is Line.FOREIGN and kind is ChannelKind.SMS and not abroad:
        return CarrierFault.FOREIGN_NUMBER
    return _FAULTS.get(line)
