"""How widgets look: one palette and one style sheet, made from the theme's named colours."""

from dataclasses import replace
from string import Template

import qtawesome
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QSpinBox, QToolButton, QWidget

from twinview.draw.fonts import ui_font
from twinview.draw.ink import colour, dark
from twinview.paths import assets_folder
from twinview.scene.theme import LOOKS, Look
from twinview.scene.view import Theme

GRID = 8
"""Everything stands on multiples of 8 (and 4 inside controls)."""
SMALL, BODY, TITLE, HUGE = 9.0, 10.0, 11.0, 22.0
"""Type sizes in points."""

_SHEET = Template("""
QMainWindow, QDialog { background: $panel; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QToolBar { background: $panel; border: 0; border-bottom: 1px solid $line; spacing: 0; padding: 0; }
QToolBar#timebar { border-bottom: 0; border-top: 1px solid $line; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
QDockWidget > QWidget { background: $panel; }
QLabel[role="soft"] { color: $soft; }
QLabel[role="small"] { color: $soft; font-size: 9pt; }
QLabel[role="warning"] { color: $warning; font-size: 9pt; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $soft; padding: 6px 10px; border: 0; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QComboBox { border: 1px solid $line; border-radius: 6px; padding: 4px 8px; background: $panel; }
QComboBox:focus { border-color: $accent; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: url("$arrow"); width: 10px; height: 10px; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QLabel[role="title"] { font-weight: 600; font-size: 11pt; }
QLabel[role="display"] { font-weight: 600; font-size: 28pt; }
QLabel[role="huge"] { font-weight: 600; font-size: 22pt; }
QToolButton { border: 0; border-radius: 6px; padding: 4px 6px; color: $text; }
QToolButton { background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $press; }
QToolButton:disabled { color: $faint; }
QToolButton:focus { border: 1px solid $accent; padding: 3px 5px; }
QToolButton::menu-indicator { image: none; }
QToolButton[pill="true"] { border-radius: 13px; padding: 4px 10px; color: $soft; }
QToolButton[pill="true"]:hover { color: $text; }
QToolButton[pill="true"]:checked { background: $accent; color: $on_accent; }
QToolButton[pill="true"]:checked { font-weight: 600; }
QToolButton[pill="true"]:focus { border: 1px solid $accent; padding: 3px 9px; }
QToolButton[pill="true"]:disabled { color: $faint; }
QToolButton[word="true"] { padding: 2px 4px; }
QToolButton[word="true"]:focus { padding: 1px 3px; }
QToolButton[segment="true"] { padding: 2px 8px; color: $soft; font-size: 9pt; }
QToolButton[segment="true"]:checked { background: $hover; color: $text; }
QToolButton[segment="true"]:disabled { background: transparent; color: $faint; }
QToolButton[day="true"] { padding: 0; border: 1px solid transparent; border-radius: 4px; }
QToolButton[day="true"][lit="true"] { border-color: $accent; color: $accent; }
QToolButton[day="true"]:checked { background: $accent; color: $on_accent; font-weight: 600; }
QToolButton[day="true"][framed="true"]:checked { border: 2px solid $text; }
QToolButton[day="true"]:disabled { color: $faint; }
QToolButton[day="true"]:checked:disabled { background: $press; color: $text; }
QToolButton[live] { border: 1px solid $line; border-radius: 9px; padding: 1px 8px; }
QToolButton[live] { color: $soft; font-size: 9pt; }
QToolButton[live]:focus { border-color: $accent; padding: 1px 8px; }
QToolButton[live="good"], QToolButton[live="old"] { font-weight: 600; }
QToolButton[live="none"], QToolButton[live="error"] { font-weight: 600; }
QToolButton[live="good"] { background: $accent; color: $on_accent; border-color: $accent; }
QToolButton[live="old"], QToolButton[live="none"] { background: $press; color: $text; }
QToolButton[live="error"] { border-color: $warning; color: $warning; }
QToolButton[live]:disabled { background: transparent; color: $faint; border-color: $line; }
QToolButton[warning="true"] { color: $warning; }
QToolButton[segment="true"][lit="true"] { color: $accent; font-weight: 600; }
QPushButton { border: 1px solid $line; border-radius: 6px; padding: 5px 14px; }
QPushButton { background: $raised; }
QPushButton:hover { background: $hover; }
QPushButton:focus { border-color: $accent; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"] { font-weight: 600; }
QPushButton:disabled { color: $faint; }
QPushButton[primary="true"]:disabled { background: $hover; color: $faint; border-color: $line; }
QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:focus { border: 2px solid $text; padding: 4px 13px; }
QLabel[role="opener"] { color: $soft; border: 1px solid transparent; border-radius: 4px; }
QLabel[role="opener"]:hover { color: $text; }
QLabel[role="opener"]:focus { border-color: $accent; }
QTableWidget { background: $panel; border: 1px solid $line; }
QTableView#elements { background: $panel; border: 0; border-top: 1px solid $line; }
QTableView#elements::item { padding: 0 8px; }
QTableView#elements QHeaderView::section { padding: 4px 11px; }
QTableView#elements::indicator { width: 11px; height: 11px; border-radius: 3px; }
QTableView#elements::indicator { border: 1px solid $soft; background: transparent; }
QTableView#elements::indicator:checked { border-color: $accent; background: $accent; }
QPushButton[link="true"] { border: 1px solid transparent; padding: 2px 0; color: $accent; }
QPushButton[link="true"] { background: transparent; text-align: left; }
QPushButton[link="true"]:hover { background: $hover; }
QPushButton[link="true"]:focus { border-color: $accent; }
QHeaderView::section { background: $panel; color: $soft; border: 0; padding: 4px 3px; }
QHeaderView::section { border-bottom: 1px solid $line; }
QPushButton[flat="true"] { border-color: transparent; background: transparent; }
QPushButton[flat="true"] { color: $accent; text-align: left; }
QPushButton[flat="true"]:hover { background: $hover; }
QPushButton[flat="true"]:disabled { color: $faint; }
QPushButton[flat="true"]:focus { border-color: $accent; }
QPushButton[value="true"] { border: 1px solid transparent; border-radius: 4px; }
QPushButton[value="true"] { padding: 0 3px; margin: 0; background: transparent; }
QPushButton[value="true"]:hover { color: $accent; background: $hover; }
QPushButton[value="true"]:focus { border-color: $accent; }
QWidget#manual { background: $panel; }
QTextBrowser { background: $panel; color: $text; selection-background-color: $accent; }
QTreeWidget { background: transparent; outline: 0; show-decoration-selected: 0; }
QTreeWidget::item { padding: 4px 6px; border-radius: 6px; }
QTreeWidget::item:hover { background: $hover; }
QTreeWidget::item:selected { background: $press; color: $text; }
QTreeWidget::branch, QTreeWidget::branch:selected { background: transparent; image: none; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 16px; border-radius: 4px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QScrollArea, QAbstractScrollArea { border: 0; background: transparent; }
QScrollBar:vertical { width: 8px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 8px; background: transparent; margin: 0; }
QScrollBar::handle { background: $press; border-radius: 4px; min-height: 24px; min-width: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { border: 0; border-radius: 3px; background: $hover; }
QProgressBar { max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QFrame#card { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame#card[kind="error"] { border-left: 4px solid $error; }
QFrame#card[kind="notice"] { border-left: 4px solid $accent; }
QFrame#card[kind="question"] { border-left: 4px solid $warning; }
QWidget#start {
  background: qlineargradient(x1:0, y1:0, x2:0, y2:1, stop:0 $sky_top, stop:1 $sky_bottom);
}
QLineEdit { border: 1px solid $line; border-radius: 6px; padding: 5px 8px; }
QLineEdit { background: $panel; }
QAbstractSpinBox { border: 1px solid $line; border-radius: 6px; padding: 4px 4px 4px 6px; }
QAbstractSpinBox { background: $panel; }
QAbstractSpinBox:focus { border-color: $accent; }
QAbstractSpinBox:disabled { color: $faint; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 16px; border: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { background: transparent; }
QAbstractSpinBox::down-arrow { image: url("$arrow"); width: 10px; height: 10px; }
QAbstractSpinBox::up-arrow { image: url("$arrow_up"); width: 10px; height: 10px; }
QLineEdit:focus { border-color: $accent; }
QFrame#drop { border: 2px dashed $press; border-radius: 8px; }
QFrame#drop[over="true"] { border-color: $accent; background: $hover; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $soft; border-radius: 3px; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border: 3px solid $raised; }
QCheckBox:focus { color: $accent; }
QTabWidget::pane { border: 0; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; color: $soft; padding: 6px 14px; border: 0; }
QTabBar::tab { border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }
QFrame#rule { background: $line; max-height: 1px; min-height: 1px; border: 0; }
QWidget#layer { border: 1px solid transparent; border-radius: 6px; }
QWidget#layer:hover { background: $hover; }
QWidget#layer:focus { border-color: $accent; }
QFrame#drop_line { background: $accent; border: 0; }
QLineEdit[wrong="true"], QLineEdit[wrong="true"]:focus { border-color: $warning; }
QWidget#panehead { background: $panel; }
QLabel#panenumber { border: 1px solid $soft; border-radius: 10px; font-weight: 600; }
QLabel#panenumber { font-size: 9pt; }
""")


