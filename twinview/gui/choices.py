"""What a user prefers, and how it takes effect in a window."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from twinview.gui import style
from twinview.gui.navigation import Grip, set_left_grip
from twinview.i18n import LANGUAGES, language, set_language
from twinview.scene.manner import Manner, set_manner
from twinview.session.bringing import SHARES

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow
    from twinview.session.settings import Settings

_SEPARATOR = "\t"


def apply(window: "MainWindow") -> None:
    """Have a window follow its settings, when it begins."""
    settings = window.settings
    set_manner(_manner(settings))
    window.canvas.motion.level = settings.quality
    window.stage.arrivals.share = SHARES.get(settings.memory, SHARES[""])
    set_left_grip(_grip(settings))
    window.actions_.bind(keys_from(settings.keys))
    window.setAnimated(not settings.reduced_motion)
    if contrast(settings):
        wear_contrast(window)


def contrast(settings: "Settings") -> bool:
    """Tell whether to wear high contrast: as the user chose, else as the system asks."""
    return settings.contrast == "high" if settings.contrast else style.system_contrast()


def wear_contrast(window: "MainWindow") -> None:
    """Wear high contrast, or not, as it is wanted now."""
    style.set_contrast(contrast(window.settings))
    style.dress(window._application(), window.theme)


def prefer(window: "MainWindow", name: str, value: str | bool) -> None:
    """Let a preference take effect that has just been kept.

    Parameters
    ----------
    window
        Where it is seen.
    name, value
        As in `twinview.session.settings.Settings`.
    """
    effects: dict[str, Callable[[], object]] = {
        "language": lambda: _speak(window, str(value)),
        "theme": lambda: window.choose_theme(str(value)),
        "contrast": lambda: wear_contrast(window),
        "reduced_motion": lambda: window.setAnimated(not value),
        "drag": lambda: set_left_grip(_grip(window.settings)),
        "quality": lambda: setattr(window.canvas.motion, "level", str(value)),
        "memory": lambda: setattr(window.stage.arrivals, "share", SHARES[str(value)]),
        "hours": lambda: _write_in(window),
        "units": lambda: _write_in(window),
    }
    if name in effects:
        effects[name]()


def _write_in(window: "MainWindow") -> None:
    """Write times and quantities as the user likes them now."""
    set_manner(_manner(window.settings))
    write_anew(window)


def _manner(settings: "Settings") -> Manner:
    return Manner(twelve=settings.hours == "12", larger=settings.units == "larger")


def _grip(settings: "Settings") -> Grip:
    return Grip.PAN if settings.drag == Grip.PAN.value else Grip.ORBIT


def _speak(window: "MainWindow", code: str) -> None:
    """Switch the language; the system's is looked up, and stays what is remembered."""
    before = language()
    wanted = code if code in LANGUAGES else set_language(None)
    set_language(before)
    window.run("view.language", wanted)
    window.desk.remember(language=code)


def write_anew(window: "MainWindow") -> None:
    """Have all parts of a window write their texts anew; nothing else about it changes."""
    QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    window.session.begin("view.refresh")


# --------------------------------------------------------------------------------------------- keys
def keys_from(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return keys by name, as settings keep them: the name and its keys, a tab between each."""
    lines = (text.split(_SEPARATOR) for text in texts)
    return {name: [one for one in keys if not QKeySequence(one).isEmpty()] for name, *keys in lines}


def keys_to(keys: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return keys as settings keep them."""
    return tuple(_SEPARATOR.join([name, *some]) for name, some in keys.items())
