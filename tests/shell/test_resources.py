"""What comes with the program: fonts, icons, words, the style; and what the palette promises."""

import ast
import functools
import re
import tomllib

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics, QRawFont

from station_app.resources_dir import load_texts, resources
from station_app.shell import theme
from station_app.shell.icons import icon_pixmap
from station_app.shell.key_table import KEY_LINES
from station_app.shell.rail import LOCK, PLACES
from station_app.shell.widgets.tones import LOOKS
from station_app.values.texts import Texts

ICONS = sorted(file.stem for file in (resources() / "icons").glob("*.svg"))


def test_texts_fill_their_slots_and_know_their_keys():
    texts = Texts.from_tables({"toys": {"shelf": {"done": "{name} 记下了", "deep": {"x": "深"}}}})
    assert texts.say("toys.shelf.done", name="球") == "球 记下了"
    assert texts.say("toys.shelf.deep.x") == "深"
    assert texts.has("toys.shelf.done")
    assert not texts.has("toys.shelf")
    assert set(texts.keys()) == {"toys.shelf.done", "toys.shelf.deep.x"}


def test_a_missing_text_or_slot_is_a_bug():
    texts = Texts({"a.b": "{name}"})
    for ask in lambda: texts.say("a.c"), lambda: texts.say("a.b"):
        with pytest.raises(KeyError):
            ask()
    with pytest.raises(TypeError):
        Texts.from_tables({"a": {"b": 7}})


def test_braces_in_what_fills_a_slot_stay_as_they_are():
    assert Texts({"a.b": "{name}"}).say("a.b", name="{0} {x}") == "{0} {x}"


def test_every_file_of_words_is_read():
    known = list(load_texts().keys())
    for file in (resources() / "texts" / "zh_CN").glob("*.toml"):
        assert any(key.startswith(f"{file.stem}.") for key in known), file.name


def test_sentences_of_the_shell_use_full_width_punctuation():
    tables = tomllib.loads((resources() / "texts/zh_CN/shell.toml").read_text("utf-8"))
    sentences = dict(leaves("shell", tables))
    assert len(sentences) > 50
    for key, sentence in sentences.items():
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]", sentence), key


def leaves(prefix: str, value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(f"{prefix}.{key}", inner)
    else:
        yield prefix, value


def test_the_program_brings_its_own_font_with_digits_of_one_width(dressed):
    family = theme.load_fonts()
    assert family == "Station Sans"
    assert {"Regular", "Bold"} <= set(QFontDatabase.styles(family))
    for bold in False, True:
        metrics = QFontMetrics(theme.font(20, bold=bold))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_no_text_of_the_product_holds_a_sign_that_its_font_lacks(dressed):
    files = [file for part in ("texts", "demo") for file in (resources() / part).rglob("*.*")]
    read = {file.name: file.read_text("utf-8") for file in files}
    for source in (resources().parent / "station_app").rglob("*.py"):
        if source.name == "wrap.py":
            continue  # it says where ranges of signs begin and end
        tree = ast.walk(ast.parse(source.read_text("utf-8")))
        said = [n.value for n in tree if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        read[str(source)] = "".join(said)
    assert len(files) > 20
    for name, text in read.items():
        signs = set(text) - set("\t\r\n")
        assert not {sign for sign in signs if sign.isprintable() and not has_sign(sign)}, name


@functools.cache
def font_file(style: str) -> QRawFont:
    return QRawFont(str(resources() / f"fonts/StationSans-{style}.otf"), 16)


def has_sign(sign: str) -> bool:
    return all(font_file(style).supportsCharacter(ord(sign)) for style in ("Regular", "Bold"))


def test_the_font_lacks_the_dot_that_looks_like_ours(dressed):
    assert has_sign("·")
    assert not has_sign("\u30fb")


def test_every_named_icon_is_drawn(dressed):
    named = {place.icon for place in (*PLACES, LOCK)} | {look.icon for look in LOOKS.values()}
    assert named - {""} <= set(ICONS)


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_has_ink_takes_its_colour_and_keeps_inside_its_square(dressed, name):
    drawing = (resources() / "icons" / f"{name}.svg").read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert "currentColor" in drawing
    image = icon_pixmap(name, "#B0201A", 48).toImage()
    inked = [(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 128]
    assert len(inked) > 30
    assert all(image.pixelColor(x, y).red() > 150 for x, y in inked[:20])
    edge = [(x, y) for x, y in inked if x in (0, 47) or y in (0, 47)]
    assert len(edge) <= 4, f"{name} runs over its square"


def test_icons_are_drawn_at_the_density_of_the_screen(dressed):
    pixmap = icon_pixmap("ok", "#000000", 24, 1.5)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (36, 1.5)


def luminance(name):
    colour = QColor(getattr(theme.COLOURS, name))
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    red, green, blue = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "surface", 16),
        ("ink", "background", 14),
        ("ink2", "surface", 7),
        ("ink2", "strip", 6),
        ("placeholder", "surface", 4.5),
        ("white", "accent", 6),
        ("white", "stop", 6),
        ("pressed", "tint", 7),
        ("warn", "warn_tint", 6),
        ("stop", "stop_tint", 5.5),
        ("notice", "notice_tint", 7),
        ("rail_text", "rail", 10),
        ("rail_dim", "rail", 4.5),
        ("white", "practice", 4.5),
        ("border", "surface", 3),
        ("toast_stop", "ink", 7),
    ],
)
def test_contrast(ink, ground, least):
    high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= least


def test_the_style_sheet_has_no_hole():
    sheet = theme.style_sheet()
    assert "$" not in sheet
    assert theme.COLOURS.accent in sheet


def test_every_tone_differs_in_shape():
    icons = [look.icon for tone, look in LOOKS.items() if tone not in ("plain", "notice")]
    assert len(icons) == len(set(icons))


def test_the_grid_follows_the_height():
    assert theme.metrics_for(768) is theme.FULL
    assert theme.metrics_for(767) is theme.COMPACT


def test_the_help_knows_a_sentence_for_every_key(texts):
    for line in KEY_LINES:
        assert texts.say(line.words)
        assert texts.say(line.group)
    letters = [place.letter for place in (*PLACES, LOCK)]
    assert len(set(letters)) == len(letters)
