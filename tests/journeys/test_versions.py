"""The clinic's database moves on while somebody is at work at a desk that does not."""

from pathlib import Path

import pytest

from clinicdesk.errors import SchemaNewer
from clinicdesk.storage import migrate
from clinicdesk.usecases.schema import UpgradeStep
from tests.journeys.hands import Hands
from tests.office import Office
from tests.storage.upgrading import revisions


def _bring(office: Office, folder: Path, *files: str) -> None:
    folder.mkdir()
    conninfo = office.cluster.admin_conninfo(office.database)
    migrate.bring_up(conninfo, lambda _found: None, folder=revisions(folder, *files))


def test_what_still_serves_disturbs_nobody(desk: Hands, office: Office, tmp_path: Path) -> None:
    _bring(office, tmp_path / "next", "20991001_0900_expand.py")
    desk.workspace.outgrown.look()
    desk.idle()
    assert desk.workspace.outgrown.dialog is None


def test_who_is_at_work_is_told_and_keeps_what_was_typed(desk: Hands, office: Office, tmp_path: Path) -> None:
    workspace = desk.workspace
    workspace.book()
    assert workspace.editor is not None
    workspace.editor.picker.box.setText("Conceição")
    _bring(office, tmp_path / "next", "20991001_0900_expand.py", "20991002_0900_contract.py")
    desk.until(lambda: workspace.outgrown.dialog is not None)
    dialog = workspace.outgrown.dialog
    assert dialog is not None and dialog.isVisible()
    assert "9.1.0" in dialog.accessibleDescription() and "9.2.0" in dialog.accessibleDescription()
    desk.click(dialog.safe)
    assert workspace.editor.isVisible() and workspace.editor.picker.box.text() == "Conceição"
    with pytest.raises(SchemaNewer), workspace.signed_in.clinic.transaction():
        pass
    workspace.outgrown.closing_wanted.emit()
    desk.until(lambda: desk.window.workspace is None)


def test_a_start_that_upgrades_says_so(hands: Hands) -> None:
    application, page = hands.application, hands.window.sign_in_page
    application.upgrading.emit(UpgradeStep("changing", 2, 3))
    hands.until(lambda: "2" in page._hint.text())
    assert "goes on at the next start" in page._hint.text() and not page.tiles.isVisible()
