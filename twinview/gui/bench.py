"""How long the window keeps its user waiting: the longest time between two turns of its event loop.

The demo is opened, a year of it computed, the time bar dragged, the camera turned and a picture
written, as a user would do it. A timer that is due every millisecond says when the loop turns; what
lies between two of its calls is a gap in which no key and no click was answered.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from twinview.gui.app import make_application, make_window

SCRUBS = 200
TURNS = 60
REST = 1.0
"""Seconds without work after which a phase has ended."""
LONGEST = 600.0
"""Seconds after which a phase is given up."""


class Watch(QObject):
    """Notes the longest time between two turns of the event loop.

    Parameters
    ----------
    parent
        Who owns it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = 0.0
        self.turns = 0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def begin(self) -> None:
        """Forget what was; the gap that comes now counts."""
        self.longest, self._last = 0.0, time.perf_counter()

    def _turn(self) -> None:
        now = time.perf_counter()
        self.turns += 1
        self.longest = max(self.longest, now - self._last)
        self._last = now


class Trial:
    """The window under trial.

    Parameters
    ----------
    folder
        Where files are written.
    """

    def __init__(self, folder: Path) -> None:
        self.application = make_application()
        self.window = make_window()
        self.window.may_lose = lambda: True  # type: ignore[method-assign]
        self.window.resize(1280, 800)
        self.watch = Watch(self.window)
        self._folder = folder
        self._due = 0

    def run(self) -> dict[str, float]:
        """Return the longest gap of each phase, in milliseconds."""
        self.window.show()
        self.window.stage.arrivals.warm()
        drawn = self.window.canvas
        phases: tuple[tuple[str, Callable[[], object], Callable[[], bool]], ...] = (
            ("open", lambda: self.window.run("file.demo"), lambda: drawn.frame_ms > 0),
            ("compute", lambda: None, lambda: not self.window.jobs.running),
            ("scrub", self._drag, lambda: not self._due),
            ("camera", self._turn, lambda: not self._due),
            ("picture", self._picture, lambda: not self.window.jobs.running),
        )
        return {name: self._phase(act, ended) for name, act, ended in phases}

    def _phase(self, act: Callable[[], object], ended: Callable[[], bool]) -> float:
        self.watch.begin()
        act()
        most, rested = time.perf_counter() + LONGEST, time.perf_counter()
        while time.perf_counter() - rested < REST:
            self.application.processEvents()
            time.sleep(0.0005)
            if not ended():
                rested = time.perf_counter()
            if time.perf_counter() > most:
                raise TimeoutError("a phase did not end")
        return self.watch.longest * 1000

    def _drag(self) -> None:
        count = self.window.session.state.twin.time.count
        steps = np.random.default_rng(1).integers(count, size=SCRUBS)
        self._beat([("time.index", int(step)) for step in steps])

    def _turn(self) -> None:
        views = ("north", "top", "east", "iso") * (TURNS // 4)
        self._beat([("view.standard", view) for view in views])

    def _picture(self) -> None:
        self.window.run("export.picture", self._folder / "picture.png")

    def _beat(self, wishes: list[tuple[str, object]]) -> None:
        """Run commands 20 ms apart, each in a turn of its own."""
        self._due = len(wishes)
        for k, wish in enumerate(wishes):
            QTimer.singleShot(20 * k, self.window, lambda wish=wish: self._one(*wish))

    def _one(self, name: str, argument: object) -> None:
        self._due -= 1
        self.window.run(name, argument)


def main() -> None:
    """Print the gaps as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        found = trial.run()
        trial.window.close()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
