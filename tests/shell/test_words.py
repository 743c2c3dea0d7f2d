"""Words on the screen keep their colour and are plain, whatever stands in them."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QVBoxLayout

from station_app.shell import theme
from station_app.shell.widgets.words import Words

SHEETS = ("QFrame { background: white; }", "QFrame { background: navy; } QLabel { padding: 2px; }")


def test_a_banner_that_turns_green_keeps_the_ink_of_its_words(dressed, qtbot):
    frame = QFrame()
    qtbot.addWidget(frame)
    words = Words("已经上传", ink="warn")
    QVBoxLayout(frame).addWidget(words)
    frame.setStyleSheet(SHEETS[0])
    frame.show()
    for sheet in (*reversed(SHEETS), *SHEETS):
        frame.setStyleSheet(sheet)
        qtbot.wait(0)
        assert words.palette().color(QPalette.ColorRole.WindowText) == theme.colour("warn")
    words.set_ink("ink2")
    frame.setStyleSheet(SHEETS[0])
    assert words.palette().color(QPalette.ColorRole.WindowText) == theme.colour("ink2")


def test_a_name_with_angle_brackets_is_a_name_in_its_tool_tip_too(dressed, qtbot):
    words = Words("王<b>小</b>兰" * 9).elided()
    qtbot.addWidget(words)
    words.resize(80, 30)
    words.grab()
    assert "&lt;b&gt;小&lt;/b&gt;" in words.toolTip()
    words.setText("王小兰" * 9)
    words.grab()
    assert words.toolTip() == "王小兰" * 9
