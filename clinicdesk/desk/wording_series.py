"""A rule the way people say it: “toda terça e quinta às 14:00, 10 vezes, até 22 de dez”.

As with hours, this is grammar rather than vocabulary (genders, articles, ordinals), so each language has its own rule.
"""

import datetime as dt
from collections.abc import Callable

from clinicdesk import words
from clinicdesk.domain.series import LAST, Frequency, Rule
from clinicdesk.formats import day_and_month

_WORKING_WEEK = (1, 2, 3, 4, 5)
_PORTUGUESE = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")
_SPANISH = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS = {
    "pt_BR": {1: "primeir", 2: "segund", 3: "terceir", 4: "quart", LAST: "últim"},
    "es": {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", LAST: "último"},
    "en": {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"},
}


def rule_words(rule: Rule) -> str:
    """On which days a rule falls: “toda terça e quinta”, “todo mês, no dia 15”."""
    return _DAYS[words.language()](rule)


def series_words(rule: Rule, starts: dt.time, days: tuple[dt.date, ...]) -> str:
    """The whole of a rule: its days, its hour, how many times and until when."""
    language = words.language()
    hour = _hour(language, starts)
    times = {"pt_BR": ("vez", "vezes"), "es": ("vez", "veces"), "en": ("time", "times")}[language]
    until = {"pt_BR": "até", "es": "hasta el", "en": "until"}[language]
    count = f"{len(days)} {times[len(days) != 1]}"
    return f"{rule_words(rule)} {hour}, {count}, {until} {day_and_month(days[-1])}"


def _hour(language: str, starts: dt.time) -> str:
    single = starts.hour == 1
    before = {"pt_BR": "à" if single else "às", "es": "a la" if single else "a las", "en": "at"}[language]
    return f"{before} {starts:%H:%M}"


def _in_portuguese(rule: Rule) -> str:
    every = rule.interval
    if rule.frequency is Frequency.DAILY:
        return "todo dia" if every == 1 else f"a cada {every} dias"
    if rule.frequency is Frequency.MONTHLY:
        said = "todo mês" if every == 1 else f"a cada {every} meses"
        if rule.nth is None:
            return f"{said}, no dia {rule.month_day}"
        (day,) = rule.weekdays
        end = "o" if day > 5 else "a"
        name = _PORTUGUESE[day - 1] + ("" if day > 5 else "-feira")
        return f"{said}, n{end} {_ORDINALS['pt_BR'][rule.nth]}{end} {name}"
    if rule.weekdays == _WORKING_WEEK:
        return "de segunda a sexta" if every == 1 else f"a cada {every} semanas, de segunda a sexta"
    if every > 1:
        return f"a cada {every} semanas, " + _joined(
            [f"{'no' if day > 5 else 'na'} {_PORTUGUESE[day - 1]}" for day in rule.weekdays], "e"
        )
    said_days = []
    for number, day in enumerate(rule.weekdays):
        again = number and (day > 5) == (rule.weekdays[number - 1] > 5)
        said_days.append(("" if again else "todo " if day > 5 else "toda ") + _PORTUGUESE[day - 1])
    return _joined(said_days, "e")


def _in_spanish(rule: Rule) -> str:
    every = rule.interval
    if rule.frequency is Frequency.DAILY:
        return "todos los días" if every == 1 else f"cada {every} días"
    if rule.frequency is Frequency.MONTHLY:
        said = "todos los meses" if every == 1 else f"cada {every} meses"
        if rule.nth is None:
            return f"{said}, el día {rule.month_day}"
        return f"{said}, el {_ORDINALS['es'][rule.nth]} {_SPANISH[rule.weekdays[0] - 1]}"
    if rule.weekdays == _WORKING_WEEK:
        return "de lunes a viernes" if every == 1 else f"cada {every} semanas, de lunes a viernes"
    names = _joined([_SPANISH[day - 1] + ("s" if day > 5 else "") for day in rule.weekdays], "y")
    return f"todos los {names}" if every == 1 else f"cada {every} semanas, los {names}"


def _in_english(rule: Rule) -> str:
    every = rule.interval
    if rule.frequency is Frequency.DAILY:
        return "every day" if every == 1 else f"every {every} days"
    if rule.frequency is Frequency.MONTHLY:
        said = "every month" if every == 1 else f"every {every} months"
        if rule.nth is None:
            return f"{said} on day {rule.month_day}"
        return f"{said} on the {_ORDINALS['en'][rule.nth]} {_ENGLISH[rule.weekdays[0] - 1]}"
    if rule.weekdays == _WORKING_WEEK:
        return "Monday to Friday" if every == 1 else f"every {every} weeks, Monday to Friday"
    names = _joined([_ENGLISH[day - 1] for day in rule.weekdays], "and")
    return f"every {names}" if every == 1 else f"every {every} weeks on {names}"


def _joined(names: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


_DAYS: dict[str, Callable[[Rule], str]] = {"pt_BR": _in_portuguese, "es": _in_spanish, "en": _in_english}
