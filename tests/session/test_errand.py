"""Errands: another process runs the command line, tells its progress and can be called back."""

import json
import sys

import pytest

from twinview.model.problem import CommandError
from twinview.progress import Progress, drain
from twinview.session import errand as module
from twinview.session.errand import errand


def child(monkeypatch, code: str) -> None:
    """Have errands run some Python in the program's place."""
    real = module.subprocess.Popen

    def start(_command, **options):
        return real([sys.executable, "-c", code], **options)

    monkeypatch.setattr(module.subprocess, "Popen", start)


def test_a_sentence_of_the_command_line_is_the_error():
    with pytest.raises(CommandError, match=r"nothing\.twin"):
        drain(errand(["check", "nothing.twin"]))


def test_progress_comes_through(monkeypatch):
    told = json.dumps({"progress": 0.25, "message": "Bild 1"})
    child(monkeypatch, f"import sys; print({told!r}, file=sys.stderr)")
    seen: list[Progress] = []
    drain(errand([]), seen.append)
    assert Progress(0.25, "Bild 1") in seen


def test_an_errand_that_fails_silently_is_said(monkeypatch):
    child(monkeypatch, "raise SystemExit(2)")
    with pytest.raises(CommandError, match="without a reason"):
        drain(errand([]))


def test_an_errand_that_is_called_back_puts_things_in_order(monkeypatch, tmp_path):
    done = tmp_path / "in order"
    code = f"""
import pathlib, signal, sys
def end(*_):
    pathlib.Path({str(done)!r}).touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print('{{"progress": 0.5, "message": ""}}', file=sys.stderr, flush=True)
signal.pause()
"""
    child(monkeypatch, code)
    job = errand([])
    while next(job).fraction < 0.5:
        pass
    job.close()
    assert done.exists()
