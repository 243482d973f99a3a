"""The manual: pages in Markdown for each language, found by name and anchor, searched offline.

Written pages lie in ``assets/help/LANGUAGE/PAGE.md``. Headings carry their anchor, as in
``## Storage {#storage}``; anchors are the same in every language and stand in `ANCHORS`, so that
links can be checked. Pages of commands and keys are made from the command table when they are read.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from twinview import paths
from twinview.i18n import LANGUAGES, N_, _, language
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.readers.registry import readers
from twinview.scene.overlay import overlays
from twinview.session.command import Command, commands

CHAPTERS: Mapping[str, str] = {
    "start": N_("First ten minutes"),
    "data": N_("Data"),
    "time": N_("Time"),
    "overlays": N_("Overlays and quantities"),
    "method": N_("Method"),
    "privacy-and-limits": N_("Privacy and limits"),
    "expectations": N_("What to expect"),
    "commands": N_("Commands"),
    "keys": N_("Keys"),
}
"""Pages in the order of the contents, with their titles."""

GENERATED = frozenset({"commands", "keys"})

ANCHORS: Mapping[str, tuple[str, ...]] = {
    "start": (
        "open", "look", "selection", "inspector", "pins", "table", "why", "compute", "pictures",
        "tables", "ask", "languages", "scripts",
    ),
    "data": ("formats", "understood", "attributes", "series", "joins", "units", "crs", "problems"),
    "time": ("axis", "zone", "steps", "gaps", "stretch", "playing", "windows", "days", "marks",
             "live"),
    "overlays": (
        "layers", "carbon", "emission", "power", "loading", "voltage", "storage", "attribute",
        "style", "compare", "states", "all", "quantities",
    ),
    "method": (
        "conventions", "power-flow", "loading", "not-modelled", "tracing", "losses", "dead-buses",
        "netting", "shares", "storage", "vehicles", "dispatch-rules", "average-marginal", "factors",
        "indicators", "scopes", "trajectories", "profiles", "solar", "heat", "converters",
        "balances", "aggregation", "scenarios", "again", "literature",
    ),
    "privacy-and-limits": ("offline", "files", "dwellings", "limits", "accuracy"),
    "expectations": ("all",),
}  # fmt: skip
"""Anchors of the written pages, in their order."""

PANELS: Mapping[str, str] = {
    "layers": "overlays#layers",
    "problems": "data#problems",
    "inspector": "start#inspector",
    "why": "start#why",
    "carpet": "time#marks",
    "indicators": "method#indicators",
    "scenario": "method#scenarios",
    "table": "start#table",
    "selection": "start#selection",
}
"""Where the sign in a panel's head leads, by the panel's name."""

DIALOGS: Mapping[str, str] = {
    "preferences": "start#languages",
    "picture": "start#pictures",
    "export": "start#tables",
    "joins": "data#joins",
    "keys": "keys",
    "style": "overlays#style",
    "factors": "method#factors",
    "moved": "data#problems",
    "answers": "commands",
    "kept": "start#look",
    "about": "start#ask",
}
"""Where the same sign in a dialog leads."""

_HEADING = re.compile(r"^(#{1,3}) (.+?)(?: \{#([a-z0-9.-]+)\})?$", re.MULTILINE)
_MARKS = re.compile(r"\*\*|`|</?(?:b|i)>| \{#[a-z0-9.-]+\}|(?<=\]\()[^)]*\)")


@dataclass(frozen=True)
class Page:
    """A place in the manual.

    Parameters
    ----------
    name
        One of `CHAPTERS`.
    anchor
        Of a section; empty for the top.
    """

    name: str
    anchor: str = ""

    @property
    def place(self) -> str:
        """``PAGE`` or ``PAGE#ANCHOR``."""
        return f"{self.name}#{self.anchor}" if self.anchor else self.name

    def as_text(self) -> str:
        """Return the page, or the section with all below it, as plain text."""
        text = markdown(self.name)
        return plain(_section(text, self.anchor) if self.anchor else text)


@dataclass(frozen=True)
class Section:
    """A heading of a page, and the text below it up to the next one."""

    level: int
    title: str
    anchor: str
    body: str


def open_page(place: str) -> Page:
    """Return a place of the manual.

    Parameters
    ----------
    place
        ``PAGE`` or ``PAGE#ANCHOR``.

    Raises
    ------
    CommandError
        Where there is none such; the sentence names the nearest, or all pages.
    """
    name, _sign, anchor = place.partition("#")
    if name not in CHAPTERS:
        raise CommandError(
            _(
                "The manual has no page '{page}'; there are {known}.",
                page=name,
                known=", ".join(CHAPTERS),
            )
        )
    known = anchors(name)
    if anchor and anchor not in known:
        near = difflib.get_close_matches(anchor, known, n=1)
        hint = _(" Did you mean '{near}'?", near=near[0]) if near else ""
        message = _("The page '{page}' has no '{anchor}'.", page=name, anchor=anchor)
        raise CommandError(message + hint)
    return Page(name, anchor)


def anchors(name: str) -> tuple[str, ...]:
    """Return the anchors of a page."""
    if name == "commands":
        return tuple(commands())
    return ANCHORS.get(name, ())