_contrast: list[bool] = [False]


def set_contrast(on: bool) -> None:
    """Wear high contrast from the next `dress` on, or not any more."""
    _contrast[0] = on


def worn(theme: Theme) -> Look:
    """Return the look of a theme as panels, and the cards over the view, wear it."""
    look = LOOKS[theme]
    if not _contrast[0]:
        return look
    ground, ink, accent = ("#000000", "#ffffff", "#ffd60a") if dark(look) else (
        "#ffffff", "#000000", "#0042a8")  # fmt: skip
    return replace(look, panel=ground, text=ink, text_soft=ink, accent=accent,
                   sky_top=ground, sky_bottom=ground, strong=True)  # fmt: skip


def mixed(one: str, two: str, share: float) -> str:
    """Return the colour between two, `share` of the way to the second."""
    a, b = QColor(one), QColor(two)
    parts = [
        round(x + (y - x) * share)
        for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    ]
    return QColor(*parts).name()


def on_accent(look: Look) -> str:
    """Return the colour of text on the accent."""
    return look.edge if dark(look) else "#ffffff"


def palette(look: Look) -> QPalette:
    """Return the palette of a look."""
    made = QPalette()
    role = QPalette.ColorRole
    raised = mixed(look.panel, look.text, 0.05) if dark(look) else look.panel
    for key, name in (
        (role.Window, look.panel), (role.Base, look.panel), (role.AlternateBase, raised),
        (role.Button, raised), (role.ToolTipBase, raised), (role.WindowText, look.text),
        (role.Text, look.text), (role.ButtonText, look.text), (role.ToolTipText, look.text),
        (role.BrightText, look.text), (role.Highlight, look.accent),
        (role.HighlightedText, on_accent(look)), (role.PlaceholderText, look.text_soft),
        (role.Link, look.accent), (role.Mid, mixed(look.panel, look.text, 0.2)),
        (role.Accent, look.accent),
    ):  # fmt: skip
        made.setColor(key, QColor(name))
    faint = QColor(mixed(look.panel, look.text, 0.38))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, faint)
    return made


