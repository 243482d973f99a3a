"""Pictures without a window: VTK finds EGL by itself where there is no display."""

import contextlib
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Job
from twinview.render import camera as eyes
from twinview.render import style, veils
from twinview.render.pace import QUALITIES
from twinview.render.painter import Painter
from twinview.scene.paint import Scene
from twinview.scene.view import Camera, Theme

Picture = npt.NDArray[np.uint8]
Shades = npt.NDArray[np.float32]
Corner = npt.NDArray[np.float64]
Stock = Callable[[Painter, Twin, Theme], Job[None]]
"""Brings all that a district is drawn as to a painter, and has it take on a theme."""
MOST_PIXELS = 80_000_000
"""VTK ends the process when a picture does not fit into memory; larger ones are refused before."""
_APT = "apt-get install -y libegl1 libgl1-mesa-dri"


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture, and how places come into it.

    Parameters
    ----------
    image
        Shape (height, width, 4), uint8, red, green, blue, cover: opaque but where the sky was left
        out; colours are not multiplied by the cover.
    camera
        The camera it was made with.
    project
        From local metres, shape (n, 3), to pixels from the left, pixels from the top and metres in
        front of the eye (below 0 behind it).
    metres_per_pixel
        At the focus.
    bearing_deg
        Compass direction of the picture's upper edge: 0 north, 90 east.
    elevation_deg
        How steeply the camera looks down.
    """

    image: Picture
    camera: Camera
    project: Callable[[npt.NDArray[np.floating]], npt.NDArray[np.float64]]
    metres_per_pixel: float
    bearing_deg: float
    elevation_deg: float


def made_at_once(painter: Painter, twin: Twin, theme: Theme) -> Job[None]:
    """Bring a district to a painter by making all of it now, and keep nothing."""
    painter.show(twin, theme)
    yield from ()


class Studio:
    """A window that is never shown, for one or many pictures of a twin.

    Parameters
    ----------
    size
        Width and height of the pictures, pixels.
    refined
        True draws everything at twice the size and averages: clean edges at four times the cost.
    """

    def __init__(self, size: tuple[int, int], refined: bool = True) -> None:
        self._size = size
        check_pixels(size)
        self._fine = fineness(size) if refined else 1
        self._window = window((size[0] * self._fine, size[1] * self._fine))
        self._renderer = vtkRenderer()
        self._window.AddRenderer(self._renderer)
        self.painter = Painter(self._renderer, pixel=float(self._fine))

    def show(self, twin: Twin, theme: Theme, stock: Stock = made_at_once) -> Job[None]:
        """Have a twin, light or dark, before the camera."""
        yield from stock(self.painter, twin, theme)
        self._twin, self._theme = twin, theme

    def shoot(self, scene: Scene, transparent: bool = False) -> Shot:
        """Return the picture of a scene of the twin that was shown.

        Parameters
        ----------
        scene
            What is to be seen.
        transparent
            True leaves the sky out, and the plain but for a plate under the land that is shown:
            what was mixed with them, at edges and in the distance, is covered as much as it was
            not.
        """
        if scene.theme != self._theme:
            self.painter.show(self._twin, scene.theme)
            self._theme = scene.theme
        settle(self.painter, scene)
        image = self._matte(scene) if transparent else _reduced(self._rendered(), self._fine)
        return shot_of(image, self.painter.camera, self._size)

    def _rendered(self) -> Picture:
        veils.render(self._window, self._renderer, self.painter)
        return pixels(self._window)

    def _matte(self, scene: Scene) -> Picture:
        """Return the picture without sky and plain, from one before black and one before white.

        What covers a pixel by a share looks that much alike before both; the sky shines through
        the rest. So edges and haze need no other shader, and no rim of the sky is left on them.
        """
        before = []
        with self._on_a_plate(scene):
            for shade in (0.0, 1.0):
                self.painter.wear_sky((shade, shade, shade), (shade, shade, shade))
                before.append(_averaged(self._rendered(), self._fine))
        self.painter.wear_sky(*style.sky(scene.theme))
        return _uncovered(*before)

    @contextlib.contextmanager
    def _on_a_plate(self, scene: Scene) -> Iterator[None]:
        """Cut the endless plain down to the land that is shown; without land, there is none."""
        plains = [one for role, one in self.painter.actors() if role == "ground"]
        land = _extent(self._twin, scene)
        kept = []
        for one in plains:
            points = one.GetMapper().GetInput().GetPoints()
            corners = vtk_to_numpy(points.GetData())
            kept.append((one, points, corners, corners.copy()))
            one.SetVisibility(land is not None)
            if land is not None:
                corners[:, :2] = np.clip(corners[:, :2], *land)
                points.GetData().Modified()
        try:
            yield
        finally:
            for one, points, corners, before in kept:
                corners[:] = before
                points.GetData().Modified()
                one.SetVisibility(True)

    def close(self) -> None:
        """Give the window and all that is in it back."""
        self.painter.close()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()


def settle(painter: Painter, scene: Scene) -> None:
    """Have a painter draw a scene as one that rests.

    That is everything in full; where memory is short, far bodies are boxes and blocks.
    """
    painter.quality = QUALITIES[1 if painter.sparing else 0]
    painter.draw(scene)
    if painter.sparing:
        deque(painter.ready(), maxlen=0)
        painter.draw(scene)


def _extent(twin: Twin, scene: Scene) -> tuple[Corner, Corner] | None:
    """Return the lowest and highest x and y of the land that is shown; None where there is none."""
    shown = [
        one.geometry.coords[:, :2]
        for one in twin.of_kind("place")
        if one.geometry is not None
        and one.geometry.kind == "polygon"
        and len(one.geometry.coords)
        and one.id not in scene.view.hidden
    ]
    if not shown:
        return None
    low = np.min([one.min(axis=0) for one in shown], axis=0)
    high = np.max([one.max(axis=0) for one in shown], axis=0)
    return low, high


def check_pixels(size: tuple[int, int]) -> None:
    """Refuse sizes that cannot be drawn."""
    if min(size) < 1 or size[0] * size[1] > MOST_PIXELS:
        raise CommandError(
            _(
                "A picture of {width} x {height} pixels is too large (limit: {most} million).",
                width=size[0],
                height=size[1],
                most=MOST_PIXELS // 1_000_000,
            )
        )


def fineness(size: tuple[int, int]) -> int:
    """Return how many pixels a side are drawn for each of a refined picture."""
    return 2 if size[0] * size[1] * 4 <= MOST_PIXELS else 1


def shot_of(image: Picture, camera: Camera, size: tuple[int, int]) -> Shot:
    """Return a picture of a size with the way places came into it through its camera."""
    pose = eyes.pose(camera)
    return Shot(
        image,
        camera,
        lambda points: eyes.project(points, camera, size),
        eyes.metres_per_pixel(camera, size[1]),
        pose.bearing,
        pose.elevation,
    )


def picture(
    twin: Twin,
    scene: Scene,
    size: tuple[int, int] = (1600, 900),
    refined: bool = True,
    stock: Stock = made_at_once,
    transparent: bool = False,
) -> Job[Shot]:
    """Make one picture of a scene (see `Studio.shoot`)."""
    studio = Studio(size, refined)
    try:
        yield from studio.show(twin, scene.theme, stock)
        return studio.shoot(scene, transparent)
    finally:
        studio.close()


def window(size: tuple[int, int]) -> vtkRenderWindow:
    """Return a window of a size that is never shown."""
    made: vtkRenderWindow
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        # Asked directly: the general class tries X first and complains on stderr.
        from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow

        made = vtkEGLRenderWindow()
    else:
        made = vtkRenderWindow()
    made.SetShowWindow(False)
    made.SetOffScreenRendering(True)
    made.SetMultiSamples(0)
    made.SetSize(*size)
    return made


def pixels(one: vtkRenderWindow) -> Picture:
    """Return what a window holds, shape (height, width, 3), first row on top."""
    width, height = one.GetSize()
    held = vtkUnsignedCharArray()
    one.GetPixelData(0, 0, width - 1, height - 1, 0, held, 0)
    return np.asarray(vtk_to_numpy(held).reshape(height, width, 3)[::-1])


def _averaged(image: Picture, fine: int) -> Shades:
    """Return the picture at its own size, each pixel the mean of its parts, not rounded."""
    height, width = image.shape[0] // fine, image.shape[1] // fine
    total = np.zeros((height, width, 3), dtype=np.float32)
    for row in range(fine):
        for column in range(fine):
            total += image[row::fine, column::fine]
    return np.asarray(total / np.float32(fine * fine), dtype=np.float32)


def _uncovered(black: Shades, white: Shades) -> Picture:
    """Return colour and cover of what was drawn before black and before white.

    Parameters
    ----------
    black, white
        Shape (height, width, 3), 0 to 255.

    Returns
    -------
    image
        Shape (height, width, 4); colours are not multiplied by their cover.
    """
    cover = np.clip(1 - (white - black).mean(axis=2, keepdims=True) / 255, 0, 1)
    colour = np.divide(black, cover, out=np.zeros_like(black), where=cover > 0.5 / 255)
    whole = np.concatenate([colour, 255 * cover], axis=2)
    return np.clip(np.round(whole), 0, 255).astype(np.uint8)


def _reduced(image: Picture, fine: int) -> Picture:
    """Return the picture at its own size, each pixel the mean of its parts, opaque."""
    height, width = image.shape[0] // fine, image.shape[1] // fine
    result = np.full((height, width, 4), 255, dtype=np.uint8)
    if fine == 1:
        result[..., :3] = image
        return result
    total = np.zeros((height, width, 3), dtype=np.uint16)
    for row in range(fine):
        for column in range(fine):
            total += image[row::fine, column::fine]
    result[..., :3] = (total + fine * fine // 2) // (fine * fine)
    return result


def preflight() -> str | None:
    """Return None where pictures can be made, else a sentence that says what to install.

    A missing graphics driver ends the process inside VTK, so a child tries it first.
    """
    code = "from twinview.render.studio import _trial; _trial()"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return _("No picture could be made in a minute. Try: {line}", line=_APT)
    if done.returncode == 0:
        return None
    return _("This machine has no working graphics driver. Install one: {line}", line=_APT)


def _trial() -> None:
    """Render one triangle; ends with an error where it does not come out."""
    from twinview.render.meshes.mesh import build
    from twinview.render.texels import Texels
    from twinview.render.upload import actor, set_uniforms

    shown = window((32, 32))
    renderer = vtkRenderer()
    shown.AddRenderer(renderer)
    corners = np.array([[-1.0, -1, 0], [1, -1, 0], [0, 1, 0]])
    mesh = build(corners, np.array([[0, 1, 2]]), np.zeros(3, np.int64), np.ones(3))
    one = actor(mesh, "rim", {"values": Texels(1).texture})
    set_uniforms(one, {"rim": (1.0, 1.0, 1.0), "haze": (1e9, 2e9, 0.0), "frame": (0.0, 32.0),
                       "skyTop": (0.0, 0.0, 0.0), "skyBottom": (0.0, 0.0, 0.0)})  # fmt: skip
    renderer.AddActor(one)
    renderer.ResetCamera()
    shown.Render()
    drawn = bool(pixels(shown)[16, 16].min() > 128)
    shown.Finalize()
    if not drawn:
        raise SystemExit(1)
