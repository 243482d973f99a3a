"""Instants as people write them: dates, times of day, steps from here, and names such as a peak."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis, zone
from twinview.model.twin import DISTRICT, Twin
from twinview.scene.curves import Floats, curves, on_clock
from twinview.scene.words import listed

if TYPE_CHECKING:
    from twinview.session.store import State

UNITS = {
    "min": 60, "m": 60, "分": 60, "分钟": 60, "h": 3600, "小时": 3600, "时": 3600, "d": 86400,
    "天": 86400, "日": 86400, "w": 604800, "周": 604800, "s": 1, "秒": 1,
}  # fmt: skip
"""Seconds of the units of lengths of time."""
NAMES: Mapping[str, str] = {
    "peak load": N_("peak load"),
    "cleanest hour": N_("cleanest hour"),
    "now": N_("now"),
    "lowest load": N_("lowest load"),
    "peak generation": N_("peak generation"),
    "dirtiest hour": N_("dirtiest hour"),
    "start": N_("start"),
    "end": N_("end"),
}
"""Names of instants, as they are offered (marked for translation)."""
ALSO = {
    "peak": "peak load", "highest load": "peak load", "负荷峰值": "peak load",
    "峰值负荷": "peak load", "最高负荷": "peak load", "最大负荷": "peak load",
    "最低负荷": "lowest load", "最小负荷": "lowest load",
    "发电峰值": "peak generation", "最大发电": "peak generation", "最高发电": "peak generation",
    "cleanest": "cleanest hour", "最清洁时段": "cleanest hour", "最清洁小时": "cleanest hour",
    "最低碳时段": "cleanest hour", "dirtiest": "dirtiest hour", "最高碳时段": "dirtiest hour",
    "现在": "now", "此刻": "now", "开始": "start", "起点": "start", "first": "start",
    "结束": "end", "终点": "end", "last": "end",
}  # fmt: skip
"""Other ways of writing them."""
EXAMPLES = ("now-24h", "+6h", "-1d", "14:00")
LONGEST = 100 * 366 * 86400
"""Seconds of the longest length of time."""
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|[\u4e00-\u9fff]+)")
_NAMED = re.compile(r"(.*?)\s*(?:([+-])\s*(\d.*))?")
_BESIDE = re.compile(r"([+-])\s*(\d[\d.]*\s*(?:[a-z]+|[\u4e00-\u9fff]+))")
_CLOCK = re.compile(r"(\d{1,2})(?::|点)(\d{2})?分?")


def seconds_of(text: str) -> int:
    """Return the seconds of a length of time such as ``90min``, ``24h``, ``7d`` or ``1w``.

    Raises
    ------
    CommandError
        For what is none.
    """
    found = _LENGTH.fullmatch(_plain(text))
    seconds = round(min(float(found[1]), 1e9) * UNITS.get(found[2], 0)) if found else 0
    if not 0 < seconds <= LONGEST:
        raise CommandError(
            _("'{text}' is no length of time such as 90min, 24h, 7d or 1w.", text=text)
        )
    return seconds


def step_of(state: "State", text: str, now: datetime | None = None) -> int:
    """Return the step of the clock that a text names.

    Parameters
    ----------
    state
        What is open: ``+6h`` and ``14:00`` count from the instant that its view shows.
    text
        See `ways`.
    now
        What ``now`` is; the computer's clock if not given. Outside of the data it is their end.

    Raises
    ------
    CommandError
        For a text that names none, and for instants outside of the data.
    """
    axis, plain = state.twin.time, _plain(text)
    if axis.static:
        raise CommandError(_("The data hold one instant, so there is no other to go to."))
    here = min(max(state.view.time, 0), axis.count - 1)
    known: tuple[Callable[[], int | None], ...] = (
        lambda: _named(state, plain, now),
        lambda: _noted(state, plain),
        lambda: _beside(axis, here, plain),
        lambda: _at_clock(axis, here, plain),
    )
    for find in known:
        step = find()
        if step is not None:
            return step
    return _by_date(axis, text)


def ways(state: "State") -> list[str]:
    """Return texts that `step_of` understands, for completion: names, notes, lengths, a date."""
    axis = state.twin.time
    if axis.static:
        return []
    here = min(state.view.time, axis.count - 1)
    notes = [one.title for one in state.project.marks]
    return [*(_(name) for name in NAMES.values()), *notes, *EXAMPLES, written(axis, here)]


def days_in(text: str) -> tuple[date, ...]:
    """Return the days that a text names, with commas or spaces between, each once, in order.

    Raises
    ------
    CommandError
        For what is no day.
    """
    found = set()
    for part in filter(None, re.split(r"[,;\s]+", unicodedata.normalize("NFKC", text))):
        try:
            found.add(date.fromisoformat(part))
        except ValueError as error:
            raise CommandError(_("'{text}' is no day such as 2023-12-25.", text=part)) from error
    return tuple(sorted(found))


def comes_twice(local: datetime) -> bool:
    """Tell whether clocks show the local time of an instant once more, as they are put back."""
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def written(axis: TimeAxis, step: int) -> str:
    """Return a step as people write an instant, so that it is understood again.

    Whole days where steps are days; with the offset where the local time comes twice.
    """
    local = axis.at(step)
    if axis.step >= 86400 and local.time() == time.min:
        return f"{local:%Y-%m-%d}"
    said = local if comes_twice(local) else local.replace(tzinfo=None)
    return said.isoformat(timespec="seconds" if local.second else "minutes")


def _plain(text: str) -> str:
    """Return a text without the differences that nobody means: case, width, spaces, signs."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return re.sub(r"\s+", " ", folded.replace("\u2212", "-"))


