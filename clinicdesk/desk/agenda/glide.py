"""A card on its way back by itself: 200 ms, slowing down, or at once where motion is reduced."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.lift import Deed, Lift

MILLISECONDS = 200


class Glide(QObject):
    """Shows frame after frame of a lifted card by the callable it is given, and None at the end."""

    def __init__(self, show: Callable[[Lift | None], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._frame: Lift | None = None
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._step)
        self._animation.finished.connect(self._arrive)

    def home(self, lift: Lift) -> None:
        """Carry the card from where it is drawn to its origin."""
        self.stop()
        self._frame = replace(lift, deed=Deed.GLIDE, error=None)
        duration = theme.current().motion(MILLISECONDS)
        if duration == 0:
            self._arrive()
            return
        self._animation.setDuration(duration)
        self._animation.setStartValue(QPointF(lift.box.x, lift.box.y))
        self._animation.setEndValue(QPointF(lift.origin.x, lift.origin.y))
        self._animation.start()

    def stop(self) -> None:
        """Stay where the frame before left it."""
        self._frame = None
        self._animation.stop()

    def _step(self, corner: QPointF) -> None:
        if self._frame is not None:
            origin = self._frame.origin
            box = replace(self._frame.box, x=corner.x(), y=corner.y(), width=origin.width, height=origin.height)
            self._show(replace(self._frame, box=box))

    def _arrive(self) -> None:
        if self._frame is not None:
            self._frame = None
            self._show(None)
