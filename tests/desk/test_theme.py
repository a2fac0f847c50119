"""The colours keep the contrast they promise, and one switch dresses everything."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QIcon, QImage, QPalette
from PySide6.QtWidgets import QLabel, QPushButton

from clinicdesk.desk import fonts, hues, icons, theme, tokens
from clinicdesk.desk.stylesheet import restyle

DESK = Path(theme.__file__).parent
ALLOWED_HUES = [hue for hue in range(360) if hue not in hues.RESERVED_HUES]


def rgb(text: str) -> hues.Rgb:
    colour = QColor(text)
    return colour.red(), colour.green(), colour.blue()


@pytest.mark.parametrize("colours", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_ground_it_stands_on(colours):
    pairs = [(ink, ground) for ink in ("text", "muted", "faint") for ground in ("surface", "bg", "sunken", "hover")]
    pairs += [("onAccent", "accent"), ("onDanger", "danger"), ("accentText", "selected"), ("text", "selected")]
    pairs += [("railText", "rail"), ("onRail", "railOn"), ("onToast", "toast"), ("toastAccent", "toast")]
    pairs += [("onRail", "badgeDanger"), ("onBadgeWarn", "badgeWarn")]
    poor = {pair: ratio for pair in pairs if (ratio := contrast(colours, *pair)) < 4.5}
    assert poor == {}


@pytest.mark.parametrize("colours", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_soft_and_text_pairs_and_field_borders(colours):
    for tone in ("accent", "danger", "warn", "ok", "info"):
        assert contrast(colours, f"{tone}Text", f"{tone}Soft") >= 5.8, tone
    assert contrast(colours, "field", "surface") >= 3
    assert contrast(colours, "field", "bg") >= 3
    assert contrast(colours, "accent", "surface") >= 3


def contrast(colours, ink, ground):
    return hues.contrast(rgb(colours[ink]), rgb(colours[ground]))


def test_both_themes_name_the_same_tokens():
    assert tokens.LIGHT.keys() == tokens.DARK.keys()


def test_every_hue_keeps_its_contrast():
    for hue in ALLOWED_HUES:
        light, dark = hues.shades(hue, False), hues.shades(hue, True)
        assert hues.contrast(light.ink, light.fill) >= 10, hue
        assert hues.contrast(light.edge, light.fill) >= 3.9, hue
        assert hues.contrast(dark.ink, dark.fill) >= 10, hue
        assert hues.contrast(dark.edge, dark.fill) >= 5, hue


def test_the_known_hue_comes_out_as_designed():
    found = theme.Theme().hue(265)
    assert [shade.name().upper() for shade in (found.fill, found.edge, found.ink)] == ["#E9F1FF", "#5672B2", "#233459"]


def test_hues_are_offered_in_order_and_never_from_the_arc_of_danger():
    assert hues.next_hue([]) == 200
    assert hues.next_hue([200, 265]) == 155
    assert hues.next_hue(list(hues.OFFERED_HUES)) == 200
    assert not set(hues.OFFERED_HUES) & set(hues.RESERVED_HUES)


def test_no_colour_is_written_outside_the_tokens():
    written = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b|QColor\(\s*\d|rgba?\(\s*\d")
    sources = [path for path in DESK.rglob("*.py") if path.name != "tokens.py"]
    sources.append(fonts.resources() / "themes" / "desk.qss")
    found = {path.name: written.findall(path.read_text(encoding="utf-8")) for path in sources}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_inter_is_loaded_with_its_weights(qapp):
    assert "Inter" in fonts.load_fonts()
    for role, kind in fonts.ROLES.items():
        made = QFontInfo(fonts.font(role))
        assert (made.family(), made.weight(), made.pixelSize()) == ("Inter", kind.weight, kind.pixels), role


def test_number_fonts_have_figures_of_one_width(qapp, dress):
    metrics = QFontMetricsF(fonts.font("body", numbers=True))
    assert metrics.horizontalAdvance("11:11") == pytest.approx(metrics.horizontalAdvance("08:08"))
    assert fonts.font("detail", scale=0.5).pixelSize() == 11


def test_number_figures_survive_the_style_sheet(qtbot, dress):
    label = QLabel("11:11")
    qtbot.addWidget(label)
    label.setFont(theme.current().font("title", numbers=True))
    restyle(label, role="title")
    assert label.font().pixelSize() == 20
    assert label.fontMetrics().horizontalAdvance("11:11") == label.fontMetrics().horizontalAdvance("08:08")


def test_applying_a_theme_changes_palette_sheet_and_listeners(qapp, qtbot, dress):
    with qtbot.waitSignal(theme.switch().changed) as heard:
        dress(dark=True)
    assert heard.args[0].dark and theme.current().dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == tokens.DARK["bg"]
    assert tokens.DARK["accent"] in qapp.styleSheet()


def test_a_kind_is_drawn_in_its_colour_in_both_themes(qtbot, dress):
    button = QPushButton("Save")
    qtbot.addWidget(button)
    button.resize(120, 36)
    restyle(button, kind="primary")
    assert at(button, 20, 5) == tokens.LIGHT["accent"]
    dress(dark=True)
    assert at(button, 20, 5) == tokens.DARK["accent"]


def at(widget, x, y):
    return widget.grab().toImage().pixelColor(x, y).name().upper()


def test_high_contrast_strengthens_lines_and_hints():
    strong = theme.Theme(high_contrast=True)
    assert strong.color("line") == theme.Theme().color("field")
    assert strong.color("faint") == theme.Theme().color("muted")


def test_density_and_scale_reach_the_fonts():
    wide = theme.Theme(density=theme.WIDE, text_scale=1.5)
    assert wide.font("body").pixelSize() == round(15 * 1.5)
    assert [density.pixels_per_hour for density in theme.DENSITIES.values()] == [80, 64, 112]
    assert theme.Theme(reduced_motion=True).motion(200) == 0


def test_the_system_decides_only_when_asked(qapp, dress):
    assert theme.chosen("dark").dark
    assert not theme.chosen("light").dark
    assert theme.chosen("system").dark == theme.system_is_dark()


def test_a_switch_of_the_system_is_followed_while_it_is_the_setting(qapp, dress):
    changed = qapp.styleHints().colorSchemeChanged
    theme.follow_system(qapp)
    theme.follow_system(qapp)
    changed.emit(Qt.ColorScheme.Dark)
    assert theme.current().dark
    theme.follow_system(qapp, follow=False)
    changed.emit(Qt.ColorScheme.Light)
    assert theme.current().dark


def test_icons_follow_the_theme_and_dim_when_disabled(qapp, dress):
    made = icons.icon("house", "text")
    assert inked(made, QIcon.Mode.Normal, tokens.LIGHT["text"])
    assert inked(made, QIcon.Mode.Disabled, tokens.LIGHT["faint"])
    dress(dark=True)
    assert inked(made, QIcon.Mode.Normal, tokens.DARK["text"])
    assert inked(QIcon(made), QIcon.Mode.Normal, tokens.DARK["text"])


def inked(made, mode, expected):
    picture = made.pixmap(QSize(64, 64), 1.0, mode).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    shades = {
        picture.pixelColor(x, y).name().upper()
        for x in range(64)
        for y in range(64)
        if picture.pixelColor(x, y).alpha() == 255
    }
    return expected in shades


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_icon_pictures_are_as_sharp_as_the_screen(qapp, dress, ratio):
    picture = icons.pixmap("bell", "muted", 16, ratio)
    assert picture.width() == round(16 * ratio)
    assert picture.deviceIndependentSize().toSize() == QSize(16, 16)


def test_every_shipped_icon_can_be_drawn(qapp, dress):
    for path in sorted((fonts.resources() / "icons").glob("*.svg")):
        image = icons.pixmap(path.stem, "text", 24, 1.0).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), path.stem


def test_an_icon_that_is_not_shipped_is_refused(qapp):
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


def test_licences_stand_beside_fonts_and_icons():
    assert "SIL Open Font License" in (fonts.resources() / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "ISC License" in (fonts.resources() / "icons" / "LICENSE").read_text(encoding="utf-8")


def test_there_is_one_sheet_only():
    setting = re.compile(r"\.setStyleSheet\(")
    users = {path.name for path in DESK.rglob("*.py") if setting.search(path.read_text(encoding="utf-8"))}
    assert users == {"theme.py"}
