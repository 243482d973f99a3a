"""The few questions that need the system's dialog: which file, what to do with unsaved edits."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from twinview.i18n import _
from twinview.session.project import SUFFIX


def _filters(*pairs: tuple[str, str]) -> str:
    return ";;".join(f"{title} ({patterns})" for title, patterns in pairs)


def ask_open(parent: QWidget, title: str, many: bool = False) -> list[Path]:
    """Ask for one file or several that exist; none when the user changes their mind."""
    project = (_("Projects"), f"*{SUFFIX}")
    everything = (_("All files"), "*")
    filters = _filters(everything) if many else _filters(everything, project)
    if many:
        names, _chosen = QFileDialog.getOpenFileNames(parent, title, "", filters)
    else:
        name, _chosen = QFileDialog.getOpenFileName(parent, title, "", filters)
        names = [name] if name else []
    return [Path(name) for name in names]


def ask_save(parent: QWidget, title: str, suggestion: str, kinds: Sequence[str]) -> Path | None:
    """Ask where to write a file; None when the user changes their mind.

    A name without one of the endings gets that of the kind that is chosen. The system's dialog asks
    about a file of the name that was typed, so one of the whole name is asked about here.
    """
    filters = _filters(*((kind, f"*.{kind}") for kind in kinds))
    while True:
        name, chosen = QFileDialog.getSaveFileName(parent, title, suggestion, filters)
        if not name:
            return None
        if Path(name).suffix[1:].lower() in kinds:
            return Path(name)
        path = Path(f"{name}.{chosen.split(' ', 1)[0] or kinds[0]}")
        if not path.exists() or _over(parent, title, path):
            return path
        suggestion = name


def _over(parent: QWidget, title: str, path: Path) -> bool:
    """Ask whether a file that is there may be written over."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(title)
    box.setText(_("{path} is there already. Write over it?", path=path.name))
    box.setInformativeText(str(path.parent))
    over = box.addButton(_("Write over it"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is over


def ask_unsaved(parent: QWidget, name: str) -> str:
    """Ask what becomes of unsaved edits: ``save``, ``discard`` or ``stay``."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("twinview")
    box.setText(_("Save the changes to {name}?", name=name or _("Unnamed")))
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answer = box.exec()
    return {buttons.Save.value: "save", buttons.Discard.value: "discard"}.get(answer, "stay")
