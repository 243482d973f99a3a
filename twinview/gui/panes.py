"""Several pictures side by side: one camera, one clock, one scale, one selection."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, QSizeF
from PySide6.QtWidgets import QWidget

from twinview.draw.ink import GAP
from twinview.draw.legend import draw_legend, legend_size
from twinview.draw.panes import brief, names
from twinview.gui.hands import Pick
from twinview.gui.hover import HoverCard
from twinview.gui.hud import Hud, places
from twinview.gui.hudcards import Card
from twinview.gui.panefoot import Foot
from twinview.gui.paneparts import Mark, PaneHead, PaneView, hint
from twinview.gui.paneshapes import PaneShapes
from twinview.gui.style import look_now, worn
from twinview.gui.subject import uncomputed
from twinview.gui.underway import computing_text, share_text, underway
from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.render.alongside import Held
from twinview.render.frames import Other
from twinview.render.painter import Painter
from twinview.scene.numbers import change
from twinview.scene.paint import Legend, Scene
from twinview.scene.panes import Shown, onto, painted, panes_of
from twinview.scene.resolve import resolve
from twinview.scene.stale import aged, staled
from twinview.scene.telling import hover_lines
from twinview.scene.theme import Look
from twinview.scene.view import Camera
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

WRITTEN = frozenset({"map"})
"""Cards that stand on the first picture; all others are said once for all."""


@dataclass(frozen=True, eq=False)
class Slot:
    """The widgets of one pane.

    Parameters
    ----------
    view, head, hud
        Its picture, what stands above it, and the labels on it.
    mark, hover
        Where the mouse is, if in another pane, and what is there.
    legend
        What the colours of a difference mean.
    """

    view: PaneView
    head: PaneHead
    hud: Hud
    mark: Mark
    hover: HoverCard
    legend: Card

    def all(self) -> tuple[QWidget, ...]:
        """Return them from the lowest to the highest."""
        return self.view, self.hud, self.legend, self.head, self.mark, self.hover


class Spread(QObject):
    """Shows the panes of the view in a window's stage."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._stage, self._canvas = window, window.stage, window.canvas
        self.shown: tuple[Shown, ...] = ()
        self.shapes = PaneShapes(window.canvas, window.jobs, window.session, self)
        self.foot = Foot(window.stage)
        self.slots: list[Slot] = []
        self._age, self._told, self._hint = "", False, ""
        self._computed = (0, "")
        """Number of the computation that runs, and the case that it is of."""
        self.foot.hide()
        self.foot.stackUnder(window.canvas)
        self._connect()

    def _connect(self) -> None:
        stage, canvas = self._stage, self._canvas
        stage.room, stage.linked, canvas.look_up = self.room, self.hover, self.look_up
        canvas.resolved.connect(self._resolved)
        canvas.looked.connect(self._look)
        canvas.framed.connect(self._framed)
        self._window.jobs.changed.connect(self._say_computing)
        self.shapes.ready.connect(canvas.draw_now)
        self.shapes.stopped.connect(self._stopped)

    @property
    def on(self) -> bool:
        """Whether the view has panes."""
        return bool(self._window.session.state.view.panes)

    # ------------------------------------------------------------------------------ what is seen
    def look_up(self, state: State) -> tuple[Twin, Scene]:
        """Return what the canvas shows: the first pane, or the whole view."""
        self.shown = tuple(
            aged(one, self._age) for one in panes_of(state.twin, state.view, state.beside)
        )
        if self.shown and self.shown[0].scene is not None:
            return self.shown[0].twin, self.shown[0].scene
        plain = replace(state.view, panes=()) if self.shown else state.view
        return state.twin, staled(resolve(state.twin, plain, state.beside), self._age)

    def show_age(self, age: str) -> None:
        """Show values of the clock's instant as so old; as the present's if empty."""
        if age != self._age:
            self._age = age
            self._canvas.renew()

    def _resolved(self) -> None:
        """Have the other panes drawn with the next frame, and write what they are."""
        scene = self._canvas.scene
        if not self.shown or scene is None:
            return
        known = self.shown[0].scene is not None
        state = self._window.session.state
        self._tell(state)
        first = self.shown[0] if known else replace(self.shown[0], twin=state.twin, scene=scene)
        drawn = [one for one in self.shown[1:] if one.scene is not None]
        twins, seen = [first.twin, *(one.twin for one in drawn)], painted([first, *drawn])
        helds = self.shapes.painters(twins, scene.theme, seen)
        made: dict[int, Other | str] = {}
        for one, held in zip(drawn, helds[1:], strict=True):
            made[id(one)] = self._other(one, first, held)
        others = [other for other in made.values() if isinstance(other, Other)]
        self._canvas.frames.others = tuple(others)
        self._write([made.get(id(one)) for one in self.shown])

    def _other(self, one: Shown, first: Shown, held: Held | None) -> Other | str:
        """Return what is drawn for a pane, or what it says while its case is being made."""
        scene = onto(one, first).scene if held is None else one.scene
        assert scene is not None
        if held is None or held.ready:
            return Other(scene, None if held is None else held.frames)
        return self.shapes.await_(held, scene)

    def _stopped(self) -> None:
        text = _("A pane has no picture: preparing it was cancelled.")
        self._stage.message.choice(text, [(_("Go on"), self.shapes.again)])

    def _tell(self, state: State) -> None:
        """Say once what to do where there is no scenario to compare with."""
        text = "" if self._told else hint(state)
        self._told = True
        if text:
            ask = self._window.ask
            new = (_("New scenario..."), lambda: ask("scenario.new"))
            self._stage.message.notice(text, [new])
            self._hint = text

    def _write(self, others: list[Other | str | None]) -> None:
        """Bring heads, pictures and foot to what is shown."""
        called, count, camera = names(self.shown), len(self.shown), self._canvas.camera
        for k, one in enumerate(self.shown):
            slot = self.slots[k]
            slot.head.show_pane(one, k, count, called[k])
            slot.view.show_pane(one, called[k], others[k])
            slot.mark.hide()
            slot.hover.hide()
            if one.scene is not None and camera is not None and k:
                slot.hud.show_scene(one.scene, camera)
        self._say_computing()
        scene = self._canvas.scene
        self.foot.say(self.shown, "" if scene is None else scene.about, self._look_of())
        if camera is not None:
            self._look(camera)
        self._stage.lay_out()

    def _say_computing(self) -> None:
        """Say in the panes of the case that is computed how far that is; offer no other now."""
        ticket = underway(self._window.jobs)
        if ticket is not None and ticket.number != self._computed[0]:
            self._computed = ticket.number, self._window.session.state.twin.scenario
        text, scenario = computing_text(self._window.jobs), self._computed[1]
        for one, slot in zip(self.shown, self.slots, strict=False):
            slot.head.show_computing(share_text(self._window.jobs), text, scenario)
            waits = bool(one.why) and uncomputed(one.twin) and one.twin.scenario == scenario
            slot.view.show_computing(text if waits else "")

    def _look_of(self) -> Look:
        scene = self._canvas.scene
        return worn(scene.theme) if scene is not None else look_now()

    # -------------------------------------------------------------------------------- where it is
    def room(self, whole: QRect) -> QRect:
        """Lay out the panes in the stage; return the place of the canvas."""
        count = len(self._window.session.state.view.panes)
        if self.slots and not count:
            self._end()
        self._have(count)
        self.foot.setVisible(bool(count))
        self._stage.hud.show_only(WRITTEN if count else None)
        if not count:
            return whole
        self.foot.setGeometry(whole)
        laid = self.foot.arrange(QSizeF(whole.size()), count)
        for k, (head, picture) in enumerate(zip(laid.heads, laid.pictures, strict=True)):
            self._put(k, head.toRect(), picture.toRect())
        return laid.pictures[0].toRect()

    def _put(self, k: int, head: QRect, picture: QRect) -> None:
        """Place one pane; the first one's view covers the canvas only where it has no picture."""
        self.slots[k].head.setGeometry(head)
        view, hud = self.slots[k].view, self.slots[k].hud
        for one in (view, hud):
            one.setGeometry(picture)
        shown = self.shown[k] if k < len(self.shown) else None
        view.setVisible(k > 0 or (shown is not None and bool(shown.why)))
        hud.setVisible(k > 0 and shown is not None and shown.scene is not None and not view.why)
        legend = shown.scene.legend if shown is not None and shown.scene is not None else None
        self._put_legend(k, legend if shown is not None and shown.pane.difference else None)

    def _put_legend(self, k: int, legend: Legend | None) -> None:
        """Write on the picture of a difference what its colours mean."""
        card, view, hud = self.slots[k].legend, self.slots[k].view, self.slots[k].hud
        card.setVisible(legend is not None)
        if legend is None:
            hud.keep_clear([])
            return
        told = brief(legend, QSizeF(view.size()))
        card.setVisible(told is not None)
        if told is not None:
            card.say(
                told, legend_size(told, brief=True),
                lambda p, at, k: draw_legend(p, told, at, k, brief=True), self._look_of(),
            )  # fmt: skip
        place = self._corner(k, card.size())
        card.move(view.pos() + place.topLeft())
        hud.keep_clear([QRectF(place)] if told is not None else [])
        card.setAccessibleName(f"{legend.title}, {legend.unit}. {legend.note}")
        view.setToolTip("" if told is legend else f"{legend.title}, {legend.unit}\n{legend.note}")

    def _corner(self, k: int, size: QSize) -> QRect:
        """Return where a legend stands in a picture."""
        whole, shown, camera = self.slots[k].view.size(), self.shown[k].scene, self._canvas.camera
        if shown is None or camera is None:
            return corner(whole, size, [])
        seen = places(shown.labels, camera, whole.width(), whole.height())
        seen = seen[np.isfinite(seen).all(axis=1)]
        return corner(whole, size, [QPoint(round(x), round(y)) for x, y in seen.tolist()])

    def _have(self, count: int) -> None:
        """Have so many panes; those that are not needed any more are gone."""
        while len(self.slots) > count:
            slot = self.slots.pop()
            slot.view.other = None  # a painter of its own is gone at once, the widget in a while
            for one in slot.all():
                one.hide()
                one.deleteLater()
        for k in range(len(self.slots), count):
            self.slots.append(self._made(k))
        self._canvas.others = tuple(one.view for one in self.slots)

    def _made(self, k: int) -> Slot:
        stage = self._stage
        head = PaneHead(self._window.ask, self._cases, stage)
        head.offset_wanted.connect(lambda: self._ask_offset(k))
        view, hud = PaneView(self._canvas, stage), Hud(stage)
        hud.live = False
        made = Slot(view, head, hud, Mark(stage), HoverCard(stage), Card(stage))
        hud.show_only(frozenset())
        for one in made.all()[:-1]:
            one.stackUnder(stage.start)
        head.show()
        return made

    def _cases(self) -> list[tuple[str, str]]:
        beside = self._window.session.state.beside
        return [(id_, beside.titles.get(id_, _("Base case"))) for id_ in beside.twins]

    def _ask_offset(self, k: int) -> None:
        text = _("How far from the clock? Write -7d or -1y for earlier, +6h for later.")
        message = self._stage.message

        def answer(said: str) -> None:
            self._window.run("compare.pane_offset", k + 1, said)

        message.question(text, {}, answer, "-7d")

    # ----------------------------------------------------------------------------------- following
    def _look(self, camera: Camera) -> None:
        for one in self.slots[1:]:
            one.hud.look(camera)
        self.foot.look(camera, self._canvas.height())

    def _framed(self) -> None:
        for one in self.slots[1:]:
            one.view.update()

    def hover(self, found: Pick | None, at: QPointF) -> bool:
        """Say what is at the mouse in all panes; tell whether there are any."""
        if len(self.shown) != len(self.slots) or not self.shown:
            return False
        for frames in {one.frames for one in self._canvas.frames.others if one.frames}:
            _hover_in(frames.painter, found)
        for k, one in enumerate(self.shown):
            self._hover_one(k, one, found, at)
        return True

    def _hover_one(self, k: int, one: Shown, found: Pick | None, at: QPointF) -> None:
        slot = self.slots[k]
        place = slot.view.geometry()
        there = QPointF(place.topLeft()) + at
        target = self._canvas if k == 0 else slot.view
        elsewhere = found is not None and not target.underMouse() and one.scene is not None
        slot.mark.move((there - QPointF(9.5, 9.5)).toPoint())
        slot.mark.setVisible(elsewhere)
        slot.hover.say(None if found is None else self._said(one, found), there, place)

    def _said(self, one: Shown, found: Pick) -> tuple[str, list[str]] | None:
        """Return what is said of an element in a pane: its value, and the change from the first."""
        layer, first = one.twin.layers.get(found[0]), self.shown[0]
        row = None if layer is None else layer.row_of.get(found[1])
        if one.scene is None or row is None:
            return (found[1], [_("Not in this case")]) if one.scene is not None else None
        said = hover_lines(one.twin, one.scene, found[0], row)
        less = "" if one.pane.difference or one is first else _change(one, first, found)
        return (said[0], [*said[1], less]) if said is not None and said[1] and less else said

    def _end(self) -> None:
        """Let go of all that only panes need."""
        self.shown, self._told = (), False
        message = self._stage.message
        if self._hint and message.text.text() == self._hint:
            message.hide()  # what it says to do is to be done in a pane
        self._hint = ""
        self._canvas.frames.others = ()
        self._canvas.frames.under = None
        self.foot.forget()
        self.shapes.close()

    def leave(self) -> bool:
        """Show one picture again; tell whether there were several."""
        return self.on and self._window.run("compare.off")

    def close(self) -> None:
        """Give back what VTK holds."""
        self._canvas.frames.others = ()
        self.shapes.close()


