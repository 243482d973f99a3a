"""The window on a Wayland compositor, in a process of its own: what happened is printed as JSON."""

import json
import sys
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from tests.gui.hamlet import opened
from twinview.gui.app import make_application
from twinview.gui.window import MainWindow
from twinview.session.store import Session

LONGEST_MS = 20_000


def until(met: Callable[[], bool], what: str) -> None:
    """Turn the event loop until something is so; `what` names it where it never is."""
    since = QElapsedTimer()
    since.start()
    loop = QEventLoop()
    # So that the loop wakes up where nothing else happens.
    waking = QTimer(interval=10)
    waking.start()
    while not met():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if since.elapsed() > LONGEST_MS:
            raise TimeoutError(what)


def dragged(window: MainWindow) -> list[tuple[int, str, str]]:
    """Drag through the day; return step, clock and a colour of the picture at some stops."""
    track, canvas = window.timebar.track, window.canvas
    y = round(track.area.center().y())
    stops = [QPoint(round(track.x_of(track.shown.start + hour + 0.5)), y) for hour in (6, 12, 20)]
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=stops[0])
    found = []
    for stop in stops:
        QTest.mouseMove(track, stop)
        until(lambda: canvas.scene.view.time == window.session.state.view.time, "the step is drawn")
        picture = canvas.grab().toImage()
        seen = hash(bytes(picture.constBits()))
        found.append((canvas.scene.view.time, canvas.scene.clock.time, str(seen)))
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=stops[-1])
    return found


def menu_place(window: MainWindow) -> tuple[bool, list[int]]:
    """Open the menu; return whether the compositor shows it, and where under its button it is."""
    button = window.topbar.menu_button
    menu = window.actions_.menu
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
    until(lambda: menu.windowHandle() is not None and menu.windowHandle().isExposed(), "a menu")
    place = menu.mapToGlobal(QPoint(0, 0)) - button.mapToGlobal(QPoint(0, button.height()))
    shown = menu.isVisible()
    menu.close()
    return shown, [place.x(), place.y()]


def main() -> None:
    """Open the hamlet, drag, open a menu, float a panel and bring it back, close."""
    application = make_application()
    window = MainWindow(Session(opened()))
    window.resize(1100, 700)
    window.show()
    until(lambda: window.windowHandle().isExposed() and window.canvas.draws > 0, "the window")
    said: dict[str, object] = {"platform": application.platformName(), "stops": dragged(window)}
    said["menu"] = menu_place(window)
    panel = window.docks["inspector"]
    panel.setFloating(True)
    until(lambda: panel.windowHandle() is not None and panel.windowHandle().isExposed(), "a panel")
    QTest.mouseDClick(panel.titleBarWidget(), Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    said["docked"] = not panel.isFloating()
    window.grab().save(sys.argv[1])
    said["size"] = [window.width(), window.height()]
    window.close()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
