"""The views of the agenda that a person kept: Alt and a figure bring one back, and a card lists them."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda.views_card import ViewsCard
from clinicdesk.desk.background import Background
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.domain.saved_views import SavedView, ViewSettings
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import saved_views
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _

Views = tuple[SavedView, ...]


class AgendaViews(QObject):
    """`wanted` carries the settings of a view that was asked for; `changed` says that the names are others now."""

    wanted = Signal(object)  # ViewSettings
    changed = Signal()
    missing = Signal(int)  # a key that keeps nothing
    failed = Signal(object)  # ClinicError

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        settings: Callable[[], ViewSettings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._background = background
        self._undo = undo
        self._settings = settings
        self._views: Views = ()
        self._card: ViewsCard | None = None

    @property
    def kept(self) -> Views:
        """The views as they were read last, by their keys."""
        return self._views

    @property
    def current_name(self) -> str:
        """The name of the view the agenda is looked at by now; empty when it is none of them."""
        settings = self._settings()
        return next((one.name for one in self._views if one.settings == settings), "")

    def read(self) -> None:
        """Read them again."""
        self._background.run(
            self, lambda: saved_views.views(self._clinic), self._came, self.failed.emit, replaces="views"
        )

    def show(self, position: int) -> None:
        """Look at the agenda by the view of a key."""
        found = next((one for one in self._views if one.position == position), None)
        if found is None:
            self.missing.emit(position)
        else:
            self.wanted.emit(found.settings)

    def open(self, page: QWidget, beside: QWidget) -> None:
        """Show the card that lists them."""
        card = self._card = ViewsCard(page, self._views, self._settings())
        card.chosen.connect(self.wanted)
        card.kept.connect(self._keep_new)
        card.renamed.connect(self._rename)
        card.replaced.connect(self._replace)
        card.dropped.connect(self._drop)
        card.closed.connect(self._forget)
        card.open_at(beside)

    # --- writing ---

    def _keep_new(self, name: str, position: int) -> None:
        view = SavedView(new_id(), position, name, self._settings())
        words = _("View “{name}” kept under Alt+{number}").format(name=name.strip(), number=position)
        self._write(lambda: saved_views.keep(self._clinic, view), words, self._views)

    def _rename(self, view: SavedView, name: str) -> None:
        words = _("View renamed to “{name}”").format(name=name.strip())
        self._write(lambda: saved_views.keep(self._clinic, replace(view, name=name)), words, self._views)

    def _replace(self, view: SavedView) -> None:
        now = replace(view, settings=self._settings())
        words = _("View “{name}” now shows what is on screen").format(name=view.name)
        self._write(lambda: saved_views.keep(self._clinic, now), words, self._views)

    def _drop(self, view: SavedView) -> None:
        words = _("View “{name}” deleted").format(name=view.name)
        self._write(lambda: saved_views.drop(self._clinic, view.id), words, self._views)

    def _write(self, work: Callable[[], Views], words: str, before: Views) -> None:
        def done(after: Views) -> None:
            self._came(after)
            self._undo.did(Deed(words, self._way_to(before, words)), "star")

        self._background.run(self, work, done, self._refused, lane="writes")

    def _way_to(self, wanted: Views, words: str) -> TakeBack:
        """What brings the views back to what they were."""

        def take_back(tell: Callable[[Deed], None]) -> None:
            before = self._views

            def done(after: Views) -> None:
                self._came(after)
                tell(Deed(words, self._way_to(before, words)))

            self._background.run(
                self, lambda: restored(self._clinic, before, wanted), done, self._refused, lane="writes"
            )

        return take_back

    # --- within ---

    def _came(self, views: Views) -> None:
        self._views = views
        if self._card is not None:
            self._card.show_views(views)
        self.changed.emit()

    def _refused(self, error: ClinicError) -> None:
        if self._card is not None:
            self._card.show_trouble(error)
        else:
            self.failed.emit(error)

    def _forget(self) -> None:
        self._card = None


def restored(clinic: Clinic, before: Views, wanted: Views) -> Views:
    """Make one's views what they were: those that came go, those that went or changed come back."""
    known = {one.id for one in wanted}
    found = before
    for one in before:
        if one.id not in known:
            found = saved_views.drop(clinic, one.id)
    for one in wanted:
        if one not in found:
            found = saved_views.keep(clinic, one)
    return found