def markdown(name: str, keys: Sequence[tuple[str, str]] = ()) -> str:
    """Return a page in the language in use.

    Parameters
    ----------
    name
        One of `CHAPTERS`.
    keys
        Keys and what they do, for the page of keys; by default those of the command table.
    """
    if name == "commands":
        return _commands_page()
    if name == "keys":
        return _keys_page(keys or list(_command_keys()))
    text = written_page(name, language())
    for mark, table in TABLES.items():
        if mark in text:
            text = text.replace(mark, table())
    return text


def written_page(name: str, lang: str) -> str:
    """Return the text of a written page as it lies in its file; English where there is none."""
    folder = paths.assets_folder() / "help"
    file = folder / (lang if lang in LANGUAGES else "en") / f"{name}.md"
    return (file if file.exists() else folder / "en" / file.name).read_text(encoding="utf-8")


def sections(text: str) -> list[Section]:
    """Return the headings of a page with what stands below each."""
    found = list(_HEADING.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return [
        Section(len(one[1]), one[2], one[3] or "", text[one.end() : end].strip())
        for one, end in zip(found, ends, strict=True)
    ]


def search(words: str, keys: Sequence[tuple[str, str]] = ()) -> list[tuple[Page, str]]:
    """Return places whose section holds all words, with the section's title; headings first.

    Parameters
    ----------
    words
        Separated by spaces; case does not matter.
    keys
        As of `markdown`.
    """
    wanted = words.casefold().split()
    found: list[tuple[bool, Page, str]] = []
    for name in CHAPTERS:
        for one in sections(markdown(name, keys)):
            title, body = one.title.casefold(), plain(one.body).casefold()
            if wanted and all(word in title or word in body for word in wanted):
                in_title = all(word in title for word in wanted)
                found.append((not in_title, Page(name, one.anchor), plain(one.title)))
    return [(page, title) for _later, page, title in sorted(found, key=lambda row: row[0])]


def plain(text: str) -> str:
    """Return Markdown as plain text: subscripts with ``_``, links without their targets."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<sub>(.*?)</sub>", r"_\1", text)
    text = re.sub(r"<sup>(.*?)</sup>", r"^\1", text)
    return _MARKS.sub("", text).strip()


def _section(text: str, anchor: str) -> str:
    """Return a section of a page with the sections below it."""
    row = re.search(rf"^\| `{re.escape(anchor)}.*$", text, re.MULTILINE)
    parts = sections(text)
    start = next((k for k, one in enumerate(parts) if one.anchor == anchor), None)
    if start is None:  # a command: one row of a table
        return row[0] if row else text
    level = parts[start].level
    stop = next((k for k in range(start + 1, len(parts)) if parts[k].level <= level), len(parts))
    return "\n\n".join(f"{'#' * one.level} {one.title}\n\n{one.body}" for one in parts[start:stop])


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _commands_page() -> str:
    everything = commands().values()
    intro = _(
        "Everything below can be written on the command line, as in twinview do PROJECT "
        '"NAME ARGUMENT ...", and most of it stands in the menus. Arguments with spaces are put '
        "in quotes; those in brackets may be left out."
    )
    blocks = [f"# {_(CHAPTERS['commands'])}", intro]
    groups = dict.fromkeys(one.name.split(".")[0] for one in everything)
    for group in groups:
        rows = (
            (f"`{one.name}{_arguments(one)}`", one.help, " · ".join(k for k in one.keys if k))
            for one in everything
            if one.name.split(".")[0] == group
        )
        head = (_("Command"), _("What it does"), _("Keys"))
        blocks += [f"## {group}", _table(head, rows)]
    return "\n\n".join(blocks) + "\n"


def _arguments(one: Command) -> str:
    words = []
    for parameter in one.parameters.values():
        name = parameter.name.strip("_").upper()
        if parameter.kind is parameter.VAR_POSITIONAL:
            words.append(f" {name} ...")
        else:
            words.append(f" {name}" if parameter.default is parameter.empty else f" [{name}]")
    return "".join(words)


def _command_keys() -> Iterator[tuple[str, str]]:
    for one in commands().values():
        keys = [key for key in one.keys if key]
        if keys:
            yield " · ".join(keys), _(one.title)


def _keys_page(keys: Sequence[tuple[str, str]]) -> str:
    head = (_("Keys"), _("What it does"))
    rows = ((f"`{key}`" if "`" not in key else key, title) for key, title in keys)
    return f"# {_(CHAPTERS['keys'])}\n\n{_table(head, rows)}\n"


def _overlay_table() -> str:
    rows = ((_(one.title), f"`{one.id}`", _link("overlays", one.id)) for one in overlays().values())
    return _table((_("Overlay"), _("Name in commands"), ""), rows)


def _link(page: str, anchor: str) -> str:
    words = _("read more")
    return f"[{words}]({page}.md#{anchor})" if anchor in ANCHORS[page] else ""


def _quantity_table() -> str:
    rows = (
        (_(one.title), one.symbol, "%" if one.unit == "1" else one.unit, f"`{one.id}`",
         _(one.description))
        for one in quantities().values()
    )  # fmt: skip
    head = (_("Quantity"), _("Symbol"), _("Unit"), _("Name in commands"), _("Meaning"))
    return _table(head, rows)


def _format_table() -> str:
    rows = ((one.name, " ".join(f"`{p}`" for p in one.patterns)) for one in readers().values())
    return _table((_("Format"), _("Files")), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "{{overlays}}": _overlay_table,
    "{{quantities}}": _quantity_table,
    "{{formats}}": _format_table,
}
"""What is put in the place of marks in the written pages: made of the program's own tables."""
