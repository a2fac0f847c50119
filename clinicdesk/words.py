"""The words a person reads: gettext over the catalogues in resources/translations.

The source language is English; Portuguese is what clinics see unless they choose otherwise. Catalogues are read from
`.po` text, so that a translator's change needs no build step; a compiled copy beside the text is preferred.
"""

import gettext as _gettext
import io
from functools import cache
from pathlib import Path

LANGUAGES = ("pt_BR", "en", "es")
DEFAULT_LANGUAGE = "pt_BR"

_current: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def resources() -> Path:
    """The folder of icons, fonts, themes and translations, in a checkout or in an installed wheel."""
    installed = Path(__file__).parent / "_resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


def use_language(language: str) -> None:
    """Speak `language` (one of LANGUAGES) from now on. Raises ValueError for a language there is no catalogue for."""
    global _current, _language
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    _current = _gettext.NullTranslations() if language == "en" else _catalogue(language)
    _language = language


def language() -> str:
    """The language in use, as a locale name such as `pt_BR`."""
    return _language


def _(message: str) -> str:
    """`message` in the language in use."""
    return _current.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of the sentence that fits `count` in the language in use; placeholders are left for the caller."""
    return _current.ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    """`message` as meant in `context`, for words that are one in English and two in Portuguese."""
    return _current.pgettext(context, message)


def marked(message: str) -> str:
    """`message` unchanged: marks a text for translators that is translated later, where it is shown."""
    return message


@cache
def _catalogue(name: str) -> _gettext.GNUTranslations:
    folder = resources() / "translations"
    compiled = folder / f"{name}.mo"
    source = folder / f"{name}.po"
    if compiled.is_file() and (not source.is_file() or compiled.stat().st_mtime >= source.stat().st_mtime):
        with compiled.open("rb") as file:
            return _gettext.GNUTranslations(file)
    # Babel is imported here because a packaged program has the compiled copy and need not pay for it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, locale=name)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return _gettext.GNUTranslations(buffer)
