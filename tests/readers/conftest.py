"""Fixtures for readers: one that reads through the child process, one that reads at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from twinview.model.part import Part
from twinview.progress import drain
from twinview.readers.guard import Limits, Options, read_file
from twinview.readers.registry import choose


@pytest.fixture
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Part]:
    """Return a function that reads a file as the app does."""

    def run(path: Path, limits: Limits | None = None, **said: str) -> Part:
        folder = tmp_path_factory.mktemp("part")
        return drain(read_file(path, Options(**said), folder, limits=limits))

    return run


@pytest.fixture
def parse() -> Callable[..., Part]:
    """Return a function that reads a file in this process, for formats of our own code."""

    def run(path: Path, **said: str) -> Part:
        return drain(choose(path).read(path, Options(**said)))

    return run
