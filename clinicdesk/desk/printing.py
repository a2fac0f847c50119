"""Paper before paper: a preview of a PDF, saved as a file or sent to a printer."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.words import _, ngettext

_PRINT_DPI = 300


class PrintPreview(Popover):
    """Shows the pages of `pdf`; `file_name` is proposed when it is saved."""

    def __init__(self, owner: QWidget, pdf: bytes, file_name: str) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._pdf = pdf
        self._file_name = file_name
        # The document reads from the buffer as it needs pages, so both live as long as the preview.
        self._bytes = QBuffer(self)
        self._bytes.setData(QByteArray(pdf))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document = QPdfDocument(self)
        self.document.load(self._bytes)
        self.pages = QPdfView(self)
        self.pages.setPageMode(QPdfView.PageMode.MultiPage)
        self.pages.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.pages.setDocument(self.document)
        self.trouble = Banner("danger", "")
        self.trouble.hide()
        self.print_button = Button(_("Print"), "primary", icon="printer")
        self.save_button = Button(_("Save as PDF"), "secondary", icon="download")
        self.set_content(self._body(owner), self.print_button)
        self.print_button.clicked.connect(self._print)
        self.save_button.clicked.connect(self._ask_file)
        self.closed.connect(self.deleteLater)

    def save(self, path: Path) -> bool:
        """Write the PDF; False, and words on screen, when the folder does not let it."""
        try:
            path.write_bytes(self._pdf)
        except OSError as error:
            self.trouble.say(
                "danger",
                _("{file} could not be written: {reason}. Choose another folder.").format(
                    file=path.name, reason=error.strerror or ""
                ),
            )
            self.trouble.show()
            return False
        self.dismiss()
        return True

    def print_on(self, printer: QPrinter) -> None:
        """Send every page to a printer, or to what poses as one."""
        painter = QPainter(printer)
        for number in range(self.document.pageCount()):
            if number:
                printer.newPage()
            paper = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
            points = self.document.pagePointSize(number)
            size = QSize(round(points.width() * _PRINT_DPI / 72), round(points.height() * _PRINT_DPI / 72))
            picture = self.document.render(number, size, QPdfDocumentRenderOptions())
            scaled = points.scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, scaled.width(), scaled.height()), picture)
        painter.end()

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self._accepted(printer))
        dialog.show()

    def _accepted(self, printer: QPrinter) -> None:
        self.print_on(printer)
        self.dismiss()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, _("Save as PDF"), self._file_name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def _body(self, owner: QWidget) -> QWidget:
        window = owner.window()
        body = QWidget()
        body.setFixedSize(min(860, window.width() - 96), min(900, window.height() - 64))
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 16)
        head.setSpacing(8)
        head.addWidget(Label(_("Print"), "title"))
        count = self.document.pageCount()
        head.addWidget(Label(ngettext("{count} page", "{count} pages", count).format(count=count), "body", "muted"))
        head.addStretch(1)
        back = Button(_("Close"), "flat", key="Esc")
        back.clicked.connect(self.dismiss)
        for button in (back, self.save_button, self.print_button):
            head.addWidget(button)
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(separator())
        self.pages.setFrameShape(QFrame.Shape.NoFrame)
        frame = QVBoxLayout()
        frame.setContentsMargins(16, 0, 16, 16)
        frame.addWidget(self.pages)
        column.addLayout(frame, 1)
        return body
