"""A look for a newer version: asked of a server on this machine, said in one sentence."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from twinview import __version__
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.session import updates
from twinview.session.store import Session


class Index(ThreadingHTTPServer):
    """A package index that answers what a test wants."""

    def __init__(self) -> None:
        self.code, self.text, self.asked = 200, b"", []
        self.held = threading.Event()
        self.held.set()
        super().__init__(("127.0.0.1", 0), Answering)

    def has(self, version: str) -> None:
        """Have a version as its newest."""
        self.text = json.dumps({"info": {"version": version}}).encode()


class Answering(BaseHTTPRequestHandler):
    """Answers one question."""

    def do_GET(self) -> None:
        """Answer as the index says, when it says so."""
        self.server.asked.append(self.path)
        self.server.held.wait(20)
        self.send_response(self.server.code)
        self.end_headers()
        self.wfile.write(self.server.text)

    def log_message(self, *_arguments: object) -> None:
        """Be quiet."""


@pytest.fixture
def index(monkeypatch, no_network):
    """Return a running index that the program asks."""
    server = Index()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/pypi/twinview/json"
    monkeypatch.setattr(updates, "INDEX", address)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield server
    server.held.set()
    server.shutdown()
    server.server_close()
    thread.join()


def said(name: str = "help.updates") -> str:
    """Return what the command says."""
    session, told = Session(), []
    session.teller = told.append
    session.do(name)
    (found,) = told
    return found.as_text()


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("0.1.0", "0.1.1"), ("0.9", "0.10"), ("1.0rc1", "1.0"), ("0.1.0.dev3", "0.1"),
        ("1.9.9", "2"),
    ],
)  # fmt: skip
def test_versions_are_ordered_by_their_numbers(older, newer):
    assert updates.ordered(older) < updates.ordered(newer)
    assert updates.ordered("1.0") == updates.ordered("1.0.0")


def test_a_newer_one_is_named_and_the_newest_confirmed(index):
    index.has("99.1")
    assert said() == (
        f"Version 99.1 is there; this is {__version__}. Nothing is downloaded by itself."
    )
    index.has(__version__)
    assert said() == f"This version, {__version__}, is the newest."
    assert index.asked == ["/pypi/twinview/json"] * 2
    english = said()
    try:
        set_language("zh_CN")
        assert __version__ in said()
        assert said() != english
    finally:
        set_language("en")


def test_an_index_that_cannot_be_asked_is_one_sentence_with_the_reason(index, monkeypatch):
    start = r"^The package index could not be asked: "
    index.code = 404
    with pytest.raises(CommandError, match=start + r"it answered with 404\.$"):
        said()
    index.code, index.text = 200, b"<html>"
    with pytest.raises(CommandError, match=start + r"its answer could not be understood\.$"):
        said()
    monkeypatch.setattr(updates, "INDEX", "http://127.0.0.1:1/")
    with pytest.raises(CommandError, match=start + r"Connection refused\.$"):
        said()


def test_it_waits_no_longer_than_it_may(index, monkeypatch):
    assert updates.PATIENCE == 5
    monkeypatch.setattr(updates, "PATIENCE", 1)
    index.held.clear()
    with pytest.raises(CommandError, match=r"no answer within 1 s\.$"):
        said()
