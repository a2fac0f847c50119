"""The clinic: its name, its CNPJ, where it is, and when it is open."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout

from clinicdesk.desk.first_run.step import Step, beside, first_wrong
from clinicdesk.desk.preferences.week_bars import WeekBars
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.clinics import STATES, clean_cnpj
from clinicdesk.domain.first_run import ZONES, Answers, zone_of
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import clean_name
from clinicdesk.errors import InvalidField
from clinicdesk.words import _


def mask_cnpj(text: str) -> str:
    """`12.ABC.345/01DE-35` as far as it goes; what cannot be one stays as it was typed."""
    characters = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
    if len(characters) > 14 or len(characters) < sum(letter not in " ./-" for letter in text):
        return text
    shown = ".".join(part for part in (characters[:2], characters[2:5], characters[5:8]) if part)
    shown += f"/{characters[8:12]}" if len(characters) > 8 else ""
    return shown + (f"-{characters[12:]}" if len(characters) > 12 else "")


def asked(check: Callable[[str], object]) -> Callable[[str], str]:
    """A rule of the domain as a field asks it: what is wrong, in words."""

    def words(text: str) -> str:
        try:
            check(text)
        except InvalidField as problem:
            return field_problem(problem)
        return ""

    return words


class ClinicStep(Step):
    """The unit that everything is kept for; more of them are added in the settings."""

    def __init__(self) -> None:
        super().__init__(_("Your clinic"), _("As patients know it. Everything here can be changed in the settings."))
        self.name = LineEdit(_("Clínica Bem Viver"))
        self.cnpj = MaskedEdit(mask_cnpj, "00.000.000/0000-00")
        self.state = Select([(one, one) for one in STATES])
        self.city = LineEdit()
        self.zone = Select()
        self.week = WeekBars()
        self._zone_chosen = ""
        self.fields = [
            Field(_("Name of the clinic"), self.name, check=asked(lambda text: clean_name(text, "clinic"))),
            Field(_("CNPJ"), self.cnpj, optional=True, check=asked(clean_cnpj)),
            Field(_("City"), self.city, optional=True, check=asked(lambda text: clean_text(text, "city"))),
            Field(_("State"), self.state),
            Field(_("Time zone"), self.zone, hint=_("Guessed from the state")),
        ]
        self._arrange()
        for line in (self.name, self.cnpj, self.city):
            line.textEdited.connect(self._typed)
        self.state.activated.connect(self._typed)
        self.zone.activated.connect(self._chose_zone)
        self.week.edited.connect(self.edited)
        self._follow_place()

    def put(self, answers: Answers) -> None:
        self.name.setText(answers.clinic_name)
        self.cnpj.setText(answers.cnpj)
        self.city.setText(answers.city)
        self.state.set_value(answers.state)
        self._zone_chosen = answers.zone
        self.week.set_days(answers.days)
        self._follow_place()

    def taken(self, answers: Answers) -> Answers:
        return replace(
            answers,
            clinic_name=self.name.text(),
            cnpj=self.cnpj.text(),
            city=self.city.text(),
            state=str(self.state.value),
            zone=self._zone_chosen,
            days=self.week.days(),
        )

    def check(self) -> bool:
        return first_wrong(self.fields)

    def help(self) -> str:
        return _(
            "The CNPJ may be left empty; it stands on receipts. The state decides which holidays the agenda knows. "
            "Drag the bars of the week, or their ends; a break is the gap between two bars."
        )

    def take_focus(self) -> None:
        self.name.setFocus()

    def _typed(self) -> None:
        self._follow_place()
        self.edited.emit()

    def _chose_zone(self) -> None:
        wanted = str(self.zone.value)
        self._zone_chosen = "" if wanted == self._guess() else wanted
        self._follow_place()
        self.edited.emit()

    def _guess(self) -> str:
        return zone_of(str(self.state.value), self.city.text())

    def _follow_place(self) -> None:
        """The zone follows state and city until one is chosen by hand."""
        shown = self._zone_chosen or self._guess()
        self.zone.set_options([(one, _city_of(one)) for one in sorted({*ZONES, shown}, key=_city_of)])
        self.zone.set_value(shown)
        self.fields[4].set_hint("" if self._zone_chosen else _("Guessed from the state"))

    def _arrange(self) -> None:
        name, cnpj, city, state, zone = self.fields
        self.column.addLayout(beside((name, 3), (cnpj, 2)))
        self.column.addLayout(beside((city, 3), (state, 1), (zone, 2)))
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(20, 14, 20, 10)
        inside.setSpacing(8)
        inside.addWidget(Label(_("Opening hours"), "subsection"))
        inside.addWidget(self.week)
        self.column.addWidget(frame)
        self.column.addStretch(1)


def _city_of(zone: str) -> str:
    """A zone by the city it is named after, as people here write it."""
    return _CITIES.get(zone, zone.split("/")[-1].replace("_", " "))


_CITIES = {
    "America/Belem": "Belém",
    "America/Cuiaba": "Cuiabá",
    "America/Eirunepe": "Eirunepé",
    "America/Maceio": "Maceió",
    "America/Noronha": "Fernando de Noronha",
    "America/Santarem": "Santarém",
    "America/Sao_Paulo": "Brasília, São Paulo",
    "America/Araguaina": "Araguaína",
    "America/Bahia": "Salvador",
}
