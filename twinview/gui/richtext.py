"""From Markdown and derivations to the HTML that Qt's text widgets show, in a look's colours."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import astuple
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from twinview.gui.style import mixed
from twinview.i18n import _
from twinview.scene.theme import Look
from twinview.scene.words import unbroken
from twinview.session.why import Derivation, Input, Key

_ANCHOR = re.compile(r" ?\{#([a-z0-9.-]+)\}$")
_QUOTE = re.compile(r"<blockquote>\n<p>(.*?)</p>\n</blockquote>", re.DOTALL)
_GAP = re.compile(r" {3,}")
SCHEME = "help"
"""Scheme of links inside the manual: ``help:PAGE#ANCHOR``."""


def css(look: Look) -> str:
    """Return the style sheet of rich text."""
    line = mixed(look.panel, look.text, 0.14)
    return f"""
    body {{ color: {look.text}; }}
    h1 {{ font-size: 20pt; font-weight: 600; margin-top: 0; margin-bottom: 10px; }}
    h2 {{ font-size: 14pt; font-weight: 600; margin-top: 26px; margin-bottom: 6px; }}
    h3 {{ font-size: 11pt; font-weight: 600; margin-top: 18px; margin-bottom: 4px; }}
    p {{ margin-top: 5px; margin-bottom: 7px; line-height: 130%; }}
    li {{ margin-bottom: 4px; line-height: 128%; }}
    a {{ color: {look.accent}; text-decoration: none; }}
    code {{ color: {look.text}; background-color: {mixed(look.panel, look.text, 0.08)}; }}
    table.grid {{ border-collapse: collapse; margin-top: 8px; margin-bottom: 12px; }}
    table.grid td, table.grid th {{ border: 1px solid {line}; padding: 5px 9px; }}
    table.grid th {{ text-align: left; font-weight: 600;
                     background-color: {mixed(look.panel, look.text, 0.05)}; }}
    .equation {{ line-height: 145%; }}
    .soft {{ color: {look.text_soft}; }}
    .small {{ color: {look.text_soft}; font-size: 9pt; }}
    .warning {{ color: {look.warning}; }}
    """


@cache
def _parser() -> MarkdownIt:
    # Raw HTML is let through for <sub> and <sup>: pages are the program's own.
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def page(text: str, look: Look) -> str:
    """Return a page of the manual as HTML.

    Parameters
    ----------
    text
        Markdown; headings may end with ``{#anchor}``.
    look
        Colours.
    """
    parser = _parser()
    tokens = parser.parse(text)
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            _anchored(token)
        elif before.type in {"th_open", "td_open"}:
            _named_command(token)
    for token in tokens:
        for child in token.children or ():
            _inner_link(child)
        if token.type == "table_open":
            token.attrSet("class", "grid")
            token.attrSet("cellspacing", "0")
    body = str(parser.renderer.render(tokens, parser.options, {}))
    body = _QUOTE.sub(lambda found: equation(found[1].strip().split("\n"), look), body)
    return f"<html><head><style>{css(look)}</style></head><body>{body}</body></html>"


def equation(lines: Sequence[str], look: Look) -> str:
    """Return equations, one on each line, on a ground of their own.

    Parameters
    ----------
    lines
        HTML; wide gaps between equations on one line are kept.
    look
        Colours.
    """
    ground = mixed(look.panel, look.text, 0.05)
    inside = "<br>".join(_GAP.sub("&nbsp;" * 6, line) for line in lines)
    return (
        f'<table width="100%" cellpadding="9" cellspacing="0" bgcolor="{ground}">'
        f'<tr><td class="equation">{inside}</td></tr></table>'
    )


def _anchored(token: Token) -> None:
    """Turn the anchor at the end of a heading into a name that links find."""
    last = token.children[-1] if token.children else None
    found = _ANCHOR.search(last.content) if last is not None else None
    if last is None or found is None or token.children is None:
        return
    last.content = last.content[: found.start()]
    token.children.insert(0, _name(found[1]))


