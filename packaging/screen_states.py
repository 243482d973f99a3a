"""The states of the window of which `screens` takes pictures, and what brings each about."""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DEMO = "Schutterwald"
COMPUTING_S, DRAWING_S = 1800.0, 60.0
WINTER, SUMMER, NIGHT = "2024-01-29T09:00", "2024-06-19T13:00", "2024-06-19T23:00"
HOUSES = "data/demo/buildings.parquet"
"""Footprints only, as a planner begins a project."""
COLOURED = ("roads", "places")
"""Layers that get colours of their own."""


class Camera:
    """Holds the window and waits for it.

    Parameters
    ----------
    window
        The window, with nothing open.
    """

    def __init__(self, window: Any) -> None:
        self.window = window

    def until(self, ready: Callable[[], bool], seconds: float = DRAWING_S) -> bool:
        """Let the window work until something is so; tell whether it is."""
        from PySide6.QtCore import QDeadlineTimer, QEventLoop
        from PySide6.QtWidgets import QApplication

        end = QDeadlineTimer(round(seconds * 1000))
        while not ready() and not end.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        return ready()

    def settle(self) -> None:
        """Wait until nothing is computed and the picture is that of the state."""
        from twinview.gui.asking import Asker

        window, canvas = self.window, self.window.canvas
        for _round in range(2):  # an answer asks for more at times, and is shown a turn later
            self.turn()
            self.until(lambda: not window.jobs.running, COMPUTING_S)
            self.until(lambda: not any(one.busy for one in window.findChildren(Asker)))
        if window.session.state.twin.layers:
            # Where nothing is computed, what is shown is another wish.
            self.until(self.shown, DRAWING_S if window.session.state.view.panes else 10)
            self.until(lambda: not (canvas.motion.moving or canvas.motion.busy))
            self.until(lambda: canvas.frames.refined or not canvas.resting.affordable, 4)
        self.turn()

    def shown(self) -> bool:
        """Tell whether what is drawn is the state's view, or panes of it."""
        scene, view = self.window.canvas.scene, self.window.session.state.view
        if scene is None or not view.panes:
            return scene is not None and scene.view == view
        # A case with other shapes is prepared first, and its pane says so.
        prepared = not any(one.view.why for one in self.window.tools.spread.slots)
        return prepared and all(one.picture is not None for one in self.window.canvas.frames.others)

    @staticmethod
    def turn() -> None:
        """Have what waits done: what a panel was given is shown a turn later."""
        from PySide6.QtWidgets import QApplication

        for _turn in range(4):
            QApplication.processEvents()

    def run(self, *words: Any) -> None:
        """Run a command of the table."""
        if not self.window.run(*words):
            raise RuntimeError(f"{words} did not work: {self.window.stage.message.text.text()}")

    def do(self, name: str) -> None:
        """Do what a local action does, such as showing a panel."""
        self.window.actions_.actions[name].trigger()

    def fresh(self) -> None:
        """Open the demo where it is not, and leave everything that a state has left."""
        window = self.window
        window.may_lose = lambda: True
        if window.session.state.project.name != DEMO:
            self.run("file.demo")
            self.until(lambda: window.canvas.draws > 0, COMPUTING_S)
            self.until(lambda: bool(window.jobs.running))
            self.settle()
        for other in others(window):
            other.close()
        for name, dock in window.docks.items():
            dock.setVisible(name in {"layers", "inspector"})
        window.tools.measuring.end()
        window.desk.palette.dismiss()
        window.desk.leave()
        window.desk.live.leave()
        self.run("scenario.show", "base")
        self.run("layer.filter", self.buildings().id, "none")
        for layer in COLOURED:
            self.run("layer.colour", layer, "none")
        for name in ("select.clear", "pin.clear", "measure.clear", "cut.clear", "time.range_clear",
                     "compare.off", "compare.end"):  # fmt: skip
            self.run(name)
        self.run("time.window", "instant")
        window.timebar.show_span("day")
        self.run("overlay.show", "carbon")
        self.run("time.go", WINTER)
        self.run("view.fit")
        window.stage.message.hide()
        window.canvas.setFocus()
        self.settle()

    def buildings(self) -> Any:
        """Return the layer of the district's houses."""
        return max(self.window.session.state.twin.of_kind("building"), key=len)

    def building(self) -> tuple[str, str]:
        """Return layer and id of a building in the middle of the view that draws power."""
        import numpy as np

        twin, layer = self.window.session.state.twin, self.buildings()
        power = twin.find(layer.id, "consumption").at(self.window.session.state.view.time)
        centres = layer.geometry.centres
        away = np.hypot(*(centres - np.median(centres, axis=0))[:, :2].T)
        away[~(power > 0)] = np.inf
        return layer.id, str(layer.ids[int(np.argmin(away))])

    def take(self, file: Path) -> None:
        """Write the window with all that stands over it."""
        from PySide6.QtCore import QPoint, QRect
        from PySide6.QtGui import QColor, QPainter

        self.window.repaint()
        picture = self.window.grab()
        painter = QPainter(picture)
        painter.setPen(QColor(128, 128, 128))  # where a window manager would draw its frame
        for other in others(self.window):
            place = QRect(other.mapToGlobal(QPoint()), other.size())
            place.translate(-self.window.mapToGlobal(QPoint()))
            painter.drawPixmap(place.topLeft(), other.grab())
            painter.drawRect(place.adjusted(-1, -1, 0, 0))
        painter.end()
        if not picture.save(str(file)):
            raise RuntimeError(f"{file} could not be written.")


