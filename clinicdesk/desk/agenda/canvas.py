"""The scrolled picture of the agenda: takes values through setters, lays them out, paints what has changed."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda import picture, privacy
from clinicdesk.desk.agenda.card import CardPainter
from clinicdesk.desk.agenda.columns import ColumnSpec, FreeTime, Grouping, HeldStretch
from clinicdesk.desk.agenda.differences import Laid, differing
from clinicdesk.desk.agenda.feet import foot_height, foot_text, paint_foot
from clinicdesk.desk.agenda.heads import gutter_width, head_height, head_text, paint_head
from clinicdesk.desk.agenda.layout import FEW_COLUMNS, NARROW_WINDOW, Box, card_at
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.scene import Scene
from clinicdesk.desk.agenda.spoken import tooltip_lines
from clinicdesk.domain.hours import Closure
from clinicdesk.domain.saved_views import LOWEST_HOUR, TALLEST_HOUR, Sieve

_TOAST = 72  # kept free under what is shown: where a toast says what was done
_MARGIN = 24  # repainted around a card in hand: its shadow and ring
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class AgendaCanvas(QAbstractScrollArea):
    """Day or week as one painted surface, with heads and gutter pinned. Knows no gesture."""

    def __init__(self, model: AgendaModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.scene = Scene(ZoneInfo("UTC"), _EPOCH)
        self.accessible: object | None = None  # Qt keeps the interface it is given, but not its Python half
        self._density = theme.current().density
        self.scene.pixels_per_hour = float(self._density.pixels_per_hour)
        self._painter_of_cards = CardPainter()
        self._gutter, self._head, self._foot = gutter_width(), head_height(), 0
        self._covered = 0  # pixels at the right that something lies over
        self._hint: Callable[[Hashable, dt.datetime], list[str]] | None = None
        self._stale = True
        self._still: QPixmap | None = None  # the grid without what is in hand, while something is
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._laid: Laid | None = None
        self._laying = QTimer(self, singleShot=True, interval=0)
        self._laying.timeout.connect(self._lay_if_seen)
        for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.dataChanged, model.modelReset):
            signal.connect(self._visits_changed)
        theme.switch().changed.connect(self._dressed)
        privacy.veil().changed.connect(self._veiled)

    # --- values from outside ---

    def set_zone(self, zone: ZoneInfo) -> None:
        """The clinic's zone: what its wall clock shows."""
        self.scene.zone = zone
        self.model.set_zone(zone)
        self._painter_of_cards.forget()
        self.values_changed()

    def set_now(self, now: dt.datetime) -> None:
        """The present, once a minute: moves the red line and the minutes waited."""
        before, self.scene.now = self.scene.now, now
        if before.replace(second=0, microsecond=0) != now.replace(second=0, microsecond=0):
            self.refresh()

    def show_day(self, grouping: Grouping = Grouping.PROFESSIONAL) -> None:
        """Columns are professionals (or rooms) of one day; cards wear the professional's colour."""
        self._group(grouping)

    def show_week(self) -> None:
        """Columns are the days of one professional; cards wear the category's colour."""
        self._group(Grouping.DAY)

    def _group(self, grouping: Grouping) -> None:
        if grouping is not self.scene.grouping:
            self.scene.grouping = grouping
            self.values_changed()

    def set_columns(self, specs: Iterable[ColumnSpec]) -> None:
        """The columns from left to right; they stand on feet when their use is known."""
        found = tuple(specs)
        foot = foot_height() if any(spec.use for spec in found) else 0
        before, self.scene.specs = self.scene.specs, found
        if foot != self._foot or [_place(spec) for spec in before] != [_place(spec) for spec in found]:
            self._foot = foot
            self.values_changed()
            return
        for number, (old, new) in enumerate(zip(before, found, strict=True)):
            if old != new:
                self._update_head_and_foot(number)

    def set_hours(self, first_hour: int, last_hour: int) -> None:
        """The hours to show at least; a visit outside them widens the picture by itself."""
        if (first_hour, last_hour) != (self.scene.first_hour, self.scene.last_hour):
            self.scene.first_hour, self.scene.last_hour = first_hour, last_hour
            self.values_changed()

    def set_closures(self, closures: Mapping[Hashable, Sequence[Closure]]) -> None:
        """Closed time by column key."""
        found = dict(closures)
        if found != self.scene.closures:
            self.scene.closures = found
            self.refresh()

    def set_free(self, free: Iterable[FreeTime]) -> None:
        """Times on offer, drawn dashed; none ends the offer."""
        self.scene.free = tuple(free)
        self.refresh()

    def set_pinned(self, ids: frozenset[UUID]) -> None:
        """Which visits lie on the person's pinboard."""
        if ids != self.scene.pinned:
            self.scene.pinned = ids
            self.refresh()

    def set_held(self, held: Iterable[HeldStretch]) -> None:
        """What somebody holds while they talk."""
        found = tuple(held)
        if found != self.scene.held:
            self.scene.held = found
            self.refresh()

    def set_hint(self, hint: Callable[[Hashable, dt.datetime], list[str]]) -> None:
        """What is said of an empty place that somebody points at: may it be booked, and if not, why."""
        self._hint = hint

    def set_professional_hues(self, hues: Mapping[UUID, int]) -> None:
        """Colours of the professionals, for columns that are rooms."""
        self.scene.hues = dict(hues)
        self.refresh()

    def set_sieve(self, sieve: Sieve) -> None:
        """Which visits are drawn; at first all but the cancelled ones."""
        if sieve != self.scene.sieve:
            self.scene.sieve = sieve
            self.values_changed()

    def set_grid(self, minutes: int) -> None:
        """The step of the lines, and of what snaps to them; zero for lines each half hour and snapping finer."""
        if minutes != self.scene.grid_minutes:
            self.scene.grid_minutes = minutes
            self.refresh()

    def set_pixels_per_hour(self, pixels: float) -> None:
        """The height of an hour, within what can be read."""
        wanted = float(min(max(pixels, LOWEST_HOUR), TALLEST_HOUR))
        if wanted != self.scene.pixels_per_hour:
            self.scene.pixels_per_hour = wanted
            self.values_changed()

    def set_covered(self, pixels: int) -> None:
        """Something lies over so much of the right: everything can be scrolled out from under it."""
        self._covered = pixels
        self.values_changed()
        self.arrange()
        chosen = self.scene.place_of_selected()
        if chosen is not None:
            self.ensure_shown(chosen)

    # --- places ---

    def arrange(self) -> None:
        """Lay out now what has changed; whoever asks for places calls it first."""
        if not self._stale:
            return
        self._stale = False
        size = self.viewport().size()
        narrow = self.window().width() < NARROW_WINDOW
        self.scene.arrange(
            self.model.appointments(),
            max(size.width() - self._gutter, 1),
            max(size.height() - self._head - self._foot, 1),
            FEW_COLUMNS if narrow else 0,
        )
        self._set_bars(size)
        before, self._laid = (
            self._laid,
            Laid(self.scene.layout, self.scene.shown, self.scene.cards, self.scene.placing.more),
        )
        differences = None if before is None else differing(before, self._laid)
        if differences is None:
            self.refresh()
            return
        for box in differences:
            self._still = None
            self.update_box(box)

    def values_changed(self) -> None:
        """Something that is laid out has changed: lay out before the next paint."""
        self._stale = True
        self.refresh()

    def refresh(self) -> None:
        """Paint everything anew, in the places it has."""
        self._still = None
        self.viewport().update()

    def offset(self) -> QPointF:
        """Where the content's origin stands in the viewport."""
        return QPointF(self._gutter - self.horizontalScrollBar().value(), self._head - self.verticalScrollBar().value())

    def to_content(self, point: QPointF) -> QPointF:
        """A point of the viewport in content coordinates."""
        return point - self.offset()

    def to_viewport(self, box: Box) -> QRectF:
        """A content box where it is in the viewport."""
        return picture.rect(box).translated(self.offset())

    def grid_rect(self) -> QRect:
        """The part of the viewport that scrolls."""
        return self.viewport().rect().adjusted(self._gutter, self._head, 0, -self._foot)

    def card_rect(self, appointment_id: UUID) -> QRect | None:
        """Where a visit is in the viewport: its card, or the “+2” it hides behind; None when it is not shown."""
        self.arrange()
        box = self.scene.place_of(appointment_id)
        return None if box is None else self.to_viewport(box).toAlignedRect()

    def scroll_to(self, moment: dt.datetime) -> None:
        """Bring a moment of the first column's day to a third of the height."""
        self.arrange()
        if self.scene.specs:
            y = self.scene.layout.scale.y(self.scene.specs[0].day, moment)
            self.verticalScrollBar().setValue(round(y - self.grid_rect().height() / 3))

    def ensure_shown(self, box: Box) -> None:
        """Scroll as little as shows the whole box."""
        grid = QRectF(self.grid_rect()).adjusted(0, 0, -self._covered, 0)
        seen = self.to_viewport(box)
        below = _TOAST if box.height + _TOAST < grid.height() else 8
        for bar, low, high in (
            (self.verticalScrollBar(), seen.top() - grid.top() - 8, seen.bottom() - grid.bottom() + below),
            (self.horizontalScrollBar(), seen.left() - grid.left() - 4, seen.right() - grid.right() + 6),
        ):
            if low < 0:
                bar.setValue(bar.value() + round(low))
            elif high > 0:
                bar.setValue(bar.value() + round(high))

    def update_box(self, box: Box) -> None:
        """Repaint a content box with what surrounds it, and the gutter beside it."""
        area = self.to_viewport(box).toAlignedRect().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        self.viewport().update(area)
        self.viewport().update(QRect(0, area.top() - _MARGIN, self._gutter, area.height() + 2 * _MARGIN))

    def sizeHint(self) -> QSize:
        return QSize(900, 700)

    # --- events ---

    def paintEvent(self, event: QPaintEvent) -> None:
        self.arrange()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ratio = self.viewport().devicePixelRatioF()
        region, width, height = event.region(), self.viewport().width(), self.viewport().height()
        self._paint_grid(painter, QRectF(region.intersected(self.grid_rect()).boundingRect()), ratio)
        if region.intersects(QRect(0, self._head, self._gutter, height - self._head)):
            self._paint_gutter(painter)
        if region.intersects(QRect(0, 0, width, self._head)):
            self._paint_heads(painter, region)
        if self._foot and region.intersects(QRect(0, height - self._foot, width, self._foot)):
            self._paint_feet(painter, region)
        self.paint_over(painter)
        painter.end()

    def paint_over(self, painter: QPainter) -> None:
        """What stands above everything, in viewport coordinates; nothing here."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stale = True
        self._still = None
        self.arrange()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.refresh()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tooltip(event)
            return True
        return super().viewportEvent(event)

    # --- within ---

    def _visits_changed(self) -> None:
        """Visits came, went or are others: laid out soon, and painted where that shows."""
        self._stale = True
        self._laying.start()

    def _lay_if_seen(self) -> None:
        if self.isVisible():
            self.arrange()

    def _update_head_and_foot(self, number: int) -> None:
        box = self.scene.layout.column_box(number) if number < len(self.scene.layout.columns) else None
        if box is None:
            self.refresh()
            return
        left, right = round(box.x + self.offset().x()) - 1, round(box.width) + 2
        self.viewport().update(QRect(left, 0, right, self._head))
        self.viewport().update(QRect(left, self.viewport().height() - self._foot, right, self._foot))

    def _paint_grid(self, painter: QPainter, dirty: QRectF, ratio: float) -> None:
        grid = QRectF(self.grid_rect())
        seen = dirty & grid
        if seen.isEmpty():
            return
        painter.save()
        painter.setClipRect(seen)
        offset = self.offset()
        painter.translate(offset)
        area = seen.translated(-offset)
        if self.scene.lift is None and self.scene.stroke is None:
            self._still = None
            self._paint_rest(painter, area, ratio)
        else:
            whole = grid.translated(-offset)
            painter.drawPixmap(whole.topLeft(), self._still_grid(whole, ratio))
            picture.paint_conflicts(painter, self.scene, self._painter_of_cards)
            picture.paint_hand(painter, self.scene, self._painter_of_cards)
        painter.restore()

    def _paint_rest(self, painter: QPainter, area: QRectF, ratio: float) -> None:
        """What does not follow the hand; `area` in content coordinates."""
        picture.paint_ground(painter, self.scene, area, ratio)
        picture.paint_now_line(painter, self.scene, ratio)
        picture.paint_cards(painter, self.scene, self._painter_of_cards, area)

    def _still_grid(self, whole: QRectF, ratio: float) -> QPixmap:
        """The grid as a picture, so that a frame of a drag paints one card and not all of them."""
        if self._still is None:
            self._still = QPixmap((whole.size() * ratio).toSize())
            self._still.setDevicePixelRatio(ratio)
            painter = QPainter(self._still)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-whole.topLeft())
            self._paint_rest(painter, whole, ratio)
            painter.end()
        return self._still

    def _paint_gutter(self, painter: QPainter) -> None:
        area = QRectF(0, self._head, self._gutter, self.viewport().height() - self._head - self._foot)
        painter.save()
        painter.setClipRect(area)
        y = self.offset().y()
        picture.paint_gutter(painter, self.scene, area, y)
        picture.paint_gutter_pills(painter, self.scene, area, y)
        painter.restore()

    def _paint_heads(self, painter: QPainter, region: QRegion) -> None:
        now = theme.current()
        width = self.viewport().width()
        painter.fillRect(QRectF(0, 0, width, self._head), now.color("surface"))
        painter.save()
        painter.setClipRect(QRectF(self._gutter, 0, width - self._gutter, self._head))
        for number, spec in enumerate(self.scene.specs):
            box = self.scene.layout.column_box(number)
            head = QRectF(box.x + self.offset().x(), 0, box.width, self._head)
            if head.right() > self._gutter and head.left() < width and region.intersects(head.toAlignedRect()):
                paint_head(painter, spec, head, today=self.scene.is_today(spec))
        painter.restore()
        painter.setPen(QPen(now.color("line"), 1))
        painter.drawLine(QPointF(0, self._head - 0.5), QPointF(width, self._head - 0.5))

    def _paint_feet(self, painter: QPainter, region: QRegion) -> None:
        now = theme.current()
        width, top = self.viewport().width(), self.viewport().height() - self._foot
        painter.fillRect(QRectF(0, top, width, self._foot), now.color("surface"))
        painter.setPen(QPen(now.color("line"), 1))
        painter.drawLine(QPointF(0, top - 0.5), QPointF(width, top - 0.5))
        painter.save()
        painter.setClipRect(QRectF(self._gutter, top, width - self._gutter, self._foot))
        for number, spec in enumerate(self.scene.specs):
            box = self.scene.layout.column_box(number)
            foot = QRectF(box.x + self.offset().x(), top, box.width, self._foot)
            if foot.right() > self._gutter and foot.left() < width and region.intersects(foot.toAlignedRect()):
                paint_foot(painter, spec, foot)
        painter.restore()

    def _set_bars(self, size: QSize) -> None:
        grid = size - QSize(self._gutter, self._head + self._foot)
        layout = self.scene.layout
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(round(layout.scale.height) - grid.height(), 0))
        vertical.setPageStep(max(grid.height(), 1))
        vertical.setSingleStep(20)
        horizontal.setRange(0, max(round(layout.content_width) - grid.width(), 0) + self._covered)
        horizontal.setPageStep(max(grid.width(), 1))
        horizontal.setSingleStep(max(round(layout.column_width), 1))

    def _show_tooltip(self, event: QHelpEvent) -> None:
        lines, area = self._tooltip_at(event.pos())
        if not lines:
            QToolTip.hideText()
            return
        first, *rest = (escape(line) for line in lines)
        text = f"<b>{first}</b>" + "".join(f"<br>{line}" for line in rest)
        QToolTip.showText(event.globalPos(), text, self.viewport(), area)

    def _tooltip_at(self, point: QPoint) -> tuple[list[str], QRect]:
        if not self._head <= point.y() < self.viewport().height() - self._foot:
            return self._edge_tooltip(point), QRect()
        content = self.to_content(QPointF(point))
        found = card_at(self.scene.placing.cards, content.x(), content.y())
        if self.scene.lift is not None or point.x() < self._gutter:
            return [], QRect()
        if found is None:
            return self._hint_at(content), QRect(point, QSize(24, 12))
        appointment = self.scene.shown[found[0].id]
        return tooltip_lines(appointment, self.scene.zone), self.to_viewport(found[0].box).toAlignedRect()

    def _hint_at(self, content: QPointF) -> list[str]:
        place = self.scene.layout.slot_at(content.x(), content.y())
        return self._hint(*place) if self._hint is not None and place is not None else []

    def _edge_tooltip(self, point: QPoint) -> list[str]:
        """What a head or a foot says in full."""
        number = self.scene.layout.column_at(self.to_content(QPointF(point)).x())
        if number is None or point.x() < self._gutter:
            return []
        spec = self.scene.specs[number]
        if point.y() < self._head:
            return [head_text(spec)]
        return [spec.title, foot_text(spec.use)] if spec.use else []

    def _veiled(self, _drawn: bool) -> None:
        self.values_changed()

    def _dressed(self, now: theme.Theme) -> None:
        self._painter_of_cards.forget()
        self._gutter, self._head = gutter_width(), head_height()
        self._foot = foot_height() if self._foot else 0
        if now.density != self._density:  # what was zoomed by hand stays through a mere change of colours
            self._density = now.density
            self.set_pixels_per_hour(float(now.density.pixels_per_hour))
        self.values_changed()


def _place(spec: ColumnSpec) -> tuple[object, ...]:
    """What of a column the cards in it go by."""
    return spec.column, spec.hue
