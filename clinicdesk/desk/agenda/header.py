"""The agenda's header: from day to day, the views, printing, and the button that books."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda.board import DAY, LIST, MONTH, WEEK
from clinicdesk.desk.shortcuts import ANYWHERE, key_for
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.words import _


class AgendaHeader(Header):
    """`stepped` is -1 or +1; `mode_chosen` carries the view."""

    stepped = Signal(int)
    today_wanted = Signal()
    mode_chosen = Signal(str)
    print_wanted = Signal()
    book_wanted = Signal()
    arrival_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.bell.hide()
        previous = icon_button("chevron-left", _("Previous"), kind="secondary")
        previous.clicked.connect(lambda: self.stepped.emit(-1))
        today = Button(_("Today"), "secondary")
        today.clicked.connect(self.today_wanted)
        following = icon_button("chevron-right", _("Next"), kind="secondary")
        following.clicked.connect(lambda: self.stepped.emit(1))
        for button in (previous, today, following):
            self.add_navigation(button)
        self._modes = Segmented([(DAY, _("Day")), (WEEK, _("Week")), (MONTH, _("Month")), (LIST, _("List"))], _("View"))
        self._modes.chosen.connect(self.mode_chosen)
        self.add_navigation(self._modes, gap=8)
        printer = icon_button("printer", _("Print the day"), key="Ctrl P")
        printer.clicked.connect(self.print_wanted)
        self.add_navigation(printer, gap=4)
        self.arrival = icon_button("qr-code", _("Register an arrival by code"), key=key_for(ANYWHERE, "arrival"))
        self.arrival.clicked.connect(self.arrival_wanted)
        self.add_navigation(self.arrival)
        self.book = Button(_("Book"), "primary", icon="plus", key="N")
        self.book.clicked.connect(self.book_wanted)
        self.set_primary(self.book)

    def show_mode(self, mode: str) -> None:
        """Mark the view that is open, without telling anyone."""
        self._modes.set_current(mode)
