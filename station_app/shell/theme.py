"""How it looks: colours, type sizes and distances as named values, and what is made of them.

The values are those of docs/DESIGN.md §2–4. Widgets that paint themselves take them from here; what
Qt draws gets them through one style sheet, a template in resources/style. All lengths are logical
pixels: how large a screen draws them is decided before Qt starts (`station_app.shell.scaling`).
What the first picture needs holds its values in named tuples: they are made four times as fast as
dataclasses, and a start makes them all (docs/decisions/0021-first-light.md).
"""

from functools import cache, lru_cache
from string import Template
from typing import Final, NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from station_app.resources_dir import resources


class Palette(NamedTuple):
    """The colours. Contrasts are measured; see docs/DESIGN.md §3."""

    ink: str = "#13201C"
    ink2: str = "#47564F"
    placeholder: str = "#64736C"
    background: str = "#EFF2F1"
    surface: str = "#FFFFFF"
    sunk: str = "#F6F8F7"
    line: str = "#D3DAD7"
    border: str = "#7F8E88"
    strip: str = "#E4EAE7"
    rail: str = "#0E2B26"
    rail_text: str = "#C9DBD6"
    rail_dim: str = "#86A59D"
    rail_over: str = "#1B4A42"
    accent: str = "#00675A"
    pressed: str = "#004D43"
    tint: str = "#E1F1EE"
    edge: str = "#8FC9BF"
    warn: str = "#8A4B00"
    warn_tint: str = "#FFF1DA"
    warn_edge: str = "#E3BE7C"
    warn_row: str = "#FFF9EC"
    stop: str = "#B0201A"
    stop_tint: str = "#FDE9E7"
    stop_edge: str = "#E9A39E"
    notice: str = "#2F4B8C"
    notice_tint: str = "#E9EEF9"
    notice_edge: str = "#AEBDE2"
    disabled: str = "#E4E8E6"
    disabled_text: str = "#6C7973"
    practice: str = "#8A4B00"
    white: str = "#FFFFFF"
    toast_ok: str = "#7FD8C4"
    toast_warn: str = "#F3C56B"
    toast_stop: str = "#F2928B"
    toast_notice: str = "#A9BCEB"


COLOURS: Final = Palette()

# Type sizes in px. Nothing on a screen is smaller than HINT.
HINT, BODY, STRONG, TITLE, HEADING = 15, 17, 20, 24, 28
HEADING_LARGE, TOTAL, TOTAL_LARGE, COUNT, SHELF, CHANGE, WEIGHT = 32, 36, 48, 56, 64, 72, 88

# Heights of what is pressed.
ACTION_HEIGHT, FORM_HEIGHT, WORD_HEIGHT, INLINE_HEIGHT = 56, 48, 44, 40
RADIUS, PANEL_RADIUS, CAP_RADIUS = 8, 12, 4
FOCUS_RING, FOCUS_GAP = 3, 2

COMPACT_BELOW = 768  # px of window height


class Metrics(NamedTuple):
    """The grid, for a full and for a low window."""

    rail_width: int
    rail_row: int
    rail_gap: int
    rail_head: int
    top_bar: int
    scan_box_width: int
    scan_box_height: int
    action_bar: int
    action_height: int
    strip: int
    tabs: int
    padding_x: int
    padding_y: int
    gap: int
    row_less: int


FULL: Final = Metrics(100, 66, 3, 67, 72, 700, 52, 73, 56, 40, 40, 24, 16, 16, 0)
COMPACT: Final = Metrics(100, 58, 2, 46, 64, 620, 46, 60, 48, 32, 36, 12, 8, 8, 6)

FAMILIES_ELSEWHERE = ("Noto Sans CJK SC", "Microsoft YaHei UI", "Microsoft YaHei")


def metrics_for(height: int) -> Metrics:
    """Return the grid for a window of this height."""
    return COMPACT if height < COMPACT_BELOW else FULL


def colour(name: str) -> QColor:
    """Return a colour of the palette by its name there."""
    return QColor(_read_colour(name))


@cache
def _read_colour(name: str) -> QColor:
    """Read a colour once: a page asks for hundreds each time that it is painted."""
    return QColor(getattr(COLOURS, name))


@cache
def inked(name: str) -> QPalette:
    """Return a palette that says nothing but the colour of words."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.WindowText, _read_colour(name))
    return palette


def font(size: int = BODY, *, bold: bool = False) -> QFont:
    """Return the screen's font in a size of px, with digits of equal width."""
    return QFont(_made_font(size, bold))


@cache
def _made_font(size: int, bold: bool) -> QFont:
    """Make a font once: its copies share with it what Qt has looked up in the files."""
    made = QFont(QApplication.font())
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


@lru_cache(maxsize=4_096)  # the words of all buttons and headings, and some sums
def width_of(words: str, size: int = BODY, *, bold: bool = False) -> int:
    """Return how wide words in the screen's font are: a layout asks again and again."""
    return QFontMetrics(_made_font(size, bold)).horizontalAdvance(words)


def load_fonts() -> str:
    """Load the fonts that come with the program; return the family to use."""
    families: list[str] = []
    folder = resources() / "fonts"
    for file in sorted([*folder.glob("*.otf"), *folder.glob("*.ttf")]):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if families:
        return families[0]
    known = set(QFontDatabase.families())  # looks through all fonts of this PC
    return next((name for name in FAMILIES_ELSEWHERE if name in known), "sans")


def base_font(family: str) -> QFont:
    """Return the font that everything else is derived from."""
    made = QFont(family)
    made.setPixelSize(BODY)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    tabular = QFont.Tag.fromString("tnum")
    if tabular is not None:
        made.setFeature(tabular, 1)
    return made


def style_sheet() -> str:
    """Return the style sheet of the program: the template with the values of this module."""
    template = Template((resources() / "style" / "station.qss").read_text("utf-8"))
    sizes = {
        "hint": HINT,
        "body": BODY,
        "strong": STRONG,
        "title": TITLE,
        "radius": RADIUS,
        "panel_radius": PANEL_RADIUS,
    }
    return template.substitute(
        {**COLOURS._asdict(), **sizes, "icons": (resources() / "icons").as_posix()}
    )


def dress(app: QApplication) -> None:
    """Give the application its style, font, colours and style sheet."""
    app.setStyle("Fusion")
    app.setFont(base_font(load_fonts()))
    _made_font.cache_clear()
    width_of.cache_clear()
    palette = QPalette()
    role = QPalette.ColorRole
    for which, name in (
        (role.Window, "background"),
        (role.WindowText, "ink"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunk"),
        (role.Text, "ink"),
        (role.Button, "surface"),
        (role.ButtonText, "ink"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "white"),
        (role.PlaceholderText, "placeholder"),
        (role.ToolTipBase, "ink"),
        (role.ToolTipText, "white"),
    ):
        palette.setColor(which, colour(name))
    app.setPalette(palette)
    app.setStyleSheet(style_sheet())
