"""What every painted thing without parts of its own answers in the accessibility tree."""

from typing import Any

from PySide6.QtGui import QAccessible, QAccessibleInterface


class LeafInterface(QAccessibleInterface):
    """It has no children and no further interfaces; what it is and says stays with the one who paints it."""

    def childCount(self) -> int:
        return 0

    def child(self, _index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def interface_cast(self, _kind: QAccessible.InterfaceType) -> Any:
        return None
