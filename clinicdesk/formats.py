"""Dates, times and money as the language in use writes them, for screens and paper alike."""

import datetime as dt
from decimal import Decimal

from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_decimal

from clinicdesk import words

MINUS = "−"
NO_BREAK = "\u00a0"  # between the currency and the amount, so that a line never ends there


def weekday(day: dt.date) -> str:
    """The weekday's whole name: `terça-feira`."""
    return format_date(day, "EEEE", words.language())


def short_weekday(day: dt.date) -> str:
    """The weekday's short name: `ter`."""
    return _without_dots(format_date(day, "EEE", words.language()))


def short_date(day: dt.date) -> str:
    """A date as the desk shows it: `ter, 24 nov`."""
    return _without_dots(format_date(day, "EEE, d MMM", words.language()))


def long_date(day: dt.date) -> str:
    """A date written out: `terça-feira, 24 de novembro de 2026`."""
    return _first_of_month(format_date(day, "full", words.language()), day)


def day_and_month(day: dt.date) -> str:
    """A date without its year: `24 de novembro`."""
    patterns = {"en": "d MMMM", "es": "d 'de' MMMM", "pt_BR": "d 'de' MMMM"}
    return _first_of_month(format_date(day, patterns[words.language()], words.language()), day)


def _first_of_month(written: str, day: dt.date) -> str:
    """Brazilians write the first of a month as an ordinal: `1º de dezembro`."""
    return written.replace("1 de", "1º de", 1) if day.day == 1 and words.language() == "pt_BR" else written


def month_and_year(day: dt.date) -> str:
    """The month a calendar shows: `novembro de 2026`."""
    patterns = {"en": "MMMM y", "es": "MMMM 'de' y", "pt_BR": "MMMM 'de' y"}
    return format_date(day, patterns[words.language()], words.language())


def numeric_date(day: dt.date) -> str:
    """A date in figures, the day first: `24/11/2026`."""
    return day.strftime("%d/%m/") + f"{day.year:04d}"


def place_of_zone(zone: str) -> str:
    """The city a time zone is named after, as it is written here: `São Paulo`."""
    return get_timezone_location(zone, locale=words.language(), return_city=True)


def clock(moment: dt.datetime, zone: dt.tzinfo | None) -> str:
    """The time on the wall of `zone` (None: of this computer): `10:45`."""
    return moment.astimezone(zone).strftime("%H:%M")


def time_range(starts_at: dt.datetime, ends_at: dt.datetime, zone: dt.tzinfo | None) -> str:
    """A stretch of time: `10:45–11:30`."""
    return f"{clock(starts_at, zone)}–{clock(ends_at, zone)}"


def date_and_time(moment: dt.datetime, zone: dt.tzinfo | None) -> str:
    """A moment in figures: `24/11/2026 10:45`."""
    local = moment.astimezone(zone)
    return f"{numeric_date(local.date())} {local:%H:%M}"


def day_and_time(moment: dt.datetime, zone: dt.tzinfo | None) -> str:
    """A moment as the desk shows it: `ter, 24 nov, 10:45`."""
    return _without_dots(format_datetime(moment.astimezone(zone), "EEE, d MMM, HH:mm", locale=words.language()))


def money(amount: Decimal) -> str:
    """An amount of reais: `R$ 1.150,00`, below zero `−R$ 20,00`."""
    shown = format_decimal(abs(amount), format=f"'R$'{NO_BREAK}#,##0.00", locale=words.language())
    return f"{MINUS}{shown}" if amount < 0 else shown


def number(count: int) -> str:
    """A count with its thousands parted: `3.000`."""
    shown = format_decimal(abs(count), locale=words.language())
    return f"{MINUS}{shown}" if count < 0 else shown


def decimal(value: Decimal) -> str:
    """A number with all the figures it has after the point: `1.234,5`."""
    shown = format_decimal(abs(value), locale=words.language(), decimal_quantization=False)
    return f"{MINUS}{shown}" if value < 0 else shown


def _without_dots(text: str) -> str:
    return text.replace(".", "")
