"""What the user says of files, looked at before anything is read."""

import codecs

from twinview.i18n import _
from twinview.model.quantities import known_units
from twinview.model.time import zone
from twinview.readers import crs as systems
from twinview.readers.common import frames, times
from twinview.readers.common.kinds_told import told
from twinview.readers.common.origins import SAYABLE
from twinview.readers.registry import Options, ReadError


def check_said(options: Options) -> None:
    """Refuse what makes no sense for any file, in one sentence that says what does.

    Parameters
    ----------
    options
        What the user says.

    Raises
    ------
    CommandError
        For the first such thing.
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
    if options.unit:
        _check_unit(options.unit)
    if options.lod:
        _check_level(options.lod)
    if options.encoding:
        _check_encoding(options.encoding)


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


def _check_unit(unit: str) -> None:
    known = dict.fromkeys([*known_units(), *frames.UNITS])
    if unit not in known:
        raise ReadError(
            _("There is no unit '{unit}'; there are {known}.", unit=unit, known=", ".join(known))
        )


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
