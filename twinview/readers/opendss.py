"""OpenDSS feeders, by OpenDSS's own engine, as balanced networks."""

from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.progress import Job, Progress
from twinview.readers.common import dss_elements, dss_script, texts
from twinview.readers.common.draft import Draft, finish
from twinview.readers.registry import Options, ReadError, reader

_CIRCUIT = r"(?i)\bnew\s+\"?(object\s*=\s*)?\"?circuit\."
_MASTER = "master.dss"


def sniff(path: Path, head: bytes) -> int:
    """Score a script that defines a circuit, or a folder with a ``Master.dss``."""
    if path.is_dir():
        return 72 if _masters(path) else 0
    return 72 if texts.mentions(path, head, _CIRCUIT) else 0


def _masters(folder: Path) -> list[Path]:
    return [one for one in sorted(folder.glob("*.dss")) if one.name.lower() == _MASTER]


@reader("OpenDSS", patterns=["*.dss"], score=72, sniff=sniff, folders=["*"])
def read(path: Path, options: Options) -> Job[Part]:
    """Read a feeder: its scripts as far as they define elements, its figures from the engine."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    script = dss_script.load(_masters(path)[0] if path.is_dir() else path)
    yield Progress(0.3, _("Starting {name}", name="OpenDSS"))
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
    yield Progress(0.6, _("Building the network"))
    draft = Draft(path.name)
    dss_elements.add(draft, circuit, script.coords)
    _say(draft, script, failed)
    crs = "EPSG:4326" if script.degrees else ""
    return finish(draft, options, crs=crs, about=circuit.Name)


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
