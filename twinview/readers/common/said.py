"""What the user says of files, looked at before anything is read."""

import codecs
from dataclasses import replace

from twinview.i18n import _
from twinview.model.quantities import known_units
from twinview.model.time import zone
from twinview.readers import crs as systems
from twinview.readers.common import frames, times
from twinview.readers.common.kinds_told import told
from twinview.readers.common.origins import SAYABLE
from twinview.readers.registry import Options, ReadError


def checked(options: Options) -> Options:
    """Return what the user says, its unit spelled as it is known, or refuse what makes no sense.

    Parameters
    ----------
    options
        What the user says of any file.

    Raises
    ------
    CommandError
        For the first thing that makes none, in one sentence that says what does.
    """
    told(options.kind)
    if options.origin:
        _check_origin(options.origin)
    if options.tz:
        _check_zone(options.tz)
    if options.start:
        times.start_of(options.start, options.tz)
    if options.crs:
        systems.parse(systems.split_swapped(options.crs)[0])
    if options.lod:
        _check_level(options.lod)
    if options.encoding:
        _check_encoding(options.encoding)
    return replace(options, unit=_unit(options.unit)) if options.unit else options


def _check_origin(word: str) -> None:
    if word not in SAYABLE:
        raise ReadError(
            _("There is no origin '{word}'; there are {known}.",
              word=word, known=", ".join(SAYABLE))
        )  # fmt: skip


def _check_zone(name: str) -> None:
    try:
        zone(name)
    except ValueError as error:
        raise ReadError(f"{error}.") from error


def _unit(text: str) -> str:
    """Return a unit as it is known, whatever its capitals, as long as it can be no other one.

    Mega and milli differ by their capital alone: ``mw`` may be either.
    """
    known = dict.fromkeys([*known_units(), *frames.UNITS])
    if text in known:
        return text
    alike = [one for one in known if one.casefold() == text.casefold()]
    if not alike:
        raise ReadError(
            _("There is no unit '{unit}'; there are {known}.", unit=text, known=", ".join(known))
        )
    fits = [one for one in alike if same_prefix(one, text) and not one.startswith("mW")]
    if fits:
        return fits[0]
    raise ReadError(
        _("'{unit}' may be milli or mega; write {known}.", unit=text, known=_(" or ").join(alike))
    )


def same_prefix(unit: str, text: str) -> bool:
    """Tell whether a text that is a unit but for its capitals has the same mega and milli."""
    return all(a == b for a, b in zip(unit, text, strict=True) if a in "mM")


def _check_level(text: str) -> None:
    try:
        float(text)
    except ValueError as error:
        raise ReadError(
            _("'{text}' is no level of detail; it is a number such as 1.2 or 2.2.", text=text)
        ) from error


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ReadError(
            _("'{name}' is no encoding of texts, such as utf-8, gb18030 or latin-1.", name=name)
        ) from error
