"""What can go wrong, as facts.

An error carries data, never a sentence: the desk and the command line word it once, in `wording.py`, in the language
of the person who reads it. Whatever is not a `ClinicError` is a bug.
"""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class ClinicError(Exception):
    """A refusal that a person can understand and act upon."""

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"


# --- reaching the clinic ---------------------------------------------------------------------------------------------


@dataclass
class Unforeseen(ClinicError):
    """The program itself is wrong; `reference` finds what happened in the folder `log`."""

    reference: str
    log: str


@dataclass
class ClinicUnreachable(ClinicError):
    """The database does not answer; nothing was decided about the work in hand."""


@dataclass
class HostNotFound(ClinicUnreachable):
    """No computer of that name is on the network."""

    host: str


@dataclass
class NobodyAnswers(ClinicUnreachable):
    """The computer is there, or may be, and no server answers at that port."""

    host: str
    port: int


@dataclass
class NoClinicServer(ClinicError):
    """Something answers there, and it is no clinic server, or none for this database."""

    host: str
    port: int


@dataclass
class ServerNotTrusted(ClinicError):
    """Whoever answers did not prove to be the clinic's server, or gave no encryption; nothing was sent to it."""

    reason: str  # "other_name" | "other_authority" | "expired" | "not_yet_valid" | "no_encryption" | "not_proven"
    host: str = ""
    names: str = ""  # what its certificate calls it instead


@dataclass
class DeskNotEnrolled(ClinicError):
    """This computer shows no certificate that the clinic's server takes: it has to be enrolled anew."""

    reason: str  # "no_files" | "no_key" | "damaged" | "revoked" | "expired" | "refused"


@dataclass
class ServerAway(ClinicUnreachable):
    """The server is known to be out of reach, so it was not even asked."""


@dataclass
class DaysNotKept(ServerAway):
    """The server is out of reach and these days were not kept at this desk; those from `first` to `last` were."""

    first: dt.date
    last: dt.date


@dataclass
class EnrolmentRefused(ClinicError):
    """A desk was not let in; its code may still be good."""

    reason: str  # "code" | "used" | "busy" | "silent" | "refused" | "certificate"


@dataclass
class ClockOff(ClinicError):
    """This computer's clock is so far from the server's that a certificate does not count here."""

    here: dt.datetime
    there: dt.datetime


@dataclass
class ClockApart(ClinicError):
    """This computer's clock is far from the server's. Nothing is dated by it, and still somebody may go by it."""

    here: dt.datetime
    there: dt.datetime


@dataclass
class SignInRefused(ClinicError):
    """The name and the password do not match. The same for an unknown person, on purpose."""

    wait_seconds: int = 0
    tries_left: int | None = None


@dataclass
class AccountLocked(ClinicError):
    """Too many wrong passwords; an owner has to unlock the person."""


@dataclass
class PasswordToChoose(ClinicError):
    """The code opened the door, and what follows is the choice of a password."""

    name: str


@dataclass
class CodeOver(ClinicError):
    """The one-time code was used already, or its days are over."""


@dataclass
class RecoveryRefused(ClinicError):
    """The recovery key opens nothing here, or the person is no owner. The same answer to both."""


@dataclass
class SessionEnded(ClinicError):
    """Somebody with the right to it has ended this session, or changed what this person may reach."""


@dataclass
class NotAllowed(ClinicError):
    """This person's role does not include the action, or their profile ("profile.…"); the database said so."""

    action: str = ""


@dataclass
class SchemaOlder(ClinicError):
    """The database is of an older release than the program: it has to be upgraded first, on the server or here."""

    found: str
    expected: str
    on_server: bool = False


@dataclass
class SchemaNewer(ClinicError):
    """The database is of a newer release, `release`, and serves desks of `needed` or later: the program is older."""

    found: str
    expected: str
    release: str = ""
    needed: str = ""


@dataclass
class SchemaBeingUpdated(ClinicError):
    """Another program is bringing the database to a newer release at this moment."""


@dataclass
class NoRoomForUpdate(ClinicError):
    """The disk has no room for the copy that is made before the schema changes; nothing was changed."""

    folder: str
    needed_bytes: int
    free_bytes: int


