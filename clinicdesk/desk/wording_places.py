"""What can be wrong with the database, its server and its folder, as sentences that say what to do."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from clinicdesk import __version__, errors
from clinicdesk.formats import date_and_time, day_and_month, number
from clinicdesk.words import _, marked, ngettext

if TYPE_CHECKING:
    from clinicdesk.usecases.moving import Moved, MoveProgress, Readiness
    from clinicdesk.usecases.schema import UpgradeStep

FOLDER_REASONS = {
    "read_only": marked("{folder} cannot be written to. Give your account permission or choose another data folder."),
    "full": marked("There is no room left on the disk of {folder}. Free some space and try again; nothing was lost."),
    "not_a_folder": marked("{folder} is not a folder. Choose another data folder."),
    "foreign": marked("{folder} holds files that ClinicDesk did not make. Choose an empty data folder."),
    "newer_server": marked("{folder} was made by a newer PostgreSQL. Update ClinicDesk, then open it again."),
    "older_server": marked("{folder} was made by an older PostgreSQL. Upgrade it with pg_upgrade before opening it."),
    "path_too_long": marked("The path {folder} is too long for the database. Choose a shorter data folder."),
}
SERVER_REASONS = {
    "": marked("The database did not start. The reason is in {log}."),
    "failed": marked("The database did not start. The reason is in {log}."),
    "initdb": marked("The database could not be made. The reason is in {log}."),
    "timeout": marked("The database took too long to start. Wait a minute and try again."),
    "orphans": marked("Parts of an earlier database are still running. Wait a minute or restart the computer."),
    "no_account": marked(
        "The account that runs the database could not be made. As root, run: useradd --system --user-group clinicdesk"
    ),
    "closed": marked("The database was closed. Open ClinicDesk again."),
}
TRUST_REASONS = {
    "other_name": marked(
        "The server's certificate is not made out to {host}. Type the server's name as its screen shows it."
    ),
    "other_authority": marked(
        "Whoever answers at {host} is not the server this computer knows. Do not go on; ask who looks after the server."
    ),
    "expired": marked(
        "The certificate of {host} is no longer valid, by this computer's clock. Check the date here, then the server."
    ),
    "not_yet_valid": marked(
        "The certificate of {host} is not valid yet, by this computer's clock. Put date and time here right."
    ),
    "no_encryption": marked(
        "The computer at {host} offers no encryption, so nothing was sent. Ask who looks after the server."
    ),
    "not_proven": marked(
        "The computer at {host} could not prove that it is the clinic's server. Ask who looks after the server."
    ),
}
DESK_REASONS = {
    "no_files": marked(
        "The certificate of this computer is gone. Enrol it again with a new code; nothing else is lost."
    ),
    "no_key": marked(
        "The key of this computer's certificate is no longer in its keyring. Enrol it again with a new code;"
        " nothing else is lost."
    ),
    "damaged": marked(
        "The certificate of this computer cannot be read. Enrol it again with a new code; nothing else is lost."
    ),
    "revoked": marked(
        "An owner has removed this computer from the clinic's desks. Ask for a new code to enrol it again."
    ),
    "expired": marked("The certificate of this computer has ended. Ask an owner for a code and enrol it again."),
    "refused": marked(
        "The server does not take this computer's certificate. Ask an owner for a code and enrol it again."
    ),
}
ENROLMENT_REASONS = {
    "code": marked("This code is wrong, was used already or is too old. Type it again or ask for a new one."),
    "used": marked("This code was used already. Ask for a new one."),
    "busy": marked("This code is being used at another computer. Ask for a new one for this computer."),
    "silent": marked(
        "The server did not sign in time. On the server, run: clinicdesk-server check. Then try again with a new code."
    ),
    "refused": marked(
        "The server did not sign this computer's request. On the server, look at: clinicdesk-server check."
    ),
    "certificate": marked("The server's answer does not fit what was asked. Ask for a new code and try again."),
}


MOVE_REASONS = {
    "versions": marked(
        "The server's database is of another release than the one here ({detail}). Update the older of the two first."
    ),
    "no_founder": marked(
        "This code does not let a clinic in: the server has one already, or the code was made for a desk alone. "
        "On the server, make a new code with: clinicdesk-server code"
    ),
    "not_empty": marked("The server already holds a clinic's data ({detail}). Nothing was changed on either side."),
    "differs": marked(
        "What arrived on the server is not what left here ({detail}), so nothing was kept there. Try again; "
        "if it comes back, tell support."
    ),
    "demo": marked("The demo clinic stays on this computer. Make a clinic of your own to move."),
}


def _moved(error: errors.ClinicMoved) -> str:
    if error.sure:
        return _(
            "The clinic of this computer was moved to {host}; what is here is kept as it was and no longer written to."
        ).format(host=error.host)
    return _(
        "The clinic of this computer was being moved to {host} when the connection broke. Sign in there: if that "
        "works, it has moved. If nobody can, take the move back with: clinicdesk move --undo"
    ).format(host=error.host)


def _not_trusted(error: errors.ServerNotTrusted) -> str:
    if error.names:
        return _("The server's certificate is made out to {names}, not to {host}. Type one of its names.").format(
            names=error.names, host=error.host
        )
    return _(TRUST_REASONS[error.reason]).format(host=error.host or _("the server"))


def _folder(error: errors.DataFolderUnusable) -> str:
    return _(FOLDER_REASONS[error.reason]).format(folder=error.folder)


def _settings_not_kept(error: errors.SettingsNotKept) -> str:
    if error.full:
        return _("The disk of this computer is full: what is set here holds until ClinicDesk is closed. Make room.")
    return _("{folder} cannot be written: what is set here holds until ClinicDesk is closed.").format(
        folder=error.folder
    )


def _server(error: errors.ServerNotStarting) -> str:
    return _(SERVER_REASONS[error.reason]).format(log=error.log or _("the system's log"))


def _binaries(error: errors.BinariesMissing) -> str:
    if error.found_version:
        return _("{folder} holds PostgreSQL {version}; ClinicDesk needs 16 to 18. Name another folder.").format(
            folder=error.folder, version=error.found_version
        )
    return _(
        "No PostgreSQL programs in {folder}. Name their folder in the settings or install ClinicDesk again."
    ).format(folder=error.folder)


def _older(error: errors.SchemaOlder) -> str:
    if error.on_server:
        return _(
            "The clinic's database is of an older release than ClinicDesk on this computer. "
            "Whoever looks after the server has to run there: clinicdesk-server upgrade"
        )
    return _("The database is of an older release ({found}). Upgrade it with: clinicdesk db upgrade").format(
        found=error.found or "0"
    )


def _newer(error: errors.SchemaNewer) -> str:
    if not error.needed:
        return _("The database is of a newer release ({found}). Update ClinicDesk on this computer.").format(
            found=error.found
        )
    return _(
        "The clinic's database was brought to ClinicDesk {release}, and this computer has {here}. "
        "Ask whoever looks after the computers to install ClinicDesk {needed} or later here."
    ).format(release=error.release, here=__version__, needed=error.needed)


def _no_room(error: errors.NoRoomForUpdate) -> str:
    return _(
        "Bringing the database to this release needs {needed} MB for a copy in {folder}, and {free} MB are free. "
        "Free some space and open ClinicDesk again; nothing was changed."
    ).format(needed=_megabytes(error.needed_bytes), folder=error.folder, free=_megabytes(error.free_bytes))


def _megabytes(size: int) -> str:
    return number(size // 1024**2)


def upgrade_step(step: "UpgradeStep") -> str:
    """How far an upgrade of the schema is."""
    if step.kind == "changing":
        return _("Bringing the database to this release: step {number} of {count}…").format(
            number=step.number, count=step.of
        )
    if step.kind == "keeping":
        return _("Keeping a copy of everything before the database changes…")
    return _("Another program is bringing the database to this release; waiting for it…")


def readiness_words(found: "Readiness") -> str:
    """What would be moved, in a sentence, and who is still at work."""
    people = ngettext("{count} person", "{count} people", found.people).format(count=number(found.people))
    patients = ngettext("{count} patient", "{count} patients", found.patients).format(count=number(found.patients))
    visits = ngettext("{count} visit", "{count} visits", found.visits).format(count=number(found.visits))
    said = _("{people}, {patients} and {visits}: {size} MB.").format(
        people=people, patients=patients, visits=visits, size=_megabytes(found.bytes_here)
    )
    if not found.at_work:
        return said
    ended = ngettext(
        "{count} program is at work on it and will be signed out.",
        "{count} programs are at work on it and will be signed out.",
        found.at_work,
    )
    return f"{said} {ended.format(count=found.at_work)}"


def progress_words(step: "MoveProgress") -> str:
    """How far a move is."""
    return _("Table {number} of {tables}: {rows} of {all} rows").format(
        number=step.number, tables=step.of, rows=number(step.rows), all=number(step.rows_in_all)
    )


def moved_words(done: "Moved", host: str) -> str:
    """What a move did."""
    return _(
        "The clinic is on {host} now: {rows} rows and {people} people's logins, compared on both sides. "
        "Everybody signs in with the password they have. What was on this computer is kept, and closed."
    ).format(host=host, rows=number(sum(done.rows.values())), people=done.people)


def _unsafe(error: errors.ServerUnsafe) -> str:
    return _("The server runs with {setting} = {value}, which can lose saved work. Have it switched on.").format(
        setting=error.setting, value=error.value
    )


def _no_clinic(error: errors.NoClinicHere) -> str:
    if not error.folder:
        return _("You have no clinic to work in yet. Ask an owner to add you to one.")
    return _("There is no clinic in {folder} yet. Make one with: clinicdesk init").format(folder=error.folder)


def _already(error: errors.ClinicAlreadyHere) -> str:
    return _("There already is a clinic in {folder}; it was left as it is.").format(folder=error.folder)


def _which(error: errors.WhichClinic) -> str:
    return _("There are several clinics. Name one with --clinic: {names}.").format(names=", ".join(error.names))


def _not_kept(error: errors.DaysNotKept) -> str:
    """Which days there are; one may be all that is left of them after midnight."""
    return _("Without a connection only {first} and {last} can be read.").format(
        first=day_and_month(error.first), last=day_and_month(error.last)
    )


SENTENCES: dict[type[errors.ClinicError], Callable[[Any], str]] = {
    errors.ClinicUnreachable: lambda _error: _(
        "The clinic's database does not answer. Check the network; nothing you typed is lost."
    ),
    errors.HostNotFound: lambda error: _(
        "No computer is called {host} on this network. Check the address and the network."
    ).format(host=error.host),
    errors.NobodyAnswers: lambda error: _(
        "Nobody answers at {host}, port {port}. Check that the server is on and the network is plugged in."
    ).format(host=error.host, port=error.port),
    errors.NoClinicServer: lambda error: _(
        "What answers at {host}, port {port}, is not this clinic's server. Check the address."
    ).format(host=error.host, port=error.port),
    errors.EnrolmentRefused: lambda error: _(ENROLMENT_REASONS[error.reason]),
    errors.ClockOff: lambda error: _(
        "It is {here} on this computer and {there} on the server. Put date and time here right and try again."
    ).format(here=date_and_time(error.here, None), there=date_and_time(error.there, None)),
    errors.ClockApart: lambda error: _(
        "It is {here} on this computer and {there} on the server. The agenda goes by the server; put this clock right."
    ).format(here=date_and_time(error.here, None), there=date_and_time(error.there, None)),
    errors.ServerNotTrusted: _not_trusted,
    errors.DeskNotEnrolled: lambda error: _(DESK_REASONS[error.reason]),
    errors.ServerAway: lambda _error: _(
        "There is no connection now, so nothing was asked of the clinic. What you typed is kept."
    ),
    errors.DaysNotKept: _not_kept,
    errors.SchemaOlder: _older,
    errors.SchemaNewer: _newer,
    errors.SchemaBeingUpdated: lambda _error: _(
        "The clinic's database is being brought to a newer release. Wait a few minutes and try again."
    ),
    errors.NoRoomForUpdate: _no_room,
    errors.CopyNotMade: lambda error: _(
        "The copy that is made before the database changes could not be made, so nothing was changed. "
        "The reason is in {log}."
    ).format(log=error.log),
    errors.ClinicMoved: _moved,
    errors.MoveRefused: lambda error: _(MOVE_REASONS[error.reason]).format(detail=error.detail),
    errors.MoveCancelled: lambda _error: _("The move was stopped. Nothing was changed, here or on the server."),
    errors.MoveUndecided: lambda _error: _(
        "The connection broke at the very last step. Sign in at the server: if that works, the clinic has moved. "
        "If nobody can, take the move back with: clinicdesk move --undo"
    ),
    errors.ServerUnsafe: _unsafe,
    errors.ServerBusy: lambda _error: _("The database is busy and nothing was changed. Try again in a moment."),
    errors.DiskFull: lambda _error: _(
        "There is no room left on the database's disk. Nothing was changed; free some space and save again."
    ),
    errors.DataFolderUnusable: _folder,
    errors.SettingsNotKept: _settings_not_kept,
    errors.ServerNotStarting: _server,
    errors.BinariesMissing: _binaries,
    errors.NoClinicHere: _no_clinic,
    errors.ClinicAlreadyHere: _already,
    errors.WhichClinic: _which,
    errors.NoScreen: lambda _error: _(
        "There is no screen here. Draw the screens instead with: clinicdesk demo --screenshots DIR"
    ),
}
