"""What this program is: version, licence, what it stands on, and a report of what is wrong."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from twinview import __version__
from twinview.gui.cards import text_label
from twinview.gui.helping import HelpButton
from twinview.i18n import N_, _
from twinview.session.doctor import machine, stands_on

_WIDE, _SIGN = 460, 72


class AboutDialog(QDialog):
    """A small window; closed with Esc.

    Parameters
    ----------
    run
        Runs a command.
    parent
        The window.
    """

    def __init__(self, run: Callable[..., object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About twinview"))
        sign = text_label()
        sign.setPixmap(QApplication.windowIcon().pixmap(_SIGN, _SIGN))
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(text_label(f"twinview {__version__}", role="huge"))
        names.addWidget(text_label(_("A digital twin of a city's energy and carbon"), wrap=True))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(sign)
        head.addLayout(names, 1)
        way = partial(run, "help.open")
        head.addWidget(HelpButton(N_("About twinview"), "about", way, self),
                       alignment=Qt.AlignmentFlag.AlignTop)  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        for text in self._texts():
            label = text_label(text, role="soft", wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addLayout(self._buttons(run))
        self.setMinimumWidth(_WIDE)

    @staticmethod
    def _texts() -> list[str]:
        return [
            _("Free software under the Apache License 2.0. It asks nothing of the network."),
            _("It stands on {libraries}.", libraries=", ".join(stands_on())),
            _("Qt and PySide6 are used under the LGPL 3 and can be replaced."),
        ]

    def _buttons(self, run: Callable[..., object]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        copied = QPushButton(_("Copy versions"))
        copied.clicked.connect(self._copy)
        report = QPushButton(_("Problem report"))
        report.clicked.connect(lambda: (self.close(), run("help.problem"))[0])
        done = QPushButton(_("Close"))
        done.setProperty("primary", True)
        done.setDefault(True)
        done.clicked.connect(self.close)
        row.addWidget(copied)
        row.addWidget(report)
        row.addStretch(1)
        row.addWidget(done)
        return row

    @staticmethod
    def _copy() -> None:
        lines = [f"{name}: {value}" for name, value in machine().items()]
        QGuiApplication.clipboard().setText("\n".join(lines))
