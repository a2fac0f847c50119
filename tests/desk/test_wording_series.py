"""A rule in words, as people of three languages say it."""

import datetime as dt

import pytest

from clinicdesk import words
from clinicdesk.desk.wording_series import rule_words, series_words
from clinicdesk.domain.series import LAST, Frequency, Rule

D, W, M = Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY

SAID = [
    (
        Rule(W, weekdays=(2, 4), count=9),
        "toda terça e quinta",
        "todos los martes y jueves",
        "every Tuesday and Thursday",
    ),
    (
        Rule(W, weekdays=(5, 6, 7), count=9),
        "toda sexta, todo sábado e domingo",
        "todos los viernes, sábados y domingos",
        "every Friday, Saturday and Sunday",
    ),
    (Rule(W, weekdays=(1, 2, 3, 4, 5), count=9), "de segunda a sexta", "de lunes a viernes", "Monday to Friday"),
    (
        Rule(W, 2, weekdays=(3, 6), count=9),
        "a cada 2 semanas, na quarta e no sábado",
        "cada 2 semanas, los miércoles y sábados",
        "every 2 weeks on Wednesday and Saturday",
    ),
    (Rule(D, count=9), "todo dia", "todos los días", "every day"),
    (Rule(D, 3, count=9), "a cada 3 dias", "cada 3 días", "every 3 days"),
    (Rule(M, month_day=15, count=9), "todo mês, no dia 15", "todos los meses, el día 15", "every month on day 15"),
    (
        Rule(M, nth=2, weekdays=(2,), count=9),
        "todo mês, na segunda terça-feira",
        "todos los meses, el segundo martes",
        "every month on the second Tuesday",
    ),
    (
        Rule(M, 3, nth=LAST, weekdays=(6,), count=9),
        "a cada 3 meses, no último sábado",
        "cada 3 meses, el último sábado",
        "every 3 months on the last Saturday",
    ),
]


@pytest.mark.parametrize(("rule", "portuguese", "spanish", "english"), SAID)
def test_a_rule_in_words(rule: Rule, portuguese: str, spanish: str, english: str) -> None:
    for language, said in (("pt_BR", portuguese), ("es", spanish), ("en", english)):
        words.use_language(language)
        assert rule_words(rule) == said


def test_the_whole_sentence() -> None:
    rule = Rule(W, weekdays=(2, 4), count=10)
    days = rule.days(dt.date(2026, 11, 19))
    said = []
    for language in ("pt_BR", "es", "en"):
        words.use_language(language)
        said.append(series_words(rule, dt.time(14), days))
    assert said == [
        "toda terça e quinta às 14:00, 10 vezes, até 22 de dezembro",
        "todos los martes y jueves a las 14:00, 10 veces, hasta el 22 de diciembre",
        "every Tuesday and Thursday at 14:00, 10 times, until 22 December",
    ]
