"""Qt's own texts (OK, Cancel, file dialogs) in the language of the program."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from twinview.i18n import language, set_language

_installed: list[QTranslator] = []


def speak(code: str | None = None) -> str:
    """Switch all texts, Qt's too, to a language and return its code; None follows the system."""
    chosen = set_language(code)
    application = QCoreApplication.instance()
    while application is not None and _installed:
        application.removeTranslator(_installed.pop())
    if application is not None and language() != "en":
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(QLocale(chosen), "qtbase", "_", folder):
            application.installTranslator(translator)
            _installed.append(translator)
    return chosen