def sheet(look: Look) -> str:
    """Return the style sheet of a look."""
    is_dark, high = dark(look), _contrast[0]
    return _SHEET.substitute(
        arrow=(assets_folder() / "arrow.svg").as_posix(),
        arrow_up=(assets_folder() / "arrow_up.svg").as_posix(),
        panel=look.panel,
        raised=mixed(look.panel, look.text, 0.05) if is_dark else look.panel,
        line=mixed(look.panel, look.text, 0.7 if high else 0.14 if is_dark else 0.12),
        hover=mixed(look.panel, look.text, 0.3 if high else 0.10 if is_dark else 0.06),
        press=mixed(look.panel, look.text, 0.20 if is_dark else 0.16),
        faint=mixed(look.panel, look.text, 0.6 if high else 0.38),
        text=look.text,
        soft=look.text_soft,
        accent=look.accent,
        accent_hover=mixed(look.accent, look.text, 0.15),
        on_accent=on_accent(look),
        warning=look.warning,
        error=look.error,
        sky_top=look.sky_top,
        sky_bottom=look.sky_bottom,
    )


def dress(application: QApplication, theme: Theme) -> None:
    """Give the whole application a theme's palette and style sheet."""
    look = worn(theme)
    application.setPalette(palette(look))
    application.setStyleSheet(sheet(look))


