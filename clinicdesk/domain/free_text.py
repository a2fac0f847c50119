"""What people type freely: kept as it is, unless no database and no file could keep it."""

import unicodedata

from clinicdesk.errors import InvalidField


def clean_text(text: str, field: str) -> str:
    """`text` itself. Raises InvalidField for a NUL or half a character, which PostgreSQL has no place for."""
    if "\0" in text or any(unicodedata.category(letter) == "Cs" for letter in text):
        raise InvalidField(field, "control_characters")
    return text


def without_unwritable(text: str) -> str:
    """`text` without what `clean_text` refuses: nothing that was kept holds it, so a search goes on without."""
    return "".join(letter for letter in text if letter != "\0" and unicodedata.category(letter) != "Cs")
