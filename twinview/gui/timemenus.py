"""Menus of the time bar: what values are taken over, which days count, what can be done here."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from twinview.i18n import N_, _
from twinview.model.twin import DISTRICT
from twinview.model.window import DAY, Window
from twinview.scene.aggregation import DAYS, SEASONS, WITH_HOLIDAYS, days_text, length_text
from twinview.session.marks import NOTE, Mark

KINDS = {
    "instant": N_("Instant"),
    "rolling": N_("Last {length}"),
    "cumulative": N_("All so far"),
    "range": N_("Range"),
    "typical": N_("Typical day"),
}
"""What values are taken over (marked for translation)."""
LENGTHS = ((DAY, "24h"), (7 * DAY, "7d"), (30 * DAY, "30d"))
"""Lengths that are offered, in seconds and as commands write them."""

Ask = Callable[..., None]


def window_title(window: Window) -> str:
    """Return what the button says: the window, and the days where not all of them count."""
    title = _(KINDS[window.kind])
    if window.kind == "rolling":
        title = _("Last {length}", length=length_text(window.length))
    return f"{title} · {days_text(window)}" if window.picky else title


def window_said(window: Window) -> str:
    """Return what is said of the button: what it is for, and what it stands at."""
    lines = [_("What values are taken over, and which days count"), window_title(window)]
    if window.holidays:
        lines.append(_("The {count} holidays that the project names are no workdays",
                       count=len(window.holidays)))  # fmt: skip
    return "\n".join(lines)


def menu_button() -> tuple[QToolButton, QMenu]:
    """Return a button that opens a menu, and the menu."""
    button = QToolButton()
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setProperty("segment", True)
    menu = QMenu(button)
    button.setMenu(menu)
    return button, menu


def fill(menu: QMenu, texts: Sequence[str], chosen: int, slot: Callable[[int], None]) -> None:
    """Fill a menu with choices of which one is taken."""
    menu.clear()
    group = QActionGroup(menu)
    for k, text in enumerate(texts):
        action = QAction(text, group)
        action.setCheckable(True)
        action.setChecked(k == chosen)
        action.triggered.connect(lambda _on=False, k=k: slot(k))
        menu.addAction(action)


def add_switch(menu: QMenu, text: str, on: bool, slot: Callable[[bool], None]) -> None:
    """Add something that is on or off to the end of a menu."""
    menu.addSeparator()
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(on)
    action.triggered.connect(slot)


def fill_window(menu: QMenu, window: Window, ask: Ask) -> None:
    """Fill the menu of windows, ranges and days.

    Parameters
    ----------
    menu, window
        The menu, and the window that is shown.
    ask
        Takes a command and its arguments; asks for those that are missing.
    """
    menu.clear()
    kinds = QActionGroup(menu)
    _choice(menu, kinds, _("Instant"), window.kind == "instant", ask, "time.window", "instant")
    for seconds, length in LENGTHS:
        on = window.kind == "rolling" and window.length == seconds
        text = _("Last {length}", length=length_text(seconds))
        _choice(menu, kinds, text, on, ask, "time.window", "rolling", length)
    other = window.kind == "rolling" and window.length not in dict(LENGTHS)
    _choice(menu, kinds, _("Last hours or days..."), other, ask, "time.rolling")
    for kind in ("cumulative", "range", "typical"):
        _choice(menu, kinds, _(KINDS[kind]), window.kind == kind, ask, "time.window", kind)
    menu.addSeparator()
    _fill_range(menu.addMenu(_("Range")), window, ask)
    _fill_days(menu.addMenu(_("Days that count")), window, ask)


def _fill_days(menu: QMenu, window: Window, ask: Ask) -> None:
    """Offer kinds of days and seasons, each of which leaves the other as it is."""
    kinds, seasons = QActionGroup(menu), QActionGroup(menu)
    for key, title in (WITH_HOLIDAYS if window.holidays else DAYS).items():
        _choice(menu, kinds, _(title), window.days == key, ask, "time.days", key, window.season)
    menu.addSeparator()
    for key, title in SEASONS.items():
        _choice(menu, seasons, _(title), window.season == key, ask, "time.season", key)
    menu.addSeparator()
    menu.addAction(_("Holidays..."), partial(ask, "time.holidays"))


def _fill_range(menu: QMenu, window: Window, ask: Ask) -> None:
    menu.addAction(_("Begins here") + "\tI", partial(ask, "time.in"))
    menu.addAction(_("Ends here") + "\tO", partial(ask, "time.out"))
    for end, title in (("begin", _("Lock the begin")), ("end", _("Lock the end"))):
        _choice(menu, None, title, window.holds(end), ask, "time.lock", end)
        menu.actions()[-1].setEnabled(window.ranged)
    menu.addAction(_("No range"), partial(ask, "time.range_clear")).setEnabled(window.ranged)


def _choice(
    menu: QMenu, group: QActionGroup | None, text: str, on: bool, ask: Ask, *words: str
) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(on)
    if group is not None:
        group.addAction(action)
    action.triggered.connect(lambda _on=False: ask(*words))


def here_menu(parent: QWidget, step: int, mark: Mark | None, ask: Ask, load: bool) -> QMenu:
    """Return what can be done at a step of the track: notes, the range's ends, its load."""
    menu = QMenu(parent)

    def at(*words: str) -> Callable[[], None]:
        def act() -> None:
            ask("time.index", step)
            ask(*words)

        return act

    if mark is not None and mark.kind == NOTE:
        menu.addAction(_("Rename '{title}'...", title=mark.title), partial(
            ask, "mark.rename", mark.title))  # fmt: skip
        menu.addAction(_("Remove '{title}'", title=mark.title), partial(
            ask, "mark.remove", mark.title))  # fmt: skip
        menu.addSeparator()
    menu.addAction(_("Note at this instant..."), at("mark.add"))
    menu.addAction(_("Range begins here") + "\tI", at("time.in"))
    menu.addAction(_("Range ends here") + "\tO", at("time.out"))
    menu.addAction(_("Go to time...") + "\tCtrl+G", partial(ask, "time.go"))
    if load:
        menu.addSeparator()
        menu.addAction(_("Why this load"), at("why", DISTRICT, DISTRICT, "load", "instant"))
    return menu


def pop(menu: QMenu, place: QPoint) -> None:
    """Show a menu that goes away for good when it is closed."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
