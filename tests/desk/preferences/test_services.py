"""Promotions and pictures of a service on its page."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.preferences.pictures_panel import PicturesPanel
from clinicdesk.desk.preferences.promotions_edit import PromotionsBound
from clinicdesk.desk.preferences.section import FormSection
from clinicdesk.desk.preferences.service_section import ServiceSection
from clinicdesk.domain.preferences import ServiceForm
from clinicdesk.errors import InvalidField, NotAllowed
from clinicdesk.usecases import preferences, service_images
from clinicdesk.usecases.clinic import new_id
from tests.desk.patients.conftest import type_text
from tests.desk.preferences.conftest import Open, reader
from tests.desk.preferences.test_page import editor, idle, toast
from tests.office import DAY, Office


def opened(settings: Open, office: Office, qtbot: QtBot) -> tuple[SettingsPage, PicturesPanel]:
    page = settings("services")
    section = page.section
    assert isinstance(section, ServiceSection)
    section.open_row(office.sample.services["visit"])
    idle(page, qtbot)
    assert section.pictures is not None
    return page, section.pictures


def drawn(folder: Path, name: str = "foto.png", side: int = 32) -> Path:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.cyan)
    assert image.save(str(folder / name))
    return folder / name


def test_promotions_are_typed_and_two_that_overlap_are_told(settings: Open, office: Office, qtbot: QtBot) -> None:
    page, _pictures = opened(settings, office, qtbot)
    bound = editor(page).bounds["promotions"]
    assert isinstance(bound, PromotionsBound)
    for name, first, last, amount in (
        ("Semana", "01/03/2035", "10/03/2035", "20"),
        ("Mês", "05/03/2035", "04/04/2035", "10"),
    ):
        qtbot.mouseClick(bound.edit.add_button, Qt.MouseButton.LeftButton)
        row = bound.edit.rows[-1]
        for line, words in ((row.name, name), (row.first_day, first), (row.last_day, last), (row.amount, amount)):
            line.setFocus()
            line.selectAll()
            type_text(line, words)
    assert "share days" in bound.edit.overlap.text() and bound.edit.overlap.isVisible()
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    kept = next(
        one.form for one in preferences.kept(reader(office), ServiceForm) if one.id == office.sample.services["visit"]
    )
    assert [(one.name, one.percent_off) for one in kept.promotions] == [("Semana", 20), ("Mês", 10)]
    assert kept.promotions[0].of(Decimal("250.00")) == Decimal("200.00")
    assert kept.promotions[1].holds_on(DAY + dt.timedelta(days=1))
    bound = editor(page).bounds["promotions"]
    assert isinstance(bound, PromotionsBound)
    line = bound.edit.rows[0].last_day
    line.setFocus()
    line.selectAll()
    type_text(line, "01/01/2035")
    page.save()
    assert bound.widget.error == "It has to be after the start"  # type: ignore[attr-defined]


def test_a_picture_is_added_and_taken_away_and_comes_back(
    settings: Open, office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    page, pictures = opened(settings, office, qtbot)
    pictures.take_file(drawn(tmp_path))
    qtbot.waitUntil(lambda: len(pictures.shown) == 1)
    assert toast(page) == "Picture added"
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: pictures.shown == [] and toast(page).startswith("Undone"))
    page.desk.undo.redo()
    qtbot.waitUntil(lambda: len(pictures.shown) == 1)
    (tmp_path / "nota.txt").write_text("olá", "utf-8")
    pictures.take_file(tmp_path / "nota.txt")
    qtbot.waitUntil(lambda: "PNG and JPEG" in pictures._problem.text())
    assert len(pictures.shown) == 1
    idle(page, qtbot)


def test_pictures_have_limits_and_are_for_managers(office: Office, tmp_path: Path, qapp: object) -> None:
    owner, service = reader(office), office.sample.services["visit"]
    image = drawn(tmp_path).read_bytes()
    for _number in range(service_images.MOST):
        service_images.add(owner, service, image, new_id())
    with pytest.raises(InvalidField) as caught:
        service_images.add(owner, service, image, new_id())
    assert caught.value.reason == "too_many_pictures"
    reception = office.desk("renata")
    [(first, kept), *_rest] = service_images.images(reception, service)
    assert kept == image
    with pytest.raises(NotAllowed):
        service_images.remove(reception, first, new_id())
    with pytest.raises(NotAllowed):
        service_images.add(reception, office.sample.services["laser"], image, new_id())


def test_a_category_with_services_leads_to_them(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("categories")
    section = page.section
    assert isinstance(section, FormSection)
    section.remove_current()
    qtbot.waitUntil(lambda: "1 service stands in this category" in editor(page).notice.accessibleName())
    qtbot.mouseClick(editor(page).notice.button, Qt.MouseButton.LeftButton)
    assert page.navigation.items["services"].isChecked()
    idle(page, qtbot)
    select = editor(page).bounds["category_id"].select  # type: ignore[attr-defined]
    page.section.open_row(office.sample.services["visit"])  # type: ignore[union-attr]
    select.setCurrentIndex(0)
    select.activated.emit(0)
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    page.open_place("categories")
    idle(page, qtbot)
    section.remove_current()
    qtbot.waitUntil(lambda: toast(page).endswith("removed"))
    assert section.kept == []
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: len(section.kept) == 1)
    idle(page, qtbot)
