"""A series that goes on: how many more, and every new day with its verdict before it is written."""

from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.agenda.occurrence_sheet import OccurrenceSheet
from clinicdesk.desk.agenda.occurrences import count_words
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_series import series_words
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.series import Rule
from clinicdesk.domain.series_booking import ExtendSeries
from clinicdesk.domain.series_edit import Plan
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import series
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.series import SeriesOnShow
from clinicdesk.words import _, ngettext

_MORE = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 50)


class GoOnPopover(OccurrenceSheet):
    """`decided` carries the ExtendSeries."""

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        background: Background,
        clock: DeskClock,
        catalogue: Catalogue | None,
        shown: SeriesOnShow,
    ) -> None:
        super().__init__(owner, clock, catalogue, _("Skip this day"))
        self._clinic, self._background, self._clock = clinic, background, clock
        self._shown = shown
        self.more = Select([(one, str(one)) for one in _MORE])
        self.sentence = Label("", "strong", wrap=True, numbers=True)
        self.count = Label("", "second", "muted", wrap=True)
        self.set_content(self.lay_out(owner, self._head(), 6, _("Close")), self.more)
        self.more.set_value(5)
        self.more.currentIndexChanged.connect(self._plan)
        self.list.changed.connect(self._tell)
        self.closed.connect(self.deleteLater)
        self._plan()

    @property
    def rule(self) -> Rule:
        """The rule with its later end."""
        one = self._shown.series
        more = self.more.value if isinstance(self.more.value, int) else 1
        return replace(one.rule, count=len(one.days) + more, until=None)

    def _plan(self) -> None:
        rule, one = self.rule, self._shown.series
        words = series_words(rule, one.starts, rule.days(one.first_day))
        self.sentence.setText(words[:1].upper() + words[1:])
        self._background.run(
            self,
            lambda: series.plan_extension(self._clinic, one.id, rule),
            self._planned,
            self._failed,
            replaces="extension",
        )

    def _planned(self, plan: Plan) -> None:
        self.list.show_plan(plan.planned)
        self._tell()

    def _failed(self, error: ClinicError) -> None:
        self.list.show_plan(())
        self.count.setText(sentence(error, self._clock.zone))

    def _tell(self) -> None:
        self.count.setText(count_words(self.list.planned, self.list.undecided))
        number = sum(place is not None for _one, place in self.list.decided())
        self.submit.setText(ngettext("Book {count} visit", "Book {count} visits", number).format(count=number))
        self.submit.setEnabled(bool(number) or bool(self.list.undecided))

    def decide(self) -> None:
        places = tuple((one.day, place) for one, place in self.list.decided() if place is not None)
        if self.list.undecided:
            self.list.focus_undecided()
        elif places:
            one = self._shown.series
            self.dismiss()
            self.decided.emit(ExtendSeries(new_id(), one.id, one.version, self.rule, places))

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(24, 0, 24, 4)
        head.setSpacing(8)
        head.addWidget(Label(_("Go on with the series"), "title", wrap=True))
        head.addWidget(Field(_("How many more"), self.more, reserve=False))
        head.addWidget(self.sentence)
        head.addWidget(self.count)
        return head
