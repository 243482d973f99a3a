"""Pictures beside a picture: of the same painter where shapes are the same, else of another one.

Most scenarios change numbers, not shapes: then one set of meshes serves all, and while the camera
stands still one look at which element is seen where, recoloured for each.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from twinview.model.twin import Layer, Twin
from twinview.render import making, shelf
from twinview.render.frames import Frames
from twinview.render.pieces import ONLY_PAINTED
from twinview.scene.view import Theme


def alike(one: Twin, other: Twin, painted: Collection[str] = ()) -> bool:
    """Tell whether what is drawn of two cases has the same shapes, of the same elements.

    Parameters
    ----------
    one, other
        The cases.
    painted
        Ids of layers that have colours; some kinds are drawn only then.
    """
    if one is other or one.layers is other.layers:
        return True
    first, second = (
        {
            key: layer
            for key, layer in twin.layers.items()
            if making.drawable(layer) and (layer.kind not in ONLY_PAINTED or key in painted)
        }
        for twin in (one, other)
    )
    same = list(first) == list(second)
    return same and all(_alike(layer, second[key]) for key, layer in first.items())


@lru_cache(maxsize=32)
def _alike(one: Layer, other: Layer) -> bool:
    if one is other:
        return True
    same = len(one) == len(other) and bool(np.array_equal(one.ids, other.ids))
    return same and shelf.content(one) == shelf.content(other)


@dataclass(eq=False)
class Held:
    """What draws a case of other shapes.

    Parameters
    ----------
    twin, theme
        The case, light or dark.
    frames
        Its pictures.
    wanted
        Ids of layers whose parts are to be made and taken in by its painter.
    ready
        Whether all has come and was drawn once: from then on it may be drawn with every frame.
    """

    twin: Twin
    theme: Theme
    frames: Frames
    wanted: tuple[str, ...] = ()
    ready: bool = False


class Alongside:
    """The painters of cases that have other shapes than the one that a view shows.

    Parameters
    ----------
    frames
        The pictures of that view; its painter shows the first case.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._first: Twin | None = None
        self.held: list[Held] = []
        """Those that are needed, ready or not."""

    def painters(
        self, twins: Sequence[Twin], theme: Theme, painted: Collection[str] = ()
    ) -> list[Held | None]:
        """Return what draws each case; None where the view's own painter does.

        Those that nothing needs any more are given back; of new ones nothing is made yet.

        Parameters
        ----------
        twins
            The cases, the one that the view's painter shows first.
        theme
            Light or dark.
        painted
            As for `alike`.
        """
        self._first = twins[0]
        kept, found = list[Held](), list[Held | None]()
        for twin in twins:
            if alike(twins[0], twin, painted):
                found.append(None)
                continue
            known = next((one for one in kept if alike(one.twin, twin, painted)), None)
            if known is None:
                known = self._taken(twin, theme, painted)
                kept.append(known)
            found.append(known)
        for unused in self.held:
            unused.frames.close()
        self.held = kept
        return found

    def _taken(self, twin: Twin, theme: Theme, painted: Collection[str]) -> Held:
        """Return what draws a case: what is held if there is such."""
        for k, known in enumerate(self.held):
            if alike(known.twin, twin, painted):
                del self.held[k]
                if known.theme != theme:
                    known.theme = theme
                    known.frames.painter.begin(known.twin, theme)
                return known
        frames = Frames()
        own = self._frames.painter
        frames.painter.sparing, frames.painter.unhurried = own.sparing, own.unhurried
        return Held(twin, theme, frames)

    def begin(self, held: Held) -> Iterator[None]:
        """Have a painter take on its case, in parts; note what is to be made for it.

        Layers that are as in the first case lend their meshes.
        """
        assert self._first is not None
        painter, own = held.frames.painter, self._frames.painter
        if not held.wanted:
            yield from held.frames.warm(held.theme)
        missing = painter.begin(held.twin, held.theme)
        lent = making.casting(held.twin) == making.casting(self._first)
        if lent:
            painter.occlude(own.chart)
        wanted = []
        for layer_id in missing:
            painter.lose(layer_id)
            layer, lender = held.twin.layers[layer_id], own.drawn.get(layer_id)
            shaded = layer.kind in making.SHADED and not lent
            whole = lender is not None and layer_id not in own.awaited
            if lender is None or not whole or lender.layer is not layer or shaded:
                wanted.append(layer_id)
                continue
            for part in lender.parts:
                painter.take(layer_id, part)
                yield
        held.wanted = tuple(wanted)

    def close(self) -> None:
        """Give all painters back."""
        for one in self.held:
            one.frames.close()
        self.held = []
