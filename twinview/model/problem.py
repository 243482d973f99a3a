"""Problems: something wrong in the data, where, what was done about it, how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
ORDER: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class Problem:
    """One finding about the data.

    Parameters
    ----------
    severity
        ``error``: something was left out or cannot be computed; ``warning``: something was assumed;
        ``info``: good to know.
    code
        Stable name of the rule, such as ``crs.guessed``.
    message
        One sentence: what is wrong, and what was kept.
    fix
        One sentence: what to do.
    source
        File (and place in it) the finding is about.
    layer, element_ids
        Layer and elements concerned, as far as known.
    """

    severity: Severity
    code: str
    message: str
    fix: str = ""
    source: str = ""
    layer: str = ""
    element_ids: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the finding in the form that ``check --json`` prints."""
        return {
            "severity": self.severity,
            "source": self.source,
            "layer": self.layer,
            "element_ids": list(self.element_ids),
            "code": self.code,
            "message": self.message,
            "fix": self.fix,
        }


def worst_first(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems by severity; equal ones stay in order, double ones are dropped."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: ORDER.index(problem.severity)))


class CommandError(Exception):
    """Something the user asked for cannot be done; the text says why and what to do."""


class NeedsAnswer(CommandError):
    """The data need an answer that only the user has.

    Parameters
    ----------
    message
        The question, in one sentence that names the option.
    option
        The option of the command line, such as ``--crs``.
    choices
        Likely answers, best first.
    """

    def __init__(self, message: str, option: str, choices: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.option = option
        self.choices = tuple(choices)
