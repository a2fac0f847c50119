"""The words of a message: what may stand in them, and that no name can do harm there."""

import datetime as dt
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.templates import (
    LABELS,
    LONGEST_BODY,
    LONGEST_VALUE,
    STARTERS,
    VARIABLES,
    TemplateFacts,
    asking,
    check_template,
    fill,
    harmless,
    label,
    ordered_values,
    values_of,
)
from clinicdesk.errors import InvalidField

ZONE = ZoneInfo("America/Sao_Paulo")
FACTS = TemplateFacts("Ana  Álvares", dt.datetime(2035, 3, 1, 17, 30, tzinfo=dt.UTC), ZONE, "Dra. Helena", "Ipê")


def test_every_variable_has_its_value() -> None:
    values = values_of(FACTS)
    assert set(values) == set(VARIABLES)
    assert fill("{first_name}|{name}|{weekday}|{day}|{time}|{professional}|{clinic}", values) == (
        "Ana|Ana Álvares|quinta-feira|1º de março|14:30|Dra. Helena|Ipê"
    )
    assert values_of(FACTS, "en")["weekday"] == "Thursday" and values_of(FACTS, "es")["day"] == "1 de marzo"
    assert values_of(TemplateFacts())["time"] == ""
    assert values_of(TemplateFacts(phone="+551130000100"))["phone"] == "(11) 3000-0100"


def test_nothing_says_what_somebody_comes_for() -> None:
    assert not {"service", "procedure", "specialty", "category", "price"} & set(VARIABLES)
    for one in STARTERS:
        check_template(one.body, one.subject)


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        ("Olá, {nome}!", "unknown_variable", "nome"),
        ("Seu {service}", "unknown_variable", "service"),
        ("Olá, {}", "unknown_variable", ""),
        ("  ", "missing", ""),
        ("x" * (LONGEST_BODY + 1), "too_long", str(LONGEST_BODY)),
        ("a\x07", "control_characters", ""),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_with_what_is_wrong(body: str, code: str, detail: str) -> None:
    with pytest.raises(InvalidField) as refused:
        check_template(body)
    assert (refused.value.field, refused.value.reason, refused.value.detail) == ("body", code, detail)


def test_the_subject_and_the_providers_variables_are_looked_at_too() -> None:
    for given_ in ({"subject": "{nome}"}, {"subject": "x" * 151}, {"provider_variables": ["nome"]}):
        with pytest.raises(InvalidField):
            check_template("Olá", **given_)


@pytest.mark.parametrize(
    "name", ["{phone}", "<img src=x onerror=alert(1)>", '=HYPERLINK("x")', "Ana\r\nBento\u202e\x00\t"]
)
def test_a_name_is_only_a_name(name: str) -> None:
    told = fill("Olá, {name}! {phone}", values_of(TemplateFacts(name, phone="11")))
    assert told == f"Olá, {harmless(name)}! 11"
    assert "\n" not in told and "\u202e" not in told and "\x00" not in told


@given(st.text())
def test_what_fills_a_text_is_one_visible_line(value: str) -> None:
    found = harmless(value)
    assert len(found) <= LONGEST_VALUE and found == found.strip() and "  " not in found
    assert not any(unicodedata.category(each)[0] == "C" for each in found)
    assert harmless(found) == found


def test_a_provider_gets_its_values_in_its_order_and_none_is_empty() -> None:
    assert ordered_values(["time", "code", "first_name"], values_of(FACTS)) == ("14:30", "-", "Ana")


def test_an_answer_is_asked_for_in_the_language_of_the_text() -> None:
    assert asking(("confirm", "cancel")) == "Responda 1 para confirmar ou 0 para cancelar."
    assert asking(("accept", "refuse"), "en").startswith("Reply 1")
    assert asking(("1", "2")) == ""
    assert {label(each, language) for language in LABELS for each in ("confirm", "accept")} >= {"Aceitar", "Confirm"}
