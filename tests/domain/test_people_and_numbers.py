"""Names, ages, CPF, CNPJ, phones and passwords, each against a second opinion."""

import datetime as dt
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from validate_docbr import CNPJ, CPF

from clinicdesk.domain.agenda import STEPS, Slot, Status, is_late_cancellation, require_step
from clinicdesk.domain.clinics import clean_cnpj, show_cnpj
from clinicdesk.domain.patients import (
    age,
    check_birth_date,
    clean_cpf,
    clean_email,
    clean_name,
    clean_phone,
    initials,
    mask_cpf,
    shorter_names,
    show_cpf,
    show_phone,
    written_name,
)
from clinicdesk.domain.staff import check_password
from clinicdesk.errors import InvalidField, StatusRefused, WeakPassword
from tests.builders import local

digits = st.text("0123456789", min_size=11, max_size=11)


def _checked(root: str, lengths: tuple[int, int], wrap: int) -> str:
    """`root` with its two check digits, modulo 11 with weights from 2 up to `wrap`, counted from the right."""
    for length in lengths:
        values = [ord(letter) - 48 for letter in root[:length]]
        weights = [2 + place % (wrap - 1) for place in range(length)][::-1]
        rest = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
        root += str(0 if rest < 2 else 11 - rest)
    return root


whole_cpfs = st.text("0123456789", min_size=9, max_size=9).map(lambda root: _checked(root, (9, 10), 11))
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
whole_cnpjs = st.text(LETTERS, min_size=12, max_size=12).map(lambda root: _checked(root, (12, 13), 9))


def _accepted(clean: object, text: str) -> bool:
    try:
        return bool(clean(text))  # type: ignore[operator]
    except InvalidField:
        return False


@given(digits | whole_cpfs)
@example("00000000000")
@example("52998224725")
@example("52998224726")
def test_a_cpf_is_what_a_second_library_takes_for_one(written: str) -> None:
    assert _accepted(clean_cpf, written) == CPF().validate(written)


@given(st.text(max_size=20))
@example("٥٢٩٩٨٢٢٤٧٢٥")
@example("５２９９８２２４７２５")
def test_a_kept_cpf_is_eleven_plain_digits(written: str) -> None:
    try:
        kept = clean_cpf(written)
    except InvalidField:
        return
    assert re.fullmatch(r"([0-9]{11})?", kept)


def test_a_cpf_is_shown_whole_or_masked() -> None:
    assert clean_cpf(" 529.982.247-25 ") == "52998224725"
    assert show_cpf("52998224725") == "529.982.247-25"
    assert mask_cpf("52998224725") == "•••.982.247-••"
    for written, reason in (("529", "missing_digits"), ("5" * 12, "extra_digits"), ("abc", "not_a_cpf")):
        with pytest.raises(InvalidField) as caught:
            clean_cpf(written)
        assert caught.value.reason == reason


@given(
    st.text("0123456789", min_size=14, max_size=14)
    | st.text(LETTERS, min_size=12, max_size=12).map(lambda root: root + "00")
    | whole_cnpjs
)
@example("12ABC34501DE35")  # the example of the Receita Federal's own note
@example("11222333000181")
def test_a_cnpj_is_what_a_second_library_takes_for_one(written: str) -> None:
    assert _accepted(clean_cnpj, written) == CNPJ().validate(written)


@given(st.text(max_size=20))
@example("12.abc.345/01de-35")
def test_a_kept_cnpj_is_what_the_database_takes(written: str) -> None:
    try:
        kept = clean_cnpj(written)
    except InvalidField:
        return
    assert re.fullmatch(r"([A-Z0-9]{12}[0-9]{2})?", kept)


def test_a_cnpj_is_shown_as_printed() -> None:
    assert show_cnpj(clean_cnpj("12abc34501de35")) == "12.ABC.345/01DE-35"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("(11) 98765-4321", "+5511987654321"),
        ("011 98765 4321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("5511987654321", "+5511987654321"),
        ("98765-4321", "+5511987654321"),
        ("11 8765-4321", "+5511987654321"),
        ("+55 11 8765-4321", "+5511987654321"),
        ("(11) 3456-7890", "+551134567890"),
        ("3456-7890", "+551134567890"),
        ("(92) 3234-5678", "+559232345678"),
        ("0800 591 2117", "+558005912117"),
        ("+1 212 555 0123", "+12125550123"),
        ("+351 912 345 678", "+351912345678"),
    ],
)
def test_a_phone_is_read_as_people_write_it(written: str, kept: str) -> None:
    assert clean_phone(written) == kept


@pytest.mark.parametrize(
    ("written", "reason"),
    [("12", "missing_digits"), ("11 98765-43210987", "extra_digits"), ("(00) 98765-4321", "not_a_phone"),
     ("ramal", "not_a_phone")],
)  # fmt: skip
def test_a_phone_that_cannot_be_says_why(written: str, reason: str) -> None:
    with pytest.raises(InvalidField) as caught:
        clean_phone(written)
    assert caught.value.reason == reason


@given(st.text("0123456789+()- ٣", max_size=24))
def test_a_kept_phone_is_what_the_database_takes_and_reads_back(written: str) -> None:
    try:
        kept = clean_phone(written)
    except InvalidField:
        return
    assert re.fullmatch(r"(\+[0-9]{8,15})?", kept)
    assert clean_phone(kept) == kept
    assert clean_phone(show_phone(kept)) == kept


def test_phones_are_shown_the_local_way() -> None:
    assert show_phone("+5511900000142") == "(11) 90000-0142"
    assert show_phone("+12125550123") == "+1 212-555-0123"
    assert show_phone("") == ""