def _named(state: "State", plain: str, now: datetime | None) -> int | None:
    """Return the step of a name, with a length of time behind it or not."""
    found = _NAMED.fullmatch(plain)
    name = _known_name(found[1]) if found else None
    if found is None or name is None:
        return None
    axis = state.twin.time
    if name == "now":
        step = axis.nearest(datetime.now(UTC) if now is None else now)
    elif name in {"start", "end"}:
        step = 0 if name == "start" else axis.count - 1
    else:
        step = special(state.twin, name)
    return step if found[2] is None else _shifted(axis, step, found[2], found[3])


def _known_name(head: str) -> str | None:
    if head in NAMES:
        return head
    translated = {_plain(_(title)): name for name, title in NAMES.items()}
    return translated.get(head) or ALSO.get(head)


def _noted(state: "State", plain: str) -> int | None:
    """Return the step of a note of that title."""
    for one in state.project.marks:
        if _plain(one.title) == plain:
            return state.twin.time.nearest(one.seconds)
    return None


def _beside(axis: TimeAxis, here: int, plain: str) -> int | None:
    found = _BESIDE.fullmatch(plain)
    return None if found is None else _shifted(axis, here, found[1], found[2])


def _shifted(axis: TimeAxis, step: int, sign: str, length: str) -> int:
    """Return the step a length of time later or earlier; days keep the clock's time."""
    seconds = seconds_of(length) * (1 if sign == "+" else -1)
    if seconds % 86400 == 0:
        return _inside(axis, axis.same_clock(step, seconds // 86400))
    return _inside(axis, axis.at(step).astimezone(UTC) + timedelta(seconds=seconds))


def _at_clock(axis: TimeAxis, here: int, plain: str) -> int | None:
    """Return the step of a time of the day that is shown."""
    written = _clock(axis, here, plain)
    return None if written is None else _inside(axis, _parsed(axis, written))


def _clock(axis: TimeAxis, here: int, plain: str) -> str | None:
    found = _CLOCK.fullmatch(plain)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return f"{axis.at(here):%Y-%m-%d}T{int(found[1]):02}:{found[2] or '00'}"


def _iso(text: str) -> str:
    written = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"(\d{4})[年/](\d{1,2})[月/](\d{1,2})日?", _dashed, written)


def at_change(state: "State", text: str) -> tuple[tuple[str, ...], str]:
    """Return what is to be said of a local time at which the clocks are changed.

    Parameters
    ----------
    state
        What is open.
    text
        A date and time, or a time of the day that is shown.

    Returns
    -------
    twice
        The same time with its offset, once before and once after the change; empty where it does
        not come twice, or lies outside of the data.
    skipped
        Why there is no such time; empty where there is one.
    """
    axis = state.twin.time
    if axis.static:
        return (), ""
    here = min(max(state.view.time, 0), axis.count - 1)
    try:
        local = datetime.fromisoformat(_clock(axis, here, _plain(text)) or _iso(text))
    except ValueError:
        return (), ""
    if local.tzinfo is not None:
        return (), ""
    both = [local.replace(tzinfo=zone(axis.tz), fold=fold) for fold in (0, 1)]
    if both[0].utcoffset() == both[1].utcoffset():
        return (), ""
    if both[0].astimezone(UTC).astimezone(both[0].tzinfo).replace(tzinfo=None) != local:
        after = both[0].astimezone(UTC).astimezone(both[0].tzinfo)
        return (), _(
            "{text} does not exist in {tz}: the clocks are put forward, and {after} follows.",
            text=f"{local:%Y-%m-%d %H:%M}", tz=axis.tz, after=f"{after:%H:%M}",
        )  # fmt: skip
    inside = [one for one in both if axis.start <= one.timestamp() < axis.stop]
    return tuple(one.isoformat(timespec="minutes") for one in inside), ""


def _by_date(axis: TimeAxis, text: str) -> int:
    written = _iso(text)
    try:
        datetime.fromisoformat(written)
    except ValueError as error:
        raise CommandError(
            _(
                "'{text}' is no time: write 2024-07-01, 2024-07-01T14:00, 14:00, +6h, now-24h, or "
                "one of {names}.",
                text=text,
                names=listed(_(title) for title in NAMES.values()),
            )
        ) from error
    return _inside(axis, _parsed(axis, written))


def _dashed(found: re.Match[str]) -> str:
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"


def _parsed(axis: TimeAxis, written: str) -> datetime:
    try:
        return axis.parse(written)
    except (ValueError, OverflowError) as error:
        raise CommandError(str(error)) from error


def _inside(axis: TimeAxis, instant: datetime) -> int:
    try:
        return axis.index_of(instant)
    except (ValueError, OverflowError) as error:
        raise CommandError(str(error)) from error


def special(twin: Twin, name: str) -> int:
    """Return the step of the highest or lowest value of the district that a name stands for.

    Raises
    ------
    CommandError
        Where the data do not hold that value.
    """
    find: dict[str, tuple[Callable[[Twin], Floats], Callable[[Floats], np.intp], str]] = {
        "peak load": (_load, np.nanargmax, N_("load")),
        "lowest load": (_load, np.nanargmin, N_("load")),
        "peak generation": (_generation, np.nanargmax, N_("generation")),
        "cleanest hour": (intensity, np.nanargmin, N_("carbon intensity")),
        "dirtiest hour": (intensity, np.nanargmax, N_("carbon intensity")),
    }
    take, choose, what = find[name]
    values = take(twin)
    if not np.isfinite(values).any():
        raise CommandError(
            _("The data hold no {what} of the district; compute first.", what=_(what))
        )
    return int(choose(values))


def _load(twin: Twin) -> Floats:
    return curves(twin, twin.scenario).load


def _generation(twin: Twin) -> Floats:
    return curves(twin, twin.scenario).generation


def intensity(twin: Twin) -> Floats:
    """Return the district's carbon intensity at each step of the clock, else that of its source."""
    series = twin.find(DISTRICT, "carbon_intensity")
    if series is None:
        layers = [one.id for one in twin.of_kind("source")]
        found = (twin.find(one, "carbon_intensity") for one in layers)
        series = next((one for one in found if one is not None), None)
    if series is None:
        return np.full(twin.time.count, np.nan, dtype=np.float32)
    return on_clock(twin, series, series.of(0))
