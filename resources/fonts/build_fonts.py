"""Make the two bundled fonts from Debian's `fonts-noto-cjk`, so that anybody can make them again.

    apt-get install fonts-noto-cjk unicode-data && pip install fonttools
    python3 resources/fonts/build_fonts.py

Paper must have the same dots on every machine and a villager's name must never come out blank, so
the program brings its own type. The coverage is GBK (old household registers hold variants
that newer tables left out), all 8,105 characters of the Table of General Standard Chinese
Characters (names registered today; Unihan's `kTGH`) and the signs that screens and papers draw.
Everything else is a visible box, never a gap.
"""

import bz2
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
NOTO = Path("/usr/share/fonts/opentype/noto")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
SIMPLIFIED_CHINESE = 2  # the face in the collection
FAMILY = "Station Sans"
STYLES = {"Regular": 400, "Bold": 700}
STANDARD_CHARACTERS = 8105

# Latin-1, punctuation, currency, letterlike, numbers, arrows, mathematics, technical signs, box
# drawing, blocks, shapes, dingbats, CJK punctuation, enclosed and square signs, full-width forms.
SIGNS = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2010, 0x203F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2300, 0x23FF),
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x2580, 0x259F),
    (0x25A0, 0x25FF),
    (0x2600, 0x26FF),
    (0x2700, 0x27BF),
    (0x3000, 0x303F),
    (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),
)


def coverage() -> set[int]:
    """Return the code points that the fonts shall hold, where Noto has them."""
    wanted = {code for first, last in SIGNS for code in range(first, last + 1)}
    for row in range(0x81, 0xFF):
        for cell in range(0x40, 0xFF):
            try:
                wanted.add(ord(bytes((row, cell)).decode("gbk")))
            except UnicodeDecodeError:
                continue
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as lines:
        standard = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}
    if len(standard) != STANDARD_CHARACTERS:
        raise SystemExit(f"{UNIHAN} lists {len(standard)} standard characters")
    return wanted | standard


def build(style: str, wanted: set[int]) -> Path:
    """Cut one style down to the coverage, name it, and write it beside this script."""
    font = TTFont(NOTO / f"NotoSansCJK-{style}.ttc", fontNumber=SIMPLIFIED_CHINESE)
    options = subset.Options()
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = True
    options.layout_features = ["ccmp", "kern", "mark", "mkmk"]
    options.drop_tables = [*options.drop_tables, "BASE", "VORG", "vhea", "vmtx"]
    options.name_IDs = [0, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    rename(font, style)
    path = HERE / f"StationSans-{style}.otf"
    font.save(path)
    return path


def rename(font: TTFont, style: str) -> None:
    """Give the font a family name of its own: a copy of Noto on the machine must not shadow it."""
    names = {
        1: FAMILY,
        2: style,
        3: f"2.004;{FAMILY} {style}",
        4: f"{FAMILY} {style}",
        5: "Version 2.004 subset",
        6: f"StationSans-{style}",
    }
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = STYLES[style]
    top = font["CFF "].cff
    top.fontNames = [f"StationSans-{style}"]
    top.topDictIndex[0].FullName = f"{FAMILY} {style}"
    top.topDictIndex[0].FamilyName = FAMILY


def main() -> None:
    """Build both styles and say how big they are."""
    wanted = coverage()
    for style in STYLES:
        path = build(style, wanted)
        held = TTFont(path).getBestCmap()
        print(f"{path.name}: {path.stat().st_size:,} bytes, {len(held):,} characters")


if __name__ == "__main__":
    main()
