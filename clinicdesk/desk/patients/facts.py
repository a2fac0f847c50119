"""The right column of a patient: in numbers, contact and preferences; and the register page in words."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.figures import visit_figures
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_words import breakable
from clinicdesk.domain.patients import show_phone
from clinicdesk.words import _, ngettext

Fact = tuple[str, str, str]  # icon, value, what it is


class NumbersCard(QFrame):
    """Four figures out of the visits; a pause is told only when there are two visits to measure it between."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 14, 20, 18)
        grid.setVerticalSpacing(0)
        grid.addWidget(Label(_("In numbers"), "strong"), 0, 0, 1, 2)
        grid.setRowMinimumHeight(1, 14)
        grid.setRowMinimumHeight(4, 18)
        self._cells: list[tuple[Label, Label]] = []
        for place in range(4):
            value, caption = Label("", "panel_name", numbers=True), Label("", "second", "muted")
            row, column = 2 + 3 * (place // 2), place % 2
            grid.addWidget(value, row, column)
            grid.addWidget(caption, row + 1, column)
            grid.setColumnStretch(column, 1)
            self._cells.append((value, caption))

    def show_profile(self, profile: Profile, zone: dt.tzinfo) -> None:
        """Count this patient's visits."""
        found = visit_figures(profile.visits, zone)
        days = found.days_between
        pause = "–" if days is None else ngettext("{count} day", "{count} days", days).format(count=days)
        cells = [
            (formats.number(found.visits), ngettext("visit", "visits", found.visits)),
            (formats.number(found.no_shows), ngettext("no-show", "no-shows", found.no_shows)),
            (pause, _("between visits")),
            (formats.number(found.cancelled), ngettext("cancellation", "cancellations", found.cancelled)),
        ]
        for (value, caption), (shown, what) in zip(self._cells, cells, strict=True):
            value.setText(shown)
            caption.setText(what)


class ContactCard(QFrame):
    """How to reach the patient, and what else the desk keeps in mind."""

    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label(_("Contact and preferences"), "strong"))
        head.addStretch(1)
        edit = Button(_("Edit"), "link", size="dense")
        edit.clicked.connect(self.edit_wanted)
        head.addWidget(edit)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        column.addLayout(self._rows)

    def show_profile(self, profile: Profile) -> None:
        """Show this patient's contact; what is not known is not shown."""
        _empty(self._rows)
        facts = [fact for fact in _contact(profile) if fact[1]]
        for icon, value, what in facts or [("phone", _("No contact yet"), _("add a phone with Edit"))]:
            self._rows.addWidget(_fact(icon, value, what))


def _contact(profile: Profile) -> list[Fact]:
    patient = profile.patient
    kinship = f" ({patient.guardian_kinship})" if patient.guardian_kinship else ""
    guardian = f"{patient.guardian_name}{kinship}" if patient.guardian_name else ""
    dependants = ", ".join(one.name for one in profile.dependants)
    return [
        ("phone", show_phone(patient.phone), _("mobile")),
        ("mail", patient.email, _("e-mail")),
        ("map-pin", patient.address, _("address")),
        ("users", guardian, _("guardian")),
        ("baby", dependants, _("answers for")),
        ("megaphone", patient.source, _("how they found us")),
        ("sticky-note", patient.note, _("note")),
    ]


def _fact(icon: str, value: str, what: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(IconLabel(icon, "muted", 16), 0, Qt.AlignmentFlag.AlignVCenter)
    words = QVBoxLayout()
    words.setSpacing(0)
    shown = Label(breakable(value), "body", numbers=True, wrap=True)
    shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    words.addWidget(shown)
    words.addWidget(Label(what, "detail", "muted"))
    row.addLayout(words, 1)
    return holder


class RegisterCard(QFrame):
    """Everything the register holds of a patient, as it would stand on the form."""

    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 20)
        head = QHBoxLayout()
        head.addWidget(Label(_("Register"), "section"))
        head.addStretch(1)
        edit = Button(_("Edit"), "link", key="", size="dense")
        edit.clicked.connect(self.edit_wanted)
        head.addWidget(edit)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(14)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)

    def show_profile(self, profile: Profile, zone: dt.tzinfo) -> None:
        """Show this patient's register; what is missing stands as a dash, so that it is seen to be missing."""
        _empty(self._grid)
        for place, (what, value) in enumerate(_register(profile, zone)):
            cell = QVBoxLayout()
            cell.setSpacing(1)
            cell.addWidget(Label(what, "label", "muted"))
            shown = Label(breakable(value) or "–", "body", numbers=True, wrap=True)
            shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            cell.addWidget(shown)
            holder = QWidget()
            holder.setLayout(cell)
            cell.setContentsMargins(0, 0, 0, 0)
            self._grid.addWidget(holder, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)


def _register(profile: Profile, zone: dt.tzinfo) -> Sequence[tuple[str, str]]:
    patient = profile.patient
    born = formats.numeric_date(patient.birth_date) if patient.birth_date else ""
    kinship = f" ({patient.guardian_kinship})" if patient.guardian_kinship else ""
    return [
        (_("Full name"), patient.full_name),
        (_("Social name"), patient.social_name),
        (_("Mobile"), show_phone(patient.phone)),
        (_("E-mail"), patient.email),
        (_("Birth date"), born),
        (_("CPF"), profile.cpf_masked),
        (_("Guardian"), f"{patient.guardian_name}{kinship}" if patient.guardian_name else ""),
        (_("Answers for"), ", ".join(one.name for one in profile.dependants)),
        (_("Address"), patient.address),
        (_("How they found us"), patient.source),
        (_("Note"), patient.note),
        (_("Registered"), formats.date_and_time(patient.created_at, zone)),
    ]


def _empty(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
