"""The command table: typed functions from which menus, keys, palette, scripts and help are made."""

import importlib
import inspect
import pkgutil
import shlex
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.model.problem import CommandError


@dataclass(frozen=True)
class Need:
    """What must be there before a command can be run with nothing said.

    Parameters
    ----------
    check
        Takes the session, and raises CommandError where it is missing.
    offer
        Name of the command that brings it about; empty for none.
    """

    check: Callable[[Any], object]
    offer: str = ""


@dataclass(frozen=True)
class Command:
    """One thing a user can do.

    Parameters
    ----------
    name
        ``group.verb``, as in scripts.
    title
        As in menus; marked for translation.
    run
        Takes the session and typed arguments; what it returns says what it does.
    menu
        Menu it stands in; empty for none.
    keys
        Key sequences, the first one shown.
    icon
        Name in the icon font; empty for none.
    repeatable
        True where holding the key repeats it.
    needs
        What must be there before anything is asked, in the order in which it is said.
    """

    name: str
    title: str
    run: Callable[..., Any]
    menu: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: tuple["Need", ...] = ()

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """Parameters after the session, with resolved annotations."""
        hints = typing.get_type_hints(self.run)
        found = list(inspect.signature(self.run).parameters.values())[1:]
        return {p.name: p.replace(annotation=hints.get(p.name, str)) for p in found}

    @property
    def help(self) -> str:
        """First sentence of the docstring, translated."""
        return _((inspect.getdoc(self.run) or "").split("\n\n")[0].replace("\n", " "))


_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})
_table: dict[str, Command] = {}


def command(
    name: str,
    title: str,
    *,
    menu: str = "",
    keys: str | tuple[str, ...] = (),
    icon: str = "",
    needs: tuple[Need, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as a command."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        if name in _table and _table[name].run.__module__ != run.__module__:
            raise ValueError(f"two commands are called {name}")
        _table[name] = Command(
            name, title, run, menu, (keys,) if isinstance(keys, str) else keys, icon, needs
        )
        return run

    return register


@cache
def _load() -> None:
    package = importlib.import_module("twinview.commands")
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)


def commands() -> Mapping[str, Command]:
    """Return all commands by name."""
    _load()
    return dict(sorted(_table.items()))


def find(name: str) -> Command:
    """Return a command by name, or raise CommandError naming the nearest one."""
    table = commands()
    if name in table:
        return table[name]
    import difflib

    near = difflib.get_close_matches(name, table, n=1)
    hint = _(" Did you mean '{near}'?", near=near[0]) if near else ""
    raise CommandError(_("There is no command '{name}'.", name=name) + hint)


def parse(line: str) -> tuple[Command, list[str]]:
    """Split a line ``group.verb argument ...`` into the command and its texts."""
    try:
        words = shlex.split(_without_remark(line))
    except ValueError as error:
        raise CommandError(_("'{line}' cannot be read: {why}.", line=line, why=error)) from error
    if not words:
        raise CommandError(_("An empty line is not a command."))
    return find(words[0]), words[1:]


def _without_remark(line: str) -> str:
    """Return a line up to a word that begins with ``#``; inside words and quotes it is a letter."""
    quote, before = "", " "
    for k, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "#" and before.isspace():
            return line[:k]
        before = letter
    return line


def typed(command_: Command, texts: list[str], tz: str) -> list[Any]:
    """Turn the texts of a line into the types that the command's annotations ask for."""
    parameters = list(command_.parameters.values())
    texts = _in_order(command_, texts)
    variadic = bool(parameters) and parameters[-1].kind is inspect.Parameter.VAR_POSITIONAL
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
    if len(texts) < len(needed) or (len(texts) > len(parameters) and not variadic):
        names = " ".join(p.name.upper() for p in parameters)
        use = _("Use: {name} {arguments}", name=command_.name, arguments=names)
        raise CommandError(f"{command_.help} {use}")
    spread = parameters + parameters[-1:] * max(0, len(texts) - len(parameters))
    return [_converted(text, p.annotation, tz) for text, p in zip(texts, spread, strict=False)]


def _in_order(command_: Command, texts: list[Any]) -> list[Any]:
    """Return arguments in the order of the parameters: those written NAME=VALUE at their places.

    What lies between them and is not given takes its usual value.
    """
    known = {name: p for name, p in command_.parameters.items() if p.kind is not p.VAR_POSITIONAL}
    pairs = [text.partition("=") for text in texts]
    named = {name: value for name, sign, value in pairs if sign and name in known}
    plain = [text for text, (name, sign, _v) in zip(texts, pairs, strict=True)
             if not (sign and name in known)]  # fmt: skip
    if not named:
        return texts
    rest, found = iter(plain), []
    last = max(list(known).index(name) for name in named)
    for k, (name, p) in enumerate(known.items()):
        given = named.get(name, next(rest, None) if name not in named else None)
        if given is None and (k > last or p.default is p.empty):
            break
        found.append(p.default if given is None else given)
    return [*found, *rest]


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise ValueError(_("say yes or no"))
    return word in _YES


def _converted(text: Any, wanted: Any, tz: str) -> Any:
    if not isinstance(text, str):
        return text  # the usual value of what was not given
    from twinview.model.time import parse_instant

    makers: dict[Any, Callable[[str], Any]] = {
        int: int,
        float: float,
        bool: _yes,
        Path: Path,
        datetime: lambda t: parse_instant(t, tz),
    }
    try:
        return makers.get(wanted, str)(text)
    except ValueError as error:
        raise CommandError(_("'{text}' does not fit: {why}", text=text, why=error)) from error
