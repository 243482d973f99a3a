"""The window at the scaling of the environment, in a process of its own: says as JSON what is cut.

Arguments: the language, and a file for a picture of the window.
"""

import json
import sys

from tests.gui.hamlet import opened
from tests.gui.test_window_long_texts import cut
from tests.gui.test_window_small import beyond
from tests.gui.wayland_trial import until
from twinview.gui.app import make_application
from twinview.gui.translate import speak
from twinview.gui.window import MainWindow
from twinview.session.store import Session

SIZE = (1280, 720)


def faults(window: MainWindow) -> list[str]:
    """Return the texts and controls that are not whole, once there are none or they stay."""
    found: list[list[str]] = []

    def rests() -> bool:
        found.append(cut(window) + beyond(window))
        return not any(found[-3:]) or len(found) > 300

    until(rests, "a layout at rest")
    return found[-1]


def main() -> None:
    """Open the hamlet, show each panel in turn, and say what is cut in which."""
    application = make_application()
    speak(sys.argv[1])
    window = MainWindow(Session(opened()))
    window.resize(*SIZE)
    window.show()
    until(lambda: window.windowHandle().isExposed() and window.canvas.draws > 0, "the window")
    window.run("select.only", "houses", "h7")
    found = {"window": faults(window)}
    for name in window.docks:
        for other, dock in window.docks.items():
            dock.setVisible(other in {name, "layers"})
        window.wishes.show_dock(name)
        found[name] = faults(window)
    picture = window.grab()
    picture.save(sys.argv[2])
    said = {"ratio": window.devicePixelRatio(), "size": window.size().toTuple(),
            "pixels": picture.toImage().size().toTuple(), "panels": len(window.docks),
            "cut": {name: texts for name, texts in found.items() if texts}}  # fmt: skip
    window.close()
    application.quit()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
