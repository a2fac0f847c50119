"""A clinic's server in words: its checks, what to do about each, and what its commands say."""

from clinicdesk.desk.wording_doctor import plain_fact
from clinicdesk.usecases.doctor import Check
from clinicdesk.words import _, marked

CHECKS = {
    "server": "PostgreSQL",
    "durability": marked("Nothing saved is lost"),
    "server_settings": marked("Settings of the server"),
    "connections": marked("Connections for the desks"),
    "schema": marked("Schema"),
    "authority": marked("The clinic's own authority"),
    "authority_key": marked("The authority's key"),
    "server_certificate": marked("The server's certificate"),
    "revocations": marked("List of revoked desks"),
    "unit": marked("The server's unit"),
    "sending": marked("Sending of messages"),
    "waiting": marked("Desks waiting for their certificate"),
    "disk": marked("Room on the disk"),
}
ADVICE = {
    "server_silent": marked("PostgreSQL does not answer. Start it with: systemctl start postgresql"),
    "server_old": marked("This PostgreSQL is too old. Version 17 is needed, as Debian 13 has it."),
    "durability_off": marked("A setting of the server can lose saved work. Have fsync, checksums and the rest on."),
    "settings_differ": marked("PostgreSQL is not set as it should be. Run the set-up again; it changes what differs."),
    "restart_due": marked("New settings count after a restart, outside working hours: systemctl restart postgresql"),
    "too_few_connections": marked("There are fewer connections than the desks may need. Run the set-up with --desks."),
    "schema_differs": marked("The database is not of this release. Bring it there with: clinicdesk-server upgrade"),
    "authority_missing": marked(
        "The clinic's authority is missing. Restore its folder from a copy, or run the set-up."
    ),
    "authority_ends": marked("The clinic's authority ends soon. Every desk has to join again under a new one."),
    "authority_key_open": marked("Other accounts can read the key that signs desks. Run the set-up again to close it."),
    "server_certificate_wrong": marked(
        "The server's certificate is missing or names another server. Renew it with: clinicdesk-server renew"
    ),
    "server_certificate_ends": marked(
        "The server's certificate is at its end and desks will not connect. Renew it with: clinicdesk-server renew"
    ),
    "revocations_missing": marked("The list of revoked desks is missing. Start the unit; it writes the list."),
    "revocations_behind": marked("A revoked desk could still connect. Start the unit; it writes the list anew."),
    "unit_silent": marked("The unit is not at work. Start it with: systemctl restart clinicdesk-server"),
    "sender_away": marked("Nothing sends the clinic's messages now. Start it with: systemctl restart clinicdesk-sync"),
    "disk_nearly_full": marked("The disk is nearly full. Free some space before saving fails."),
}
FACTS = {
    "server_version": "PostgreSQL",
    "database": marked("database"),
    "address": marked("address"),
    "settings": marked("differ"),
    "desks": marked("desks"),
    "allowed": marked("allowed"),
    "needed": marked("needed"),
    "found": marked("found"),
    "expected": marked("expected"),
    "until": marked("until"),
    "days_left": marked("days left"),
    "names": marked("for"),
    "mode": marked("permissions"),
    "count": marked("in number"),
    "last_beat": marked("last at work"),
    "free_bytes": marked("free"),
    "sender_seen": marked("seconds since its last sign"),
    **{name: name for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")},
}


def check_name(name: str) -> str:
    """What a check of the server looks at."""
    return _(CHECKS[name])


def advice_sentence(check: Check) -> str:
    """What to do; empty when all is well."""
    return _(ADVICE[check.advice]) if check.advice else ""


def facts_line(check: Check) -> str:
    """What was found, in one line of names and values."""
    shown = ((name, value) for name, value in check.facts.items() if name in FACTS and value not in ("", ()))
    return " · ".join(f"{_(FACTS[name])} {plain_fact(name, value)}" for name, value in shown)


def made_sentence(made: str) -> str:
    """What the preparation made, one thing a line."""
    return {
        "database": _("Made the clinic's database."),
        "schema": _("Made the tables of this release."),
        "unit_login": _("Let the server's unit into PostgreSQL, by its account and without a password."),
        "unit_rights": _("Gave the unit the few rights it needs."),
        "sync_login": _("Let the process that sends into PostgreSQL, by its account and without a password."),
        "authority": _("Made the clinic's own authority, which signs the server and every desk."),
        "server_certificate": _("Signed the server's certificate."),
        "revocation_list": _("Began the list of revoked desks."),
    }[made]