@dataclass
class CopyNotMade(ClinicError):
    """The copy that is made before the schema changes could not be made; nothing was changed."""

    log: str


@dataclass
class ServerUnsafe(ClinicError):
    """The server runs with a setting under which acknowledged work can be lost."""

    setting: str
    value: str


@dataclass
class ServerBusy(ClinicError):
    """Another desk held a lock for too long, or the statement took longer than allowed; nothing was changed."""


@dataclass
class DiskFull(ClinicError):
    """The database could not write: no room on its disk. Nothing was changed."""


@dataclass
class DataFolderUnusable(ClinicError):
    """The folder that holds the clinic's data cannot be used."""

    folder: str
    reason: str  # "read_only" | "full" | "not_a_folder" | "foreign" | "newer_server" | "older_server" | "path_too_long"


@dataclass
class SettingsNotKept(ClinicError):
    """What belongs to this computer, such as its settings, could not be written; it holds until the desk is closed."""

    folder: str
    full: bool  # the disk has no room; otherwise the folder cannot be written


@dataclass
class ServerNotStarting(ClinicError):
    """The embedded PostgreSQL did not start; `log` is the file that says why."""

    log: str
    reason: str = ""  # "initdb" | "failed" | "timeout" | "orphans" | "no_account" | "closed"


@dataclass
class BinariesMissing(ClinicError):
    """No usable PostgreSQL programs at the place the settings name."""

    folder: str
    found_version: str = ""


@dataclass
class NoClinicHere(ClinicError):
    """The data folder holds no clinic yet."""

    folder: str


@dataclass
class ClinicAlreadyHere(ClinicError):
    """The data folder already holds a clinic; it is not overwritten."""

    folder: str


@dataclass
class NoScreen(ClinicError):
    """There is no display to open a window on."""


@dataclass
class WhichClinic(ClinicError):
    """The organisation has several clinics and the command has to name one."""

    names: tuple[str, ...] = ()


@dataclass
class ClinicMoved(ClinicError):
    """The clinic of this folder lives on a server now; what is here is kept and no longer written to.

    Not `sure`: the last word of the server was lost. If people can sign in there it moved, else it did not.
    """

    host: str
    sure: bool = True


@dataclass
class MoveRefused(ClinicError):
    """The clinic cannot be moved there; nothing was changed on either side."""

    reason: str  # "versions" | "no_founder" | "not_empty" | "differs" | "demo"
    detail: str = ""


@dataclass
class MoveCancelled(ClinicError):
    """Somebody stopped the move; nothing was changed on either side."""


@dataclass
class MoveUndecided(ClinicError):
    """The server's last word was lost: whether it has the clinic is known by signing in there."""


# --- any row ---------------------------------------------------------------------------------------------------------


@dataclass
class NotFound(ClinicError):
    """The thing is not there, or not visible to this person."""

    kind: str
    key: str = ""


@dataclass
class ChangedElsewhere(ClinicError):
    """Another desk saved this row after it was read here."""

    kind: str
    id: UUID
    seen_version: int
    current_version: int
    changed_by: str = ""
    changed_at: dt.datetime | None = None


@dataclass
class InvalidField(ClinicError):
    """One field of a form cannot be accepted; `reason` names the rule, `field` the field."""

    field: str
    reason: str
    detail: str = ""


@dataclass
class InvalidForm(ClinicError):
    """Several fields at once, in the order they stand on the form."""

    problems: tuple[InvalidField, ...] = field(default_factory=tuple)


@dataclass
class StillUsed(ClinicError):
    """It cannot go: `count` visits to come, or services of a heading, hold on to it and have to be moved first."""

    kind: str  # "room" | "equipment" | "professional" | "service_category"
    id: UUID
    count: int


# --- agenda ----------------------------------------------------------------------------------------------------------


@dataclass
class SlotTaken(ClinicError):
    """A resource is held by something else in that time. `holder` is empty when it is another unit's business.

    With `held_for_minutes`, `holder` is the person who keeps the time while they talk, for so many minutes yet.
    """

    resource_kind: str  # "professional" | "room" | "equipment"
    resource_name: str = ""
    holder: str = ""
    until: dt.datetime | None = None
    next_free: dt.datetime | None = None
    elsewhere: bool = False  # held in another clinic of the organisation
    held_for_minutes: int | None = None


