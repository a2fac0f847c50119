"""Every fact of `errors.py` as a sentence: what happened and what to do, in the language of the person who reads it.

Nothing here knows Qt, so the command line says the same sentences.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from clinicdesk import errors
from clinicdesk.desk import wording_agenda, wording_inbox, wording_messages, wording_people, wording_places
from clinicdesk.desk.wording_fields import field_label, field_problem, field_sentence, form_sentence
from clinicdesk.desk.wording_times import spoken_moment, spoken_time
from clinicdesk.formats import clock, date_and_time
from clinicdesk.terms import channel_phrase, closure_word, role_word, status_word, why_not_sentence, why_not_words
from clinicdesk.words import _, marked, ngettext

__all__ = [
    "bug_sentence",
    "channel_phrase",
    "closure_word",
    "field_label",
    "field_problem",
    "role_word",
    "sentence",
    "spoken_moment",
    "spoken_time",
    "status_word",
    "why_not_sentence",
    "why_not_words",
]

Zone = dt.tzinfo | None
ACTIONS = {
    "export": marked("Owners and managers may take the register out in a file; the whole CPF, owners alone."),
    "": marked("Your role does not include this. Ask a manager or an owner."),
    "appointment": marked("Your role may not change this visit. Ask the front desk or a manager."),
    "recall": marked("Your role may not change this recall. Ask the front desk or a manager."),
    "patient": marked("Your role may not change this patient. Ask the front desk or a manager."),
    "custom_field": marked("Your role may not change the clinic's own fields. Ask a manager."),
    "tag": marked("Your role may not change tags. Ask the front desk or a manager."),
    "segment": marked("Your role may not change segments. Ask the front desk or a manager."),
    "patient_alert": marked("Alerts are written by professionals."),
    "settings": marked("Your role may not change the settings. Ask a manager or an owner."),
    "messages": marked("Your role does not see messages. Ask the front desk."),
    "clinics": marked("This person works in a unit that is not yours. Ask an owner of that unit."),
    **wording_people.DENIED,
}
KINDS = {
    "appointment": marked("This visit is no longer there. Reload the agenda."),
    "block": marked("This block is no longer there; somebody has removed it."),
    "patient": marked("This patient is not on the register. Search again."),
    "clinic": marked("There is no such clinic. Check its name."),
    "professional": marked("There is no such professional. Check the name."),
    "series": marked("This series is no longer there. Reload the agenda."),
    "service": marked("This service is no longer offered. Choose another."),
    "profile": marked("This profile is no longer there; somebody has removed it."),
    "person": marked("Nobody here has that login name. Check how it is spelled."),
    "waiting_entry": marked("This person is not on the waiting list any more. Look at the list again."),
    "import": marked("There is no such import. Look at the list of imports."),
    "patient_alert": marked("This alert is no longer there. Reload and look again."),
    "custom_field": marked("This field is no longer there. Reload and look again."),
    "tag": marked("This tag is no longer there; somebody has removed it."),
    "segment": marked("This segment is no longer there; somebody has removed it."),
    "recall": marked("This recall is no longer there. Reload the list."),
    "attempt": marked("This attempt is no longer there, or somebody else noted it."),
    "desk": marked("This desk is no longer there, or it was shut out. Reload the list."),
    "message_channel": marked("This channel is no longer there. Reload the list."),
    "conversation": marked("This conversation is no longer there. Reload the list."),
    "whatsapp": marked("This clinic has no WhatsApp channel in use. A manager sets one up in the settings."),
    "template": marked("This template is no longer offered. Choose another one."),
    "quick_reply": marked("This quick reply is no longer there; somebody has removed it."),
    "row": marked("This is no longer there. Reload and look again."),
    "offer": marked("This offer is no longer there. Look at the waiting list again."),
    "message": marked("This message is no longer there. Reload the list."),
    "channel": marked("This channel is no longer there; somebody has removed it."),
    "settings": marked("This setting is no longer there; somebody has removed it."),
    "media": marked("This file is no longer there: it was kept for its days and then deleted."),
}
STILL_USED = ("room", "equipment", "professional", "professional_clinic", "service_category", "profile")
PASSWORD_RULES = {
    "short": marked("The password is too short. Use 12 characters or more; a few words together are easy to remember."),
    "letter": marked("The password has no letter. Put at least one in it."),
    "digit": marked("The password has no digit. Put at least one in it."),
    "common": marked("This password is among the first anyone would try. Choose one that is yours alone."),
    "name": marked("The password holds the person's name. Choose one without it."),
}
MERGE_REASONS = {
    "same": marked("These are not two patients but one. Choose another one to compare."),
    "merged": marked("One of the two was already joined with another patient. Search again and compare anew."),
    "changed": marked("Somebody changed one of the two meanwhile. Compare them again."),
    "further": marked("This patient was joined with yet another one since. Undo that first."),
}
FILE_REASONS = {
    "missing": marked("{path} is not there. Check the name of the file."),
    "no_access": marked("{path} cannot be read. Check that your account may open it."),
    "empty": marked("{path} is empty. Export it again from the other system."),
    "unreadable_characters": marked("The letters of {path} cannot be made out. Save it as UTF-8 or Windows-1252."),
    "not_csv": marked("{path} is not a table. Save it as CSV, with a heading for every column."),
    "no_name_column": marked(
        "{path} has no column for the name. Give the first line the headings, one of them “Nome”."
    ),
    "not_a_calendar": marked("{path} is not a calendar. Export the agenda as .ics and try again."),
    "too_big": marked("{path} is too large. Split it and import the parts."),
}


def sentence(error: errors.ClinicError, zone: Zone = None) -> str:
    """What a person is told. Times are those of `zone`, the clinic's; None stands for this computer's."""
    kind = type(error)
    if kind in wording_places.SENTENCES:
        return wording_places.SENTENCES[kind](error)
    return (wording_agenda.SENTENCES | _SENTENCES)[kind](error, zone)


def bug_sentence(reference: str, log: str) -> str:
    """What a person is told when the program itself is wrong."""
    return _(
        "Something went wrong in ClinicDesk. Tell support the reference {reference}; details are in {log}."
    ).format(reference=reference, log=log)


def _refused(error: errors.SignInRefused, _zone: Zone) -> str:
    said = _("The login name and the password do not match.")
    if error.wait_seconds:
        wait = ngettext("Wait {count} second.", "Wait {count} seconds.", error.wait_seconds)
        return f"{said} {wait.format(count=error.wait_seconds)}"
    if error.tries_left is not None:
        left = ngettext("{count} try is left.", "{count} tries are left.", error.tries_left)
        return f"{said} {left.format(count=error.tries_left)}"
    return said + " " + _("Type both again.")


def _changed(error: errors.ChangedElsewhere, zone: Zone) -> str:
    if error.changed_by and error.changed_at:
        said = _("{person} changed this at {time}.").format(person=error.changed_by, time=_when(error.changed_at, zone))
    elif error.changed_by:
        said = _("{person} changed this meanwhile.").format(person=error.changed_by)
    else:
        said = _("Another desk changed this meanwhile.")
    return said + " " + _("See the change before saving yours.")


def _still_used(error: errors.StillUsed, _zone: Zone) -> str:
    count = error.count
    if error.kind == "service_category":
        said = ngettext(
            "{count} service stands in this category. Move it to another one first.",
            "{count} services stand in this category. Move them to another one first.",
            count,
        )
    elif error.kind == "profile":
        said = ngettext(
            "{count} person has this profile. Give them another one first.",
            "{count} people have this profile. Give them another one first.",
            count,
        )
    elif error.kind == "professional_clinic":
        said = ngettext(
            "{count} visit here was theirs, so they stay on this unit's list. Take their hours here away instead.",
            "{count} visits here were theirs, so they stay on this unit's list. Take their hours here away instead.",
            count,
        )
    else:
        said = ngettext(
            "{count} visit to come needs it. Move it first.", "{count} visits to come need it. Move them first.", count
        )
    return said.format(count=count)


def _when(moment: dt.datetime, zone: Zone) -> str:
    same_day = moment.astimezone(zone).date() == dt.datetime.now(dt.UTC).astimezone(zone).date()
    return clock(moment, zone) if same_day else date_and_time(moment, zone)


def _merge_refused(error: errors.MergeRefused, _zone: Zone) -> str:
    return _(MERGE_REASONS[error.reason])


def _already_registered(error: errors.PatientAlreadyRegistered, _zone: Zone) -> str:
    if not error.name:
        return _("This CPF is registered for somebody else. Search for it and open that record.")
    return _("This CPF is registered for {name}. Open that record or correct the CPF.").format(name=error.name)


SOURCE_REASONS = {
    "not_toml": marked("The file that describes the source is no TOML: {name}."),
    "not_a_table": marked("The part “{name}” of the file has to be a table of words, as in the example of the manual."),
    "unknown_key": marked("Nobody here knows “{name}” in the file. Look at the spelling in the example of the manual."),
    "missing": marked("The file that describes the source lacks “{name}”."),
    "password_in_file": marked(
        "The address of {name} holds a password. Take it out of the file and give it with --source-password-fd."
    ),
    "not_an_address": marked(
        "The address of {name} cannot be read. Write it like postgresql://person@server/database."
    ),
    "no_driver": marked("This installation has no driver for {name}. Ask whoever installed ClinicDesk for it."),
    "no_table": marked("There is no table {name} there, or this login may not see it. Look at schema and table."),
    "no_column": marked("The table there has no column {name}. Look at the columns in the file."),
    "refused": marked("The other system refused the login ({name}). Look at the name and give the password again."),
    "unreachable": marked("The other system cannot be reached ({name}). Look at the address and at the network."),
    "unreadable": marked("The other system gave an error while it was read ({name}). Ask whoever looks after it."),
}


def _source_wrong(error: errors.SourceWrong, _zone: Zone) -> str:
    return _(SOURCE_REASONS.get(error.reason, SOURCE_REASONS["unreadable"])).format(name=error.name)


def _unreadable(error: errors.UnreadableFile, _zone: Zone) -> str:
    said = FILE_REASONS.get(error.reason, FILE_REASONS["no_access"])
    where = " " + _("The trouble is in line {line}.").format(line=error.line) if error.line else ""
    return _(said).format(path=error.path) + where


_SENTENCES: dict[type[errors.ClinicError], Callable[[Any, Zone], str]] = {
    errors.ClinicError: lambda _error, _zone: _("This cannot be done."),
    errors.Unforeseen: lambda error, _zone: bug_sentence(error.reference, error.log),
    errors.SignInRefused: _refused,
    errors.AccountLocked: lambda _error, _zone: _("This account is locked. An owner has to unlock it."),
    **wording_people.SENTENCES,
    errors.MessageMoved: lambda error, _zone: wording_messages.moved_sentence(error),
    **wording_inbox.SENTENCES,
    errors.NotAllowed: lambda error, _zone: _(ACTIONS.get(error.action, ACTIONS[""])),
    errors.NotFound: lambda error, _zone: _(KINDS.get(error.kind, KINDS["row"])),
    errors.ChangedElsewhere: _changed,
    errors.StillUsed: _still_used,
    errors.InvalidField: lambda error, _zone: field_sentence(error),
    errors.InvalidForm: lambda error, _zone: form_sentence(error),
    errors.MergeRefused: _merge_refused,
    errors.PatientAlreadyRegistered: _already_registered,
    errors.UnreadableFile: _unreadable,
    errors.SourceWrong: _source_wrong,
    errors.UnwritableFile: lambda error, _zone: _("{path} cannot be written. Choose another place.").format(
        path=error.path
    ),
    errors.WeakPassword: lambda error, _zone: _(PASSWORD_RULES[error.rule]),
    errors.NoSenderYet: lambda _error, _zone: _(
        "Nothing sends messages here yet. Start the sending on this computer or on the server first; then save again."
    ),
    errors.ConsentOver: lambda _error, _zone: _(
        "This consent was taken back already. If the patient changed their mind, write down a new one."
    ),
    errors.LastOwner: lambda _error, _zone: _("There has to be one active owner. Make somebody else an owner first."),
    errors.KeyUnavailable: lambda _error, _zone: _(
        "Protected fields such as the CPF stay closed in this sign-in. Sign in with your own password."
    ),
}
