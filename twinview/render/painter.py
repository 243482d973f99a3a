"""The painter: shows a twin in a VTK renderer and writes only what changed."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer, vtkTexture

from twinview.model.twin import Layer, Twin
from twinview.render import camera as eyes
from twinview.render import cutting, making, patterns, style
from twinview.render.drawn import Drawn, blending
from twinview.render.lookout import Lookout
from twinview.render.making import Part
from twinview.render.meshes.ground import Occlusion
from twinview.render.meshes.mesh import Mesh, join
from twinview.render.pace import QUALITIES
from twinview.render.picking import Pointer
from twinview.render.pieces import ground_level, plain_ground, settles
from twinview.render.sunshine import Lamp, left_out
from twinview.render.tiling import Sight, sight
from twinview.render.upload import actor, picture_texture, set_uniforms, write_picture
from twinview.scene.paint import Scene
from twinview.scene.view import Camera, Cut, Theme

Rows = npt.NDArray[np.int64]
_NONE: Rows = np.empty(0, dtype=np.int64)
_BLANK = np.full((3, 4, 3), 255, np.uint8)  # shaped as most maps are: see `warming`


class Painter(Lookout):
    """Draws a twin into a renderer. Never renders by itself: the window decides when.

    Parameters
    ----------
    renderer
        A renderer of any window, on the screen or off it. It is taken over: background, lights,
        camera and actors are the painter's.
    pixel
        Device pixels for one pixel as people see it (2 on a high-density screen).
    """

    def __init__(self, renderer: vtkRenderer, pixel: float = 1.0) -> None:
        self.renderer = renderer
        self._pixel = pixel
        self.phase = 0.0
        self._twin: Twin | None = None
        self._theme: Theme = "light"
        self._drawn: dict[str, Drawn] = {}
        self._ground: vtkActor | None = None
        self._outline: vtkActor | None = None
        self.shared: dict[str, vtkTexture] = {}
        """Textures that all layers share."""
        self.chart: Occlusion | None = None
        self._standing: tuple[Layer, ...] = ()
        self.awaited: tuple[str, ...] = ()
        self.sparing, self.parts = False, 0
        """Whether bodies are in full only near the eye; another number after each part came."""
        self.scene: Scene | None = None
        self._hovered: tuple[str, int] | None = None
        self._cut: Cut | None = None
        self.lamp = Lamp()
        self._camera = Camera((0.0, -100.0, 80.0), (0.0, 0.0, 0.0))
        self._seen: tuple[object, ...] = ()
        self.pointer = Pointer(self._drawn)
        self._radius = 100.0
        self._level = 0.0
        self._fitted: dict[float, Camera] = {}
        self.told: style.Uniforms = {}
        """Uniforms that all actors have."""
        self.quality = QUALITIES[0]
        """How finely is drawn; the next `draw` takes it on."""
        style.prepare(renderer)

    @property
    def pixel(self) -> float:
        """Device pixels for one pixel as people see it; a window may move to another screen."""
        return self._pixel

    @pixel.setter
    def pixel(self, pixel: float) -> None:
        if pixel != self._pixel:
            self._pixel = pixel
            self._wear_patterns()

    # ------------------------------------------------------------------------------------ showing
    def show(self, twin: Twin, theme: Theme) -> None:
        """Make the meshes of a twin's layers that are not there already, and take on a theme.

        Cheap when only series or the theme changed: meshes are kept per layer.
        """
        wanted = self.begin(twin, theme)
        if any(twin.layers[one].kind in making.CASTING for one in wanted):
            self.occlude(making.shadows(twin))
        for layer_id in wanted:
            layer = twin.layers[layer_id]
            for part in making.ordered(layer, making.parts(layer, self.chart)):
                self.take(layer_id, part)
        self.whole()

    def shows(self, twin: Twin) -> bool:
        """Tell whether the layers of a twin are those that are drawn, or are coming."""
        old = self._twin
        return old is not None and [*old.layers.values()] == [*twin.layers.values()]

    def begin(self, twin: Twin, theme: Theme) -> list[str]:
        """Take on a twin and a theme; return the layers whose parts are to come (see `take`).

        What is known already of the twin's layers stays.
        """
        same = self.shows(twin)
        self._twin = twin
        if not same:
            self._rebuild(twin, theme)
        elif theme != self._theme:
            for drawn in self._drawn.values():
                drawn.theme(theme)
        self._theme = theme
        self._wear_patterns()
        self.scene, self._seen = None, ()
        self.tell({**style.of_theme(theme), **self.lamp.light()})
        self.wear_sky(*style.sky(theme))
        return list(self.awaited)

    def wear_sky(self, bottom: style.Colour, top: style.Colour) -> None:
        """Put a sky behind everything, and into the haze before it."""
        self.renderer.SetBackground(*bottom)
        self.renderer.SetBackground2(*top)
        self.tell({"skyBottom": bottom, "skyTop": top})

    def occlude(self, chart: Occlusion | None) -> None:
        """Take the map of what stands, without the sun; parts that know it come after it."""
        self.chart, self.lamp.chart, self.lamp.sun = chart, chart, None
        write_picture(self.shared["occlusion"], _BLANK if chart is None else chart.picture())
        box = (0.0, 0.0, 1.0, 1.0) if chart is None else chart.box
        self.tell({"box": box, "boxed": 0.0 if chart is None else 1.0, **self.lamp.light()})
        self.parts += 1

    def take(self, layer_id: str, part: Part) -> None:
        """Take in one more part of what a layer is drawn as."""
        self._drawn[layer_id].take(part)
        self.parts += 1

    def lose(self, layer_id: str) -> None:
        """Forget the parts of a layer: they come again."""
        for one in self._drawn[layer_id].lose():
            self._leave(one)
        self.pointer = Pointer(self._drawn)
        self.parts += 1

    def whole(self) -> None:
        """Note that all parts of all layers have come."""
        self.awaited = ()

    def draw(self, scene: Scene) -> None:
        """Bring the actors to a scene; only what differs from the last one is written.

        Parameters
        ----------
        scene
            What is to be seen. Its view's camera None stands for the whole district.
        """
        if self._twin is None:
            return
        old, self.scene = self.scene, scene
        self._cut_open(scene.view.cut)
        if self.lamp.shine(self._twin, self.chart, scene.sun, self.shared["occlusion"],
                           left_out(self._twin, scene), self.unhurried):  # fmt: skip
            self.tell(self.lamp.light())
        for layer_id, drawn in self._drawn.items():
            shown = layer_id not in scene.view.hidden
            drawn.show(shown, scene.paints.get(layer_id), scene.view.through)
        self._arrange(scene)
        hidden = scene.view.hidden
        if old is None or old.selected is not scene.selected or old.view.hidden != hidden:
            self._select(scene)
        self._look_from(scene.view.camera or self._home())
        seen = self._sight()
        for layer_id, drawn in self._drawn.items():
            drawn.look(seen, np.concatenate(self._marked(layer_id)))

    def ready(self) -> Iterator[None]:
        """Make what moving pictures from here are drawn of, in parts: stop whenever you like."""
        for drawn in self._drawn.values():
            for tiled in drawn.tiles if drawn.visible else ():
                yield from tiled.missing(self._sight())

    def hover(self, layer: str | None, row: int = -1) -> bool:
        """Mark the element under the pointer; tell whether a new frame is needed."""
        wanted = (layer, row) if layer is not None and row >= 0 else None
        if wanted == self._hovered:
            return False
        before, self._hovered = self._hovered, wanted
        for changed in {one[0] for one in (before, wanted) if one is not None}:
            self._flag(changed)
        return True

    def flow(self, phase: float) -> None:
        """Move the arrows along the lines: 0 to 1 is one spacing."""
        self.phase = phase % 1.0
        self.tell({"phase": self.phase})

    def advance(self, spacings: float) -> None:
        """Move the arrows along the lines, each by so many spacings times its own pace."""
        for drawn in self._drawn.values():
            if drawn.visible:
                drawn.advance(spacings)

    # ------------------------------------------------------------------------------------- asking
    def actors(self) -> list[tuple[str, vtkActor]]:
        """Return everything that is drawn, and its role."""
        found = [pair for drawn in self._drawn.values() for pair in drawn.roles()]
        for role, one in (("ground", self._ground), ("outline", self._outline)):
            found += [] if one is None else [(role, one)]
        return found

    def size(self) -> tuple[int, int]:
        """Return width and height of the picture, device pixels."""
        width, height = self.renderer.GetSize()
        return max(int(width), 1), max(int(height), 1)

    def close(self) -> None:
        """Take everything out of the renderer and let go of it."""
        self._clear()
        self._twin = self.scene = None

    # ------------------------------------------------------------------------------------- making
    def _rebuild(self, twin: Twin, theme: Theme) -> None:
        """Draw what is known of a twin, and note the layers of which something is missing."""
        standing = making.casting(twin)
        kept: dict[str, tuple[Layer, list[Part]]] = {}
        chart = self.chart if standing == self._standing else None
        if standing == self._standing:
            known = self._drawn.keys() - set(self.awaited)
            kept = {key: (self._drawn[key].layer, self._drawn[key].parts) for key in known}
        self._standing, self.awaited = standing, ()
        self._clear()
        self.shared = {
            "occlusion": picture_texture(_BLANK),
            "patterns": picture_texture(patterns.picture(theme, self.pixel), smooth=False),
        }
        self._populate(twin, theme)
        self.occlude(chart)
        for layer_id, drawn in self._drawn.items():
            layer, found = kept.pop(layer_id, (None, []))
            for part in found if layer is drawn.layer else ():
                drawn.take(part)
            if layer is not drawn.layer:
                self.awaited += (layer_id,)

    def _populate(self, twin: Twin, theme: Theme) -> None:
        """Add the ground, and make room for what stands on it."""
        for layer_id, layer in twin.layers.items():
            if making.drawable(layer):
                drawn = self._drawn[layer_id] = Drawn(layer, theme, self.shared)
                drawn.added, drawn.removed = self._join, self._leave
                drawn.sparing = self.sparing
        x0, x1, y0, y1, _, _ = twin.bounds
        self._radius = max(60.0, float(np.hypot(x1 - x0, y1 - y0)) / 2)
        self._level = ground_level(twin)
        self._fitted.clear()
        middle = ((x0 + x1) / 2, (y0 + y1) / 2, self._level)
        self._ground = actor(plain_ground(middle, self._radius), "ground", self.shared, rank=1)
        self.renderer.AddActor(self._ground)
        settled = any(settles(layer) for layer in twin.of_kind("place"))
        self.tell({"settling": 0.0 if settled else 1.0, "arrows": 1.0, "phase": self.phase})

    def _clear(self) -> None:
        self.renderer.RemoveAllViewProps()
        for drawn in self._drawn.values():
            drawn.close()
        for one in (self._ground, self._outline):
            if one is not None:
                one.GetProperty().RemoveAllTextures()
                one.SetMapper(None)  # type: ignore[arg-type]
        self._drawn, self._cut = {}, None
        self.pointer = Pointer(self._drawn)
        self._ground = self._outline = None
        self._hovered = None

    # ------------------------------------------------------------------------------------ changing
    def _arrange(self, scene: Scene) -> None:
        """Give all layers the opacity and the place that are wanted."""
        places = {key: k for k, key in enumerate(reversed(scene.order))}
        changed = [
            drawn.place(scene.opacity.get(key, 1.0), scene.ranks.get(key, math.nan),
                        float(places.get(key, 0)))
            for key, drawn in self._drawn.items()
        ]  # fmt: skip
        if any(changed):
            self._wish += 1
            self._blend_in_order()

    def _blend_in_order(self) -> None:
        """Have what is blended drawn in its order."""
        some = sorted(self._drawn.values(), key=blending)
        self._again([one for drawn in some for one in drawn.actors(translucent=True)])

    def _again(self, some: list[vtkActor]) -> None:
        """Have some actors drawn after all others."""
        for one in some:
            self.renderer.RemoveActor(one)
            self.renderer.AddActor(one)

    def _wear_patterns(self) -> None:
        """Draw the patterns anew for the theme and the size of a pixel."""
        if self.shared:
            write_picture(self.shared["patterns"], patterns.picture(self._theme, self._pixel))
            self.tell({"patternSize": float(patterns.size(self._pixel))})

    def tell(self, values: style.Uniforms) -> None:
        """Write uniforms of all actors."""
        self.told.update(values)
        # Tiles share their shaders' uniforms.
        for one in {one.GetShaderProperty(): one for _, one in self.actors()}.values():
            set_uniforms(one, values)

    def _cut_open(self, cut: Cut | None) -> None:
        """Draw only what is inside a box, or everything again."""
        if cut == self._cut:
            return
        if (cut is None) != (self._cut is None):
            for role, one in self.actors():
                cutting.wear(one, role, cut is not None)
        self._cut = self.pointer.cut = cut
        if cut is not None:
            self.tell(cutting.uniforms(cut))

    def _look_from(self, camera: Camera) -> None:
        """Point the camera, if anything about the picture's frame is new."""
        size = self.size()
        frame = (int(self.renderer.GetOrigin()[1]), *size)
        wanted = (camera, frame, pixel := self._pixel / self.quality.scale, self._outline,
                  self._cut, self.through, self.lamp.sun, self.lamp.chart)  # fmt: skip
        if wanted == self._seen:
            return
        self._seen = wanted
        self._camera = camera
        style.aim(self.renderer.GetActiveCamera(), camera, self._radius)
        self.tell(style.of_camera(camera, frame, self._radius, pixel))

    def _sight(self) -> Sight:
        fine = self.quality
        return sight(self._camera, self.size(), self._pixel / fine.scale, fine.levels)

    def _join(self, one: vtkActor) -> None:
        """Take in one more actor: bodies before the ground, as what they hide costs less then."""
        if self._cut is not None:
            cutting.wear(one, self._role(one), on=True)
        set_uniforms(one, self.told)
        self.renderer.AddActor(one)
        if not one.GetForceOpaque():
            self._blend_in_order()
        elif self._ground is not None:
            self._again([self._ground])

    def _role(self, one: vtkActor) -> str:
        """Return what an actor that has just come is; what nobody lists yet stands for blocks."""
        return next((role for role, other in self.actors() if other is one), "coarse")

    def _leave(self, one: vtkActor) -> None:
        self.renderer.RemoveActor(one)
        one.ReleaseGraphicsResources(self.renderer.GetRenderWindow())

    def _select(self, scene: Scene) -> None:
        """Mark what is selected, with an outline where it stands upright."""
        found: list[Mesh] = []
        for layer_id, drawn in self._drawn.items():
            self._flag(layer_id)
            if layer_id not in scene.view.hidden:
                found += drawn.outline(scene.selected.get(layer_id, _NONE))
        if self._outline is not None:
            self.renderer.RemoveActor(self._outline)
            self._outline = None
        if not found:
            return
        self._outline = actor(join(found), "outline", {})
        self._outline.GetProperty().SetLineWidth(2.5 * self.pixel)
        cutting.wear(self._outline, "outline", self._cut is not None)
        set_uniforms(self._outline, self.told)
        self.renderer.AddActor(self._outline)

    def _flag(self, layer_id: str) -> None:
        if layer_id in self._drawn:
            self._drawn[layer_id].flag(*self._marked(layer_id))

    def _marked(self, layer_id: str) -> tuple[Rows, Rows]:
        """Return the rows that are selected, and the one under the pointer."""
        selected = self.scene.selected.get(layer_id, _NONE) if self.scene else _NONE
        under = self._hovered or ("", -1)
        hovered = np.array([under[1]]) if under[0] == layer_id else _NONE
        return np.asarray(selected, dtype=np.int64), hovered

    # ------------------------------------------------------------------------------------- helpers
    def _home(self) -> Camera:
        assert self._twin is not None
        if (aspect := self.size()[0] / self.size()[1]) not in self._fitted:
            self._fitted[aspect] = eyes.fit(self._twin, aspect)
        return self._fitted[aspect]
