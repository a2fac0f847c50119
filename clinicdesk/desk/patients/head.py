"""The head of a patient: who it is at a glance, what the desk has to know, and the two things one does next."""

import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.chip_flow import ChipFlow
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.patients.timeline_looks import ALERT_ICONS, ALERT_TONES
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_words import age_words, breakable, is_minor, patient_hue
from clinicdesk.domain.patients import Alert, Patient
from clinicdesk.domain.segments import birthdays_on
from clinicdesk.words import _

_LONGEST_CHIP = 48  # letters; a longer alert gets a band of its own, because a chip does not wrap


class PatientHead(QWidget):
    """`book_wanted`, `edit_wanted`, `tags_wanted`, `alerts_wanted` and `more_wanted` are the presses on its buttons.

    Alerts are written by professionals, so that they alone have the button for it.
    """

    book_wanted = Signal()
    edit_wanted = Signal()
    tags_wanted = Signal()
    alerts_wanted = Signal()
    more_wanted = Signal()

    def __init__(self, writes_alerts: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._avatar = Avatar("", 200, 64)
        self._name = Label("", "name", wrap=True)
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._facts = Label("", "body", "muted", numbers=True, wrap=True)
        self._chips = ChipFlow()
        self.tag = _add_chip(_("Tags"), "tag")
        self.alert = _add_chip(_("Alerts"), "shield-alert")
        self._chips.keep_last(*((self.alert, self.tag) if writes_alerts else (self.tag,)))
        self.tag.clicked.connect(self.tags_wanted)
        self.alert.clicked.connect(self.alerts_wanted)
        self._alerts = QVBoxLayout()
        self._alerts.setSpacing(4)
        self.edit = Button(_("Edit"), "secondary", "pencil", "E")
        self.book = Button(_("Book"), "primary", "calendar-plus", "A")
        self.more = icon_button("ellipsis", _("More"))
        self.more.clicked.connect(self.more_wanted)
        self.edit.clicked.connect(self.edit_wanted)
        self.book.clicked.connect(self.book_wanted)
        self._arrange()

    def show_profile(self, profile: Profile, now: dt.datetime, zone: dt.tzinfo) -> None:
        """Show this patient."""
        patient = profile.patient
        today = now.astimezone(zone).date()
        self._avatar.set_person(patient.name, patient_hue(patient.id))
        self._name.setText(breakable(patient.name))
        self._facts.setText(" · ".join(_facts(profile, today, zone)))
        self._chips.show_chips([*_chips(patient, today), *((one.name, f"hue:{one.hue}", "") for one in profile.tags)])
        self._show_long_alerts([alert for alert in patient.alerts if len(alert.text) > _LONGEST_CHIP])

    def _show_long_alerts(self, alerts: list[Alert]) -> None:
        while (item := self._alerts.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for alert in alerts:
            self._alerts.addWidget(Banner(ALERT_TONES[alert.severity], alert.text, icon=ALERT_ICONS[alert.severity]))

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        words.addSpacing(4)
        words.addWidget(self._chips)
        words.addLayout(self._alerts)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.more)
        buttons.addWidget(self.edit)
        buttons.addWidget(self.book)
        row.addLayout(buttons)
        row.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)


def _add_chip(words: str, icon: str) -> FilterChip:
    chip = FilterChip(words, icon=icon)
    chip.setCheckable(False)
    return chip


def _facts(profile: Profile, today: dt.date, zone: dt.tzinfo) -> list[str]:
    patient = profile.patient
    facts = []
    if patient.birth_date is not None:
        facts += [age_words(patient.birth_date, today), formats.numeric_date(patient.birth_date)]
    if profile.cpf_masked:
        facts.append(_("CPF {number}").format(number=profile.cpf_masked))
    if profile.partial:
        return facts
    since = formats.month_and_year(patient.created_at.astimezone(zone).date())
    facts.append(_("patient since {month}").format(month=since))
    return facts


def _chips(patient: Patient, today: dt.date) -> list[tuple[str, str, str]]:
    chips = [
        (alert.text, ALERT_TONES[alert.severity], ALERT_ICONS[alert.severity])
        for alert in patient.alerts
        if len(alert.text) <= _LONGEST_CHIP
    ]
    if patient.vip:
        chips.append((_("VIP"), "warn", "crown"))
    if patient.birth_date is not None and (patient.birth_date.month, patient.birth_date.day) in birthdays_on(today):
        chips.append((_("Birthday today"), "accent", "cake"))
    if is_minor(patient.birth_date, today):
        chips.append((_("Minor"), "info", ""))
    return chips
