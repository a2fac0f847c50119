"""What the desk looks like now: colours, fonts, sizes and motion of one theme, and the switch between themes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from clinicdesk.desk import fonts, hues, tokens
from clinicdesk.desk.focus_ring import FocusRing
from clinicdesk.desk.stylesheet import stylesheet


@dataclass(frozen=True)
class Density:
    """Row heights in logical pixels, pixels of one agenda hour, and what is added to every text size."""

    name: str
    row: int
    row_two_lines: int
    pixels_per_hour: int
    text_extra: int = 0


COMFORTABLE = Density("comfortable", 44, 60, 80)
COMPACT = Density("compact", 36, 52, 64)
WIDE = Density("wide", 56, 72, 112, 2)
DENSITIES = {density.name: density for density in (COMFORTABLE, COMPACT, WIDE)}


@dataclass(frozen=True)
class HueColors:
    """A professional's or a category's colour: ground of a card, its bar and border, its text."""

    fill: QColor
    edge: QColor
    ink: QColor


@dataclass(frozen=True)
class Theme:
    """Everything that is looked up while painting. Immutable: another choice is another theme."""

    dark: bool = False
    high_contrast: bool = False
    density: Density = COMFORTABLE
    text_scale: float = 1.0
    reduced_motion: bool = False

    @cached_property
    def tokens(self) -> Mapping[str, str]:
        """The colours by name, as the style sheet takes them."""
        plain = tokens.DARK if self.dark else tokens.LIGHT
        return tokens.high_contrast(plain) if self.high_contrast else plain

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour for a job. Raises KeyError for a token there is none of."""
        colour = QColor(self.tokens[token])
        colour.setAlphaF(alpha)
        return colour

    def hue(self, degrees: int) -> HueColors:
        """The three shades of a professional's hue in this theme."""
        found = hues.shades(degrees, self.dark)
        return HueColors(QColor(*found.fill), QColor(*found.edge), QColor(*found.ink))

    def font(self, role: str, numbers: bool = False) -> QFont:
        """The font of a type role at this density and text scale; `numbers` gives figures of one width."""
        return fonts.font(role, numbers, self.text_scale, self.density.text_extra)

    def line_height(self, role: str) -> int:
        """The height of one line of a type role, in logical pixels."""
        return round((fonts.ROLES[role].line + self.density.text_extra) * self.text_scale)

    def motion(self, milliseconds: int) -> int:
        """How long a movement lasts: nothing at all when motion is reduced."""
        return 0 if self.reduced_motion else milliseconds


class _Switch(QObject):
    changed = Signal(object)  # the new Theme


_switch = _Switch()
_current = Theme()
_ring: FocusRing | None = None
_following = False


def current() -> Theme:
    """The theme in use; ask at every paint, never keep it."""
    return _current


def switch() -> _Switch:
    """Whoever caches something drawn connects to `switch().changed`."""
    return _switch


def system_is_dark() -> bool:
    """Whether the desktop asks for dark colours; false where it does not say."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def chosen(appearance: str, base: Theme | None = None) -> Theme:
    """The theme for a setting of "light", "dark" or "system", all else as in `base`."""
    dark = system_is_dark() if appearance == "system" else appearance == "dark"
    return replace(base or _current, dark=dark)


def follow_system(application: QApplication, follow: bool = True) -> None:
    """Switch whenever the desktop switches, for the setting "system"; `follow=False` for the other two."""
    global _following
    _following = follow
    if application.property("listens_to_system") is None:
        application.setProperty("listens_to_system", True)
        application.styleHints().colorSchemeChanged.connect(_system_switched)


def apply(application: QApplication, theme: Theme) -> None:
    """Dress the whole application in `theme`: palette first, then one style sheet, then whoever listens."""
    global _current, _ring
    fonts.load_fonts()
    if application.property("dressed") is None:
        application.setStyle("Fusion")
        application.setProperty("dressed", True)
    _current = theme
    application.setPalette(_palette(theme))
    application.setFont(theme.font("body"))
    application.setStyleSheet(stylesheet(theme.tokens, _sizes(theme)))
    if _ring is None or _ring.parent() is not application:
        _ring = FocusRing(application)
    _switch.changed.emit(theme)


def _system_switched(scheme: Qt.ColorScheme) -> None:
    application = QApplication.instance()
    if _following and isinstance(application, QApplication):
        apply(application, replace(_current, dark=scheme == Qt.ColorScheme.Dark))


def _sizes(theme: Theme) -> dict[str, str]:
    sizes: dict[str, str] = {"row": str(theme.density.row)}
    for role, kind in fonts.ROLES.items():
        sizes[f"font_{role}"] = f"{theme.font(role).pixelSize()}px; font-weight: {kind.weight}"
    return sizes


_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.ToolTipBase: "toast",
    QPalette.ColorRole.ToolTipText: "onToast",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "onAccent",
    QPalette.ColorRole.Link: "accentText",
    QPalette.ColorRole.LinkVisited: "accentText",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "lineSoft",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "border",
    QPalette.ColorRole.Shadow: "shadow",
    QPalette.ColorRole.Accent: "accent",
}


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, theme.color(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.color("faint"))
    return palette
