"""Pictures beside a picture: of the same painter where shapes are the same, else of another one.

Most scenarios change numbers, not shapes: then one set of meshes serves all, and while the camera
stands still one look at which element is seen where, recoloured for each.
"""

from collections.abc import Collection, Sequence
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


class Alongside:
    """The painters of cases that have other shapes than the one that a view shows.

    Parameters
    ----------
    frames
        The pictures of that view; its painter shows the first case.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._held: list[tuple[Twin, Theme, Frames]] = []

    def painters(
        self, twins: Sequence[Twin], theme: Theme, painted: Collection[str] = ()
    ) -> list[Frames | None]:
        """Return what draws each case; None where the view's own painter does.

        Those that nothing needs any more are given back.

        Parameters
        ----------
        twins
            The cases, the one that the view's painter shows first.
        theme
            Light or dark.
        painted
            As for `alike`.
        """
        kept, found = list[tuple[Twin, Theme, Frames]](), list[Frames | None]()
        for twin in twins:
            if alike(twins[0], twin, painted):
                found.append(None)
                continue
            known = next((one for one in kept if alike(one[0], twin, painted)), None)
            if known is None:
                known = self._taken(twin, theme, twins[0], painted)
                kept.append(known)
            found.append(known[2])
        for _twin, _theme, unused in self._held:
            unused.close()
        self._held = kept
        return found

    def _taken(
        self, twin: Twin, theme: Theme, first: Twin, painted: Collection[str]
    ) -> tuple[Twin, Theme, Frames]:
        """Return a painter that shows a case: one that is held if there is one."""
        for k, (shown, worn, frames) in enumerate(self._held):
            if alike(shown, twin, painted):
                del self._held[k]
                if worn != theme:
                    frames.painter.show(shown, theme)
                return shown, theme, frames
        frames = Frames()
        frames.painter.sparing = self._frames.painter.sparing
        self._show(frames, twin, theme, first)
        return twin, theme, frames

    def _show(self, frames: Frames, twin: Twin, theme: Theme, first: Twin) -> None:
        """Have a painter show a case; layers that are not changed lend their meshes."""
        painter, lenders = frames.painter, self._frames.painter.drawn
        wanted = painter.begin(twin, theme)
        chart = making.shadows(twin)
        painter.occlude(chart)
        lent = making.casting(twin) == making.casting(first)
        for layer_id in wanted:
            layer, lender = twin.layers[layer_id], lenders.get(layer_id)
            shaded = layer.kind in making.SHADED and not lent
            known = lender is not None and lender.layer is layer and lender.parts and not shaded
            parts = lender.parts if lender is not None and known else making.parts(layer, chart)
            for part in parts:
                painter.take(layer_id, part)
        painter.whole()

    @property
    def held(self) -> int:
        """How many painters there are besides the view's own."""
        return len(self._held)

    def close(self) -> None:
        """Give all painters back."""
        for _twin, _theme, frames in self._held:
            frames.close()
        self._held = []
