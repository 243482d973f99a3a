"""A district brought to a painter: for the window part by part, for a picture or a film whole.

Both take the same parts from the same cache, within the share of the machine's memory that the
user's preferences allow for drawing.
"""

from functools import partial
from typing import TYPE_CHECKING

import psutil

from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.progress import Job
from twinview.render.making import ordered
from twinview.scene.numbers import number
from twinview.scene.view import Theme
from twinview.session import settings
from twinview.session.drawing import (
    Came,
    Lost,
    News,
    Shadows,
    Wish,
    corners,
    needed,
    place,
    supply,
)
from twinview.session.store import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twinview.render.making import Part
    from twinview.render.painter import Painter

AT_ONCE = 20_000
"""Corners up to which a district is made at once: that takes less time than starting a child."""
SHARES = {"": 0.5, "quarter": 0.25, "most": 0.9}
"""Shares of the machine's memory, by the names that preferences know them by."""


def room(share: float) -> float:
    """Return how many bytes of memory drawing may take, from the share of all that it may."""
    return share * float(psutil.virtual_memory().total)


def preferred() -> float:
    """Return the share of the machine's memory that the user lets drawing take."""
    return SHARES.get(settings.load().memory, SHARES[""])


def shortage(twin: Twin, share: float) -> str:
    """Return in words that a district needs more memory than it may take, empty if it does not."""
    need, most = needed(twin), room(share)
    if need <= most:
        return ""
    return _(
        "This district needs about {need} GB of memory to be drawn in full, more than the "
        "{room} GB that the preferences allow: far buildings are drawn as boxes and blocks.",
        need=number(need / 1e9, 2),
        room=number(most / 1e9, 2),
    )


def tell(painter: "Painter", news: News) -> None:
    """Have a painter take in what has come."""
    if isinstance(news, Shadows):
        painter.occlude(news.chart)
    elif isinstance(news, Lost):
        painter.lose(news.layer)
    elif isinstance(news, Came):
        painter.take(news.layer, news.part)


def stock(state: State) -> "Callable[[Painter, Twin, Theme], Job[None]]":
    """Return what brings a state's district whole, by way of its project's cache.

    It follows the user's preference for memory as it is now.
    """
    return partial(brought, cached=place(state.path), share=preferred())


def brought(
    painter: "Painter", twin: Twin, theme: Theme, cached: "Path", share: float = SHARES[""]
) -> Job[None]:
    """Have a painter show a district, all of it when the job ends.

    Whatever the cache holds and whoever wrote it, the parts come in one order: so the picture is
    the same to the pixel.

    Parameters
    ----------
    painter
        What draws.
    twin, theme
        What it shows, light or dark.
    cached
        Folder of the cache for parts.
    share
        Of the machine's memory that drawing may take; beyond it far bodies are boxes and blocks.

    Raises
    ------
    CommandError
        When there is not memory enough to make it.
    """
    painter.sparing = needed(twin) > room(share)
    if corners(twin) <= AT_ONCE:
        painter.show(twin, theme)
        return
    wanted = painter.begin(twin, theme)
    if wanted:
        found: dict[str, list[Part]] = {one: [] for one in wanted}
        yield from supply(
            Wish(twin, tuple(wanted), cached), partial(_gather, painter=painter, found=found)
        )
        for layer_id, parts in found.items():
            for part in ordered(twin.layers[layer_id], parts):
                painter.take(layer_id, part)
    painter.whole()


def _gather(news: News, painter: "Painter", found: "dict[str, list[Part]]") -> None:
    """Keep the parts that have come, to be taken in order."""
    if isinstance(news, Came):
        found[news.layer].append(news.part)
    elif isinstance(news, Lost):
        found[news.layer].clear()
    else:
        tell(painter, news)