@given(st.dates(dt.date(1900, 1, 1), dt.date(2035, 1, 1)), st.dates(dt.date(2035, 1, 1), dt.date(2036, 12, 31)))
@example(dt.date(2004, 2, 29), dt.date(2035, 2, 28))
@example(dt.date(2004, 2, 29), dt.date(2035, 3, 1))
@example(dt.date(2004, 2, 29), dt.date(2036, 2, 29))
def test_an_age_is_the_count_of_birthdays(born: dt.date, today: dt.date) -> None:
    def birthday(year: int) -> dt.date:
        try:
            return born.replace(year=year)
        except ValueError:
            return dt.date(year, 3, 1)

    assert age(born, today) == sum(birthday(year) <= today for year in range(born.year + 1, today.year + 1))


def test_births_are_neither_in_the_future_nor_too_long_ago() -> None:
    today = dt.date(2036, 2, 29)
    assert check_birth_date(None, today) is None
    assert check_birth_date(today, today) == today
    for born, reason in ((today + dt.timedelta(days=1), "in_the_future"), (dt.date(1905, 1, 1), "too_long_ago")):
        with pytest.raises(InvalidField) as caught:
            check_birth_date(born, today)
        assert caught.value.reason == reason


names = st.lists(
    st.text("abcçÁé'", min_size=1, max_size=9) | st.sampled_from(["de", "da", "e"]), min_size=1, max_size=7
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("maria da silva", "Maria da Silva"),
        ("érica de souza e lima", "Érica de Souza e Lima"),
        ("Ana van Dyck", "Ana van Dyck"),
        ("JOSÉ", "JOSÉ"),
        ("", ""),
    ],
)
def test_a_name_in_small_letters_gets_its_capitals(typed: str, written: str) -> None:
    assert written_name(typed) == written


@given(names.map(" ".join))
@example("Maria do Socorro Lima")
@example("A B C")
def test_shorter_names_shrink_and_cut_no_word(name: str) -> None:
    forms = shorter_names(name)
    assert forms[0] == name
    assert [len(one) for one in forms] == sorted({len(one) for one in forms}, reverse=True)
    words = set(name.split())
    for form in forms:
        assert form.split()[0] == name.split()[0]
        for word in form.split():
            assert word in words or (word.endswith(".") and len(word) == 2)


def test_shorter_names_of_a_long_one() -> None:
    assert shorter_names("Maria do Socorro Lima") == (
        "Maria do Socorro Lima", "Maria S. Lima", "Maria Lima", "Maria L."
    )  # fmt: skip
    assert shorter_names("Pelé") == ("Pelé",)
    assert initials("Dra. Helena do Prado") == "HP"
    assert initials("Pelé") == "P"
    assert initials("") == ""


@given(st.text(max_size=230))
@example("x" * 200)
@example("x" * 201)
@example(" x " + "y" * 198)
def test_a_kept_name_is_one_the_database_takes(written: str) -> None:
    try:
        kept = clean_name(written)
    except InvalidField as problem:
        assert problem.reason in ("missing", "too_long", "control_characters")
        return
    assert 1 <= len(kept) <= 200
    assert kept == kept.strip()
    assert "\x00" not in kept
    assert kept.encode("utf-8")


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("curta 1", "short"),
        ("123456789012", "letter"),
        ("só letras aqui", "digit"),
        ("Senha1234567", "common"),
        ("aaaaaaaaaaa1", "common"),
        ("renata mora em 12", "name"),
        ("sobre Souza 2026", "name"),
    ],
)
def test_a_weak_password_is_told_its_rule(password: str, rule: str) -> None:
    with pytest.raises(WeakPassword) as caught:
        check_password(password, login="renata", name="Renata Souza")
    assert caught.value.rule == rule


def test_a_phrase_with_a_digit_is_a_password() -> None:
    check_password("janela 47 aberta", login="renata", name="Renata Souza")
    check_password("a casa da Ana 9", login="bia", name="Bia Sá")


@pytest.mark.parametrize("address", ["a@b.co", "A.B+c@Clinica.com.br"])
def test_an_address_is_kept_in_lower_case(address: str) -> None:
    assert clean_email(f" {address} ") == address.lower()


@pytest.mark.parametrize("address", ["a", "a@b", "a@@b.co", "a b@c.de", "a@b..c", "@b.co", "x" * 250 + "@b.co"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidField):
        clean_email(address)


@pytest.mark.parametrize("present", Status)
def test_only_the_steps_of_the_machine_pass(present: Status) -> None:
    for wanted in Status:
        if wanted in STEPS[present]:
            require_step(present, wanted)
        else:
            with pytest.raises(StatusRefused):
                require_step(present, wanted)
    assert Status.NO_SHOW not in STEPS[Status.COMPLETED]


def test_a_slot_is_never_empty_nor_reversed() -> None:
    for minutes, reason in ((0, "zero_length"), (-5, "before_start")):
        with pytest.raises(InvalidField) as caught:
            Slot.lasting(local(9), minutes)
        assert caught.value.reason == reason
    with pytest.raises(ValueError, match="aware"):
        Slot(dt.datetime(2026, 1, 1, 9), dt.datetime(2026, 1, 1, 10))  # noqa: DTZ001


def test_a_late_cancellation_is_one_with_too_little_notice() -> None:
    assert is_late_cancellation(local(9), local(8), 24)
    assert not is_late_cancellation(local(9), local(8), 1)
    assert not is_late_cancellation(local(9), local(8), 0)
