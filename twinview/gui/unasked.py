"""What the window does unasked: words on what was opened, the computation, the look ahead."""

from typing import TYPE_CHECKING

from twinview.gui.factor_news import FactorNews
from twinview.gui.jobs import GLIMPSE
from twinview.gui.layers import drawn_layers
from twinview.gui.problems import FOUND_AGAIN, problem_count
from twinview.i18n import _
from twinview.model.twin import DISTRICT, Twin
from twinview.scene.numbers import number
from twinview.scene.overlay import available
from twinview.session.store import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from twinview.gui.window import MainWindow


class Unasked:
    """What a window says and begins by itself."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._factors = FactorNews(window)
        self._seen: tuple[str, str, range] | None = None
        """Case and day that are looked at ahead."""

    def follow(self, old: State, new: State, opened: bool) -> None:
        """Follow the session: results that an edit made void are made anew, or offered to be."""
        anew = self._factors.follow(old, new, opened)
        if not anew and new.project.settings != old.project.settings:
            self.report_stale(old.twin, new.twin)

    def close_down(self) -> None:
        """End what is under way."""
        self._factors.close_down()

    def report_opening(self) -> None:
        """Say in one line what was understood of the data."""
        state = self._window.session.state
        twin = state.twin
        counted = drawn_layers(twin.layers.values())
        parts = [
            _("1 layer") if len(counted) == 1 else _("{count} layers", count=number(len(counted))),
            _("{count} elements", count=number(sum(len(one) for one in counted))),
            twin.crs or _("no coordinate system"),
        ]
        if twin.problems:
            parts.append(problem_count(twin.problems))
        choices: list[tuple[str, Callable[[], object]]] = []
        if twin.problems:
            choices = [(_("Show them"), lambda: self._window.wishes.show_dock("problems"))]
        if any(one.code in FOUND_AGAIN for one in twin.problems):
            choices.append((_("Find..."), self._window.wishes.find))
        self._window.stage.message.notice(
            _("Opened {name}: {what}", name=twin.name, what=" · ".join(parts)), choices
        )

    def report_gone(self) -> None:
        """Say that no file of a project is there, so that nothing is shown, and offer to look."""
        state = self._window.session.state
        if any(one.code in FOUND_AGAIN for one in state.twin.problems):
            self._window.stage.message.choice(
                _("No file of {name} is where it was; nothing of the project is lost.",
                  name=state.project.name),
                [(_("Find..."), self._window.wishes.find)],
            )  # fmt: skip

    def report_stale(self, old: Twin, new: Twin) -> None:
        """Say that an edit made the results void, and offer to compute anew."""
        if "carbon" in available(old) and "carbon" not in available(new):
            self._window.stage.message.choice(
                _("The results belonged to other settings and are put away."),
                [(_("Compute"), lambda: self._window.run("compute.run"))],
            )

    def look_ahead(self) -> None:
        """Compute the instant, and then its day, while the computation has not reached them."""
        jobs, session = self._window.jobs, self._window.session
        if not jobs.is_running("compute.run"):
            self._seen = None
            return
        twin, now = session.state.twin, session.state.view.time
        known = twin.find(DISTRICT, "emission")
        if known is not None and known.time != twin.time:
            known = None  # results of a part, from the command line
        day = range(1) if twin.time.static else twin.time.day_of(now)
        asked = (twin.digest, twin.changes, day)
        missing = [step for step in (day if asked != self._seen else [now])
                   if known is None or not known.ready(step)]  # fmt: skip
        if missing:
            self._seen = asked
            session.begin(GLIMPSE, True)

    def compute_if_missing(self) -> None:
        """Begin the computation where there is a grid and no results of all its steps are kept."""
        twin = self._window.session.state.twin
        known = twin.find(DISTRICT, "emission")
        # Results of a part are from the command line: they stay seen while the whole is computed.
        if twin.time.static or (known is not None and known.time.count >= twin.time.count):
            return
        if any("node" in one.tables for one in twin.networks.values()):
            self._window.run("compute.run")
            self.look_ahead()
