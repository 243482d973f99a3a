"""The application: fonts, language, surface format, the window, and a clean end."""

import gc
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from twinview import __version__
from twinview.gui.heap import give_back
from twinview.gui.instance import hand_over
from twinview.gui.style import window_font
from twinview.gui.translate import speak
from twinview.paths import APP, TRIAL, assets_folder
from twinview.priority import window_first
from twinview.scene.theme import LOOKS
from twinview.session import settings as remembered

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

TURN_S = 0.001
"""Seconds that a thread may run on while another one waits for its turn; Python's own are five."""

log = logging.getLogger(__name__)


def main(argv: list[str]) -> int:
    """Open the window with the files given and run until it is closed.

    Parameters
    ----------
    argv
        Files to open: one project, or data files. The word ``demo`` opens the built-in district.
    """
    application = make_application()
    files = [] if argv == ["demo"] else [Path(name) for name in argv]
    trial = bool(os.environ.get(TRIAL))
    if files and not trial and hand_over(files):
        return 0
    splash = _splash(application)
    # Heavy: VTK and the rest. The splash is seen meanwhile.
    window = make_window()
    sys.excepthook = _hook(window.doer.unexpected)
    if trial:
        watch = QTimer(window, interval=1)
        watch.timeout.connect(lambda: _tell() if window.stage.whole else None)
        watch.start()
    try:
        window.show()
        splash.close()
        window.stage.arrivals.warm()
        if not trial:
            window.desk.host()
        if argv == ["demo"]:
            window.run("file.demo")
        elif files:
            window.open_paths(files)
        return application.exec()
    finally:
        sys.excepthook = sys.__excepthook__


def _tell() -> None:
    """Say that the first picture is on the screen, and end."""
    sys.stdout.write("first picture\n")
    sys.stdout.flush()
    QApplication.quit()


def make_window() -> "MainWindow":
    """Return a new window, in a program that is about to serve it.

    Looking for garbage stops all threads, and takes the longer the more there is to look through:
    what is made here stays for good and is not looked at. Threads that compute take turns with the
    window's own whenever that has waited for Qt, the graphics or a file, many times before it
    answers: their turns are short.
    """
    gc.disable()
    from twinview.gui.window import MainWindow

    sys.setswitchinterval(TURN_S)
    window_first()
    window = MainWindow()
    gc.freeze()
    gc.enable()
    return window


def make_application() -> QApplication:
    """Return the running application, or make it."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    give_back()
    # The binding that libraries behind qtpy take must be ours.
    os.environ.setdefault("QT_API", "pyside6")
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
    application = QApplication([APP])
    application.setApplicationName(APP)
    application.setApplicationDisplayName(APP)
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(APP)
    application.setStyle("Fusion")
    application.setFont(window_font())
    application.setWindowIcon(window_icon())
    speak(remembered.load().language or None)
    return application


def window_icon() -> QIcon:
    """Return the program's icon: the shipped one, else a drawn one."""
    for name in ("icon.svg", "icon.png"):
        path = assets_folder() / name
        if path.exists():
            return QIcon(str(path))
    return QIcon()


def _splash(application: QApplication) -> QLabel:
    """Show name and version while the heavy libraries load."""
    look = LOOKS["dark"]
    size = QSize(420, 180)
    picture = QPixmap(size * application.devicePixelRatio())
    picture.setDevicePixelRatio(application.devicePixelRatio())
    picture.fill(QColor(look.panel))
    painter = QPainter(picture)
    big = QFont(application.font())
    big.setPointSizeF(26)
    big.setWeight(QFont.Weight.DemiBold)
    painter.setFont(big)
    painter.setPen(QColor(look.text))
    painter.drawText(32, 96, APP)
    painter.setFont(application.font())
    painter.setPen(QColor(look.text_soft))
    painter.drawText(34, 126, __version__)
    painter.end()
    # No QSplashScreen: it waits up to a second for the screen to say that it is seen.
    splash = QLabel()
    splash.setWindowFlags(Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
    splash.setTextFormat(Qt.TextFormat.PlainText)
    splash.setPixmap(picture)
    splash.resize(size)
    splash.move(application.primaryScreen().availableGeometry().center() - splash.rect().center())
    splash.show()
    application.processEvents()
    return splash


def _hook(
    unexpected: Callable[[BaseException, str], None],
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return what is called for an exception that nobody caught (border: a slot)."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        unexpected(error.with_traceback(trace), "a slot")

    return hook