def others(window: Any) -> list[Any]:
    """Return the dialogs and further windows that are seen."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    return [one for one in QApplication.topLevelWidgets()
            if one is not window and one.isVisible()
            and one.windowType() != Qt.WindowType.ToolTip]  # fmt: skip


def selected(camera: Camera, near: bool = True) -> None:
    """Select a building, and go there."""
    camera.run("select.only", *camera.building())
    if near:
        camera.run("view.selection")


def why(camera: Camera) -> None:
    """Ask where a number comes from."""
    selected(camera)
    camera.run("why", *camera.building(), "carbon_intensity")


def pinned(camera: Camera) -> None:
    """Pin the cards of three buildings beside each other."""
    selected(camera)
    layer, element = camera.building()
    found = camera.window.session.state.twin.layers[layer]
    centres = found.geometry.centres
    apart = ((centres - centres[found.row_of[element]]) ** 2).sum(axis=1)
    for row in apart.argsort()[[0, 4, 9]]:
        camera.run("pin.toggle", layer, found.id_at(int(row)))
    camera.run("select.clear")


def colours(camera: Camera) -> None:
    """Colour roads and places by what they are, and open the style of the places."""
    for layer in COLOURED:
        camera.run("layer.colour", layer, "kind")
    camera.do("gui.style")
    camera.window.tools.styling.show_layer("places")


def summer(camera: Camera, instant: str) -> None:
    """Show power at an instant of summer."""
    camera.run("overlay.show", "power")
    camera.run("time.go", instant)


def range_of_time(camera: Camera) -> None:
    """Show sums over some hours of a week."""
    camera.run("overlay.show", "power")
    camera.window.timebar.show_span("week")
    step = camera.window.session.state.view.time
    camera.run("time.range_steps", step - 12, 36)
    camera.run("time.window", "range")


def table(camera: Camera) -> None:
    """Show the table of a selection, and its statistics."""
    page(camera, "statistics")
    camera.do("gui.table")


def page(camera: Camera, name: str) -> None:
    """Show what is said of all that are like a building."""
    camera.run("select.only", *camera.building())
    camera.run("select.same")
    camera.do("gui.selection")
    camera.window.exploring.selection.choice.choose(name)


def measured(camera: Camera) -> None:
    """Measure from a building, near it."""
    selected(camera)
    twin = camera.window.session.state.twin
    layer, element = camera.building()
    x, y = twin.layers[layer].geometry.centres[twin.layers[layer].row_of[element]][:2]
    camera.run("select.clear")
    camera.run("measure.distance", f"{x - 30},{y - 20},0", f"{x + 40},{y - 20},0")
    camera.run("measure.height", layer, element)
    camera.do("gui.measure")


def section(camera: Camera) -> None:
    """Cut the city open near a building."""
    selected(camera)
    camera.run("cut.section")


def scenario(camera: Camera) -> None:
    """Compute a battery and photovoltaics, and compare with the base."""
    window = camera.window
    known = {one.id for one in window.session.state.project.scenarios}
    if not known:
        layer, element = camera.building()
        camera.run("select.only", layer, element)
        camera.run("scenario.new", "2030")
        camera.run("scenario.add_storage", 10.0, 5.0)
        camera.run("scenario.add_pv", 8.0)
        if window.topbar.scenario.note.isVisible():
            camera.run("compute.run")
            camera.settle()
    else:
        camera.run("scenario.show", known.pop())
    camera.do("gui.scenario")


def swipe(camera: Camera) -> None:
    """Put the base beside a scenario, at a line across the view."""
    scenario(camera)
    camera.do("gui.scenario")
    camera.run("compare.swipe", "base")


def panes(camera: Camera, count: int) -> None:
    """Show the base, a scenario and their difference side by side."""
    if count > 2:
        scenario(camera)
        camera.do("gui.scenario")
        camera.run("scenario.show", "base")
    camera.run("select.clear")
    camera.run("compare.panes", count)
    if count > 2:
        camera.run("compare.pane_difference", count)


def layers(camera: Camera) -> None:
    """Filter the houses by what is shown, and open the form of the layer."""
    layer = camera.buildings().id
    camera.run("layer.filter", layer, "value > 300")
    camera.window.wishes.layer("filter", layer)


def join(camera: Camera) -> None:
    """Look at what a table of some houses would bring, before it is joined."""
    every = camera.buildings()
    ids = [str(one) for one in every.ids[:40]]
    rows = [",".join(["time", *ids[:-4], "total"])]
    rows += [",".join([f"2024-01-{1 + k // 24:02}T{k % 24:02}:00", *["1.5"] * 36, ""])
             for k in range(240) if k not in range(60, 84)]  # fmt: skip
    file = Path(tempfile.mkdtemp()) / "meters.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    camera.window.wishes.joins(every.id)
    camera.window.wishes.join_window.use_file(file)


def live(camera: Camera, now: str) -> None:
    """Follow a present, such as one that lies within the data."""
    from datetime import datetime

    following = camera.window.desk.live
    following.now = lambda: datetime.fromisoformat(now)
    camera.run("time.live", "true")


def opened(camera: Camera, *files: str) -> None:
    """Open a project of one's own that holds less than the demo does."""
    folder = Path(tempfile.mkdtemp())
    copies = [Path(shutil.copy(ROOT / one, folder)).name for one in files]
    sources = [{"id": Path(one).stem, "path": one, "options": {}} for one in copies]
    file = folder / "project.twin"
    file.write_text(
        json.dumps({"version": 2, "name": "Project", "sources": sources}), encoding="utf-8"
    )
    camera.run("file.open", file)
    camera.settle()
    for layer in camera.window.session.state.twin.layers:
        camera.run("overlay.attribute", f"{layer}.use")


