"""Questions of the command line as a window asks them: without options, with names beside codes."""

import re
from collections.abc import Callable, Mapping, Sequence

from twinview.i18n import N_, _
from twinview.model.problem import NeedsAnswer
from twinview.scene.attributes import choices
from twinview.scene.painting import comparable
from twinview.session.command import find
from twinview.session.layers import NONE, listed
from twinview.session.rereading import ANSWERS
from twinview.session.store import State
from twinview.session.styles import words_shown
from twinview.session.when import ways

ASKED = {
    "--crs": N_("Which coordinate system do its numbers belong to?"),
    "--tz": N_("In which time zone are they?"),
    "--unit": N_("Which unit do the bare numbers have?"),
}
"""What a window asks instead of naming an option."""
_END = re.compile(r"(?<=\. )|(?<=。)")


ANSWER = "file.answer"
_OPTION = re.compile(rf"--({'|'.join(ANSWERS)})\b")


def in_window(text: str) -> str:
    """Return a sentence with the window's command instead of options of the command line.

    Parameters
    ----------
    text
        Such as "Name the right one with --crs."; others stay as they are.
    """
    said = _OPTION.sub(r"\1", text)
    if said == text:
        return text
    title = _(find(ANSWER).title).rstrip(". …")
    return _("{text} Here that is '{action}' in the menu {menu}.",
             text=said, action=title, menu=_("File"))  # fmt: skip


def plain(error: NeedsAnswer) -> str:
    """Return a question without the sentences that name options."""
    asked = ASKED.get(error.option)
    if asked is None:
        return in_window(str(error))
    kept = [one.strip() for one in _END.split(str(error)) if " --" not in one]
    return " ".join([*(one for one in kept if one), _(asked)])


def _climates() -> Mapping[str, str]:
    from twinview.session.demand import climates

    return {one: _("Anywhere") if one == "*" else one for one in climates()}


def _plants() -> Mapping[str, str]:
    return {"none": _("Show the potential only"), "all": _("Plants on all roofs that suit"),
            "known": _("Plants that a column knows")}  # fmt: skip


_OFFERED: Mapping[tuple[str, str], Callable[[], Mapping[str, str]]] = {
    ("model.demand", "climate"): _climates,
    ("model.solar", "plants"): _plants,
}


def offered(command: str, parameter: str) -> Mapping[str, str]:
    """Return the answers that a window offers for an argument, with what stands on their buttons.

    Parameters
    ----------
    command, parameter
        Which argument of which command.
    """
    offer = _OFFERED.get((command, parameter))
    return {} if offer is None else offer()


OFFERED = 3
"""Completions that also stand on buttons."""


def completed(command: str, parameter: str, state: State) -> Sequence[str]:
    """Return words that may complete what is typed as an argument of a command.

    Parameters
    ----------
    command, parameter
        Which argument of which command.
    state
        What is open.
    """
    if parameter == "layer" and command.startswith("layer."):
        return [one.id for one in listed(state)]
    if (command, parameter) == ("layer.colour", "column"):
        return [*dict.fromkeys(name for one in listed(state) for name in choices(one)), NONE]
    if (command, parameter) == ("style.word", "name"):
        return words_shown(state)
    if (command, parameter) == (ANSWER, "source"):
        return [one.path for one in state.project.sources]
    known = {"time.go": lambda: ways(state), "overlay.difference": lambda: comparable(state.twin)}
    return known[command]() if command in known else ()


def caption(error: NeedsAnswer, choice: str) -> str:
    """Return what stands on the button of an answer: a code together with its name."""
    if error.option != "--crs":
        return choice
    import pyproj  # needed for this question alone
    from pyproj.exceptions import CRSError

    try:
        name = pyproj.CRS.from_user_input(choice).name
    except CRSError:
        return choice
    return f"{choice}  {name}"
