"""Holidays with one press that writes down the city's and the optional days."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from clinicdesk.desk.preferences.section import FormSection
from clinicdesk.desk.undo import Deed
from clinicdesk.desk.widgets.button import Button
from clinicdesk.domain.preferences import HolidayForm, Kept
from clinicdesk.usecases import hours
from clinicdesk.usecases.clinic import new_id
from clinicdesk.words import _, ngettext


class HolidaySection(FormSection):
    """The list of holidays, and below it what is offered in bulk."""

    def fill_foot(self, column: QVBoxLayout) -> None:
        if self.desk.can_write:
            button = Button(_("Add the city's and optional days"), "link", "calendar-plus")
            button.setToolTip(_("Carnival, Corpus Christi and the like, for three years"))
            button.clicked.connect(self.add_optional)
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(8)

    def add_optional(self) -> None:
        """Write down what is not there yet; one step takes it all back."""
        self._add(lambda made: self.desk.undo.did(self._added(made)) if made else self._say_none())

    def _add(self, done: Callable[[list[Kept[HolidayForm]]], object]) -> None:
        operation = new_id()

        def added(made: list[Kept[HolidayForm]]) -> None:
            self.refresh()
            done(made)

        self.desk.background.run(
            self, lambda: hours.add_optional(self.desk.clinic, operation), added, self._tell, lane="writes"
        )

    def _added(self, made: list[Kept[HolidayForm]]) -> Deed:
        count = len(made)
        words = ngettext("{count} holiday added", "{count} holidays added", count).format(count=count)

        def take_back(done: Callable[[Deed], None]) -> None:
            def gone(_nothing: None) -> None:
                self.refresh()
                done(Deed(words, lambda again: self._add(lambda more: again(self._added(more)))))

            self.desk.background.run(
                self, lambda: hours.remove_all(self.desk.clinic, made), gone, self._tell, lane="writes"
            )

        return Deed(words, take_back)

    def _say_none(self) -> None:
        self.desk.toasts.show_toast(_("They are all in the list already"), icon="calendar-check")
