"""Services with their pictures, which are read for the one that is shown."""

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinicdesk.desk.preferences.doors import Doors
from clinicdesk.desk.preferences.pictures_panel import PicturesPanel
from clinicdesk.desk.preferences.section import Desk, FormSection
from clinicdesk.desk.preferences.services_kind import kind_of_services
from clinicdesk.domain.preferences import Kept


class ServiceSection(FormSection):
    """The catalogue's page."""

    def __init__(self, desk: Desk, title: str, doors: Doors) -> None:
        self.pictures: PicturesPanel | None = None
        self._pictured: UUID | None = None
        self._of = desk
        super().__init__(desk, title, kind_of_services(desk.clock.today, self._panel), doors)

    def shown_row(self, kept: Kept[Any]) -> None:
        service_id = kept.id if kept.version else None
        if self.pictures is not None and service_id != self._pictured:
            self._pictured = service_id
            self.pictures.show_service(service_id)

    def _panel(self) -> QWidget:
        self._pictured = None
        desk = self._of
        self.pictures = PicturesPanel(desk.clinic, desk.background, desk.undo, desk.can_write)
        return self.pictures
