"""The shared parts behave as their names say, by mouse, by keyboard and to a screen reader, in both themes."""

import datetime as dt

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QStringListModel, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from clinicdesk.desk.translation import install_translations
from clinicdesk.desk.widgets.avatar import initials
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.desk.widgets.dialog import Dialog
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, PasswordEdit, Select
from clinicdesk.desk.widgets.gallery import Gallery
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.key_hints import KeyHints
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.month_calendar import MonthCalendar
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.rail import SETTINGS, Place, Rail
from clinicdesk.desk.widgets.rows import ListView, RowDelegate, cut_matched
from clinicdesk.desk.widgets.search_box import SearchBox
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.widgets.skeleton import Skeleton
from clinicdesk.desk.widgets.status_pill import UNREACHABLE, StatusPill
from clinicdesk.desk.widgets.switch import Switch
from clinicdesk.desk.widgets.tabs import Tabs
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.widgets.waiting_card import WaitingCard


@pytest.fixture
def window(qtbot, dress):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    return widget


def type_text(widget, words):
    """Letters as an event of their own: `keyClicks` aborts on accented ones."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, words))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_gallery_draws_and_every_control_has_a_name(qtbot, dress, dark):
    dress(dark=dark)
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.resize(1440, 1000)
    assert not gallery.grab().toImage().isNull()
    nameless = [
        control
        for control in gallery.findChildren(QAbstractButton)
        if not (control.accessibleName() or control.text()) and not control.isHidden()
    ]
    assert nameless == []
    fields = [field for field in gallery.findChildren(QLineEdit) if not field.accessibleName()]
    assert fields == []


def test_a_button_says_its_key_and_why_it_refuses(qtbot, dress):
    button = Button("Book", "primary", "plus", "N")
    qtbot.addWidget(button)
    assert button.accessibleDescription() == "N"
    assert button.sizeHint().height() == 36
    button.refuse("Only the owner may")
    assert (button.isEnabled(), button.toolTip()) == (False, "Only the owner may")
    button.permit()
    assert (button.isEnabled(), button.toolTip()) == (True, "")
    button.set_busy(True)
    assert not button.isEnabled()
    assert icon_button("x", "Close").accessibleName() == "Close"


def test_the_key_cap_makes_room_for_itself(qtbot, dress):
    plain, keyed = Button("Book", "primary"), Button("Book", "primary", key="Ctrl Enter")
    qtbot.addWidget(plain)
    qtbot.addWidget(keyed)
    assert keyed.sizeHint().width() > plain.sizeHint().width() + 50


@pytest.mark.parametrize("make", [Segmented, Tabs])
def test_arrows_move_the_choice(qtbot, dress, make):
    choice = shown(qtbot, make([("day", "Day"), ("week", "Week"), ("month", "Month")], "View"))
    assert choice.current == "day"
    choice.set_current("week")
    focused = next(button for button in choice.findChildren(QAbstractButton) if button.isChecked())
    with qtbot.waitSignal(choice.chosen) as heard:
        qtbot.keyClick(focused, Qt.Key.Key_Right)
    assert heard.args == ["month"] and choice.current == "month"
    first = choice.findChildren(QAbstractButton)[0]
    with qtbot.waitSignal(choice.chosen):
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert choice.current == "day"


def test_space_turns_a_switch(qtbot, dress):
    switch = shown(qtbot, Switch("Confirm by message"))
    with qtbot.waitSignal(switch.toggled):
        qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    chip = FilterChip("VIP")
    qtbot.addWidget(chip)
    assert chip.sizeHint().height() >= 32


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dra. Helena Prado", "HP"),
        ("Conceição Almeida e Silva", "CS"),
        ("Maria da Conceição Alves Rocha", "MR"),
        ("Érica", "É"),
        ("", "?"),
    ],
)
def test_initials_leave_out_titles_and_particles(name, expected):
    assert initials(name) == expected


def test_a_field_complains_on_leaving_and_forgives_while_typing(qtbot, window):
    editor = LineEdit()
    field = Field(
        "Mobile", editor, optional=True, hint="With area code", check=lambda text: "Short" if len(text) < 3 else ""
    )
    field.setParent(window)
    field.show()
    height = field.sizeHint().height()
    editor.setFocus()
    type_text(editor, "á")
    assert field.error == ""
    with qtbot.waitSignal(field.error_changed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert field.error == "Short"
    assert editor.accessibleDescription() == "Short"
    assert editor.property("invalid") == "true"
    assert field.sizeHint().height() == height
    type_text(editor, "bc")
    assert field.error == ""
    assert editor.accessibleDescription() == "With area code"
    assert editor.accessibleName().startswith("Mobile")


def test_saving_asks_the_check_of_an_untouched_field(qtbot, dress):
    field = Field("Name", LineEdit(), check=lambda text: "" if text else "Missing", reserve=False)
    qtbot.addWidget(field)
    low = field.sizeHint().height()
    assert not field.validate()
    assert field.sizeHint().height() > low


def test_the_eye_shows_and_hides_a_password(qtbot, dress):
    password = shown(qtbot, PasswordEdit())
    eye = password.findChild(Button)
    qtbot.mouseClick(eye, Qt.MouseButton.LeftButton)
    assert password.echoMode() == QLineEdit.EchoMode.Normal
    password.conceal()
    assert password.echoMode() == QLineEdit.EchoMode.Password
    assert eye.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_select_keeps_its_value_when_the_options_change(qtbot, dress):
    select = Select([(1, "One"), (2, "Two")])
    qtbot.addWidget(select)
    select.set_value(2)
    select.set_options([(3, "Three"), (2, "Two again")])
    assert select.value == 2
    select.set_value(9)
    assert select.value == 2


def test_escape_clears_a_search_and_then_passes_on(qtbot, window):
    box = SearchBox("Search", "F3", parent=window)
    box.show()
    box.setText("ana")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_a_toast_goes_by_itself_and_a_newer_one_replaces_it(qtbot, window):
    area = ToastArea(window, seconds=0.05)
    first = area.show_toast("First")
    with qtbot.waitSignal(area.gone):
        area.show_toast("Second")
    assert area.toast is not first
    with qtbot.waitSignal(area.gone):
        pass
    assert area.toast is None


def test_undo_is_done_once_and_takes_the_toast_away(qtbot, window):
    undone = []
    area = ToastArea(window)
    toast = area.show_toast("Moved", lambda: undone.append(1))
    with qtbot.waitSignal(area.gone):
        qtbot.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    toast.undo()
    assert undone == [1]
    assert area.toast is None


def test_a_toast_waits_while_the_mouse_or_the_focus_is_on_it(qtbot, window):
    toast = ToastArea(window).show_toast("Moved", lambda: None)
    here = QPointF(4, 4)
    QApplication.sendEvent(toast, QEnterEvent(here, here, here))
    assert toast.paused
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert not toast.paused
    toast.button.setFocus()
    qtbot.waitUntil(lambda: toast.paused)


def test_a_popover_keeps_its_draft_and_gives_the_focus_back(qtbot, window):
    opener = Button("Open", parent=window)
    opener.move(40, 40)
    opener.show()
    opener.setFocus()
    qtbot.waitUntil(opener.hasFocus)
    popover = Popover(window)
    draft = LineEdit()
    popover.set_content(draft)
    popover.open_at(opener)
    qtbot.waitUntil(draft.hasFocus)
    type_text(draft, "Conceição")
    with qtbot.waitSignal(popover.closed):
        qtbot.keyClick(draft, Qt.Key.Key_Escape)
    assert opener.hasFocus()
    popover.open_at(opener)
    assert draft.text() == "Conceição"


def test_a_popover_stays_inside_its_window_and_closes_on_a_click_beside(qtbot, window):
    corner = Button("Corner", parent=window)
    corner.move(860, 570)
    corner.show()
    popover = Popover(window)
    content = Label("Words " * 10)
    popover.set_content(content)
    popover.open_at(corner)
    qtbot.waitUntil(popover.isVisible)
    place = content.mapTo(window, QPoint(0, 0))
    assert place.x() + content.width() <= window.width()
    assert place.y() + content.height() <= window.height()
    with qtbot.waitSignal(popover.closed):
        qtbot.mouseClick(window.childAt(10, 10), Qt.MouseButton.LeftButton)


def test_tab_goes_round_inside_a_dialog_that_starts_on_the_safe_verb(qtbot, window):
    outside = Button("Outside", parent=window)
    outside.show()
    dialog = Dialog(window, "Close the till?", "It does not open again.", "Close the till")
    dialog.open()
    qtbot.waitUntil(dialog.safe.hasFocus)
    qtbot.keyClick(dialog.safe, Qt.Key.Key_Tab)
    assert dialog.verb.hasFocus()
    qtbot.keyClick(dialog.verb, Qt.Key.Key_Tab)
    assert dialog.safe.hasFocus()
    with qtbot.waitSignal(dialog.dismissed):
        qtbot.keyClick(dialog.safe, Qt.Key.Key_Escape)
    dialog.open()
    with qtbot.assertNotEmitted(dialog.dismissed), qtbot.waitSignal(dialog.confirmed):
        qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)


def test_the_month_is_walked_by_keys_and_chosen_by_mouse(qtbot, dress):
    month = shown(qtbot, MonthCalendar(dt.date(2026, 11, 24)))
    days = month.focusProxy()
    with qtbot.waitSignal(month.month_shown) as heard:
        qtbot.keyClick(days, Qt.Key.Key_PageDown)
    assert heard.args == [dt.date(2026, 12, 1)]
    qtbot.keyClick(days, Qt.Key.Key_Right)
    qtbot.keyClick(days, Qt.Key.Key_Down)
    with qtbot.waitSignal(month.day_chosen) as heard:
        qtbot.keyClick(days, Qt.Key.Key_Return)
    assert heard.args == [dt.date(2027, 1, 1)]
    month.set_selected(dt.date(2026, 1, 31))
    qtbot.keyClick(days, Qt.Key.Key_PageDown)
    assert month.selected == dt.date(2026, 2, 28)
    with qtbot.waitSignal(month.day_chosen) as heard:
        qtbot.mouseClick(days, Qt.MouseButton.LeftButton, pos=QPoint(days.width() // 14, 48))
    assert heard.args == [dt.date(2026, 2, 1)]


def test_the_rail_wishes_and_the_window_decides(qtbot, dress):
    places = [Place("agenda", "calendar-days", "Agenda"), Place("patients", "users", "Patients")]
    rail = shown(qtbot, Rail(places, Place(SETTINGS, "settings", "Settings")))
    rail.set_current("agenda")
    rail.set_badge("patients", 5)
    items = {button.text(): button for button in rail.findChildren(QAbstractButton)}
    with qtbot.waitSignal(rail.place_chosen) as heard:
        qtbot.mouseClick(items["Patients"], Qt.MouseButton.LeftButton)
    assert heard.args == ["patients"]
    assert rail.current == "agenda"
    assert items["Patients"].accessibleDescription() == "5"
    rail.set_current(SETTINGS)
    assert rail.current == SETTINGS
    rail.set_person("Renata Souza", 65)
    person = next(button for button in rail.findChildren(QAbstractButton) if button.text() == "Renata Souza")
    with qtbot.waitSignal(rail.person_clicked):
        qtbot.mouseClick(person, Qt.MouseButton.LeftButton)


def test_the_header_has_one_primary_button(qtbot, dress):
    header = shown(qtbot, Header("Agenda"))
    first = Button("Book", "primary")
    header.set_primary(first)
    header.set_primary(Button("New patient", "primary"))
    assert header.primary is not first
    with qtbot.waitSignal(header.search_requested):
        qtbot.mouseClick(header.search, Qt.MouseButton.LeftButton)
    header.set_title("Patients", "12 in the register")
    assert header.height() == 65


def test_escape_empties_the_side_panel(qtbot, dress):
    idle = Label("Nothing selected")
    panel = shown(qtbot, SidePanel(idle))
    panel.show_content(Label("Dulce"))
    assert not idle.isVisible()
    with qtbot.waitSignal(panel.emptied):
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.content is None and idle.isVisible()


def test_a_skeleton_appears_only_when_loading_takes_long(qtbot, dress):
    skeleton = shown(qtbot, Skeleton())
    skeleton.start()
    assert not skeleton.revealed
    qtbot.waitUntil(lambda: skeleton.revealed)
    skeleton.stop()
    assert skeleton.isHidden()


def test_banner_and_empty_state_offer_one_thing_to_do(qtbot, dress):
    banner = shown(qtbot, Banner("warn", "No connection", "Try now"))
    with qtbot.waitSignal(banner.acted):
        qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    banner.say("info", "Changed elsewhere")
    assert banner.button.isHidden() and banner.accessibleName() == "Changed elsewhere"
    empty = shown(qtbot, EmptyState("coffee", "Nobody waits", "Who comes appears here", "Fit in"))
    with qtbot.waitSignal(empty.acted):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)


def test_waiting_long_is_told_in_words(qtbot, dress):
    waiting = WaitingCard("Vera", "Dra. Marina · 10:00", 12, 65)
    qtbot.addWidget(waiting)
    waiting.set_minutes(24)
    assert "24" in waiting.accessibleName()
    with qtbot.waitSignal(waiting.call_requested):
        waiting.findChild(Button).click()
    assert StatusPill(UNREACHABLE).accessibleName() != ""


def test_rows_are_as_high_as_the_density_and_matched_letters_are_cut_out(qtbot, dress):
    view = shown(qtbot, ListView("People"))
    view.setModel(QStringListModel(["Ana"], view))
    view.setItemDelegate(RowDelegate(parent=view))
    assert view.sizeHintForRow(0) == 44
    assert cut_matched("Ana Paula", [(0, 3), (4, 7)]) == [("Ana", True), (" ", False), ("Pau", True), ("la", False)]
    assert "".join(piece for piece, _bold in cut_matched("abc", [(0, 2), (1, 3)])) == "abc"


def test_the_focus_is_ringed_for_the_keyboard_and_not_for_the_mouse(qtbot, window):
    button = Button("Save", "primary", parent=window)
    button.move(50, 50)
    button.show()
    before = window.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus)
    ring = QPoint(50 - 2, 50 + button.height() // 2)
    assert window.grab().toImage().pixelColor(ring) != before.pixelColor(ring)
    button.clearFocus()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.grab().toImage().pixelColor(ring) == before.pixelColor(ring)


def test_a_window_may_go_while_its_field_has_the_focus(qtbot, dress):
    for _ in range(3):
        window = QWidget()
        QLineEdit(window).setFocus()
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        window.close()
        window = None
        qtbot.waitUntil(lambda: QApplication.focusWidget() is None)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_qt_speaks_portuguese_in_its_own_menus(qapp):
    try:
        assert install_translations(qapp, "pt_BR")
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancelar"
    finally:
        install_translations(qapp, "en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_where_room_is_scarce_a_header_says_less_and_squeezes_nothing(qtbot) -> None:
    window = QWidget()
    header = Header("", parent=window)
    header.bell.hide()
    modes = Segmented([("day", "Day"), ("week", "Week")], "View")
    header.add_navigation(modes)
    header.set_primary(Button("Book", "primary", key="N"))
    header.resize(1200, 65)
    shown(qtbot, window)
    header.set_title("Wednesday, 23 September", short="Wed, 23 Sep")
    words = [label.text() for label in header.findChildren(Label)]
    assert "Wednesday, 23 September" in words
    wide = header.search.width()
    header.resize(620, 65)
    qtbot.waitUntil(lambda: header.search.width() < wide)
    assert "Wed, 23 Sep" in [label.text() for label in header.findChildren(Label)]
    assert modes.width() >= modes.sizeHint().width()


def test_key_hints_leave_whole_from_the_last_on(qtbot) -> None:
    window = QWidget()
    hints = KeyHints(((("Enter",), "open"), (("A",), "book")), window)
    hints.resize(hints.sizeHint())
    shown(qtbot, window)
    first, second = (hints.layout().itemAt(place).widget() for place in (0, 1))
    assert first.isVisible() and second.isVisible()
    hints.resize(hints.width() - 20, hints.height())
    assert first.isVisible() and not second.isVisible()
    hints.resize(hints.width() + 40, hints.height())
    assert second.isVisible()
