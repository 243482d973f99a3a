"""What a moving view leaves out, and how it becomes sharp when it rests."""

import time
from collections.abc import Callable, Generator

from PySide6.QtCore import QObject, QTimer, Signal

from twinview.render import pace
from twinview.render.frames import Frames, Picture

SETTLE_MS = 100
"""After so long without a move the sharp picture is begun."""


class Motion(QObject):
    """Chooses the quality of moving pictures by what they cost, and draws the sharp one in parts.

    Signals
    -------
    sharp
        ``(picture)``: the picture of a view that rests.
    paced
        Moving pictures are drawn more or less finely than before.
    """

    sharp = Signal(object)
    paced = Signal()

    def __init__(self, frames: Frames, bring: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.pace = pace.Pace()
        self.moving = False
        """Whether frames are those of a moving view."""
        self.level = ""
        """``fine`` or ``quick`` where the user wants one quality always; empty as it can be."""
        self.held = False
        """Whether the view counts as moving until `release`: the picture is not whole yet."""
        self.sharp_ms = 0.0
        """What the parts of the last sharp picture took together."""
        self.longest_ms = 0.0
        """What the longest of them took."""
        self._frames, self._bring = frames, bring
        self._parts: Generator[Picture | None, None, None] | None = None
        self._settle_timer = self._single(self._settle)
        self._part_timer = self._single(self._part)

    def _single(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    @property
    def busy(self) -> bool:
        """Whether the sharp picture is being drawn."""
        return self._parts is not None

    def begin(self) -> None:
        """Take the view for moving: the next frame is drawn at the quality that is quick enough."""
        self._drop()
        self.moving = True
        if self.level:
            self._go(self.pace)
        # What is not whole yet is a large city: it is not drawn in full again and again.
        step = max(self.pace.step, 1 if self.held else 0)
        self._frames.painter.quality = pace.QUALITIES[step]
        if not self.held:
            self._settle_timer.start(SETTLE_MS)

    def hold(self) -> None:
        """Take the view for moving until `release`."""
        self._settle_timer.stop()
        self.held = True
        self.begin()

    def show(self) -> None:
        """Draw what is there of a picture that is not whole, in parts."""
        self.begin()
        self._bring()
        self._start(self._frames.portions())

    def release(self) -> None:
        """Let the view come to rest: the sharp picture is begun at once, in parts."""
        self.held = False
        self._drop()
        self._settle()

    def took(self, milliseconds: float) -> None:
        """Learn what a frame has cost."""
        if self.moving:
            self._go(self.pace.after(milliseconds))

    def expect(self, elements: int) -> None:
        """Start anew with a city of so many elements."""
        self._go(pace.at_first(elements))

    def _go(self, now: pace.Pace) -> None:
        if self.level:
            now = pace.Pace(0 if self.level == "fine" else len(pace.QUALITIES) - 1)
        changed = now.step != self.pace.step
        self.pace = now
        if changed:
            self.paced.emit()

    def _settle(self) -> None:
        """Begin the sharp picture."""
        self.moving = False
        painter = self._frames.painter
        painter.quality = pace.QUALITIES[1 if painter.sparing else 0]
        self._bring()
        self._start(self._sharp())

    def _start(self, parts: Generator[Picture | None, None, None]) -> None:
        """Begin a picture in parts."""
        self.sharp_ms = self.longest_ms = 0.0
        self._parts = parts
        self._part_timer.start(0)

    def _sharp(self) -> Generator[Picture | None, None, None]:
        """Make the sharp picture, in parts."""
        if self._frames.painter.sparing:
            for _ in self._frames.painter.ready():
                yield None
            self._bring()
        yield from self._frames.portions()

    def _part(self) -> None:
        """Draw the next part of the sharp picture."""
        if self._parts is None:
            return
        began = time.perf_counter()
        picture = next(self._parts)
        taken = (time.perf_counter() - began) * 1000
        self.sharp_ms += taken
        self.longest_ms = max(self.longest_ms, taken)
        if picture is None:
            self._part_timer.start(0)
            return
        self._drop()
        self.sharp.emit(picture)

    def _drop(self) -> None:
        """Leave the sharp picture unfinished."""
        parts, self._parts = self._parts, None
        self._part_timer.stop()
        if parts is not None:
            parts.close()

    def text(self) -> str:
        """Return in words how moving pictures are drawn; translated."""
        return self.pace.text()

    def stop(self) -> None:
        """Do nothing more."""
        self._settle_timer.stop()
        self._drop()
