"""The print preview: every page is shown, saved as it is, and painted on paper."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.printing import PrintPreview


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    """Three blank A4 pages."""
    writer = PdfWriter()
    for _page in range(3):
        writer.add_blank_page(595, 842)
    path = tmp_path / "given.pdf"
    writer.write(path)
    return path.read_bytes()


@pytest.fixture
def preview(qtbot: QtBot, dress: Callable[..., None], pdf: bytes) -> Iterator[PrintPreview]:
    dress(reduced_motion=True)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.show()
    made = PrintPreview(window, pdf, "agenda.pdf")
    made.open_centred()
    yield made


def test_every_page_is_there_and_the_print_button_has_the_keyboard(preview: PrintPreview) -> None:
    assert preview.document.pageCount() == 3
    assert preview.focus_first() is preview.print_button
    assert preview.mapTo(preview.window(), QPoint(0, 0)).y() >= -64


def test_what_is_saved_is_what_was_shown(preview: PrintPreview, pdf: bytes, tmp_path: Path) -> None:
    assert preview.save(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == pdf
    assert not preview.isVisible()


def test_a_folder_that_does_not_let_it_is_said_and_the_preview_stays(preview: PrintPreview, tmp_path: Path) -> None:
    assert not preview.save(tmp_path / "missing" / "saved.pdf")
    assert "saved.pdf" in preview.trouble.accessibleName()
    assert preview.isVisible()


def test_a_printer_gets_every_page(preview: PrintPreview, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    preview.print_on(printer)
    assert len(PdfReader(tmp_path / "printed.pdf").pages) == 3


def test_escape_closes_it(preview: PrintPreview, qtbot: QtBot) -> None:
    qtbot.keyClick(preview.print_button, Qt.Key.Key_Escape)
    assert not preview.isVisible()
