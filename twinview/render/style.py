"""The uniforms of the shaders: colours of a theme, and what the camera says."""

import math

from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer

from twinview.render import camera as eyes
from twinview.scene.theme import LOOKS, rgb
from twinview.scene.view import Camera, Theme

Uniforms = dict[str, float | tuple[float, ...]]
Colour = tuple[float, float, float]

EDGE_REACH = 0.9
"""Edges have faded out where a pixel as people see it covers so many metres."""
THINNEST = 1.5
"""Lines are never drawn thinner, pixels."""


def unit(colour: str) -> Colour:
    """Return ``#rrggbb`` as three numbers from 0 to 1."""
    red, green, blue = rgb(colour)
    return red / 255, green / 255, blue / 255


def _mixed(one: str, two: str, share: float) -> tuple[float, ...]:
    return tuple(a + (b - a) * share for a, b in zip(unit(one), unit(two), strict=True))


def of_theme(theme: Theme) -> Uniforms:
    """Return the colours of a theme."""
    look = LOOKS[theme]
    dark = theme == "dark"
    return {
        "clay": unit(look.clay), "mark": unit(look.text_soft), "alarm": unit(look.error),
        "ink": unit(look.edge),
        "paper": unit(look.text if dark else look.panel), "accent": unit(look.accent),
        "edge": unit(look.edge), "rim": unit(look.rim),
        "earth": _mixed(look.ground, look.field, 0.65),
        "settled": unit(look.settlement), "arrowTint": unit(look.text),
        "lit": (1.0, 1.0, 1.0), "glass": (0.62, 0.10) if dark else (0.42, 0.05),
    }  # fmt: skip


def sky(theme: Theme) -> tuple[Colour, Colour]:
    """Return the colours of a theme's sky: at the lower and at the upper edge of a picture."""
    look = LOOKS[theme]
    return unit(look.sky_bottom), unit(look.sky_top)


def of_camera(
    camera: Camera, viewport: tuple[int, int, int], radius: float, pixel: float
) -> Uniforms:
    """Return what the camera says.

    Parameters
    ----------
    camera
        The camera.
    viewport
        Lowest row, width and height of the picture, device pixels.
    radius
        Size of the district, metres: haze begins behind it.
    pixel
        Device pixels for one pixel as people see it.
    """
    near, far = clipping(camera, radius)
    distance, usual = eyes.pose(camera).distance, eyes.reach(camera)
    start = distance + 0.6 * radius
    return {
        "frame": (float(viewport[0]), float(viewport[2])),
        "perPixel": 2 * math.tan(math.radians(camera.angle) / 2) / max(viewport[2], 1),
        "pixel": pixel,
        "haze": (start, start + 3.0 * radius + 2.0 * usual, 1.0),
        # Towards the eye by as much as half a pixel or so covers, whatever the range of depths.
        "edgeBias": 0.0012 * near * far / (far - near) * usual / distance,
        "edgeReach": EDGE_REACH / pixel,
        "thinnest": THINNEST * pixel,
        "eye": tuple(float(value) for value in camera.position),
    }


def clipping(camera: Camera, radius: float) -> tuple[float, float]:
    """Return the nearest and farthest distance that is drawn, metres."""
    distance = eyes.pose(camera).distance
    far = distance + 40.0 * radius + 4000.0
    if eyes.is_parallel(camera):
        return distance * 0.25, far
    return max(0.4, min(distance * 0.05, camera.position[2] * 0.3 + 0.4)), far


def aim(target: vtkCamera, camera: Camera, radius: float) -> None:
    """Point VTK's camera."""
    _, up, _ = eyes.axes(camera)
    target.SetParallelProjection(False)
    target.SetPosition(*camera.position)
    target.SetFocalPoint(*camera.focus)
    target.SetViewUp(*(float(value) for value in up))
    target.SetViewAngle(camera.angle)
    target.SetClippingRange(*clipping(camera, radius))


def edge_reach(camera: Camera, height: int, pixel: float) -> float:
    """Return the distance from the eye up to which edges are seen, metres."""
    per_pixel = 2 * math.tan(math.radians(camera.angle) / 2) / max(height, 1)
    return EDGE_REACH / pixel / per_pixel


def prepare(renderer: vtkRenderer) -> None:
    """Set a renderer up: no lights (light is baked), plain blending, a quiet gradient."""
    renderer.RemoveAllLights()
    renderer.AutomaticLightCreationOff()
    renderer.GradientBackgroundOn()
    renderer.SetUseDepthPeeling(False)
    renderer.SetUseOIT(False)
    # VTK's guess at what lies outside the picture leaves out flat layers that are inside.
    renderer.GetCullers().RemoveAllItems()
