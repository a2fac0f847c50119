"""A line of a side panel: an icon and what it speaks of."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import narrow_label


class IconLine(QWidget):
    """The words wrap beside the icon."""

    def __init__(self, icon: str, words: str, numbers: bool = False) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel(icon))
        row.addWidget(narrow_label(words, "control", numbers=numbers), 1)
