"""Doing what the user asks: every wish is a command; every failure is a message, never a dialog."""

import inspect
import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from twinview import __version__
from twinview.exporters.table_files import FORMATS
from twinview.gui.cards import MessageCard
from twinview.gui.daypicker import DayPicker
from twinview.gui.dialogs import ask_open, ask_save
from twinview.gui.monthview import first_weekday
from twinview.gui.questions import OFFERED, caption, completed, in_window, offered, plain
from twinview.i18n import _
from twinview.model.problem import CommandError, NeedsAnswer
from twinview.paths import demo_folder
from twinview.session import answers
from twinview.session.command import Command, Need, find, typed
from twinview.session.project import SUFFIX
from twinview.session.store import Session
from twinview.session.when import written

log = logging.getLogger(__name__)

TABLES = tuple(one.lstrip(".") for one in FORMATS)
"""Kinds of files of tables."""
WRITES = {
    "file.save_as": (SUFFIX.lstrip("."),),
    "export.picture": ("png",),
    "export.film": ("mp4", "webm", "gif", "webp", "apng"),
    "export.layer": ("gpkg", "geoparquet", "parquet"),
    "export.table": TABLES,
    "export.indicators": TABLES,
    "export.stays": TABLES,
    "fleet.plan": ("csv",),
    "export.elements": TABLES,
    "export.curves": TABLES,
    "factors.export": ("csv",),
}
"""Kinds of files that commands write; others that take a path read it."""
READ = frozenset({"schedule"})
"""Arguments that are files to read, whatever else a command writes."""
ADDING = frozenset({"file.add", "file.add_with"})
"""Commands after which the files that ask something join what is open."""
LATER = frozenset(one for one in WRITES if one.startswith("export."))
"""Those whose file is there when their job has ended, which they say themselves."""


def undoing(session: Session, run: Callable[..., object]) -> Callable[[], None]:
    """Return what takes the last edit back; nothing once that is not the last one any more.

    Parameters
    ----------
    session
        Right after the edit.
    run
        Runs a command.
    """
    made = session.state.project

    def undo() -> None:
        if session.state.project is made:
            run("edit.undo")

    return undo