def corner(whole: QSize, size: QSize, points: Sequence[QPoint]) -> QRect:
    """Return where a card of a size stands in a picture: the lower corner that hides fewer points.

    Parameters
    ----------
    whole, size
        Of the picture and of the card.
    points
        What had better be seen, such as the places that labels speak of.
    """
    gap = int(GAP)
    left = QRect(QPoint(gap, whole.height() - 1 - size.height() - gap), size)
    right = left.translated(whole.width() - size.width() - 2 * gap, 0)
    return min(left, right, key=lambda one: sum(one.contains(at) for at in points))


def _hover_in(painter: Painter, found: Pick | None) -> None:
    """Mark an element where it has another row."""
    drawn = None if found is None else painter.drawn.get(found[0])
    row = -1 if drawn is None or found is None else drawn.layer.row_of.get(found[1], -1)
    painter.hover(None if found is None else found[0], row)


def _change(one: Shown, first: Shown, found: Pick) -> str:
    """Return by how much an element's value differs from that in the first pane."""
    values = []
    for shown in (first, one):
        layer = shown.twin.layers.get(found[0])
        row = None if layer is None else layer.row_of.get(found[1])
        paint = None if shown.scene is None else shown.scene.paints.get(found[0])
        if row is None or paint is None or not paint.quantity:
            return ""
        values.append((float(paint.values[row]), paint.unit))
    (before, unit), (now, own) = values
    if unit != own or not np.isfinite(now - before):
        return ""
    return _("{change} from the first", change=change(now - before, 3, unit))
