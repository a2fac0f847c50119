"""The clinic stands: what another system has can be brought along before the first day is opened."""

from dataclasses import dataclass

from PySide6.QtCore import Signal

from clinicdesk.desk.background import Background
from clinicdesk.desk.first_run.import_row import ImportRow, Taker
from clinicdesk.desk.first_run.step import Step
from clinicdesk.desk.widgets.label import Label
from clinicdesk.words import _


@dataclass(frozen=True)
class Takers:
    """How files of another system are taken over; without a professional there is no agenda to fill."""

    patients: Taker
    agenda: Taker | None
    professional: str = ""


class DoneStep(Step):
    """Imports are offered and never needed; the button onward opens today's agenda."""

    settled = Signal()  # an import was done, or taken back

    def __init__(self, clinic: str, background: Background, takers: Takers) -> None:
        super().__init__(
            _("{clinic} is ready").format(clinic=clinic),
            _("Bring along what another system has, or open the agenda; both can be done later as well."),
        )
        self.patients = ImportRow(
            "users",
            _("Patients"),
            _("A CSV file from another system or a spreadsheet. Nothing is written before you have seen the summary."),
            _("Tables (*.csv *.txt);;All files (*)"),
            background,
            takers.patients,
        )
        self.rows: list[ImportRow] = [self.patients]
        if takers.agenda is not None:
            detail = _("An .ics file from Google, Outlook or Apple, for {name}, from today on.")
            self.agenda = ImportRow(
                "calendar-days",
                _("Agenda"),
                detail.format(name=takers.professional),
                _("Calendars (*.ics);;All files (*)"),
                background,
                takers.agenda,
            )
            self.rows.append(self.agenda)
        for row in self.rows:
            row.settled.connect(self.settled)
            self.column.addWidget(row)
            self.column.addSpacing(12)
        later = _("Later, on the command line: {command}").format(command="clinicdesk import patients ARQUIVO.csv")
        self.column.addWidget(Label(later, "second", "muted", wrap=True))
        self.column.addStretch(1)

    @property
    def next_word(self) -> str:
        return _("Open the agenda")

    def help(self) -> str:
        return _(
            "A first line with headings tells which column is what; one of them has to be the name. The file is read "
            "and shown as a summary first, and an import can be taken back as long as nobody has worked with it."
        )
