"""The command with a scheduler: what is wrong with it is one sentence, and nothing is kept."""

import importlib.util

import pytest

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra 'cluster' is not installed"
)


@needs_dask
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere://at-all"])
def test_a_scheduler_that_does_not_answer_is_said(village, process, address):
    ran = process("compute", village, "--scheduler", address, code=2)
    assert f"No scheduler answers at '{address}'" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list(village.parent.rglob("results.json"))


@needs_dask
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", ""])
def test_the_command_says_the_same(village, process, address):
    ran = process("do", village, f"compute.cluster '{address}'", code=2)
    assert f"No scheduler answers at '{address}'" in ran.stderr
