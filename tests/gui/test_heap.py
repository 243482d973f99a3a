"""Memory that is not needed any more goes back to the system."""

import json
import subprocess
import sys

import pytest

from twinview.gui.heap import LARGE

MANY = """
import json, psutil, sys
import numpy as np
from twinview.gui.heap import give_back

assert not sys.argv[1:] or give_back()
held = psutil.Process().memory_info
np.ones({size}, np.uint8)  # glibc takes its size for usual
before = held().rss
kept = []
for _turn in range(8):  # a large array, and something small behind it that stays
    large = [np.ones({size}, np.uint8) for _one in range(4)]
    kept.append(np.ones(100_000, np.uint8))
    del large
print(json.dumps(held().rss - before))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="settings of the allocator of Linux")
def test_large_arrays_that_went_away_hold_no_memory():
    """As without the settings, where four arrays stay in the heap: the test can tell."""
    words = [sys.executable, "-c", MANY.format(size=LARGE + LARGE // 2)]
    kept = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    given_back = json.loads(subprocess.run([*words, "x"], capture_output=True, check=True).stdout)
    assert kept > 3 * LARGE
    assert given_back < LARGE
