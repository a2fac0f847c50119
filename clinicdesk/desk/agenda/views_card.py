"""The card of kept views: one row for each key, and a line to keep what is on screen under a name."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.saved_views import LONGEST_NAME, SavedView, ViewSettings, free_position
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.words import _

_WIDTH = 360


class ViewsCard(Popover):
    """`chosen` carries settings to look by; the others what is to be written."""

    chosen = Signal(object)  # ViewSettings
    kept = Signal(str, int)  # name, position
    renamed = Signal(object, str)  # SavedView, name
    replaced = Signal(object)  # SavedView: what is on screen takes its place
    dropped = Signal(object)  # SavedView

    def __init__(self, owner: QWidget, views: Sequence[SavedView], settings: ViewSettings) -> None:
        super().__init__(owner)
        self._settings = settings
        self._views: tuple[SavedView, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self.name = LineEdit(_("Name of the view"))
        self.name.setMaxLength(LONGEST_NAME)
        self.field = Field(_("Keep what is on screen"), self.name, reserve=False)
        self.save = Button(_("Keep the view"), "primary")
        self.save.clicked.connect(self._keep)
        self.name.returnPressed.connect(self._keep)
        self._full = Label(
            _("All eight keys keep a view. Delete one, or put what is on screen in its place."),
            "second",
            "muted",
            wrap=True,
        )
        self.set_content(self._body())
        self.closed.connect(self.deleteLater)
        self.show_views(views)

    def show_views(self, views: Sequence[SavedView]) -> None:
        """List these."""
        if len(views) > len(self._views):
            self.name.clear()
        self._views = tuple(views)
        while (item := self._rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for view in views:
            self._rows.addWidget(self._row(view))
        if not views:
            empty = Label(_("No view is kept yet. Choose columns and filters, then keep them here."), "second", "muted")
            empty.setWordWrap(True)
            self._rows.addWidget(empty)
        position = free_position(self._views)
        self._full.setVisible(position is None)
        self.field.setVisible(position is not None)
        self.save.setVisible(position is not None)
        self.save.set_key(f"Alt {position}" if position else "")
        self.field.set_error("")
        self.adjustSize()

    def show_trouble(self, error: ClinicError) -> None:
        """Say why nothing was written; what was typed stays."""
        self.field.set_error(field_problem(error) if isinstance(error, InvalidField) else sentence(error))

    # --- within ---

    def _row(self, view: SavedView) -> "_ViewRow":
        row = _ViewRow(view, shown=view.settings == self._settings)
        row.chosen.connect(lambda: self._choose(view))
        row.renamed.connect(lambda name: self.renamed.emit(view, name))
        row.replaced.connect(lambda: self.replaced.emit(view))
        row.dropped.connect(lambda: self.dropped.emit(view))
        return row

    def _choose(self, view: SavedView) -> None:
        self.dismiss()
        self.chosen.emit(view.settings)

    def _keep(self) -> None:
        position = free_position(self._views)
        if position is None:
            return
        if not self.name.text().strip():
            self.field.set_error(field_problem(InvalidField("name", "missing")))
            self.name.setFocus()
            return
        self.kept.emit(self.name.text(), position)

    def _body(self) -> QWidget:
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Label(_("Kept views"), "subsection"))
        column.addLayout(self._rows)
        column.addWidget(separator())
        column.addWidget(self._full)
        column.addWidget(self.field)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.save)
        column.addLayout(foot)
        return body


class _ViewRow(QWidget):
    """Key, name, and what can be done: look by it, rename it, take what is on screen, delete it."""

    chosen = Signal()
    renamed = Signal(str)
    replaced = Signal()
    dropped = Signal()

    def __init__(self, view: SavedView, *, shown: bool) -> None:
        super().__init__()
        self._view = view
        self.open = Button(view.name, "soft" if shown else "flat", size="dense")
        self.open.setAccessibleDescription(_("Alt and {number} shows this view").format(number=view.position))
        self.open.clicked.connect(self.chosen)
        self.edit = LineEdit()
        self.edit.setMaxLength(LONGEST_NAME)
        self.edit.setAccessibleName(_("New name of “{name}”").format(name=view.name))
        self.edit.hide()
        self.edit.returnPressed.connect(self._rename)
        self.edit.editingFinished.connect(self._stop)
        self.rename = icon_button("pencil", _("Rename “{name}”").format(name=view.name), size="dense")
        self.take = icon_button(
            "save", _("Put what is on screen in place of “{name}”").format(name=view.name), size="dense"
        )
        self.drop = icon_button("trash-2", _("Delete “{name}”").format(name=view.name), size="dense")
        self.rename.clicked.connect(self._begin)
        self.take.clicked.connect(self.replaced)
        self.take.setVisible(not shown)
        self.drop.clicked.connect(self.dropped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(KeyCap(f"Alt {view.position}"))
        row.addWidget(self.open)
        row.addWidget(self.edit, 1)
        row.addStretch(0)
        for button in (self.rename, self.take, self.drop):
            row.addWidget(button)

    def _begin(self) -> None:
        self.open.hide()
        self.edit.setText(self._view.name)
        self.edit.show()
        self.edit.setFocus()
        self.edit.selectAll()

    def _rename(self) -> None:
        name = self.edit.text()
        if name.strip() and name.strip() != self._view.name:
            self.renamed.emit(name)

    def _stop(self) -> None:
        self.edit.hide()
        self.open.show()
