"""The form that registers or edits a patient: nothing typed is lost, one save has one effect."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.form_draft import PatientTyped
from clinicdesk.desk.patients.form_fields import FormFields, Start, start_of, value_in
from clinicdesk.desk.patients.own_fields import own_words
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.consent_tick import ConsentTick
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.patient_picker import Search
from clinicdesk.desk.widgets.scrolled import scrolled
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.patients import Patient, PatientForm, PatientMatch, clean_phone, fold, show_phone
from clinicdesk.errors import ChangedElsewhere, ClinicError, InvalidField, InvalidForm, PatientAlreadyRegistered
from clinicdesk.usecases.clinic import new_id
from clinicdesk.words import _, pgettext

WIDTH = 680


@dataclass(frozen=True)
class Attempt:
    """One wish to save. The same operation tried again has one effect."""

    operation_id: UUID
    form: PatientForm
    seen: Patient | None  # None registers
    consented: str = ""  # the words somebody new said yes to


@dataclass(frozen=True)
class FormDoors:
    """What the form asks for; each answers later, on the UI thread."""

    save: Callable[[Attempt, Callable[[Patient], None], Callable[[ClinicError], None]], None]
    lookalikes: Callable[[PatientForm, Callable[[Sequence[PatientMatch]], None]], None]
    read: Callable[[UUID, Callable[[Patient, str], None]], None]  # done(patient, masked CPF)
    search: Search


class PatientFormPanel(QWidget):
    """`saved` carries the Patient, `use_wanted` the id of the record to use instead, `close_wanted` puts it aside."""

    saved = Signal(object)
    use_wanted = Signal(object)
    close_wanted = Signal()
    start_over_wanted = Signal()

    def __init__(
        self,
        doors: FormDoors,
        now: Callable[[], dt.datetime],
        zone: Callable[[], dt.tzinfo],
        patient: Patient | None = None,
        start: Start | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._doors = doors
        self._zone = zone
        self._seen = patient
        self._start = start or Start(PatientForm(""))
        self._operation_id = new_id()
        self._saving = False
        self.dirty = False
        self._same: PatientMatch | None = None
        self._on_notice: Callable[[], object] = lambda: None
        self._focused: QWidget | None = None
        self.fields = FormFields(doors.search, now, zone, self._start.own)
        self.fields.fill(self._start)
        self.consent = ConsentTick()
        if patient is not None:
            self.consent.hide()
        self.notice = Banner("info", "")
        self.advice = Banner("warn", "", _("Use this record"), icon="user-check")
        self.save_button = Button(
            _("Save changes") if patient else pgettext("button", "Register"), "primary", key="Ctrl Enter", size="key"
        )
        self._arrange()
        self._listen()

    @property
    def patient_id(self) -> UUID | None:
        """Who is edited; None while registering."""
        return self._seen.id if self._seen else None

    def first_field(self) -> QWidget:
        """Where typing begins: the first empty field of those one asks for."""
        form = self.fields.form()
        if self._seen is None and form.full_name and not form.phone:
            return self.fields.fields["phone"].editor
        return self.fields.fields["full_name"].editor

    def sizeHint(self) -> QSize:
        asked = self.consent.heightForWidth(WIDTH - 48) + 8 if self._seen is None else 0
        return QSize(WIDTH, self.fields.sizeHint().height() + asked + 64 + 73)

    def say_draft(self) -> None:
        """The form comes back with what was typed before it was put aside."""
        self._say("info", _("What you typed is still here"), _("Start over"), "", self.start_over_wanted.emit)

    def typed(self) -> PatientTyped:
        """What the form holds, to be kept as a draft: all of a new one, what was changed of another."""
        form, start = self.fields.form(), self._start
        names = [name for name in start.names() if self._seen is None or value_in(form, name) != start.value(name)]
        people = {"guardian_id": self.fields.guardian.patient, "referred_by": self.fields.referrer.patient}
        return PatientTyped(
            self._seen.id if self._seen else None,
            self._seen.version if self._seen else 0,
            form,
            tuple(names),
            people["guardian_id"],
            people["referred_by"],
            self.consent.words,
        )

    def take_up(self, typed: PatientTyped) -> None:
        """Put in what was kept; what stands in the other fields is as it was read now."""
        start = replace(self._start, form=typed.form, guardian=typed.guardian, referrer=typed.referrer)
        for name in set(typed.names) & set(start.names()):
            self.fields.put(name, start)
        self.consent.set_words(typed.consented)
        self.dirty = True

    def save(self) -> None:
        """Save once; what is wrong is said under the fields."""
        if self._saving or not self.fields.validate():
            return
        self._saving = True
        self.notice.hide()
        self.save_button.set_busy(True)
        self._focused = QApplication.focusWidget()
        self.fields.setEnabled(False)
        attempt = Attempt(self._operation_id, self._start.changed(self.fields.form()), self._seen, self.consent.words)
        self._doors.save(attempt, self._saved, self._failed)

    def notice_change(self, version: int | None) -> None:
        """Another desk saved this patient while the form is open."""
        if self._seen is not None and not self._saving and (version is None or version > self._seen.version):
            self._say_stale(_("Another desk changed this record"))

    def _saved(self, patient: Patient) -> None:
        self._settle()
        self.dirty = False
        self.saved.emit(patient)

    def _failed(self, error: ClinicError) -> None:
        self._settle()
        if isinstance(error, InvalidForm):
            self.fields.show_problems(error.problems)
        elif isinstance(error, InvalidField):
            self.fields.show_problems([error])
        elif isinstance(error, ChangedElsewhere):
            self._say_stale(self._who_changed(error))
        elif isinstance(error, PatientAlreadyRegistered):
            self.fields.fields["cpf"].set_error(_("This CPF is {name}'s").format(name=error.name))
            use = self.use_wanted
            self._say(
                "warn", sentence(error, self._zone()), _("Use this record"), "", lambda: use.emit(error.patient_id)
            )
        else:
            self._say(
                "warn", sentence(error, self._zone()), _("Try again"), _("What you typed is still here"), self.save
            )

    def _settle(self) -> None:
        self._saving = False
        self.save_button.set_busy(False)
        self.fields.setEnabled(True)
        if self._focused is not None and self.isAncestorOf(self._focused):
            self._focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _who_changed(self, error: ChangedElsewhere) -> str:
        if error.changed_at is None:
            return _("Another desk changed this record")
        at = formats.clock(error.changed_at, self._zone())
        if not error.changed_by:
            return _("Another desk changed this record at {time}").format(time=at)
        return _("{person} changed this record at {time}").format(person=error.changed_by, time=at)

    def _say_stale(self, words: str) -> None:
        self._say("info", words, _("See the change"), _("What you typed is still here"), self._compare)

    def _compare(self) -> None:
        if self._seen is not None:
            self._doors.read(self._seen.id, self._show_change)

    def _show_change(self, current: Patient, cpf_masked: str) -> None:
        """Take over what only the other desk changed, keep what was typed, and say both under the fields."""
        newer = start_of(current, cpf_masked, self._start.own)
        typed = self.fields.form()
        for name in newer.names():
            before, there = self._start.value(name), newer.value(name)
            if before == there:
                continue
            field = self.fields.fields.get(name)
            if value_in(typed, name) == before:
                self.fields.put(name, newer)
                if field is not None:
                    field.set_hint(_("Changed at the other desk"), "infoText", "circle-alert")
            elif field is not None:
                field.set_hint(_("Other desk: {value}").format(value=_shown(name, newer)), "infoText", "circle-alert")
        self._seen, self._start = current, newer
        self._operation_id = new_id()
        self._say("info", _("Compare the marked fields and save"), "", _("What you typed is still here"))

    def _changed(self) -> None:
        self.dirty = True
        self._operation_id = new_id()

    def _look_for_same(self, _name: str) -> None:
        self._doors.lookalikes(self.fields.form(), self._advise)

    def _advise(self, found: Sequence[PatientMatch]) -> None:
        form = self.fields.form()
        others = [one for one in found if one.id not in (self.patient_id, form.guardian_id)]
        self._same = others[0] if others else None
        self.advice.setVisible(self._same is not None)
        if self._same is not None:
            words, detail = _likeness(self._same, form)
            self.advice.say("warn", words, _("Use this record"), detail, "user-check")

    def _use(self) -> None:
        if self._same is not None:
            self.use_wanted.emit(self._same.id)

    def _say(
        self, tone: str, words: str, action: str = "", detail: str = "", acts: Callable[[], object] = lambda: None
    ) -> None:
        self._on_notice = acts
        self.notice.say(tone, words, action, detail)
        self.notice.show()

    def _listen(self) -> None:
        self.fields.changed.connect(self._changed)
        self.consent.changed.connect(self._changed)
        self.fields.left.connect(self._look_for_same)
        self.save_button.clicked.connect(self.save)
        self.notice.acted.connect(lambda: self._on_notice())
        self.advice.acted.connect(self._use)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.save)

    def _arrange(self) -> None:
        stand_on(self.fields, "surface")
        scroll = scrolled(self.fields)
        banners = QVBoxLayout()
        banners.setContentsMargins(24, 8, 24, 8)
        banners.setSpacing(8)
        for banner in (self.notice, self.advice):
            banner.hide()
            banners.addWidget(banner)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(scroll, 1)
        asked = QHBoxLayout()
        asked.setContentsMargins(24, 4, 24, 4)
        asked.addWidget(self.consent)
        column.addLayout(asked)
        column.addLayout(banners)
        column.addWidget(separator())
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 18, 14, 6)
        row.addWidget(Label(_("Edit record") if self._seen else _("New patient"), "title"))
        row.addStretch(1)
        close = icon_button("x", _("Close"), key="Esc")
        close.clicked.connect(self.close_wanted)
        row.addWidget(close)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(8)
        row.addStretch(1)
        cancel = Button(_("Cancel"), "quiet", key="Esc", size="key")
        cancel.clicked.connect(self.close_wanted)
        row.addWidget(cancel)
        row.addWidget(self.save_button)
        return row


def _likeness(same: PatientMatch, form: PatientForm) -> tuple[str, str]:
    """Why somebody may be the same person, and what tells whether they are."""
    born = formats.numeric_date(same.birth_date) if same.birth_date else ""
    known = " · ".join(part for part in (born, show_phone(same.phone)) if part)
    detail = " · ".join(part for part in (_("Same person? This avoids a second record"), known) if part)
    try:
        phone = clean_phone(form.phone)
    except InvalidField:
        phone = ""
    if phone and phone == same.phone:
        return _("This mobile is {name}'s").format(name=same.name), detail
    if fold(same.name) == fold(form.social_name or form.full_name):
        return _("There is a record of {name}").format(name=same.name), detail
    return _("{name} looks like the same person").format(name=same.name), detail


def _shown(name: str, start: Start) -> str:
    value = start.value(name)
    if name in ("guardian_id", "referred_by"):
        person = start.guardian if name == "guardian_id" else start.referrer
        return person.name if person else "–"
    if isinstance(value, bool | Decimal):
        return own_words(value)
    if isinstance(value, dt.date):
        return formats.numeric_date(value)
    return str(value) if value else "–"
