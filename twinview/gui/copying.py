"""Copy and paste by what has the focus: rows of a table, else the view as picture and text."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTreeWidget, QWidget

from twinview.i18n import _
from twinview.session import sharing

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow


def copy(window: "MainWindow") -> None:
    """Copy the marked rows of the table that has the focus, else the view."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractItemView) and not isinstance(focused, QTreeWidget):
        count = copy_rows(focused)
        window.stage.message.notice(_("{count} rows were copied.", count=count))
    else:
        copy_view(window)


def copy_view(window: "MainWindow") -> None:
    """Copy the view: programs that take pictures get one, those that take text get its line."""
    data = QMimeData()
    data.setImageData(window.stage.grab().toImage())
    data.setText(sharing.link(window.session.state))
    QGuiApplication.clipboard().setMimeData(data)
    window.stage.message.notice(
        _("The view was copied: paste it as a picture, or as text into another window.")
    )


def copy_link(window: "MainWindow") -> None:
    """Copy the view as text alone."""
    QGuiApplication.clipboard().setText(sharing.link(window.session.state))
    window.stage.message.notice(_("The view was copied as text."))


def paste(window: "MainWindow") -> None:
    """Show the view that was copied in another window; open files that were copied."""
    data = QGuiApplication.clipboard().mimeData()
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data else []
    if files:
        window.desk.open_names(files)
    else:
        window.run("view.use", data.text() if data is not None else "")


def copy_rows(table: QAbstractItemView) -> int:
    """Copy the marked rows of a table, all of them where none is marked; return their number.

    Cells stand apart by tabs and the headers come first, as spreadsheets take them.
    """
    model = table.model()
    rows = sorted({index.row() for index in table.selectionModel().selectedIndexes()})
    rows = rows or list(range(model.rowCount()))
    columns = range(model.columnCount())
    heads = [str(model.headerData(k, Qt.Orientation.Horizontal) or "") for k in columns]
    lines = [heads, *([_cell(model.index(i, k).data()) for k in columns] for i in rows)]
    QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))
    return len(rows)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")


def make_copyable(table: QAbstractItemView, owner: QWidget) -> None:
    """Have a table in a window of its own copy its marked rows by the usual key."""
    keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), owner)
    keys.setContext(Qt.ShortcutContext.WindowShortcut)
    keys.activated.connect(lambda: copy_rows(table))
