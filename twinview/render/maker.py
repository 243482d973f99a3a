"""The child's side of making parts: read what was handed over, make, write, say what there is.

Started as ``python -I -m twinview.render.maker`` with one request as JSON on its input; each line
of its output is JSON: what was made, and how far the work is.
"""

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from twinview import kernels
from twinview.model.twin import Layer, Twin
from twinview.render import making, shelf
from twinview.render.meshes.ground import Occlusion
from twinview.scene.view import Camera

_CHART = 0.15
"""Share of the work that the map of what stands is."""
_MANY, _COUNTLESS = 100_000, 1_000_000
"""Corners from which on machine code is worth its loading, and its compiling."""
_NICE = 3
"""The window, which draws what is made here, goes first."""


def main() -> int:
    """Serve one request and return the exit code."""
    talk = sys.stdout
    request = json.loads(sys.stdin.readline())
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    try:
        serve(request, talk)
    except (OSError, MemoryError) as error:
        _say(talk, failed=str(error) or type(error).__name__)
        return 1
    return 0


def serve(request: Mapping[str, Any], talk: IO[str]) -> None:
    """Make what is asked for.

    Parameters
    ----------
    request
        ``place``: the folder of all folders of parts; ``layers``: folder of each layer that was
        handed over, by id, in the order they stand in the district; ``wanted``: the key of each
        layer whose parts are missing, by id; ``chart``: the key of the map of what stands, made
        where it is missing, or None where nobody needs it; ``camera`` (position, focus, angle, or
        None) and ``aspect``: how the district is looked at.
    talk
        Where to say what there is.
    """
    place = Path(request["place"])
    layers = {key: shelf.handed(Path(folder)) for key, folder in request["layers"].items()}
    count = sum(map(_corners, layers.values()))
    if count > _MANY:
        kernels.start(kept=count <= _COUNTLESS)
    chart = _chart(place, request["chart"], layers, talk)
    camera = _camera(request["camera"])
    wanted = sorted(request["wanted"], key=lambda one: _corners(layers[one]))
    total, done = sum(making.size(layers[one]) for one in wanted), 0
    for layer_id in wanted:
        writer, whole = shelf.Writer(place / request["wanted"][layer_id]), False
        try:
            for part in making.parts(layers[layer_id], chart, camera, request["aspect"]):
                said = writer.part(part.boxed())
                done += 1
                share = _CHART + (1 - _CHART) * min(done / max(total, 1), 1.0)
                _say(talk, layer=layer_id, part=said, progress=share)
            whole = True
        finally:
            writer.close(whole)


def _camera(told: tuple[list[float], list[float], float] | None) -> Camera | None:
    if told is None:
        return None
    (x, y, z), (u, v, w), angle = told
    return Camera((x, y, z), (u, v, w), angle)


def _chart(
    place: Path, key: str | None, layers: Mapping[str, Layer], talk: IO[str]
) -> Occlusion | None:
    """Return the map of what stands: mapped where it is there, else made and written."""
    if key is None:
        return None
    known = shelf.listed(place / key)
    if known is not None:
        return shelf.load_chart(place / key, known[0]) if known else None
    made = making.shadows(Twin("", "", (0.0, 0.0, 0.0), layers))
    writer = shelf.Writer(place / key)
    said = None if made is None else writer.chart(made)
    writer.close(whole=True)
    _say(talk, chart=said, progress=_CHART)
    return made


def _corners(layer: Layer) -> int:
    return 0 if layer.geometry is None else len(layer.geometry.coords)


def _say(talk: IO[str], **said: object) -> None:
    talk.write(json.dumps(said) + "\n")
    talk.flush()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # What is compiled in a thread is for the next time: nobody waits for it here.
    os._exit(code)