def palette(camera: Camera) -> None:
    """Ask the palette for something."""
    camera.do("gui.palette")
    camera.window.desk.palette.entry.setText("ex")


STATES: dict[str, Callable[[Camera], Any]] = {
    "welcome": lambda _camera: None,
    "carbon": lambda _camera: None,
    "summer": lambda camera: summer(camera, SUMMER),
    "night": lambda camera: summer(camera, NIGHT),
    "selection": selected,
    "why": why,
    "pinned": pinned,
    "window": range_of_time,
    **{
        name: lambda camera, name=name: camera.run("overlay.show", name)
        for name in ("loading", "storage", "voltage")
    },
    "carpet": lambda camera: camera.do("gui.carpet"),
    "table": table,
    "curves": lambda camera: page(camera, "curves"),
    "supply": lambda camera: page(camera, "sources"),
    "indicators": lambda camera: camera.do("gui.indicators"),
    "measuring": measured,
    "section": section,
    "factors": lambda camera: camera.do("gui.factors"),
    "scenario": scenario,
    "swipe": swipe,
    "pair": lambda camera: panes(camera, 2),
    "panes": lambda camera: panes(camera, 3),
    "layers": layers,
    "colours": colours,
    "style": lambda camera: camera.do("gui.style"),
    "join": join,
    "live": lambda camera: live(camera, "2024-06-19T13:20+02:00"),
    "late": lambda camera: live(camera, "2025-01-02T12:00+01:00"),
    "palette": palette,
    "question": lambda camera: camera.window.ask("time.go"),
    "error": lambda camera: camera.window.run("time.go", "some day"),
    "tour": lambda camera: camera.run("help.tour"),
    "picture": lambda camera: camera.window.ask("export.picture"),
    "keys": lambda camera: camera.do("gui.keys"),
    "preferences": lambda camera: camera.do("gui.preferences"),
    "problems": lambda camera: camera.do("gui.problems"),
    "help": lambda camera: camera.run("help.open", "start"),
    "houses": lambda camera: opened(camera, HOUSES),
    "empty": opened,
}
"""What brings each state about, from the demo as it opens; the first has nothing open."""
