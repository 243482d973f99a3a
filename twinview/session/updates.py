"""A look for a newer version: one question to the package index, only when asked; no download."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from twinview import __version__
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.progress import Job, Progress

INDEX = "https://pypi.org/pypi/twinview/json"
"""Where the package index tells what there is."""
PATIENCE = 5.0
"""Seconds that the index has to answer."""
MOST = 32_000_000
"""Bytes of an answer that are read."""
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True)
class Versions:
    """This version, and the newest that the index has."""

    own: str
    newest: str

    @property
    def newer(self) -> bool:
        """Whether the index has a newer one."""
        return ordered(self.newest) > ordered(self.own)

    def as_text(self) -> str:
        """Return it as a sentence."""
        if self.newer:
            return _(
                "Version {newest} is there; this is {own}. Nothing is downloaded by itself.",
                newest=self.newest, own=self.own,
            )  # fmt: skip
        return _("This version, {own}, is the newest.", own=self.own)


def ordered(version: str) -> tuple[tuple[int, ...], bool]:
    """Return what versions are ordered by: their numbers; what precedes a release comes first."""
    found = _NUMBERS.match(version.strip())
    numbers = [int(one) for one in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    rest = version.strip()[found.end() :] if found else version
    return tuple(numbers), not re.match(r"[.-]?(a|b|rc|dev)", rest)


def look() -> Versions:
    """Ask the index for the newest version.

    Raises
    ------
    CommandError
        Where it could not be asked, with the reason.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    request = Request(INDEX, headers={"Accept": "application/json"})
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310  (ours)
            newest = str(json.loads(answer.read(MOST))["info"]["version"])
    except HTTPError as error:
        error.close()
        raise _unasked(_("it answered with {code}", code=error.code)) from error
    except OSError as error:
        raise _unasked(_reason(error)) from error
    except (HTTPException, ValueError, KeyError, TypeError) as error:
        raise _unasked(_("its answer could not be understood")) from error
    return Versions(__version__, newest)


def _reason(error: OSError) -> str:
    """Return why a connection failed, in words."""
    why = getattr(error, "reason", error)
    if isinstance(why, TimeoutError):
        return _("no answer within {count} s", count=round(PATIENCE))
    return str(getattr(why, "strerror", None) or why)


def _unasked(why: str) -> CommandError:
    return CommandError(_("The package index could not be asked: {why}.", why=why))


def look_job() -> Job[Versions]:
    """Return the newest version, asked for beside the window's work."""
    yield Progress(0.0, _("Asking the package index"))
    return look()


def today() -> str:
    """Return the date by which a look once a day is counted."""
    return f"{datetime.now(UTC):%Y-%m-%d}"
