"""How the agenda is looked at: view, columns, filters, grid and kept views, between the bar and the board."""

from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.bar import AgendaBar
from clinicdesk.desk.agenda.board import LIST, Board
from clinicdesk.desk.agenda.header import AgendaHeader
from clinicdesk.desk.agenda.loading import AgendaLoading
from clinicdesk.desk.agenda.pictures import AgendaPictures
from clinicdesk.desk.agenda.views import AgendaViews
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.saved_views import ColumnsBy, Mode, ViewSettings
from clinicdesk.words import _


class AgendaLook(QObject):
    """Takes each choice to the board, shows it in bar and header, and has what it needs read."""

    def __init__(
        self,
        board: Board,
        loading: AgendaLoading,
        pictures: AgendaPictures,
        header: AgendaHeader,
        bar: AgendaBar,
        views: AgendaViews,
        toasts: ToastArea,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._board = board
        self._loading = loading
        self._pictures = pictures
        self._header = header
        self._bar = bar
        self._views = views
        self._toasts = toasts
        self._page = page
        self._connect()

    def turn_to(self, mode: Mode) -> None:
        """Bring another view to the front; what it shows is still to be read."""
        self._board.mode = mode
        self._header.show_mode(mode)
        self._bar.show_mode(mode)
        self.show_settings()
        self._pictures.show_mode()

    def apply(self, settings: ViewSettings) -> None:
        """Look at the agenda like this."""
        before = self._board.settings
        self._board.apply(settings)
        if settings.whose != before.whose or settings.mode != before.mode:
            self._loading.forget()
        self.turn_to(self._board.mode)
        self.show_people()
        self._loading.load()

    def show_people(self) -> None:
        """Offer the professionals there are, those on show marked."""
        if self._board.catalogue is not None:
            self._bar.set_professionals(self._board.catalogue.professionals, self._board.shown)
        if self._board.professional_id:
            self._bar.set_professional(self._board.professional_id)

    def show_settings(self) -> None:
        """Tell the bar how the agenda is looked at now."""
        self._bar.show_settings(self._board.settings)
        self._name_view()

    def choose_professional(self, professional_id: UUID | None) -> None:
        """Show the week of another professional."""
        if professional_id is not None and professional_id != self._board.professional_id:
            self._board.professional_id = professional_id
            self._loading.forget()
            self._pictures.hours.select(None)
            self._loading.load()

    def open_views(self) -> None:
        """Show the kept views, to choose one or to keep what is on screen."""
        self._views.open(self._page, self._bar.views)

    def focus_find(self) -> bool:
        """Give the keyboard to what finds in this page; False where nothing does but the search of patients."""
        if self._board.mode is LIST:
            self._bar.words.setFocus()
            self._bar.words.selectAll()
        return self._board.mode is LIST

    # --- within ---

    def _filter(self, shown: tuple[UUID, ...]) -> None:
        self._board.shown = shown
        self.show_people()
        self._loading.load()

    def _group(self, grouping: str) -> None:
        self._board.columns_by = ColumnsBy(grouping)
        self.show_settings()
        self._loading.load()

    def _zoomed(self, pixels: int) -> None:
        self._board.pixels_per_hour = pixels
        self.show_settings()

    def _name_view(self) -> None:
        self._bar.show_view(self._views.current_name)

    def _no_view(self, position: int) -> None:
        words = _("Alt+{number} keeps no view yet. Keep what is on screen under Views.").format(number=position)
        self._toasts.show_toast(words, icon="star")

    def _veiled(self, hidden: bool) -> None:
        self._bar.show_names_hidden(hidden)
        words = _("Names are hidden") if hidden else _("Names are shown")
        self._toasts.show_toast(words, icon="eye-off" if hidden else "eye")

    def _connect(self) -> None:
        self._bar.filter_changed.connect(self._filter)
        self._bar.grouping_chosen.connect(self._group)
        self._bar.professional_chosen.connect(self.choose_professional)
        self._bar.options_changed.connect(self.apply)
        self._bar.words_typed.connect(self._pictures.narrow)
        self._bar.views_requested.connect(self.open_views)
        self._pictures.hours.zoomed.connect(self._zoomed)
        self._views.wanted.connect(self.apply)
        self._views.missing.connect(self._no_view)
        self._views.changed.connect(self._name_view)
        privacy.veil().changed.connect(self._veiled)
        self._bar.show_names_hidden(privacy.hides())
