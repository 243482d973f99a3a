"""How long the window keeps its user waiting: the longest time between two turns of its event loop.

The demo is opened, a year of it computed, the time bar dragged, the camera turned and a picture
written, as a user would do it. A timer that is due every millisecond says when the loop turns; what
lies between two of its calls is a gap in which no key and no click was answered. A thread looks
what the window's own is at while a gap lasts.
"""

import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from twinview.gui.app import make_application, make_window

SCRUBS = 200
TURNS = 60
REST = 1.0
"""Seconds without work after which a phase has ended."""
LONGEST = 600.0
"""Seconds after which a phase is given up."""
LOOK_S = 0.01
"""Seconds between two looks at what takes so long."""
LATE_S = 0.05
"""Seconds after which a gap is looked at."""


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
        self.call = ""
        """What took the most of the longest gap, as ``module.function``, where that is known."""
        self.turns = 0
        self._seen: Counter[str] = Counter()
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def begin(self) -> None:
        """Forget what was; the gap that comes now counts."""
        self.longest, self.call, self._last = 0.0, "", time.perf_counter()
        self._seen = Counter()

    def look(self, thread: int) -> None:
        """Note what a thread is at, if the loop has not turned for long (from another thread)."""
        seen = self._seen
        if time.perf_counter() - self._last > LATE_S:
            seen[call_of(sys._current_frames().get(thread))] += 1

    def _turn(self) -> None:
        now = time.perf_counter()
        self.turns += 1
        if now - self._last > self.longest:
            self.longest = now - self._last
            self.call = next((name for name, _ in self._seen.most_common(1)), "")
        self._seen, self._last = Counter(), now


def call_of(frame: FrameType | None) -> str:
    """Return the innermost function of ours that a frame is in; empty where it is in none."""
    # Nothing may hold on to the frame: what it paints with would end too late.
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("twinview.") and module != __name__:
            return f"{module}.{frame.f_code.co_name}"
        frame = frame.f_back
    return ""


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

    def run(self) -> dict[str, tuple[float, str]]:
        """Return the longest gap of each phase, in milliseconds, and what took the most of it."""
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
        over = threading.Event()
        looking = threading.Thread(target=self._look, args=(threading.get_ident(), over))
        looking.start()
        try:
            return {name: self._phase(act, ended) for name, act, ended in phases}
        finally:
            over.set()
            looking.join()

    def _look(self, thread: int, over: threading.Event) -> None:
        while not over.wait(LOOK_S):
            self.watch.look(thread)

    def _phase(self, act: Callable[[], object], ended: Callable[[], bool]) -> tuple[float, str]:
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
        return self.watch.longest * 1000, self.watch.call

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
