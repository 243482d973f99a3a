"""What stands behind a number: words, formula, inputs, settings, sources. No Qt, no arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from twinview.i18n import _
from twinview.scene.numbers import NOTHING, SPACE, number
from twinview.scene.words import named

DIGITS = 5
"""Digits of inputs: enough to work the number out again."""


@dataclass(frozen=True)
class Key:
    """Which number is meant.

    Parameters
    ----------
    layer, element
        Ids; layer and element of the whole are both ``district``.
    quantity
        Id of a quantity, or a column of the layer.
    step
        Of the clock; None follows it.
    how
        Empty for the number as the map shows it: over the window, as a difference. ``value`` is the
        number over the window, also where the map shows a difference; ``instant`` that of one step.
    scenario
        Whose number; None for the case in view.
    over
        Seconds since 1970 between which it is taken, whatever the window in view; the days that
        count stay those of the view.
    figure
        Of several elements: which of the numbers that tell of them together
        (`twinview.session.why.together`).
    """

    layer: str
    element: str
    quantity: str
    step: int | None = None
    how: str = ""
    scenario: str | None = None
    over: tuple[int, int] | None = None
    figure: str = ""

    @property
    def stays(self) -> bool:
        """Whether it is the same wherever the clock stands."""
        return self.step is not None or self.over is not None


@dataclass(frozen=True)
class Input:
    """A number that goes into another.

    Parameters
    ----------
    name
        What it is; translated.
    value, unit
        As used in the formula.
    note
        What it is multiplied with, or where it is from; translated.
    about
        Whose derivation says more, if any.
    """

    name: str
    value: float
    unit: str
    note: str = ""
    about: Key | None = None

    @property
    def text(self) -> str:
        """Value with its unit."""
        return exact(self.value, self.unit)


@dataclass(frozen=True)
class Parts:
    """What an explainer knows.

    Parameters
    ----------
    place
        Page and anchor of the manual.
    formula
        In symbols.
    worked
        The formula with the numbers of the step; empty where it cannot be worked out.
    result
        What the formula gives in the quantity's own unit; None where it is not worked out.
    lines
        Sentences: what it means, what to mind; translated.
    inputs
        What goes in.
    settings
        Names and values of the choices in force; translated.
    sources
        Files, columns, factors; translated.
    weighty
        What weighs most in it: steps of a window, elements of a sum.
    """

    place: str
    formula: str = ""
    worked: str = ""
    result: float | None = None
    lines: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    weighty: tuple[Input, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """A number and all that it is made of.

    Parameters
    ----------
    key
        Which number.
    title, subject
        What it is, and of what; translated.
    value
        As held, in the quantity's own unit or that of the window; NaN where there is none.
    text
        As shown, with its unit.
    when
        The step or the window, in the named zone; empty for what has no time.
    origin
        Measured, given, modelled or computed; translated.
    parts
        What the explainer knows.
    over
        Whether `when` is more than a step: a window, or the instants of a difference.
    """

    key: Key
    title: str
    subject: str
    value: float
    text: str
    when: str
    origin: str
    parts: Parts = field(default_factory=lambda: Parts("start"))
    over: bool = False

    @property
    def when_title(self) -> str:
        """What `when` is."""
        return _("Taken over") if self.over else _("Time step")

    def as_text(self) -> str:
        """Return everything as plain text, to copy or to print."""
        parts = self.parts
        head = [f"{self.subject}: {self.title} = {self.text}"]
        if self.when:
            head.append(named(self.when_title, self.when))
        head.append(_("Origin: {origin}", origin=self.origin))
        blocks = ["\n".join(head)]
        if parts.lines:
            blocks.append("\n".join(parts.lines))
        if parts.formula:
            blocks.append("\n".join(one for one in (parts.formula, parts.worked) if one))
        blocks += _block(_("Inputs"), [_row(one) for one in parts.inputs])
        blocks += _block(_("What weighs most"), [_row(one) for one in parts.weighty])
        blocks += _block(_("Settings"), [f"{name}: {value}" for name, value in parts.settings])
        blocks += _block(_("Sources"), parts.sources)
        blocks.append(_("Method: {place}", place=parts.place))
        return "\n\n".join(blocks)


def exact(value: float, unit: str = "") -> str:
    """Return a number with the digits that working it out again needs."""
    text = number(value, DIGITS)
    if "." in text and "×" not in text:
        text = text.rstrip("0").rstrip(".")
    return text if unit in {"", "1"} or text == NOTHING else text + SPACE + unit


def _row(one: Input) -> str:
    return f"{one.name}: {one.text}" + (f"  {one.note}" if one.note else "")


def _block(title: str, rows: Sequence[str]) -> list[str]:
    return ["\n".join([title, *(f"  {row}" for row in rows)])] if rows else []
