"""The settings: where one goes at the left, the list of what is there, and the form at the right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.preferences import appearance, kinds
from clinicdesk.desk.preferences.appearance import Appearance
from clinicdesk.desk.preferences.channels_section import ChannelsSection
from clinicdesk.desk.preferences.computer import Computer
from clinicdesk.desk.preferences.desks.page import DesksPage
from clinicdesk.desk.preferences.doors import doors
from clinicdesk.desk.preferences.fields_kind import fields_doors, kind_of_fields
from clinicdesk.desk.preferences.health import HealthPage
from clinicdesk.desk.preferences.holiday_section import HolidaySection
from clinicdesk.desk.preferences.holidays_kind import holidays_doors, kind_of_holidays
from clinicdesk.desk.preferences.hours_kind import hours_doors, kind_of_hours
from clinicdesk.desk.preferences.labels import labels
from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.preferences.message_day import MessageDayPage
from clinicdesk.desk.preferences.message_sections import MessagingSection, RulesSection, TemplatesSection
from clinicdesk.desk.preferences.moving import MovingPage
from clinicdesk.desk.preferences.navigation import Entry, Navigation, Place
from clinicdesk.desk.preferences.people_section import PeopleSection
from clinicdesk.desk.preferences.profiles_kind import ProfilesSection
from clinicdesk.desk.preferences.section import Desk, FormSection, OwnersDesk
from clinicdesk.desk.preferences.service_section import ServiceSection
from clinicdesk.desk.preferences.services_kind import kind_of_categories
from clinicdesk.desk.preferences.sessions_page import SessionsPage
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.label import separator
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.drafts import Draft
from clinicdesk.domain.message_settings import ChannelForm, MessagingForm, RuleForm, TemplateForm
from clinicdesk.domain.preferences import FieldForm, HolidayForm, HoursForm, ServiceForm
from clinicdesk.domain.staff import Role
from clinicdesk.domain.team import PersonForm, ProfileForm
from clinicdesk.settings import Settings
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _


@dataclass(frozen=True)
class _Place:
    """One page: where it stands, how it is made, and what its fields are called."""

    place: Place
    make: Callable[[], Leaf]
    fields: Callable[[], dict[str, str]]


class SettingsPage(QWidget):
    """Put it in the window as it is. It is told of changes by `apply_change`, and by `reload` when some were missed."""

    search_requested = Signal()
    settings_chosen = Signal(object)  # Settings

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        toasts: ToastArea,
        clock: DeskClock,
        settings: Callable[[], Settings] = Settings,
        computer: Computer | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self.desk = Desk(clinic, background, toasts, undo, clock)
        self._settings, self._computer = settings, computer
        self.header = Header(_("Settings"))
        self.header.bell.hide()
        self.header.search_requested.connect(self.search_requested)
        self._leaves = {leaf.place.key: leaf for leaf in self._all_leaves()}
        self.sections: dict[str, Leaf] = {}
        self.navigation = Navigation([leaf.place for leaf in self._leaves.values()], self.entries)
        self.navigation.place_chosen.connect(self.open_place)
        self.navigation.entry_chosen.connect(self.open_entry)
        self._stack = QStackedWidget()
        self._arrange()

    # --- what the window calls ---

    @property
    def section(self) -> Leaf | None:
        """The page one is on."""
        current = self._stack.currentWidget()
        return current if isinstance(current, Leaf) else None

    def open_place(self, key: str) -> Leaf:
        """Go to one page; what is not saved on the one before waits there."""
        if key not in self.sections:
            section = self._leaves[key].make()
            section.drafts_changed.connect(lambda drafts: self.navigation.set_draft(key, drafts))
            section.place_wanted.connect(self.open_place)
            self.sections[key] = section
            self._stack.addWidget(section)
        section = self.sections[key]
        self.navigation.set_current(key)
        self._stack.setCurrentWidget(section)
        if not section.begun:
            section.refresh()
        return section

    def open_entry(self, entry: Entry) -> None:
        """Go to what was found."""
        self.navigation.box.clear()
        section = self.open_place(entry.place)
        if entry.field:
            section.open_field(entry.field)

    def entries(self) -> Sequence[Entry]:
        """Everything that can be searched for: pages, and the fields on them."""
        found = []
        for key, leaf in self._leaves.items():
            found.append(Entry(key, "", leaf.place.word, leaf.place.group))
            found += [Entry(key, name, word, leaf.place.word) for name, word in leaf.fields().items()]
        return found

    def typed(self, key: str) -> Sequence[Typed]:
        """What is typed on one page and not saved."""
        section = self.sections.get(key)
        return section.typed() if isinstance(section, FormSection) else ()

    def resume(self, key: str, draft: Draft) -> None:
        """Go on with a form of one page."""
        section = self.open_place(key)
        if isinstance(section, FormSection):
            section.resume(draft)

    @property
    def places(self) -> Sequence[str]:
        """Every page by its name."""
        return tuple(self._leaves)

    def reload(self) -> None:
        """Read everything that is shown again."""
        for section in self.sections.values():
            if section.begun:
                section.refresh()

    def apply_change(self, change: Change) -> None:
        """Something changed, here or at another desk."""
        for section in self.sections.values():
            section.apply_change(change)

    def save(self) -> None:
        """Keep what the form holds."""
        if self.section is not None:
            self.section.save()

    def new(self) -> None:
        """A new one of what is listed."""
        if self.section is not None:
            self.section.begin_new()

    def focus_search(self) -> None:
        """Search the settings."""
        self.navigation.box.setFocus()
        self.navigation.box.selectAll()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self.section is None:
            self.open_place(next(iter(self._leaves)))
            self.navigation.box.setFocus()

    # --- inside ---

    def _all_leaves(self) -> list[_Place]:
        clinic, care = _("Clinic"), _("Care")
        return [
            self._leaf("clinic", clinic, "building-2", _("Clinic details"), kinds.kind_of_clinic),
            _Place(Place("hours", clinic, "clock", _("Hours")), self._hours, lambda: labels(HoursForm)),
            _Place(
                Place("holidays", clinic, "calendar-off", _("Holidays")), self._holidays, lambda: labels(HolidayForm)
            ),
            self._leaf("rooms", clinic, "door-open", _("Rooms"), kinds.kind_of_rooms),
            self._leaf("equipment", clinic, "monitor", _("Equipment"), kinds.kind_of_equipment),
            _Place(
                Place("services", care, "clipboard-list", _("Services and prices")),
                self._services,
                lambda: labels(ServiceForm),
            ),
            self._leaf("categories", care, "tag", _("Categories"), kind_of_categories),
            self._leaf("professionals", care, "stethoscope", _("Professionals"), kinds.kind_of_professionals),
            self._leaf("policy", care, "calendar-check", _("Booking rules"), kinds.kind_of_policy),
            _Place(
                Place("fields", care, "text-cursor-input", _("Own fields")), self._fields, lambda: labels(FieldForm)
            ),
            *self._message_leaves(),
            *self._team_leaves(),
            _Place(
                Place("appearance", _("This computer"), "palette", _("Appearance")), self._appearance, appearance.fields
            ),
            *self._this_computer(),
        ]

    def _this_computer(self) -> list[_Place]:
        """How everything stands; and for an owner, where the clinic is on this computer, the way to a server."""
        computer = self._computer
        if computer is None:
            return []
        group = _("This computer")
        found = [
            _Place(
                Place("health", group, "heart-pulse", _("System health")), lambda: HealthPage(self.desk, computer), dict
            )
        ]
        moving = computer.moving
        if moving is not None and self.desk.clinic.person.role is Role.OWNER:
            place = Place("moving", group, "server", _("Take to a server"))
            found.append(_Place(place, lambda: MovingPage(self.desk, moving), dict))
        return found

    def _message_leaves(self) -> list[_Place]:
        """How the clinic writes to patients."""
        desk, group = self.desk, _("Messages")
        return [
            _Place(
                Place("messaging", group, "clock", _("Hours and limits")),
                lambda: MessagingSection(desk),
                lambda: labels(MessagingForm),
            ),
            _Place(
                Place("channels", group, "message-circle", _("Channels")),
                lambda: ChannelsSection(desk),
                lambda: labels(ChannelForm),
            ),
            _Place(
                Place("rules", group, "bot", _("Automatic messages")),
                lambda: RulesSection(desk),
                lambda: labels(RuleForm),
            ),
            _Place(
                Place("templates", group, "file-text", _("Texts")),
                lambda: TemplatesSection(desk),
                lambda: labels(TemplateForm),
            ),
            *(
                [_Place(Place("message_day", group, "calendar-clock", _("Who gets what")), self._message_day, dict)]
                if desk.clinic.person.role is not Role.PROFESSIONAL
                else []
            ),
        ]

    def _team_leaves(self) -> list[_Place]:
        """Who may what: for owners to decide and managers to read."""
        desk, team = self.desk, _("Access")
        if desk.clinic.person.role not in (Role.OWNER, Role.MANAGER):
            return []
        owners = OwnersDesk(desk.clinic, desk.background, desk.toasts, desk.undo, desk.clock)
        return [
            _Place(
                Place("people", team, "users", _("People")), lambda: PeopleSection(owners), lambda: labels(PersonForm)
            ),
            _Place(
                Place("profiles", team, "id-card", _("Profiles")),
                lambda: ProfilesSection(owners),
                lambda: labels(ProfileForm),
            ),
            _Place(Place("sessions", team, "activity", _("Sessions")), lambda: SessionsPage(owners), dict),
            _Place(Place("desks", team, "server", _("Desks")), self._desks, dict),
        ]

    def _message_day(self) -> Leaf:
        return MessageDayPage(self.desk)

    def _desks(self) -> Leaf:
        return DesksPage(self.desk, moving="moving" if "moving" in self._leaves else "")

    def _appearance(self) -> Leaf:
        page = Appearance(self._settings, self.desk.undo, self._unsaved)
        page.chosen.connect(self.settings_chosen)
        return page

    def _unsaved(self) -> str:
        """Why the window cannot be built anew now; empty when it can."""
        waits = any(section.has_drafts for section in self.sections.values())
        return _("Something in the settings is not saved yet. Save or discard it first.") if waits else ""

    def _services(self) -> FormSection:
        return ServiceSection(self.desk, _("Services and prices"), doors(self.desk.clinic, ServiceForm))

    def _holidays(self) -> FormSection:
        kind = kind_of_holidays(self.desk.clock.today)
        return HolidaySection(self.desk, _("Holidays"), kind, holidays_doors(self.desk.clinic))

    def _fields(self) -> FormSection:
        return FormSection(self.desk, _("Own fields"), kind_of_fields(), fields_doors(self.desk.clinic))

    def _hours(self) -> FormSection:
        kind = kind_of_hours(self.desk.clock.today)
        return FormSection(self.desk, _("Hours"), kind, hours_doors(self.desk.clinic))

    def _leaf(self, key: str, group: str, icon: str, word: str, kind: Callable[[], kinds.Kind]) -> _Place:
        def make() -> FormSection:
            made = kind()
            return FormSection(self.desk, word, made, doors(self.desk.clinic, made.form))

        return _Place(Place(key, group, icon, word), make, lambda: labels(kind().form))

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(separator(vertical=True))
        row.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(row, 1)