def system_contrast() -> bool:
    """Tell whether the system asks for high contrast."""
    hints = QApplication.styleHints()  # what is asked of it lives as long as this
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def system_theme() -> Theme:
    """Return the theme that the system asks for."""
    scheme = QApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def look_now() -> Look:
    """Return the look that the application wears.

    Not asked of a widget: where a style sheet makes its ground transparent, its palette says black.
    """
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    return worn("dark" if window.lightnessF() < 0.5 else "light")  # noqa: PLR2004 - half


def text_font(points: float = BODY, bold: bool = False, tabular: bool = False) -> QFont:
    """Return a font of the window in points, which follows the system's scaling."""
    font = QFont(QApplication.font())
    font.setPointSizeF(points)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def window_font() -> QFont:
    """Return the application's font: the platform's own, with one for Chinese behind it."""
    font = QFont(QApplication.font())
    font.setFamilies(ui_font(12).families())
    font.setPointSizeF(BODY)
    return font


def icon(name: str, look: Look) -> QIcon:
    """Return an icon of the icon font in the look's colours."""
    made: QIcon = qtawesome.icon(
        name,
        color=QColor(look.text),
        color_disabled=colour(look.text, 0.3),
        color_on=QColor(look.accent),
    )
    return made


def place(*widgets: QWidget) -> None:
    """Have a style sheet's rule that asks for a property take effect after the property changed."""
    for widget in widgets:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Translated:
    """Mixed into widgets whose texts follow the language: they write them in `retranslate`."""

    def retranslate(self) -> None:
        """Write all texts in the language in use."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)  # type: ignore[misc]


class NumberBox(QSpinBox):
    """A spin box whose digits stand as far from its border as the texts of other fields do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(6, 0, 0, 0)


class IconButton(QToolButton):
    """A button with an icon of the icon font, which follows the theme.

    Parameters
    ----------
    name
        Name in the icon font.
    size
        Edge of the icon in logical pixels.
    """

    def __init__(self, name: str, parent: QWidget | None = None, size: int = 16) -> None:
        super().__init__(parent)
        self._name = ""
        self.setIconSize(QSize(size, size))
        self.show_icon(name)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        if name != self._name:
            self._name = name
            self.setIcon(icon(name, look_now()))

    def describe(self, text: str, keys: str = "") -> None:
        """Set what tooltip and screen readers say; the tooltip also names the keys."""
        self.setAccessibleName(text)
        self.setToolTip(f"{text}  ({keys})" if keys else text)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colour."""
        if event.type() == QEvent.Type.PaletteChange and self._name:
            self.setIcon(icon(self._name, look_now()))
        super().changeEvent(event)
