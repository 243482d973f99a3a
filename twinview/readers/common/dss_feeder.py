"""An OpenDSS feeder as the engine builds it."""

from pathlib import Path

from twinview.i18n import _
from twinview.readers.common import dss_elements, dss_script
from twinview.readers.common.draft import Draft
from twinview.readers.registry import ReadError

_MASTER = "master.dss"


def masters(folder: Path) -> list[Path]:
    """Return the scripts in a folder that may define its circuit."""
    return [one for one in sorted(folder.glob("*.dss")) if one.name.lower() == _MASTER]


def load(path: Path) -> tuple[Draft, dss_script.Script]:
    """Return a feeder as the engine builds it, and its script.

    Parameters
    ----------
    path
        The script that defines the circuit, or its folder.

    Raises
    ------
    ReadError
        Where there is no engine, or no circuit.
    """
    script = dss_script.load(masters(path)[0] if path.is_dir() else path)
    engine = dss_elements.start(path.name)
    failed = dss_elements.run(engine, script.commands)
    circuit = dss_elements.solved(engine)
    if circuit is None:
        raise ReadError(
            _(
                "{file} defines no circuit that OpenDSS can build ({reason}); nothing was read.",
                file=path.name,
                reason="; ".join(failed[:2]) or _("no element"),
            )
        )
    draft = Draft(path.name, title=circuit.Name)
    dss_elements.add(draft, circuit, script.coords)
    _say(draft, script, failed)
    return draft, script


def _say(draft: Draft, script: dss_script.Script, failed: list[str]) -> None:
    if failed:
        message = _(
            "OpenDSS did not accept {count} commands; what they define is missing, first: {first}",
            count=len(failed),
            first=failed[0],
        )
        draft.say("error", "opendss.failed", message)
    if script.not_run:
        message = _(
            "{commands} in the scripts were not run: only definitions of elements are.",
            commands=", ".join(f"{name} ({count})" for name, count in script.not_run.items()),
        )
        draft.say("warning", "opendss.command", message)
    if script.dropped:
        names = ", ".join(f"{name} ({n})" for name, n in script.dropped.most_common(10))
        message = _("These properties were not used: {names}.", names=names)
        draft.say("info", "opendss.property", message)
    draft.ignored += script.left_out
