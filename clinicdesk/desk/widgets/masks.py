"""How phones, CPFs and dates fill themselves in while one types: plain text in, plain text out, digits untouched."""

import datetime as dt
import re
from collections.abc import Callable

from clinicdesk.errors import InvalidField

Mask = Callable[[str], str]

_CENTURY = 100


def digits_of(text: str) -> str:
    """The figures of a text, in order."""
    return re.sub(r"\D", "", text)


def mask_phone(text: str) -> str:
    """`(11) 90000-0142` as far as it goes; what is not a number of this country stays as it was typed."""
    digits = digits_of(text)
    if text.lstrip().startswith(("+", "0")) or re.search(r"[^\d\s()./-]", text) or not 3 <= len(digits) <= 11:
        return text
    area, number = digits[:2], digits[2:]
    cut = 5 if number.startswith("9") or len(number) > 8 else 4
    return f"({area}) {number[:cut]}" + (f"-{number[cut:]}" if len(number) > cut else "")


def mask_cpf_typed(text: str) -> str:
    """`529.982.247-25` as far as it goes; anything else stays as it was typed."""
    digits = digits_of(text)
    if re.search(r"[^\d\s./-]", text) or len(digits) > 11:
        return text
    shown = ".".join(part for part in (digits[:3], digits[3:6], digits[6:9]) if part)
    return f"{shown}-{digits[9:]}" if len(digits) > 9 else shown


def mask_date(text: str) -> str:
    """`09/02/1988` as far as it goes. A separator one types is kept, and fills its day or month: `9/` is `09/`."""
    if re.search(r"[^\d/.\-\s]", text):
        return text
    parts = re.split(r"[/.\-\s]+", text)
    if len(parts) > 3:
        return text
    padded = [part.zfill(2) if part and at < 2 and at < len(parts) - 1 else part for at, part in enumerate(parts)]
    digits = "".join(padded)
    if len(digits) > 8:
        return text
    shown = "/".join(part for part in (digits[:2], digits[2:4], digits[4:]) if part)
    ends_apart = len(parts) > 1 and not parts[-1] and len(digits) in (2, 4)
    return f"{shown}/" if ends_apart else shown


def read_date(text: str, today: dt.date, field: str = "birth_date") -> dt.date | None:
    """The birth date that was typed, day first; two figures of a year are the last such year. Raises InvalidField."""
    parts = [part for part in re.split(r"[/.\-\s]+", mask_date(text.strip())) if part]
    if not parts:
        return None
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or len(parts[2]) not in (2, 4):
        raise InvalidField(field, "not_a_date")
    day, month, year = (int(part) for part in parts)
    if len(parts[2]) == 2:
        year += today.year - today.year % _CENTURY
        year -= _CENTURY if year > today.year else 0
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise InvalidField(field, "not_a_date") from None