@dataclass
class SlotClosed(ClinicError):
    """Outside hours: `kind` is closed, break, holiday, time_off or block; `label` is what the agenda shows there."""

    kind: str
    label: str = ""
    opens_at: dt.datetime | None = None


@dataclass
class OutsidePolicy(ClinicError):
    """The scheduling policy forbids it: `rule` is the policy's field, `limit` its value."""

    rule: str
    limit: int


@dataclass
class SeriesConflicts(ClinicError):
    """Visits of a series cannot be as wished: the local day of each, and what stands against it."""

    conflicts: tuple[tuple[dt.date, ClinicError], ...]


@dataclass
class StatusRefused(ClinicError):
    """The status machine has no such step."""

    current: str
    wanted: str


@dataclass
class TooEarly(ClinicError):
    """How a visit ended cannot be said before it was to begin."""

    wanted: str
    starts_at: dt.datetime


@dataclass
class WaitingEntryTaken(ClinicError):
    """Somebody of the waiting list was booked, taken off it or changed at another desk first."""

    patient_name: str
    state: str  # "open" | "booked" | "given_up"
    changed_by: str = ""


@dataclass
class OfferOver(ClinicError):
    """A time that was offered to somebody of the waiting list is not on offer any more."""

    state: str  # "accepted" | "refused" | "expired" | "withdrawn" | "unanswerable"


@dataclass
class OfferRefused(ClinicError):
    """A time cannot be offered by message to somebody of the waiting list."""

    reason: str  # "too_soon" | "not_reached" | "offered_already"
    patient_name: str = ""


@dataclass
class NotOffered(ClinicError):
    """The professional, room or equipment does not serve this service, or not in this clinic."""

    what: str


@dataclass
class PassUnknown(ClinicError):
    """No visit of this clinic has that check-in code; `clinic_name` is the unit that does, for who works there too."""

    clinic_name: str = ""


@dataclass
class NotWaiting(ClinicError):
    """Only who is in the reception, or with the professional already, is called to the screen."""

    status: str


# --- messages --------------------------------------------------------------------------------------------------------


@dataclass
class AnotherSpeaks(ClinicError):
    """Somebody else has this conversation: a colleague by `name`, or the robot when it is empty."""

    name: str = ""


@dataclass
class WindowClosed(ClinicError):
    """Free words may not be sent any more; `until` is when the window closed, None when there never was one."""

    until: dt.datetime | None = None


@dataclass
class MessageMoved(ClinicError):
    """A message is not in the state any more in which this can be done to it."""

    present: str
    wanted: str


# --- patients and imports --------------------------------------------------------------------------------------------


@dataclass
class MergeRefused(ClinicError):
    """Two entries of the register cannot become one, or cannot be parted again; nothing was changed."""

    reason: str  # "same" | "merged" | "changed" | "further"
    name: str = ""


@dataclass
class NoSenderYet(ClinicError):
    """Nothing that sends messages ever ran for this clinic: there is nobody to seal a secret for."""


@dataclass
class ConsentOver(ClinicError):
    """A consent was revoked already, which is for good; whoever changes their mind gives a new one."""


@dataclass
class PatientAlreadyRegistered(ClinicError):
    """The same CPF is registered for another person."""

    patient_id: UUID
    name: str


@dataclass
class UnreadableFile(ClinicError):
    """A file given for import could not be read as what it should be."""

    path: str
    reason: str
    line: int | None = None


@dataclass
class SourceWrong(ClinicError):
    """The table of another system cannot be read as its file describes it; `name` is what is wrong or missing."""

    reason: str
    name: str = ""


@dataclass
class UnwritableFile(ClinicError):
    """A file that was to be written could not be; what it would have held is unchanged in the clinic."""

    path: str


# --- people ----------------------------------------------------------------------------------------------------------


@dataclass
class WeakPassword(ClinicError):
    """The password breaks a rule: short, letter, digit, common, name."""

    rule: str


@dataclass
class LastOwner(ClinicError):
    """The organisation would be left without an active owner."""


@dataclass
class KeyUnavailable(ClinicError):
    """The key that opens protected fields could not be unwrapped for this person."""