def _named_command(token: Token) -> None:
    """Give the row of a command the command's name as an anchor."""
    first = token.children[0] if token.children else None
    if first is not None and first.type == "code_inline" and token.children is not None:
        token.children.insert(0, _name(first.content.split(" ")[0]))


def _name(anchor: str) -> Token:
    return Token("html_inline", "", 0, content=f'<a name="{html.escape(anchor)}"></a>')


def _inner_link(token: Token) -> None:
    """Have links to other pages, written ``page.md#anchor``, lead into the manual."""
    target = str(token.attrGet("href") or "")
    if token.type == "link_open" and ":" not in target and not target.startswith("#"):
        token.attrSet("href", f"{SCHEME}:{target.replace('.md', '', 1)}")


# -------------------------------------------------------------------------------------- derivations
def link(key: Key) -> str:
    """Return the address of a derivation."""
    return "why:" + json.dumps(astuple(key)).encode().hex()


def key_of(address: str) -> Key | None:
    """Return the key in an address of `link`; None for other addresses."""
    scheme, _sign, code = address.partition(":")
    if scheme != "why":
        return None
    layer, element, quantity, step, how, case, over, figure = json.loads(bytes.fromhex(code))
    ends = None if over is None else (int(over[0]), int(over[1]))
    return Key(layer, element, quantity, step, how, case, ends, figure)


def derivation(one: Derivation, look: Look) -> str:
    """Return a derivation as HTML: value first, then formula, inputs, settings, sources."""
    parts = one.parts
    blocks = [
        f'<p class="soft" style="margin:0">{html.escape(one.subject)}</p>',
        f'<p style="font-size:20pt; font-weight:600; margin-top:0; margin-bottom:4px">'
        f"{html.escape(one.text)}</p>",
        *(f"<p>{html.escape(line)}</p>" for line in parts.lines),
        _formula(one, look),
        _inputs(_("Inputs"), parts.inputs),
        _inputs(_("What weighs most"), parts.weighty),
        _pairs(_("Settings"), parts.settings),
        _list(_("Sources"), parts.sources),
        _pairs("", (*((one.when_title, one.when),) * bool(one.when), (_("Origin"), one.origin))),
    ]
    body = "".join(blocks)
    return f"<html><head><style>{css(look)}</style></head><body>{body}</body></html>"


def _formula(one: Derivation, look: Look) -> str:
    if not one.parts.formula:
        return ""
    lines = [_with_indices(one.parts.formula)]
    if one.parts.worked:
        lines.append(f'<span class="soft">{html.escape(unbroken(one.parts.worked))}</span>')
    return equation(lines, look)


def _with_indices(formula: str) -> str:
    """Return a formula with its indices (``E_node``) lowered."""
    return re.sub(r"_(\w+)", r"<sub>\1</sub>", html.escape(formula))


def _inputs(title: str, inputs: tuple[Input, ...]) -> str:
    if not inputs:
        return ""
    rows = []
    for one in inputs:
        name = html.escape(one.name)
        if one.about is not None:
            name = f'<a href="{link(one.about)}">{name}</a>'
        note = f'<br><span class="small">{html.escape(one.note)}</span>' if one.note else ""
        value = html.escape(one.text).replace(" ", "&nbsp;")
        rows.append(f'<tr><td>{name}</td><td align="right">{value}{note}</td></tr>')
    return _titled(title, f'<table width="100%" cellpadding="3">{"".join(rows)}</table>')


def _pairs(title: str, pairs: tuple[tuple[str, str], ...]) -> str:
    if not pairs:
        return ""
    rows = "".join(
        f'<tr><td class="soft">{html.escape(name)}</td><td>{html.escape(value)}</td></tr>'
        for name, value in pairs
    )
    return _titled(title, f'<table width="100%" cellpadding="3">{rows}</table>')


def _list(title: str, lines: tuple[str, ...]) -> str:
    if not lines:
        return ""
    return _titled(title, "".join(f'<p class="soft">{html.escape(line)}</p>' for line in lines))


def _titled(title: str, inside: str) -> str:
    return (f"<h3>{html.escape(title)}</h3>" if title else "") + inside