class Doer(QObject):
    """Runs commands for a window and says what went wrong.

    Parameters
    ----------
    session
        The store.
    message
        Where it is said.
    window
        Parent of the system's file dialogs.

    Signals
    -------
    written
        ``(path)``: a file was written.
    """

    written = Signal(object)

    def __init__(self, session: Session, message: MessageCard, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._message, self._window = session, message, window
        self._last: dict[str, tuple[Any, ...]] = {}

    def run(self, name: str, *arguments: Any) -> bool:
        """Run a command; tell whether it went well so far (a job may still fail)."""
        self._last[name] = arguments
        try:
            self._session.run(name, *arguments)
        except Exception as error:  # noqa: BLE001  (border: a slot's error becomes a message)
            self.failed(find(name), error)
            return False
        return True

    def ask(self, name: str, *arguments: Any) -> bool:
        """Run a command, asking for what it needs and was not given."""
        command = find(name)
        needed = [
            one
            for one in list(command.parameters.values())[len(arguments) :]
            if one.default is one.empty
            # Files must be named; elements need not be: the selected ones are meant.
            and (one.kind is not one.VAR_POSITIONAL or one.annotation is Path)
        ]
        if not needed:
            return self.run(name, *arguments)
        if not arguments and any(self._lacks(one) for one in command.needs):
            return False
        if needed[0].annotation is Path:
            paths = self._paths(command, needed[0])
            return bool(paths) and self.ask(name, *arguments, *paths) and self._told(name, paths)
        self._question(command, arguments, needed)
        return False

    def _lacks(self, need: Need) -> bool:
        """Say what is missing before anything is asked, and offer to bring it about."""
        try:
            need.check(self._session)
        except CommandError as error:
            offer = find(need.offer) if need.offer else None
            choices = [] if offer is None else [(_(offer.title), lambda: self.ask(offer.name))]
            self._message.error(in_window(str(error)), choices)
            return True
        return False

    def _paths(self, command: Command, wanted: inspect.Parameter) -> list[Path]:
        title = _(command.title).rstrip(". …")
        if command.name in WRITES and wanted.name not in READ:
            state = self._session.state
            stem = state.project.name or _("Unnamed")
            chosen = ask_save(
                self._window, title, str(folder_of(state.path) / stem), WRITES[command.name]
            )
            return [chosen] if chosen is not None else []
        return ask_open(self._window, title, wanted.kind is inspect.Parameter.VAR_POSITIONAL)

    def _told(self, name: str, paths: list[Path]) -> bool:
        if name in WRITES.keys() - LATER:
            self._message.notice(_("Written: {path}", path=paths[0]))
            self.written.emit(paths[0])
        return True

    def _question(
        self, command: Command, arguments: tuple[Any, ...], needed: list[inspect.Parameter]
    ) -> None:
        """Ask for the first argument that is missing, in the window."""
        wanted = needed[0]
        tz = self._session.state.twin.time.tz
        example = self._example(wanted)
        text = _(command.help)

        def answer(given: str) -> None:
            if not given.strip():
                return
            try:
                texts = [*(str(one) for one in arguments), *_words(command, given, len(needed))]
                values = typed(command, texts, tz) if len(needed) == 1 else texts
            except CommandError as error:
                self._message.error(in_window(str(error)))
                return
            self.ask(command.name, *values)

        if wanted.annotation is bool:
            self._message.choice(
                text, [(_("Yes"), lambda: answer("yes")), (_("No"), lambda: answer("no"))]
            )
        else:
            answers = offered(command.name, wanted.name)
            known = _("Known are {known}.", known=", ".join(answers)) if answers else ""
            more = completed(command.name, wanted.name, self._session.state)
            first = {one: one for one in more[:OFFERED]}
            said = f"{text} {known}".strip()
            self._message.question(
                said, answers or first, answer, example, more, self._picker(wanted)
            )

    def _picker(self, wanted: inspect.Parameter) -> DayPicker | None:
        """Return what an instant is picked from; None where another thing is asked for."""
        if not self._instant(wanted):
            return None
        made = DayPicker(self._message.entry, self._session.state, first_weekday())
        made.accepted.connect(self._message.accept)
        return made

    def _instant(self, wanted: inspect.Parameter) -> bool:
        named = wanted.annotation is datetime or wanted.name == "instant"
        return named and not self._session.state.twin.time.static

    def _example(self, wanted: inspect.Parameter) -> str:
        state = self._session.state
        if self._instant(wanted):
            return written(state.twin.time, state.view.time)
        project = state.project
        known = {"name": project.name, "dates": ", ".join(map(str, project.holidays))}
        return known.get(wanted.name, "")

    # ------------------------------------------------------------------------------------ failures
    def failed(self, command: Command, error: BaseException) -> None:
        """Say what went wrong: a question, a sentence, or a notice with a report to copy."""
        if isinstance(error, NeedsAnswer):
            self._needs_answer(command, error)
        elif isinstance(error, CommandError):
            log.info("%s: %s", command.name, error)
            self._message.error(in_window(str(error)))
        else:
            self.unexpected(error, command.name)

    def unexpected(self, error: BaseException, where: str) -> None:
        """Log a fault of the program and offer a report."""
        log.error("%s failed", where, exc_info=error)
        report = self._report(error)
        self._message.error(
            _(
                "Something went wrong. The district is unchanged. ({what})",
                what=type(error).__name__,
            ),
            [(_("Copy report"), lambda: QGuiApplication.clipboard().setText(report))],
        )

    def _report(self, error: BaseException) -> str:
        lines = "".join(traceback.format_exception(error))
        history = "\n".join(self._session.log[-30:])
        return f"twinview {__version__}\n\n{lines}\n{history}\n"

    def _needs_answer(self, command: Command, error: NeedsAnswer) -> None:
        """Ask in the window, and open the files again with all answers given so far."""
        given = self._last.get(command.name, ())
        files = [one for one in given if isinstance(one, Path)]
        if not files:
            self._message.error(in_window(str(error)))
            return
        known = answers.from_text(given[0]) if isinstance(given[0], str) else {}

        def answer(text: str) -> None:
            if text.strip():
                told = known | {error.option.lstrip("-"): text.strip()}
                more = "file.add_with" if command.name in ADDING else "file.new_with"
                self.run(more, answers.to_text(told), *files)

        captions = {one: caption(error, one) for one in error.choices}
        self._message.question(plain(error), captions, answer)


def _words(command: Command, given: str, needed: int) -> list[str]:
    """Return what was typed as arguments: several words where the command takes more than one."""
    optional = any(one.default is not one.empty for one in command.parameters.values())
    return given.split() if optional and needed == 1 else [given]


def folder_of(project: Path | None) -> Path:
    """Return where files of a project are written at first: beside it, never into the program."""
    if project is None or project.resolve().is_relative_to(demo_folder().resolve()):
        return Path.home()
    return project.parent
