"""The team's first member: who is booked first, with their council and the days they work."""

from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.first_run.clinic_step import asked
from clinicdesk.desk.first_run.step import Step, beside, first_wrong
from clinicdesk.desk.preferences.kinds import COUNCILS
from clinicdesk.desk.preferences.picks import Picks
from clinicdesk.desk.preferences.week_bars import weekday_name
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.domain.clinics import STATES
from clinicdesk.domain.first_run import Answers, Attends, Days
from clinicdesk.domain.patients import clean_name
from clinicdesk.domain.preferences import ProfessionalForm, field_check
from clinicdesk.words import _


class TeamStep(Step):
    """Others are added in the settings; without anybody the agenda has no column yet."""

    def __init__(self) -> None:
        super().__init__(
            _("Who sees patients first?"),
            _("Each professional is a column of the agenda. Add the others afterwards, in the settings."),
        )
        self.who = Segmented(
            [
                (Attends.OWNER, _("The owner")),
                (Attends.SOMEBODY, _("Somebody else")),
                (Attends.LATER, _("Nobody yet")),
            ],
            _("Who sees patients first?"),
        )
        self.name = LineEdit(_("Dra. Helena Prado"))
        self.specialty = LineEdit(_("Dermatology"))
        self.council = Select([(one, one or "–") for one in COUNCILS])
        self.number = LineEdit(numbers=True)
        self.state = Select([(one, one) for one in STATES])
        self.weekdays = Picks(_("Works on"), [(day, weekday_name(day).split("-")[0]) for day in range(1, 8)])
        self._owner_name, self._name_typed, self._state_typed = "", "", ""
        self._clinic_days: Days = ((),) * 7
        check = field_check(ProfessionalForm, "council_number")
        self.fields = [
            Field(_("Name, with the title"), self.name, check=asked(lambda text: clean_name(text, "name"))),
            Field(_("Specialty"), self.specialty, optional=True),
            Field(_("Council"), self.council, optional=True),
            Field(_("Number"), self.number, optional=True, check=asked(check) if check else None),
            Field(_("State"), self.state),
        ]
        self.no_hours = Label("", "second", "warnText", wrap=True)
        self._arrange()
        self.who.chosen.connect(self._chose_who)
        self.name.textEdited.connect(self._typed_name)
        for line in (self.specialty, self.number):
            line.textEdited.connect(self._typed)
        self.council.activated.connect(self._typed)
        self.state.activated.connect(self._chose_state)
        self.weekdays.picked.connect(self._typed)

    def put(self, answers: Answers) -> None:
        self.who.set_current(answers.attends)
        self._owner_name = answers.owner_name
        self._name_typed = answers.professional_name
        self.specialty.setText(answers.specialty)
        self.council.set_value(answers.council)
        self.number.setText(answers.council_number)
        self._state_typed = answers.council_state
        self.state.set_value(answers.council_state or answers.state)
        self._clinic_days = answers.days
        open_days = tuple(day for day, spans in enumerate(answers.days, 1) if spans)
        self.weekdays.set_chosen(open_days if answers.weekdays is None else answers.weekdays)
        self._follow()

    def taken(self, answers: Answers) -> Answers:
        open_days = tuple(day for day, spans in enumerate(answers.days, 1) if spans)
        chosen = self.weekdays.chosen
        return replace(
            answers,
            attends=Attends(self.who.current),
            professional_name=self._name_typed,
            specialty=self.specialty.text(),
            council=str(self.council.value or ""),
            council_number=self.number.text(),
            council_state=self._state_typed,
            weekdays=None if chosen == open_days else chosen,
        )

    def check(self) -> bool:
        return first_wrong(self.fields)

    def help(self) -> str:
        return _(
            "The hours are those of the clinic on the days marked here; each professional's own are set in the "
            "settings, with breaks and days that differ."
        )

    def take_focus(self) -> None:
        self.who.focus_current()

    def _chose_who(self) -> None:
        self._follow()
        self.edited.emit()

    def _typed_name(self, text: str) -> None:
        owner = self.who.current == Attends.OWNER
        self._name_typed = "" if owner and text == self._owner_name else text
        self.edited.emit()

    def _chose_state(self) -> None:
        self._state_typed = str(self.state.value)
        self.edited.emit()

    def _typed(self) -> None:
        self._warn()
        self.edited.emit()

    def _follow(self) -> None:
        who = self.who.current
        self._form.setVisible(who != Attends.LATER)
        self.name.setText(self._name_typed or (self._owner_name if who == Attends.OWNER else ""))
        self._warn()

    def _warn(self) -> None:
        """A day that is worked while the clinic is closed gives no hour to book."""
        closed = [weekday_name(day) for day in self.weekdays.chosen if not self._clinic_days[day - 1]]
        self.no_hours.setText(_("The clinic is closed on {days}.").format(days=", ".join(closed)) if closed else "")
        self.no_hours.setVisible(bool(closed))

    def _arrange(self) -> None:
        name, specialty, council, number, state = self.fields
        self.column.addWidget(self.who)
        self.column.addSpacing(20)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(0)
        form.addLayout(beside((name, 3), (specialty, 2)))
        form.addLayout(beside((council, 2), (number, 2), (state, 1)))
        form.addWidget(Label(_("Works on"), "label", "muted"))
        form.addSpacing(6)
        form.addWidget(self.weekdays)
        form.addSpacing(6)
        form.addWidget(self.no_hours)
        self.column.addWidget(self._form)
        self.column.addStretch(1)
