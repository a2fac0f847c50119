"""The form as a card over the page: Esc puts it aside, and what was typed is there again when it comes back."""

from PySide6.QtWidgets import QWidget

from clinicdesk.desk.patients.form import WIDTH, PatientFormPanel
from clinicdesk.desk.widgets.popover import Popover

_MARGIN = 24


class FormPopover(Popover):
    """As high as the form needs and the window allows; a click beside it does not close it."""

    def __init__(self, owner: QWidget, panel: PatientFormPanel) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self.panel = panel
        self.set_content(panel)
        panel.close_wanted.connect(self.dismiss)

    def open_centred(self) -> None:
        room = self.owner.window().height() - 2 * _MARGIN
        self.panel.setFixedSize(WIDTH, min(self.panel.sizeHint().height(), room))
        super().open_centred()

    def focus_first(self) -> QWidget | None:
        return self.panel.first_field()
