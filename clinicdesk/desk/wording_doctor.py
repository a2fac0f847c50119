"""The checks of `doctor` in words: what was looked at, what was found, and what to do about it."""

from collections.abc import Sequence

from clinicdesk.desk.wording import sentence
from clinicdesk.formats import number
from clinicdesk.usecases.doctor import Check, State, worst
from clinicdesk.words import _, marked, pgettext

CHECKS = {
    "versions": marked("Versions"),
    "data_folder": marked("Data folder"),
    "disk": marked("Room on the disk"),
    "keyring": marked("Keyring"),
    "fonts": marked("Fonts"),
    "translations": marked("Translations"),
    "database": marked("Database"),
    "schema": marked("Schema"),
    "durability": marked("Nothing saved is lost"),
    "extensions": marked("Extensions"),
    "owner": marked("Active owner"),
    "isolation": marked("Separation of roles"),
    "metrics": marked("Patients in numbers"),
    "clock": marked("Clock"),
}
ADVICE = {
    "folder_read_only": marked("Your account cannot write to the data folder. Correct its permissions."),
    "folder_open_to_others": marked("Other accounts may look into the data folder. Close it with: chmod 700"),
    "disk_nearly_full": marked("The disk is nearly full. Free some space before saving fails."),
    "kept_without_keyring": marked(
        "No keyring answers here, so secrets are kept without one, in a file only your account can read."
    ),
    "install_again": marked("Files of the program are missing. Install ClinicDesk again."),
    "durability_off": marked("A setting of the server can lose saved work. Have fsync, checksums and the rest on."),
    "extensions_missing": marked("The server lacks an extension. Install PostgreSQL's contrib package."),
    "no_owner": marked("Nobody is an active owner. Make an owner with the recovery key."),
    "one_computer": marked(
        "On one computer, whoever has the account that owns the data folder can read everything; roles do not stop it."
    ),
    "metrics_put_right": marked(
        "Some patients' numbers did not match their visits and were counted again. If it comes back, tell support."
    ),
    "clocks_apart": marked("This computer's clock and the server's differ. Switch on automatic time on both."),
}

FACTS = {
    "system": marked("system"),
    "path": marked("folder"),
    "mode": marked("permissions"),
    "free_bytes": marked("free"),
    "secrets_kept_in": marked("secrets kept in"),
    "missing": marked("missing"),
    "server_version": "PostgreSQL",
    "address": marked("address"),
    "data_folder": marked("data"),
    "programs": marked("programs"),
    "schema_revision": marked("revision"),
    "bytes": marked("size"),
    "found": marked("found"),
    "expected": marked("expected"),
    "active_owners": marked("owners"),
    "put_right": marked("counted again"),
    "seconds_apart": marked("seconds apart"),
    "clinicdesk": "ClinicDesk",
    "python": "Python",
    **{name: name for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")},
    **{name: name for name in ("btree_gist", "pg_trgm", "unaccent")},
}
_BYTES = ("free_bytes", "bytes")
_MEGABYTE = 1024**2


def check_name(name: str) -> str:
    """What a check looks at."""
    return _(CHECKS[name])


def state_word(state: State) -> str:
    """How a check went."""
    return {
        State.OK: pgettext("of a check", "ok"),
        State.WARNING: pgettext("of a check", "warning"),
        State.FAILED: pgettext("of a check", "failed"),
    }[state]


def advice_sentence(check: Check) -> str:
    """What to do or to know; empty when all is well."""
    if check.error is not None:
        return sentence(check.error)
    return _(ADVICE[check.advice]) if check.advice else ""


def facts_line(check: Check) -> str:
    """What was found, in one line of names and values; what only scripts want is left out."""
    shown = ((name, value) for name, value in check.facts.items() if name in FACTS and value not in ("", ()))
    return " · ".join(f"{_(FACTS[name])} {plain_fact(name, value)}" for name, value in shown)


def summary(checks: Sequence[Check]) -> str:
    """The whole examination in a sentence."""
    return {
        State.OK: _("Everything is as it should be."),
        State.WARNING: _("It works; look at the warnings."),
        State.FAILED: _("Something needs repair before work can be trusted here."),
    }[worst(list(checks))]


def plain_fact(name: str, value: str | int | bool | tuple[str, ...]) -> str:
    """A fact as a person reads it."""
    if name in _BYTES:
        return f"{number(int(str(value)) // _MEGABYTE)} MB"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
