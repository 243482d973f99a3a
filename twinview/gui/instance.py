"""One window takes the files of all starts: a second start hands its files over and ends."""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from twinview import paths

log = logging.getLogger(__name__)

TAKEN = b"taken\n"
CONNECT_MS, ANSWER_MS = 500, 5000
"""What a second start waits for the first one before it opens a window of its own."""
_LONGEST = 100
"""Bytes of the name of a local socket that all systems take."""
_MOST = 1 << 20


def name() -> str:
    """Return where windows of this user meet; empty where the name would be too long."""
    place = str(paths.user_state() / "window.socket")
    return place if len(os.fsencode(place)) <= _LONGEST else ""


def hand_over(files: Sequence[Path]) -> bool:
    """Have a window that is open open files; tell whether there was one that took them.

    Parameters
    ----------
    files
        Any number of files.
    """
    if not name():
        return False
    socket = QLocalSocket()
    socket.connectToServer(name())
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps([str(file.absolute()) for file in files]).encode() + b"\n")
    socket.waitForBytesWritten(CONNECT_MS)
    taken = socket.waitForReadyRead(ANSWER_MS) and bytes(socket.readAll().data()) == TAKEN
    socket.abort()
    return taken


class Host(QObject):
    """Takes files of later starts, unless another window does already.

    Signals
    -------
    asked
        ``(paths)``: files shall be opened.
    """

    asked = Signal(list)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        self._listen()

    @property
    def listening(self) -> bool:
        """Whether files come to this window."""
        return self._server.isListening()

    def _listen(self) -> None:
        if not name() or _answered():
            return
        try:
            paths.user_state().mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.info("no files of later starts are taken: %s", error)
            return
        QLocalServer.removeServer(name())  # left by a window that was killed
        self._server.listen(name())

    def _connected(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.readyRead.connect(lambda: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST:
                socket.abort()
            return
        files = _files(bytes(socket.readLine().data()))
        if files:
            socket.write(TAKEN)
            socket.flush()
            self.asked.emit(files)

    def close(self) -> None:
        """Take no more files."""
        self._server.close()


def _answered() -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name())
    there = socket.waitForConnected(CONNECT_MS)
    socket.abort()
    return there


def _files(line: bytes) -> list[Path]:
    try:
        names = json.loads(line)
    except ValueError:
        return []
    return [Path(one) for one in names if isinstance(one, str)] if isinstance(names, list) else []
