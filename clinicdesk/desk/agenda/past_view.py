"""The painted agenda as it stood: nothing can be moved in it, and the change one looks at is marked."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.card import RADIUS
from clinicdesk.desk.agenda.layout import Box
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.picture import paint_ghost
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.desk.widgets import drawing
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.words import _

_RING = 3


class PastView(AgendaView):
    """A ring around each visit that just changed, and a dashed ghost where it was before."""

    def __init__(self, model: AgendaModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._marked: frozenset[UUID] = frozenset()
        self._ghosts: tuple[Appointment, ...] = ()
        self.set_read_only(True)
        self.setAccessibleName(_("Agenda as it was"))

    def mark(self, changed: Iterable[UUID], before: Sequence[Appointment], *, follow: bool) -> None:
        """Mark these visits; `before` is how they stood a moment earlier. `follow` brings one of them into sight."""
        self._marked = frozenset(changed)
        self._ghosts = tuple(one for one in before if self._gone(one))
        if follow:
            self._show_first()
        self.refresh()

    def _show_first(self) -> None:
        first = next(iter((*self._marked, *(ghost.id for ghost in self._ghosts))), None)
        self.arrange()
        box = None if first is None else self.scene.place_of(first) or self._ghost_box(first)
        if box is not None:
            self.ensure_shown(box)

    def paint_over(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self.grid_rect())
        for ghost in self._ghosts:
            box = self._ghost_box(ghost.id)
            if box is not None:
                paint_ghost(
                    painter, self.to_viewport(box), self.scene.hue(ghost), privacy.shown_name(ghost.patient_name)
                )
        for each in self._marked:
            place = self.scene.place_of(each)
            if place is not None:
                ring = self.to_viewport(place).adjusted(-_RING, -_RING, _RING, _RING)
                drawing.box(painter, ring, RADIUS + _RING, None, theme.current().color("accent"), 2)
        painter.restore()
        super().paint_over(painter)

    def _gone(self, before: Appointment) -> bool:
        """Whether a visit is not seen any more where it was."""
        if before.status is Status.CANCELLED:
            return False
        now = self.model.appointment(before.id)
        if now is None or now.status is Status.CANCELLED:
            return True
        return self.scene.settled_entry(now) != self.scene.settled_entry(before)

    def _ghost_box(self, appointment_id: UUID) -> Box | None:
        ghost = next((one for one in self._ghosts if one.id == appointment_id), None)
        if ghost is None:
            return None
        entry = self.scene.settled_entry(ghost)
        return self.scene.layout.card_box(entry.column_key, entry.starts_at, entry.ends_at)
