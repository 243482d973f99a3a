"""An opacity that is shown without being kept, while a hand moves a slider."""

from collections.abc import Callable
from dataclasses import replace

from twinview.scene.paint import Scene


class Trying:
    """Lays an opacity over scenes.

    Parameters
    ----------
    again
        Has the scene made anew.
    """

    def __init__(self, again: Callable[[], None]) -> None:
        self._again = again
        self.shown: tuple[str, float] | None = None
        """Layer and opacity; None where nothing is tried."""

    def show(self, layer: str, share: float) -> None:
        """Show a layer with an opacity, 0 to 1."""
        self.shown = layer, share
        self._again()

    def over(self, scene: Scene) -> Scene:
        """Return a scene with the opacity that is tried."""
        if self.shown is None:
            return scene
        layer, share = self.shown
        return replace(scene, opacity={**scene.opacity, layer: share})
