"""Portuguese and Spanish are complete: every text of the code, nothing left over, the same placeholders."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
KEYWORDS: dict[str, Any] = {"_": None, "marked": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
LANGUAGES = ("pt_BR", "es")
Key = tuple[str | None, str]


@cache
def texts() -> dict[Key, tuple[str, ...]]:
    """Every text for people in the code: its context and source, with its forms."""
    found: dict[Key, tuple[str, ...]] = {}
    for package in ("clinicdesk", "sync"):
        for _file, _line, message, _comments, context in extract_from_dir(str(ROOT / package), keywords=KEYWORDS):
            forms = message if isinstance(message, tuple) else (message,)
            found[context, forms[0]] = forms
    return found


@cache
def catalogue(language: str) -> dict[Key, Any]:
    with (ROOT / "resources" / "translations" / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    return {
        (message.context, message.id[0] if isinstance(message.id, tuple) else message.id): message
        for message in messages
        if message.id
    }


def inside_f_strings() -> set[str]:
    """Texts that stand inside an f-string, where the extraction does not look."""
    found: set[str] = set()
    for file in (ROOT / "clinicdesk").rglob("*.py"):
        for joined in (one for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.JoinedStr)):
            calls = (one for one in ast.walk(joined) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name))
            found |= {
                one.args[0].value
                for one in calls
                if isinstance(one.func, ast.Name) and one.func.id == "_" and isinstance(one.args[0], ast.Constant)
            }
    return found


def forms_of(message: Any) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def placeholders(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{[^{}]*\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = [key for key in texts() if key not in known or not all(forms_of(known[key]))]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_inside_f_strings_are_translated_too(language: str) -> None:
    known = catalogue(language)
    assert inside_f_strings()
    assert sorted(one for one in inside_f_strings() if (None, one) not in known) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_or_left_over(language: str) -> None:
    known = catalogue(language)
    assert [key for key, message in known.items() if message.fuzzy] == []
    assert [key for key in known if key not in texts()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    known = catalogue(language)
    wrong = []
    for key, forms in texts().items():
        wanted = [placeholders(form) for form in forms]
        for form in forms_of(known[key]) if key in known else ():
            # “once” may do without its number; any other placeholder has to be there.
            if placeholders(form) not in wanted:
                wrong.append((key, form))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_as_many_forms_as_the_language(language: str) -> None:
    known = catalogue(language)
    plural = [key for key, forms in texts().items() if len(forms) == 2 and key in known]
    assert [key for key in plural if len(forms_of(known[key])) != 2] == []
