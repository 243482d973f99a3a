"""Problems: something wrong in the data, where, what was done about it, how to mend it."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from twinview.i18n import _, from_kept, kept

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


def to_keep(problem: Problem) -> dict[str, Any]:
    """Return a finding in a form that can be kept in a file and be said in another language."""
    said = {"message": kept(problem.message), "fix": kept(problem.fix)}
    return {**problem.as_dict(), "said": said}


def from_keep(row: Mapping[str, Any]) -> Problem:
    """Return a finding that was kept, in the language in use; also one without its `said`."""
    plain = {key: one for key, one in row.items() if key != "said"}
    try:
        told = {key: from_kept(row["said"][key]) for key in ("message", "fix")}
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        told = {}  # of another version, or none: as it was said then
    return Problem(**{**plain, **told, "element_ids": tuple(row["element_ids"])})


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


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Have what a disk refuses while a file is written, whole or not at all, be a sentence.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    CommandError
        In the place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise CommandError(
            _(
                "{path} could not be written: {why}. The old file, if any, is unchanged; "
                "choose another place or free some space.",
                path=path,
                why=error.strerror or error,
            )
        ) from error
