"""Bodies as values: JSON no deeper than any provider writes it, and forms."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from clinicdesk.domain.hooks import DEEPEST

_TEXT_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_MOST_FIELDS = 1_000


class UnreadableBody(Exception):
    """A body that no provider writes; `reason` is a word of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_json(body: bytes) -> Any:
    """The value a JSON body holds. Raises UnreadableBody for what is none, or is nested too deep."""
    _check_depth(body)
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UnreadableBody("not_json") from None


def read_form(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form in their order. Raises UnreadableBody."""
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise UnreadableBody("not_a_form") from None


def _check_depth(body: bytes) -> None:
    depth = 0
    for found in _TEXT_OR_BRACKET.finditer(body):
        match found[0]:
            case b"[" | b"{":
                depth += 1
                if depth > DEEPEST:
                    raise UnreadableBody("too_deep")
            case b"]" | b"}":
                depth -= 1


def _no_number(_word: str) -> None:
    raise ValueError
