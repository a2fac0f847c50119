"""The header of a page: title and own navigation at the left; search, bell and the primary button at the right."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import PillButton
from clinicdesk.desk.widgets.label import Label, plain_tip
from clinicdesk.desk.widgets.search_box import SearchTrigger
from clinicdesk.words import _

HEIGHT = 64


class Header(QWidget):
    """64 high with a line below. `search_requested`, `bell_clicked` and `alert_clicked` are the window’s to answer."""

    search_requested = Signal()
    bell_clicked = Signal()
    alert_clicked = Signal()

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.setProperty("kind", "header")
        self.setFixedHeight(HEIGHT + 1)
        self._titles = title, ""
        self._title = Label(title, "title")
        self._subtitle = Label(subtitle, "body", "muted")
        self._subtitle.setVisible(bool(subtitle))
        self.search = SearchTrigger(_("Search, go to, book…"), "Ctrl K")
        self.search.clicked.connect(self.search_requested)
        self.bell = icon_button("bell", _("Notices"))
        self.bell.clicked.connect(self.bell_clicked)
        self.alert = PillButton("", "warn", "triangle-alert")
        self.alert.clicked.connect(self.alert_clicked)
        self.alert.hide()
        self.primary: Button | None = None
        self._navigation = QHBoxLayout()
        self._navigation.setSpacing(4)
        self._arrange()

    def set_title(self, title: str, subtitle: str = "", short: str = "") -> None:
        """Name the page, with a quiet count or remark beside the name; `short` names it where room is scarce."""
        self._titles = title, short
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))
        self._fit_title()

    def show_alert(self, words: str, detail: str = "", tone: str = "warn") -> None:
        """Say quietly that somebody is needed; without words there is no alert."""
        self.alert.set_state(words, tone, "triangle-alert")
        self.alert.setAccessibleName(words)
        self.alert.setToolTip(plain_tip(detail or words))
        self.alert.setVisible(bool(words))
        self._fit_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title()

    def _fit_title(self) -> None:
        title, short = self._titles
        self._title.setText(title)
        self._title.setToolTip("")
        self.alert.setMaximumWidth(self.alert.sizeHint().width())
        if not self.alert.isHidden() and self._row.sizeHint().width() > self.width():
            self.alert.setMaximumWidth(self.alert.minimumSizeHint().width())  # before anything else gives way
        if short and self.isVisible() and self._row.minimumSize().width() > self.width():
            self._title.setText(short)
            self._title.setToolTip(plain_tip(title))

    def add_navigation(self, widget: QWidget, gap: int = 0) -> None:
        """Put a control of the page after the title; `gap` parts it from the one before."""
        if gap:
            self._navigation.addSpacing(gap)
        self._navigation.addWidget(widget)

    def set_primary(self, button: Button | None) -> None:
        """The one primary button of the page, at the far right; None when this person may do nothing here."""
        if self.primary is not None:
            self._row.removeWidget(self.primary)
            self.primary.deleteLater()
        self.primary = button
        if button is not None:
            self._row.addWidget(button)

    def _arrange(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 0, 24, 1)
        self._row.setSpacing(12)
        self._row.addWidget(self._title)
        self._row.addWidget(self._subtitle)
        self._row.addSpacing(8)
        self._row.addLayout(self._navigation)
        self._row.addStretch(1)
        self._row.addWidget(self.alert)
        self._row.addWidget(self.search)
        self._row.addWidget(self.bell)
