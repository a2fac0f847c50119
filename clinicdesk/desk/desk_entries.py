"""What the palette offers at a desk: the pages, the commands of the page that is open, other units, colours."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from clinicdesk.desk.agenda.page import AgendaPage
from clinicdesk.desk.palette.commands import command_entries
from clinicdesk.desk.palette.entries import Entries, Entry, Group
from clinicdesk.desk.patients.page import PatientsPage
from clinicdesk.desk.places import AGENDA_PLACE, PATIENTS_PLACE, QUEUE_PLACE, RECALLS_PLACE, SETTINGS_PLACE
from clinicdesk.desk.preferences.navigation import Entry as SettingsEntry
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.shortcuts import ANYWHERE, Shortcuts, key_for
from clinicdesk.domain.check_in import readings
from clinicdesk.usecases.queue import may_look
from clinicdesk.usecases.staff import SignedIn
from clinicdesk.words import _, pgettext

COMMANDS_ON_A_VISIT = ("confirm", "check_in", "start", "complete", "reschedule", "pin", "no_show", "cancel")


@dataclass(frozen=True)
class Doors:
    """Where the palette leads: whatever the workspace knows how to open. `context` is whose keys count now."""

    go: Callable[[str], None]
    arrive: Callable[[str], object]
    print_kit: Callable[[], None]
    show_calls: Callable[[], object]
    dress: Callable[[str], object]
    enter_unit: Callable[[object], object]
    context: Callable[[], str]


class DeskEntries:
    """Registered from the beginning of a workspace; who is signed in does not change under it."""

    def __init__(
        self,
        entries: Entries,
        shortcuts: Shortcuts,
        signed_in: SignedIn,
        agenda: AgendaPage,
        patients: PatientsPage,
        settings: SettingsPage,
        doors: Doors,
    ) -> None:
        self._entries, self._shortcuts, self._doors = entries, shortcuts, doors
        self._agenda, self._patients, self._settings = agenda, patients, settings
        self._add_pages()
        self._add_upkeep()
        self._add_queue(signed_in)
        self._add_units(signed_in)
        self._entries.add_reader(self._code_entry)
        self._entries.add_source(self._commands_here)
        self._entries.add_source(self._settings_entries)

    def _add_pages(self) -> None:
        doors = self._doors
        self._entries.add(
            self._page_entry(AGENDA_PLACE, _("Agenda"), "calendar-days", "Ctrl 1"),
            self._page_entry(PATIENTS_PLACE, _("Patients"), "users", "Ctrl 2"),
            self._page_entry(RECALLS_PLACE, _("Recalls"), "repeat", "Ctrl 3"),
            self._page_entry(SETTINGS_PLACE, pgettext("place", "Settings"), "settings", key_for(ANYWHERE, "settings")),
            Entry(Group.ACTIONS, _("New patient"), self._new_patient, "user-plus", also=_("register")),
            Entry(
                Group.ACTIONS, _("Print the paper kit"), doors.print_kit, "printer", also=_("offline paper contingency")
            ),
            Entry(Group.PAGES, _("Call screen of the waiting room"), doors.show_calls, "megaphone"),
            Entry(Group.SETTINGS, _("Light colours"), lambda: doors.dress("light"), "sun", also=_("theme")),
            Entry(Group.SETTINGS, _("Dark colours"), lambda: doors.dress("dark"), "moon", also=_("theme")),
        )

    def _add_upkeep(self) -> None:
        upkeep = self._patients.upkeep
        if upkeep.merging.allowed:
            go_there = partial(self._keep_register, upkeep.merging.open)
            self._entries.add(Entry(Group.ACTIONS, _("Possible duplicates"), go_there, "merge", also=_("merge")))
        if upkeep.exporting.allowed:
            go_there = partial(self._keep_register, upkeep.open_export)
            self._entries.add(Entry(Group.ACTIONS, _("Export patients…"), go_there, "download", also="csv xlsx excel"))

    def _add_queue(self, signed_in: SignedIn) -> None:
        if may_look(signed_in.clinic):
            words = _("whatsapp reminders not delivered")
            go_there = partial(self._doors.go, QUEUE_PLACE)
            self._entries.add(Entry(Group.PAGES, _("Queue of messages"), go_there, "list-checks", also=words))

    def _add_units(self, signed_in: SignedIn) -> None:
        for facts in signed_in.clinics:
            if facts.id != signed_in.clinic.id:
                go = partial(self._doors.enter_unit, facts.id)
                words = _("Go to {name}").format(name=facts.name)
                self._entries.add(Entry(Group.PAGES, words, go, "building-2", also=_("unit")))

    def _new_patient(self) -> None:
        self._keep_register(self._patients.new_patient)

    def _keep_register(self, open_door: Callable[[], None]) -> None:
        self._doors.go(PATIENTS_PLACE)
        open_door()

    def _code_entry(self, text: str) -> list[Entry]:
        """A check-in code typed into the palette."""
        if not readings(text):
            return []
        words = _("Register the arrival of {code}").format(code=text.strip().upper())
        return [Entry(Group.ACTIONS, words, partial(self._doors.arrive, text), "qr-code")]

    def _page_entry(self, place: str, words: str, icon: str, key: str) -> Entry:
        return Entry(Group.PAGES, words, partial(self._doors.go, place), icon, key)

    def _settings_entries(self) -> list[Entry]:
        return [
            Entry(Group.SETTINGS, one.words, partial(self._open_setting, one), "settings", also=one.detail)
            for one in self._settings.entries()
        ]

    def _open_setting(self, entry: SettingsEntry) -> None:
        self._doors.go(SETTINGS_PLACE)
        self._settings.open_entry(entry)

    def _commands_here(self) -> list[Entry]:
        resting = () if self._agenda.chosen else COMMANDS_ON_A_VISIT
        here = command_entries(self._shortcuts, self._doors.context(), resting)
        return [*here, *command_entries(self._shortcuts, ANYWHERE)]
