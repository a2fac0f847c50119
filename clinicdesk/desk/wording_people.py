"""People, profiles and sessions in words: what each capability is, and why somebody may not."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from clinicdesk import errors
from clinicdesk.domain.staff import Capability, Missing, Rights
from clinicdesk.words import _, marked

# What stands on a switch of a profile, and in a word or two below it what goes with it.
CAPABILITIES: dict[Capability, tuple[str, str]] = {
    Capability.BOOK: (marked("Book visits"), marked("from every door: agenda, lists, one line")),
    Capability.CHANGE_VISITS: (marked("Change visits"), marked("move, confirm, register arrival, cancel")),
    Capability.OVERBOOK: (marked("Overbook"), marked("put a visit over another one, with a reason")),
    Capability.BLOCK_TIME: (marked("Block time"), marked("keep time free in the agenda, and give it back")),
    Capability.WRITE_PATIENTS: (marked("Write on the register"), marked("new patients, their data and tags")),
    Capability.MERGE_PATIENTS: (marked("Join duplicates"), marked("make one patient of two, and undo it")),
    Capability.EXPORT_PATIENTS: (marked("Export patients"), marked("take the register out in a file")),
    Capability.IMPORT: (marked("Import"), marked("bring patients and visits from another system")),
    Capability.KEEP_WAITING_LIST: (marked("Keep the waiting list"), marked("put people on it and take them off")),
    Capability.KEEP_RECALLS: (marked("Keep recalls"), marked("who is to come again, and each attempt to call")),
    Capability.SEND_MESSAGES: (marked("Write messages"), marked("talk with patients and answer for the robot")),
    Capability.CHANGE_SETTINGS: (
        marked("Change the settings"),
        marked("services, prices, hours, professionals, rooms"),
    ),
    Capability.READ_AUDIT: (marked("Read the history"), marked("who changed what in the settings")),
}
GROUPS: tuple[tuple[str, tuple[Capability, ...]], ...] = (
    (
        marked("Agenda"),
        (Capability.BOOK, Capability.CHANGE_VISITS, Capability.OVERBOOK, Capability.BLOCK_TIME),
    ),
    (marked("Lists"), (Capability.KEEP_WAITING_LIST, Capability.KEEP_RECALLS)),
    (marked("Messages"), (Capability.SEND_MESSAGES,)),
    (
        marked("Patients"),
        (Capability.WRITE_PATIENTS, Capability.MERGE_PATIENTS, Capability.EXPORT_PATIENTS, Capability.IMPORT),
    ),
    (marked("Clinic"), (Capability.CHANGE_SETTINGS, Capability.READ_AUDIT)),
)
DENIED = {
    "profile.book": marked("Your profile does not include booking. Ask an owner."),
    "profile.change_visits": marked("Your profile does not include changing visits. Ask an owner."),
    "profile.overbook": marked("Your profile does not include overbooking. Choose a free time, or ask an owner."),
    "profile.block_time": marked("Your profile does not include blocking time. Ask an owner."),
    "profile.write_patients": marked("Your profile does not include changing the register. Ask an owner."),
    "profile.merge_patients": marked("Your profile does not include joining duplicates. Ask an owner."),
    "profile.export_patients": marked("Your profile does not include exporting patients. Ask an owner."),
    "profile.import": marked("Your profile does not include importing. Ask an owner."),
    "profile.keep_waiting_list": marked("Your profile does not include the waiting list. Ask an owner."),
    "profile.keep_recalls": marked("Your profile does not include recalls. Ask an owner."),
    "profile.send_messages": marked("Your profile does not include messages. Ask an owner."),
    "profile.change_settings": marked("Your profile does not include changing the settings. Ask an owner."),
    "profile.read_audit": marked("Your profile does not include the history. Ask an owner."),
}
_ROLE = marked("Your role does not include this. Ask a manager or an owner.")

SENTENCES: dict[type[errors.ClinicError], Callable[[Any, dt.tzinfo | None], str]] = {
    errors.PasswordToChoose: lambda error, _zone: _("{name}, choose your password to come in.").format(name=error.name),
    errors.CodeOver: lambda _error, _zone: _(
        "This code was used already or its days are over. Sign in with your password, or ask an owner for a new code."
    ),
    errors.RecoveryRefused: lambda _error, _zone: _(
        "The recovery key and the login name do not open this clinic together. Check both: the name has to be an"
        " owner’s."
    ),
    errors.SessionEnded: lambda _error, _zone: _("This session was ended by an owner. Sign in again to go on."),
}


def capability_word(capability: Capability) -> str:
    """What a capability lets somebody do, for a switch."""
    return _(CAPABILITIES[capability][0])


def capability_detail(capability: Capability) -> str:
    """What goes with it."""
    return _(CAPABILITIES[capability][1])


def why_not(rights: Rights, capability: Capability) -> str:
    """Why somebody may not do a thing; empty when they may."""
    missing = rights.missing(capability)
    if missing is None:
        return ""
    return _(_ROLE) if missing is Missing.ROLE else _(DENIED[f"profile.{capability}"])
