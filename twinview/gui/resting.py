"""What a view does that has come to rest: it becomes finer, and its next frames cheap.

One picture at twice the size, averaged, replaces the sharp one; frames of the same view are
recoloured at that size from then on, so that a step of time keeps the clean edges. All of it is
done in parts between which the window answers, and anything that happens drops the rest.
"""

from collections.abc import Callable, Generator

from twinview import kernels
from twinview.gui.motion import Motion
from twinview.render import pixels
from twinview.render.frames import Frames, Picture

MOST_PIXELS = 4_000_000
"""Larger views stay as they are: four times as many pixels would cost more than they show."""
STEP_MS = 60.0
"""Views of which a part takes longer stay as they are as well."""


class Resting:
    """Makes a view at rest finer.

    Parameters
    ----------
    frames
        The view's pictures.
    motion
        Knows what the parts of the sharp picture took.
    bring
        Brings scene and camera to the painter.
    show
        Shows a picture.
    """

    def __init__(
        self,
        frames: Frames,
        motion: Motion,
        bring: Callable[[], None],
        show: Callable[[Picture], None],
    ) -> None:
        self._frames, self._motion, self._bring, self._show = frames, motion, bring, show
        self._parts: Generator[None] | None = None
        self.wanted = True
        """Whether views may become finer."""

    @property
    def affordable(self) -> bool:
        """Whether this view may become finer."""
        wide, high = self._frames.size
        quick = pixels.recolour.ready and pixels.halve.ready
        small = wide * high <= MOST_PIXELS and self._motion.longest_ms <= STEP_MS
        return self.wanted and quick and small

    def step(self, still: bool) -> bool:
        """Do the next part; tell whether there is more to do.

        Parameters
        ----------
        still
            Whether nothing moves in the view but the steps of time; asked at the first part.
        """
        if self._parts is None:
            kernels.start(apart=True)
            self._parts = self._all(still)
        try:
            next(self._parts)
        except StopIteration:
            self._parts = None
        return self._parts is not None

    def drop(self) -> None:
        """Leave the rest undone: the next step begins anew."""
        parts, self._parts = self._parts, None
        if parts is not None:
            parts.close()

    def _all(self, still: bool) -> Generator[None]:
        yield from self._frames.painter.ready()
        if still and self.affordable and not self._frames.refined:
            self._frames.refine(True)
            self._bring()
            for picture in self._frames.portions():
                if picture is not None:
                    self._show(picture)
                yield
        yield from self._frames.prepare()
