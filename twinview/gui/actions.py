"""Menus and keys, made from the command table and from a short one of what only a window can do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from twinview.gui import localkeys
from twinview.gui.able import Choice, edits, hindrance
from twinview.gui.scenario_bar import case_title
from twinview.gui.subject import SKIPPED, layer_title
from twinview.gui.timemenus import KINDS
from twinview.i18n import LANGUAGES, N_, _
from twinview.model.scenario import usable
from twinview.model.twin import BASE
from twinview.scene.aggregation import DAYS, SEASONS, WITH_HOLIDAYS
from twinview.scene.overlay import available, overlays
from twinview.scene.words import column_title, named
from twinview.session.bookmarks import NUMBERS
from twinview.session.command import Command, commands
from twinview.session.store import Session

MENUS = (
    N_("File"), N_("Edit"), N_("Data"), N_("Select"), N_("View"), N_("Time"), N_("Scenario"),
    N_("Compute"), N_("Accounts"), N_("Export"), N_("Window"), N_("Help"),
)  # fmt: skip
"""Menus in their order; others follow."""


@dataclass(frozen=True)
class Local:
    """One thing that only a window can do.

    Parameters
    ----------
    name
        ``gui.verb``.
    title
        As in menus; marked for translation.
    menu
        Menu it stands in; empty for none.
    keys
        Key sequences.
    """

    name: str
    title: str
    menu: str = ""
    keys: tuple[str, ...] = ()


LOCAL: tuple[Local, ...] = (
    Local("gui.play", N_("Play or pause"), "Time", ("Space", "K")),
    Local("gui.back", N_("Step back"), "Time", ("Left",)),
    Local("gui.forward", N_("Step forward"), "Time", ("Right",)),
    Local("gui.day_back", N_("Day back"), "Time", ("Shift+Left",)),
    Local("gui.day_forward", N_("Day forward"), "Time", ("Shift+Right",)),
    Local("gui.faster", N_("Play faster"), "Time", ("L",)),
    Local("gui.slower", N_("Play slower"), "Time", ("J",)),
    Local("gui.lasso", N_("Draw around what is wanted"), "Select", ("Shift+L",)),
    Local("gui.table", N_("Table"), "Window", ("Ctrl+T",)),
    Local("gui.selection", N_("Selection"), "Window", ("Ctrl+Shift+T",)),
    Local("gui.kept_views", N_("Kept views..."), "View"),
    Local("gui.style", N_("Style..."), "View", ("Shift+C",)),
    Local("gui.picture", N_("Picture as the last one"), "Export", ("F12",)),
    Local("gui.bare_picture", N_("Bare picture as the last one"), "Export", ("Ctrl+F12",)),
    Local("gui.copy_style", N_("Copy style"), "Edit"),
    Local("gui.paste_style", N_("Paste style"), "Edit"),
    Local("gui.speed", N_("Playing speed..."), "Time"),
    Local("gui.smooth", N_("Interpolate between steps"), "Time"),
    Local("gui.sources", N_("Curves or sources"), "Time"),
    Local("gui.carpet", N_("Carpet"), "Window", ("Alt+C",)),
    Local("gui.measure", N_("Measure distances"), "View", ("M",)),
    Local("gui.measure_area", N_("Measure areas"), "View"),
    Local("gui.measure_height", N_("Measure heights"), "View"),
    Local("gui.pin", N_("Pin the card"), "View", ("P",)),
    Local("gui.full_screen", N_("Full screen"), "Window", ("F11",)),
    Local("gui.city_only", N_("City only"), "Window", ("Ctrl+F11",)),
    Local("gui.layers", N_("Layers"), "Window", ("Alt+1",)),
    Local("gui.inspector", N_("Inspector"), "Window", ("Alt+2",)),
    Local("gui.problems", N_("Problems"), "Window", ("Alt+3",)),
    Local("gui.indicators", N_("Indicators"), "Window", ("Alt+5",)),
    Local("gui.scenario", N_("Scenario"), "Window", ("Alt+6",)),
    Local("gui.why", N_("Why this number"), "Accounts", ("Alt+4",)),
    Local("gui.factors", N_("Book of factors"), "Accounts", ("Alt+8",)),
    Local("gui.menu", N_("Menu"), "", ("F10",)),
    Local("gui.palette", N_("Find a command..."), "Help", ("Ctrl+K", "Ctrl+Shift+P")),
    Local("gui.escape", N_("Leave"), "", ("Esc",)),
    Local("gui.method", N_("Method"), "Help"),
    Local("gui.keys", N_("Keys"), "Help", ("?",)),
    Local("gui.about", N_("About twinview"), "Help"),
    Local("gui.copy", N_("Copy"), "Edit", ("Ctrl+C",)),
    Local("gui.copy_link", N_("Copy the view as text"), "Edit", ("Ctrl+Shift+C",)),
    Local("gui.paste", N_("Paste a view"), "Edit", ("Ctrl+V",)),
    Local("gui.preferences", N_("Preferences..."), "Edit", ("Ctrl+,",)),
    Local("gui.quit", N_("Quit"), "File", ("Ctrl+Q",)),
)

KEYS: Mapping[str, str] = {"7": "top", "1": "north", "3": "east", "9": "iso"}
"""Standard views by key."""
GOING, KEEPING = "Ctrl", "Ctrl+Shift"
"""Keys that go to a kept view together with its number, and that keep one under it."""
RULES = {
    "self_consumption": N_("Own use first"), "peak_shaving": N_("Shave peaks"),
    "price": N_("Follow the price"), "carbon": N_("Follow the carbon intensity"),
    "given": N_("Follow a given plan"),
}  # fmt: skip
POLICIES = {
    "pass_on": N_("Users of the discharge"), "owner": N_("Owner of the storage"),
    "zero": N_("Charging is an ordinary load"),
}  # fmt: skip
SIGNALS = {"average": N_("Average intensity"), "marginal": N_("Marginal intensity")}
VIEWS = {
    "top": N_("From above"), "north": N_("Towards the north"), "east": N_("Towards the east"),
    "south": N_("Towards the south"), "west": N_("Towards the west"), "iso": N_("From the corner"),
}  # fmt: skip
WINDOWS = {**KINDS, "rolling": N_("Last hours")}
LOCKS = {
    "begin": N_("Begin"), "end": N_("End"), "both": N_("Both"), "none": N_("None"),
}  # fmt: skip
THEMES = {"": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
ORDER = (
    "file.open", "file.new", "file.add", "file.demo", "file.save", "file.save_as", "file.relink",
    "file.answer", "file.reread",
    "edit.undo", "edit.redo", "edit.history", "project.rename", "project.netting",
    "project.storage_rule",
    "project.storage_signal", "project.storage_policy", "settings.list", "settings.set",
    "data.join", "data.rejoin", "data.unjoin", "data.joins", "data.coverage",
    "overlay.show", "overlay.attribute", "overlay.difference", "view.fit", "view.selection",
    "view.standard",
    "view.parallel", "view.north_up", "view.back", "view.forward", "bookmark.go", "bookmark.add",
    "view.theme", "view.language", "time.live", "time.go", "time.now", "time.start", "time.end",
    "mark.previous", "mark.next", "mark.add", "time.window", "time.rolling", "time.days",
    "time.season", "time.in", "time.out",
    "time.lock", "time.range_clear", "scenario.show", "scenario.new",
    "scenario.copy", "scenario.rename", "scenario.remove", "scenario.add_pv",
    "scenario.add_storage", "scenario.add_charger", "scenario.scale", "scenario.set_factor",
    "scenario.switch", "compute.run", "compute.instant", "model.demand", "model.solar",
    "model.clear", "fleet.plan", "fleet.stays", "indicators.list", "export.indicators",
    "factors.list", "factors.use", "factors.effect", "factors.add", "factors.edit",
    "factors.remove", "factors.import", "factors.export", "accounts.certificate",
    "accounts.contract", "accounts.supplier", "accounts.offset", "accounts.set", "accounts.remove",
    "export.picture", "export.table", "export.stays", "select.where", "select.same", "select.all",
    "select.invert", "select.back", "select.forward",
)  # fmt: skip
"""Commands that stand first in their menus, in this order; others follow by name."""
LEFT_OUT = frozenset({"select.clear", "time.step", "time.day", "layer.toggle"})
"""Commands that have no line of their own in the menus: something local stands for them."""


class Actions(QObject):
    """All actions of a window and the menu that holds them.

    Parameters
    ----------
    window
        The window that owns keys and actions.
    session
        For menus that depend on what is open.
    run
        Runs a command of the table; asks for arguments that are missing.
    local
        What each local action does, by name.
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        run: Callable[..., None],
        local: Mapping[str, Callable[[], None]],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._run = window, session, run
        self.menu = QMenu(window)
        self.actions: dict[str, QAction] = {}
        self._titles: dict[str, str] = {}
        self._delivered: dict[str, list[QKeySequence]] = {}
        self._menus: dict[str, QMenu] = {}
        for name in MENUS:
            self._sub(name)
        for one in sorted(commands().values(), key=_rank):
            if one.menu and one.name not in LEFT_OUT:
                self._add_command(one)
        for entry in LOCAL:
            self._add(entry.name, entry.title, entry.menu, entry.keys, local[entry.name])
        self._add_views()
        self._add_numbers(local)
        self.retranslate()

    def _sub(self, name: str) -> QMenu:
        if name not in self._menus:
            self._menus[name] = self.menu.addMenu(name)
        return self._menus[name]

    def _add_command(self, one: Command) -> None:
        choices = self.choices(one.name)
        if choices is not None:
            menu = self._sub(one.menu).addMenu(one.title)
            self._menus[one.name] = menu
            self._titles[one.name] = one.title
            menu.aboutToShow.connect(lambda: self._fill(menu, choices()))
            return
        keys = tuple(key for key in one.keys if key)
        self._add(one.name, one.title, one.menu, keys, lambda: self._run(one.name))

    def _add(
        self, name: str, title: str, menu: str, keys: tuple[str, ...], act: Callable[[], None]
    ) -> None:
        action = QAction(self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda _on=False: act())
        self.actions[name] = action
        self._titles[name] = title
        self._window.addAction(action)
        if menu:
            self._sub(menu).addAction(action)

    def _add_views(self) -> None:
        """Give the standard views their keys."""
        for key, view in KEYS.items():
            name = f"view.standard {view}"
            act = partial(self._run, "view.standard", view)
            self._add(name, VIEWS[view], "", (key,), act)

    def _add_numbers(self, local: Mapping[str, Callable[[], None]]) -> None:
        """Give each number two keys: one goes to what is kept under it, one keeps the view."""
        for number in NUMBERS:
            for name, keys, act in (
                (f"bookmark.go {number}", GOING, partial(self._run, "bookmark.go", str(number))),
                (f"bookmark.store {number}", KEEPING, local[f"gui.keep {number}"]),
            ):
                title = commands()[name.split()[0]].title
                self._add(name, title, "", (f"{keys}+{number}",), act)

    def choices(self, name: str) -> Callable[[], list[Choice]] | None:
        """Return what makes the lines of a command's own menu; None for commands without one."""
        return {
            "overlay.show": self._overlay_choices,
            "overlay.attribute": self._column_choices,
            "view.standard": lambda: self._named("view.standard", VIEWS),
            "bookmark.go": self._kept_choices,
            "view.language": lambda: self._named("view.language", LANGUAGES),
            "view.theme": lambda: self._named("theme", THEMES),
            "project.storage_rule": lambda: self._named("project.storage_rule", RULES),
            "project.storage_policy": lambda: self._named("project.storage_policy", POLICIES),
            "project.storage_signal": lambda: self._named("project.storage_signal", SIGNALS),
            "scenario.show": self._scenario_choices,
            "edit.history": lambda: edits(self._session, self._run),
            "time.window": lambda: self._named("time.window", WINDOWS),
            "time.days": self._day_choices,
            "time.season": lambda: self._named("time.season", SEASONS),
            "time.lock": lambda: self._named("time.lock", LOCKS),
        }.get(name)

    def _named(self, command: str, table: Mapping[str, str]) -> list[Choice]:
        keys = {view: key for key, view in KEYS.items()} if command == "view.standard" else {}
        return [
            Choice(title, partial(self._run, command, key), keys.get(key, ""), key)
            for key, title in table.items()
        ]

    def _day_choices(self) -> list[Choice]:
        state = self._session.state
        kinds = WITH_HOLIDAYS if state.twin.holidays else DAYS
        season = state.view.window.season
        return [
            Choice(title, partial(self._run, "time.days", key, season), argument=key)
            for key, title in kinds.items()
        ]

    def _kept_choices(self) -> list[Choice]:
        return [
            Choice(
                one.name + ("" if one.number is None else f"\t{GOING}+{one.number}"),
                partial(self._run, "bookmark.go", one.name),
                argument=one.name,
            )
            for one in self._session.state.project.bookmarks
        ]

    def _overlay_choices(self) -> list[Choice]:
        able = available(self._session.state.twin)
        missing = hindrance(self._session, "overlay.show") or _("The data do not hold this yet")
        return [
            Choice(
                one.title,
                partial(self._run, "overlay.show", key),
                argument=key,
                hindrance="" if key in able else missing,
            )
            for key, one in overlays().items()
        ]

    def _column_choices(self) -> list[Choice]:
        found: list[Choice] = []
        for layer in self._session.state.twin.layers.values():
            if layer.geometry is None:
                continue
            for column in layer.attributes.column_names:
                if column not in SKIPPED:
                    name = f"{layer.id}.{column}"
                    title = named(layer_title(layer), column_title(column))
                    act = partial(self._run, "overlay.attribute", name)
                    found.append(Choice(title, act, argument=name))
        return found[:60]

    def _scenario_choices(self) -> list[Choice]:
        project = self._session.state.project
        return [
            Choice(case_title(project, id_), partial(self._run, "scenario.show", id_), argument=id_)
            for id_ in (BASE, *(one.id for one in usable(project.scenarios)))
        ]

    @staticmethod
    def _fill(menu: QMenu, choices: list[Choice]) -> None:
        menu.clear()
        for one in choices:
            line = menu.addAction(_(one.title) + (f"\t{one.key}" if one.key else ""), one.act)
            line.setEnabled(not one.hindrance)
        if not choices:
            menu.addAction(_("Nothing to choose")).setEnabled(False)

    def retranslate(self) -> None:
        """Write the texts anew."""
        for name, menu in self._menus.items():
            menu.setTitle(_(self._titles.get(name, name)))
        for name, action in self.actions.items():
            action.setText(_(self._titles[name]))

    def changed(self) -> None:
        """Enable what makes sense for what is open."""
        for name, action in self.actions.items():
            action.setEnabled(not hindrance(self._session, name))

    @staticmethod
    def order() -> list[str]:
        """Return the names of all commands in the order of the menus; those in none come last."""
        menus = {name: k for k, name in enumerate(MENUS)}
        known = sorted(commands().values(), key=_rank)
        return [one.name for one in sorted(known, key=lambda c: menus.get(c.menu, len(menus)))]

    def bind(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Give actions other keys than delivered; those not named have the delivered ones."""
        for name, action in self.actions.items():
            if name not in self._delivered:
                self._delivered[name] = action.shortcuts()
            own = [QKeySequence(key) for key in keys[name]] if name in keys else None
            action.setShortcuts(self._delivered[name] if own is None else own)

    def menu_of(self, name: str) -> QMenu:
        """Return the menu of a command's choices."""
        return self._menus[name]

    def title(self, name: str) -> str:
        """Return the title of an action or a menu, marked for translation."""
        return self._titles.get(name, name)

    @staticmethod
    def keys_of(action: QAction) -> str:
        """Return the keys of an action as the system writes them."""
        form = QKeySequence.SequenceFormat.NativeText
        return " · ".join(filter(None, (one.toString(form) for one in action.shortcuts())))

    def key_table(self) -> list[tuple[str, str]]:
        """Return keys and what they do, in the order of the menus."""
        local = {heading for heading, _rows in localkeys.groups()[1:]}
        return [
            (keys, named(heading, what) if heading in local else what)
            for heading, rows in self.key_groups()
            for keys, what in rows
        ]

    def key_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return keys and what they do by menu, then what is in none, then those of places."""
        menus = {one.name: one.menu for one in commands().values()}
        menus |= {one.name: one.menu for one in LOCAL}
        groups: dict[str, list[tuple[str, str]]] = {menu: [] for menu in MENUS}
        anywhere: list[tuple[str, str]] = []
        for name, action in self.actions.items():
            keys = self.keys_of(action)
            if keys and not name[-1].isdigit():
                groups.get(menus.get(name.partition(" ")[0], ""), anywhere).append(
                    (keys, _(self._titles[name]))
                )
        for numbered, command in ((GOING, "bookmark.go"), (KEEPING, "bookmark.store")):
            row = f"{numbered}+1 … 9", _(commands()[command].title)
            groups.get(commands()[command].menu, anywhere).append(row)
        made = [(_(menu), rows) for menu, rows in groups.items() if rows]
        (view, held), *others = localkeys.groups()
        return [*made, (view, anywhere + held + localkeys.mouse()), *others]


def _rank(one: Command) -> tuple[int, str]:
    return ORDER.index(one.name) if one.name in ORDER else len(ORDER), one.name
