"""The checks of `doctor` in words: what was looked at, what was found, and what to do about it."""

import datetime as dt
from collections.abc import Sequence

from clinicdesk.desk.wording import sentence
from clinicdesk.formats import number, numeric_date
from clinicdesk.usecases.doctor import Check, State, worst
from clinicdesk.words import _, marked, pgettext

GROUPS = {
    "computer": (
        marked("This computer"),
        ("versions", "data_folder", "disk", "keyring", "kept_here", "fonts", "translations"),
    ),
    "way": (
        marked("The way to the clinic"),
        (
            "place",
            "server_reached",
            "server_certificate",
            "encryption",
            "desk_key",
            "desk_certificate",
            "desk_known",
            "signed_in",
        ),
    ),
    "database": (
        marked("The database"),
        (
            "database",
            "schema",
            "durability",
            "server_limits",
            "extensions",
            "connections",
            "answering",
            "clock",
            "server_unit",
            "sending",
            "metrics",
        ),
    ),
    "people": (marked("People and rights"), ("owner", "people_locked", "roles", "isolation")),
}
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
    "place": marked("Where the clinic's data are"),
    "server_reached": marked("The server answers"),
    "server_certificate": marked("The server's certificate"),
    "encryption": marked("Encrypted connection"),
    "desk_key": marked("This desk's key"),
    "desk_certificate": marked("This desk's certificate"),
    "desk_known": marked("This desk is known"),
    "signed_in": marked("What needs a sign-in"),
    "server_limits": marked("Limits on waiting"),
    "connections": marked("Connections"),
    "answering": marked("Time to answer"),
    "server_unit": marked("The server's unit"),
    "sending": marked("Sending of messages"),
    "people_locked": marked("Locked people"),
    "roles": marked("Rights of the roles"),
    "kept_here": marked("Kept for the time without a server"),
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
    "clocks_far_apart": marked(
        "This computer's clock is far off. Nothing is dated by it, but certificates and codes may be refused. Switch "
        "on automatic date and time."
    ),
    "schema_ahead": marked("The database is of a newer release that still serves this one. Update ClinicDesk soon."),
    "somebody_locked": marked("An owner can unlock them, under Settings, People."),
    "roles_altered": marked(
        "Somebody changed what roles of the database may. Take it back, or set the server up again; until then rights "
        "may reach further than they should."
    ),
    "few_connections": marked("Few connections are left for more desks. Run the server's set-up with more desks."),
    "answers_slowly": marked("The database answers slowly. Look at the network, and at what else the server does."),
    "sign_in_for_more": marked("More can be asked by somebody signed in: use --user, or look in the settings."),
    "desk_certificate_ends": marked(
        "This desk's certificate ends soon. It is renewed at a sign-in; if that fails, join again with a new code."
    ),
    "server_certificate_ends": marked(
        "The server's certificate ends soon. On the server, renew it with: clinicdesk-server renew"
    ),
    "not_encrypted": marked("What travels to the server is not encrypted as it should be. Set the server up again."),
    "desk_unknown": marked("The server does not know this desk, or it was revoked. Join again with a new code."),
    "unit_away": marked(
        "The server's unit is not at work: guessed passwords are not locked and desks cannot join. On the server: "
        "systemctl restart clinicdesk-server"
    ),
    "sender_away": marked(
        "Nothing sends the clinic's messages now. On one computer ClinicDesk has to be open; on a server: systemctl "
        "restart clinicdesk-sync"
    ),
    "limits_loose": marked("The server waits for ever where it should give up. Run the server's set-up again."),
    "kept_long_ago": marked(
        "Nothing newer was kept here for two days, so there would be no agenda without the server. Sign in once."
    ),
    "clocks_apart": marked("This computer's clock and the server's differ. Switch on automatic time on both."),
}

FACTS = {
    "system": marked("system"),
    "path": marked("folder"),
    "mode": marked("permissions"),
    "free_bytes": marked("free"),
    "sender_seen": marked("seconds since its last sign"),
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
    "server": marked("server"),
    "milliseconds": marked("answers in"),
    "until": marked("until"),
    "days_left": marked("days left"),
    "desk": marked("desk"),
    "encryption": marked("encryption"),
    "cipher": marked("cipher"),
    "loose": marked("without a limit"),
    "connections": marked("in use"),
    "connections_left": marked("left"),
    "locked": marked("locked"),
    "altered": marked("changed"),
    "people": marked("people"),
    "oldest_hours": marked("hours old"),
    "clinicdesk": "ClinicDesk",
    "python": "Python",
    **{name: name for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")},
    **{name: name for name in ("btree_gist", "pg_trgm", "unaccent")},
}
KEPT_IN = {"keyring": marked("the system keyring"), "file": marked("a file")}
_BYTES = ("free_bytes", "bytes")
_MEGABYTE = 1024**2
_MANY = 10_000  # megabytes, from which on nobody reads them as such


def grouped(checks: Sequence[Check]) -> list[tuple[str, list[Check]]]:
    """The checks under the headings they are shown under; a heading without any is left out."""
    found = {check.name: check for check in checks}
    told = [(_(word), [found[name] for name in names if name in found]) for word, names in GROUPS.values()]
    return [(word, some) for word, some in told if some]


def as_text(checks: Sequence[Check]) -> str:
    """The whole examination as lines to send to somebody; it names no patient."""
    lines = [summary(checks)]
    for heading, some in grouped(checks):
        lines += ["", heading]
        for check in some:
            lines.append(f"{MARKS[check.state]} {check_name(check.name)}: {state_word(check.state)}")
            lines += [f"    {line}" for line in (facts_line(check), advice_sentence(check)) if line]
    return "\n".join(lines)


MARKS = {State.OK: "✓", State.WARNING: "!", State.FAILED: "✗"}


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
    if name == "milliseconds":
        return f"{number(int(str(value)))} ms"
    if name == "until":
        return numeric_date(dt.date.fromisoformat(str(value)))
    if name in _BYTES:
        megabytes = int(str(value)) // _MEGABYTE
        return f"{number(megabytes)} MB" if megabytes < _MANY else f"{number(megabytes // 1024)} GB"
    if name == "secrets_kept_in":
        return _(KEPT_IN.get(str(value), str(value)))
    return ", ".join(value) if isinstance(value, tuple) else str(value)
