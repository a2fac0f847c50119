"""Times the way people say them at a counter: “à uma e quinze da tarde”.

How hours are said is grammar rather than vocabulary (articles, halves, parts of the day), so each language has its own
rule here instead of an entry in a catalogue.
"""

import datetime as dt
from collections.abc import Callable

from clinicdesk import words
from clinicdesk.formats import day_and_month, weekday

# One text each and not a list, which would be a column of seventy lines.
_PORTUGUESE_TEXT = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove vinte"
)
_SPANISH_TEXT = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
_ENGLISH_TEXT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_PORTUGUESE, _SPANISH, _ENGLISH = (text.split() for text in (_PORTUGUESE_TEXT, _SPANISH_TEXT, _ENGLISH_TEXT))
_TENS = {
    "pt_BR": {20: "vinte", 30: "trinta", 40: "quarenta", 50: "cinquenta"},
    "es": {30: "treinta", 40: "cuarenta", 50: "cincuenta"},
    "en": {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"},
}


def spoken_time(time: dt.time) -> str:
    """A time of day in words, with its preposition, so that it can follow a date: “à uma e quinze da tarde”."""
    return _RULES[words.language()](time.hour, time.minute)


def spoken_moment(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """A moment in words: “terça-feira, 24 de novembro, à uma e quinze da tarde”."""
    local = moment.astimezone(zone)
    return f"{weekday(local.date())}, {day_and_month(local.date())}, {spoken_time(local.time())}"


def _in_portuguese(hour: int, minute: int) -> str:
    past = _minutes(minute, _PORTUGUESE, "pt_BR", " e ")
    past = "meia" if minute == 30 else past
    if hour in (0, 12):
        whole = "ao meio-dia" if hour else "à meia-noite"
        return f"{whole} e {past}" if minute else whole
    named = {1: "uma", 2: "duas"}.get(hour % 12, _PORTUGUESE[hour % 12])
    said = f"{'à' if hour % 12 == 1 else 'às'} {named}" + (f" e {past}" if minute else "")
    part = "da madrugada" if hour < 5 else "da manhã" if hour < 12 else "da tarde" if hour < 18 else "da noite"
    return f"{said} {part}"


def _in_spanish(hour: int, minute: int) -> str:
    past = {15: "cuarto", 30: "media"}.get(minute, _minutes(minute, _SPANISH, "es", " y "))
    if hour in (0, 12) and not minute:
        return "al mediodía" if hour else "a la medianoche"
    named = "una" if hour % 12 == 1 else _SPANISH[hour % 12 or 12]
    said = f"{'a la' if hour % 12 == 1 else 'a las'} {named}" + (f" y {past}" if minute else "")
    part = (
        "de la madrugada"
        if hour < 6
        else "de la mañana"
        if hour < 12
        else "de la tarde"
        if hour < 20
        else "de la noche"
    )
    return f"{said} {part}"


def _in_english(hour: int, minute: int) -> str:
    if hour in (0, 12) and not minute:
        return "at noon" if hour else "at midnight"
    named = _ENGLISH[hour % 12 or 12]
    past = _minutes(minute, _ENGLISH, "en", "-")
    said = f"at {named} {'oh ' if minute < 10 else ''}{past}" if minute else f"at {named} o'clock"
    part = "at night" if hour < 5 or hour >= 21 else "in the morning" if hour < 12 else "in the afternoon"
    return f"{said} {'in the evening' if 18 <= hour < 21 else part}"


def _minutes(count: int, units: list[str], language: str, joined: str) -> str:
    if count < len(units):
        return units[count]
    tens, rest = count // 10 * 10, count % 10
    return _TENS[language][tens] + (f"{joined}{units[rest]}" if rest else "")


_RULES: dict[str, Callable[[int, int], str]] = {"pt_BR": _in_portuguese, "es": _in_spanish, "en": _in_english}
