"""A guard, and the ways to break one on purpose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """One promise: its name, the SQL (an administrator's) that takes it away, the test that goes red then."""

    name: str
    off: str
    test: str


def dropped(table: str, constraint: str) -> str:
    """Take a constraint away."""
    return f"ALTER TABLE clinicdesk.{table} DROP CONSTRAINT {constraint} CASCADE"


def opened(table: str, policy: str, command: str = "ALL") -> str:
    """Replace a policy by one that lets everything pass."""
    using = "" if command == "INSERT" else "USING (true)"
    check = "" if command == "SELECT" else "WITH CHECK (true)"
    return (
        f"DROP POLICY {policy} ON clinicdesk.{table};"
        f" CREATE POLICY {policy} ON clinicdesk.{table} FOR {command} TO PUBLIC {using} {check}"
    )


def without(function: str, words: str, instead: str) -> str:
    """Take some words out of a function's body; fails when they are not there, so that this list cannot go stale."""
    return (
        "DO $guard$ DECLARE body text; BEGIN"
        f" SELECT pg_get_functiondef(oid) INTO body FROM pg_proc WHERE proname = '{function}'"
        " AND pronamespace = 'clinicdesk'::regnamespace;"
        f" ASSERT position($w${words}$w$ IN body) > 0, 'not in {function}';"
        f" EXECUTE replace(body, $w${words}$w$, $w${instead}$w$); END $guard$"
    )


def trigger(table: str, name: str, test: str) -> Guard:
    """A trigger that is switched off."""
    return Guard(f"trigger {name} on {table}", f"ALTER TABLE clinicdesk.{table} DISABLE TRIGGER {name}", test)


def bodies(file: str, entries: Iterable[tuple[str, str, str, str, str]]) -> Iterator[Guard]:
    """Words of functions: the name of what they decide, the function, the words, what stands instead, the test."""
    for name, function, words, instead, test in entries:
        yield Guard(name, without(function, words, instead), f"{file}::{test}")
