"""Change one named value of a part of the project, as a line of text says it."""

import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from twinview.i18n import _
from twinview.model.kept import Kept
from twinview.model.problem import CommandError

M = TypeVar("M", bound=Kept)
NOTHING = "none"
_SINGLE = (str, int, float, bool)


def changed(part: M, name: str, text: str) -> M:
    """Return settings (or accounts) with one value changed.

    Parameters
    ----------
    part
        The settings.
    name
        Of the value.
    text
        The new value; ``none`` takes it away where it may be missing.

    Raises
    ------
    CommandError
        There is no such value, or the text does not fit; the sentence says what does.
    """
    known = [one for one in type(part).model_fields if _settable(type(part), one)]
    if name not in known:
        raise CommandError(
            _("There is no setting '{name}'; there are {known}.", name=name, known=", ".join(known))
        )
    value = None if text.lower() == NOTHING else text
    return made(type(part), {**part.model_dump(mode="json"), name: value}, {name: name})


def made(kind: type[M], values: Mapping[str, Any], words: Mapping[str, str]) -> M:
    """Return settings made of values, each checked by its kind.

    Parameters
    ----------
    kind
        Of the settings.
    values
        By name.
    words
        What the user calls the values, and their names.

    Raises
    ------
    CommandError
        A value does not fit; the sentence says what does.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0]) if first["loc"] else ""
        called = {name: word for word, name in words.items()}
        raise CommandError(
            _(
                "'{text}' does not fit {name}: {why}.",
                text=first["input"],
                name=called.get(place, place),
                why=_fitting(kind, place) or str(first["msg"]),
            )
        ) from error


def choices(kind: type[Kept], name: str) -> tuple[str, ...]:
    """Return the words that a value may be; empty where it is no choice among words."""
    return tuple(str(one) for one in _alternatives(kind, name) if isinstance(one, str))


def _alternatives(kind: type[Kept], name: str) -> tuple[Any, ...]:
    return typing.get_args(kind.model_fields[name].annotation)


def _settable(kind: type[Kept], name: str) -> bool:
    """Tell whether a value is one word or number, and not a list of rows."""
    wanted = kind.model_fields[name].annotation
    several = [one for one in _alternatives(kind, name) if one is not type(None)]
    if wanted in _SINGLE or choices(kind, name):
        return True
    return bool(several) and all(one in _SINGLE for one in several)


def _fitting(kind: type[Kept], name: str) -> str:
    words = choices(kind, name) if name in kind.model_fields else ()
    return _("it is one of {words}", words=", ".join(words)) if words else ""
