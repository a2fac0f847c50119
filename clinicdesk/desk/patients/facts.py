"""The right column of a patient: contact and preferences; and the register page in words."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.dates import capitalised
from clinicdesk.desk.patients.numbers import preference_words, service_words
from clinicdesk.desk.patients.own_fields import own_words
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_words import breakable
from clinicdesk.domain.custom_fields import read_values
from clinicdesk.domain.patients import Patient, show_phone
from clinicdesk.words import _

Fact = tuple[str, str, str]  # icon, value, what it is


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
        empty(self._rows)
        facts = [fact for fact in _contact(profile) if fact[1]]
        for icon, value, what in facts or [("phone", _("No contact yet"), _("add a phone with Edit"))]:
            self._rows.addWidget(fact_row(icon, value, what))


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
        ("clock", capitalised(preference_words(profile.numbers.metrics)), _("usually comes")),
        ("stethoscope", service_words(profile.numbers), _("usually comes for")),
        ("megaphone", _found_us(patient), _("how they found us")),
        ("sticky-note", patient.note, _("note")),
    ]


def _found_us(patient: Patient) -> str:
    return " · ".join(part for part in (patient.source, patient.referred_by_name) if part)


def fact_row(icon: str, value: str, what: str) -> QWidget:
    """One fact of a card: its icon, the value, and under it what it is."""
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
        empty(self._grid)
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
    values = read_values(profile.own, patient.custom)
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
        (_("Referred by"), patient.referred_by_name),
        *((one.name, own_words(values.get(one.id))) for one in profile.own),
        (_("Note"), patient.note),
        (_("Registered"), formats.date_and_time(patient.created_at, zone)),
    ]


def empty(layout: QVBoxLayout | QGridLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
