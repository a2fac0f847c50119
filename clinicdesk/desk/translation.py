"""Qt's own words (dialogs, context menus of text fields) and number formats in the language the desk speaks."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

_installed: list[QTranslator] = []


def install_translations(application: QCoreApplication, language: str) -> bool:
    """Make Qt speak `language` (such as `pt_BR`) in place of what it spoke before; false when Qt has no catalogue.

    English needs none: it is Qt's source.
    """
    while _installed:
        application.removeTranslator(_installed.pop())
    QLocale.setDefault(QLocale(language))
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(f"qtbase_{language}", folder):
        return False
    application.installTranslator(translator)
    _installed.append(translator)
    return True
