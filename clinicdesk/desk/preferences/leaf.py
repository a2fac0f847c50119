"""What every page of the settings answers, whatever it shows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.usecases.clinic import Change


class Leaf(QWidget):
    """`drafts_changed` tells whether something here is not saved; `place_wanted` asks for another page."""

    drafts_changed = Signal(bool)
    place_wanted = Signal(str)  # the key of another page

    begun = False  # whether it was read yet

    def refresh(self) -> None:
        """Read what is shown again; what is typed stays."""
        self.begun = True

    def apply_change(self, change: Change) -> None:
        """Something changed, here or at another desk; nothing to a page that shows none of the clinic's rows."""

    def save(self) -> None:
        """Keep what the form holds; nothing on a page that acts at once."""

    def begin_new(self) -> None:
        """A new one of what is listed; nothing on a page without a list."""

    def open_field(self, field: str) -> None:
        """Put the keyboard into a field."""

    @property
    def has_drafts(self) -> bool:
        """Whether something here is not saved."""
        return False
