"""Small districts and offscreen windows for pictures."""

import os
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from twinview.model.geometry import Geometry, lines, offsets, points
from twinview.model.twin import Layer, Twin
from twinview.render.painter import Painter
from twinview.render.studio import pixels, window
from twinview.scene.paint import Clock, Legend, Paint, Scene
from twinview.scene.view import Camera, View

SIZE = (240, 160)
TOP = Camera((0.0, -0.4, 150.0), (0.0, 0.0, 0.0))
OBLIQUE = Camera((-40.0, -110.0, 70.0), (0.0, 0.0, 0.0))


def polygons(shapes: list[list[list[tuple[float, float]]]]) -> Geometry:
    """Return one element per list of rings (one part each)."""
    rings = [np.array(ring, dtype=float) for shape in shapes for ring in shape]
    flat = np.concatenate(rings)
    return Geometry(
        "polygon",
        np.column_stack([flat, np.zeros(len(flat))]),
        offsets([len(ring) for ring in rings]),
        offsets([len(shape) for shape in shapes]),
        np.arange(len(shapes) + 1, dtype=np.int32),
    )


def box(x: float, y: float, a: float = 10.0, b: float = 10.0) -> list[list[tuple[float, float]]]:
    """Return the rings of a rectangle around a place."""
    return [
        [
            (x - a / 2, y - b / 2),
            (x + a / 2, y - b / 2),
            (x + a / 2, y + b / 2),
            (x - a / 2, y + b / 2),
        ]
    ]


def layer(kind: str, geometry: Geometry, /, **columns: object) -> Layer:
    """Return a layer named after its kind."""
    ids = [f"{kind}{k}" for k in range(len(geometry))]
    return Layer(kind, kind, kind, pa.table({"id": ids, **columns}), geometry)


def twin(*layers: Layer) -> Twin:
    """Return a district of layers."""
    return Twin("test", "", (0.0, 0.0, 0.0), {one.id: one for one in layers})


def village(n: int = 9) -> Layer:
    """Return boxes of 10 m on a grid of 20 m around the origin."""
    side = int(np.ceil(np.sqrt(n)))
    shapes = [
        box((k % side - (side - 1) / 2) * 20, (k // side - (side - 1) / 2) * 20) for k in range(n)
    ]
    return layer("building", polygons(shapes), height_m=[8.0] * n)


def paint(one: Layer, colour: object = (200, 80, 40), state: object = 0, **more: object) -> Paint:
    """Return a paint of one colour and state, or of one per element."""
    n = len(one)
    return Paint(
        one.id,
        np.broadcast_to(np.asarray(colour, dtype=np.uint8), (n, 3)).copy(),
        np.broadcast_to(np.asarray(state, dtype=np.uint8), (n,)).copy(),
        np.zeros(n, dtype=np.float32),
        **more,  # type: ignore[arg-type]
    )


def scene(*paints: Paint, camera: Camera = TOP, selected: object = None, **view: object) -> Scene:
    """Return a scene of paints."""
    return Scene(
        View(camera=camera, **view),  # type: ignore[arg-type]
        {one.layer: one for one in paints},
        Legend("", "", (0, 1), ()),
        Clock("", "", "", ""),
        selected=selected or {},  # type: ignore[arg-type]
    )


def street(width: float = 4.0) -> Layer:
    """Return one line from west to east."""
    return layer("line", lines([np.array([[-60.0, 0.0], [60.0, 0.0]])]), width_m=[width])


def tank() -> Layer:
    """Return one large store at the origin."""
    return layer("storage", points(np.array([[0.0, 0.0]])), energy_wh=[5e5])


class Stage:
    """A painter in an offscreen window."""

    def __init__(self, one: Twin, size: tuple[int, int] = SIZE) -> None:
        self.window: vtkRenderWindow = window(size)
        renderer = vtkRenderer()
        self.window.AddRenderer(renderer)
        self.painter = Painter(renderer)
        self.painter.show(one, "light")

    def shot(self, one: Scene) -> np.ndarray:
        """Return the picture of a scene as whole numbers that can be subtracted."""
        self.painter.draw(one)
        self.window.Render()
        return pixels(self.window).astype(int)

    def close(self) -> None:
        """Give everything back."""
        self.painter.close()
        self.window.Finalize()


@pytest.fixture
def stage() -> Iterator[object]:
    """Yield a maker of stages that are closed after the test."""
    made: list[Stage] = []

    def make(one: Twin, size: tuple[int, int] = SIZE) -> Stage:
        made.append(Stage(one, size))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let VTK choose EGL: these tests need no screen."""
    if os.name == "posix":
        monkeypatch.delenv("DISPLAY", raising=False)
