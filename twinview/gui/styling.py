"""The ways to the style of what is shown: a key, the legend and the rows of the layers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from twinview.gui.style_dialog import StyleDialog, copy_style, paste_style
from twinview.i18n import _
from twinview.session.styles import coloured_layers

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

_EDGE = 12


class Styling(QObject):
    """The ways to the style of what is shown."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        legend = window.stage.targets.legend
        legend.opened.connect(self.open)
        legend.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        legend.customContextMenuRequested.connect(
            lambda at: self.menu().popup(legend.mapToGlobal(at))
        )

    def table(self) -> dict[str, Callable[[], None]]:
        """Return what each local action does, by name."""
        window = self._window
        return {
            "gui.style": self.open,
            "gui.copy_style": lambda: copy_style(window),
            "gui.paste_style": lambda: paste_style(window),
        }

    def open(self) -> None:
        """Show the window of the style, or put it away."""
        shown = self._window.findChild(StyleDialog)
        if shown is not None:
            shown.close()
        else:
            self._opened()

    def show_layer(self, layer_id: str, filtering: bool = False) -> None:
        """Show the window of the style at a layer, perhaps with the cursor in its filter."""
        dialog = self._window.findChild(StyleDialog) or self._opened()
        dialog.form.show_layer(layer_id)
        dialog.show_of(layer_id if layer_id in coloured_layers(self._window.session.state) else "")
        dialog.raise_()
        dialog.activateWindow()
        (dialog.form.filter if filtering else dialog.form.slider).setFocus()

    def _opened(self) -> StyleDialog:
        dialog = StyleDialog(self._window)
        dialog.show()
        # At the right, over the panels there: the city that it colours and the legend stay free.
        window, stage, size = self._window, self._window.stage, dialog.sizeHint()
        foot = stage.mapToGlobal(QPoint(0, stage.height() - _EDGE)).y()
        right = window.mapToGlobal(QPoint(window.width() - _EDGE, 0)).x()
        top = window.mapToGlobal(QPoint(0, 0)).y()
        dialog.move(right - size.width(), max(foot - size.height(), top))
        return dialog

    def menu(self) -> QMenu:
        """Return what can be done with the legend."""
        window = self._window
        legend = window.stage.targets.legend
        menu = QMenu(legend)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Style..."), self.open)
        menu.addAction(_("Copy style"), lambda: copy_style(window))
        menu.addAction(_("Paste style"), lambda: paste_style(window))
        menu.addAction(_("As usual"), lambda: window.run("style.reset"))
        menu.addSeparator()
        menu.addAction(_("What this shows"), window.reading.legend)
        menu.addAction(_("Why this number"), window.stage.targets.spread_asked.emit)
        menu.addAction(
            _("Copy"), lambda: QGuiApplication.clipboard().setText(legend.accessibleName())
        )
        return menu
