"""Names are not commands: any strings at all, on papers of every kind, in every language.

    python3 dev long papers          (or: python -m tests.printing.fuzz --strings 100000 --seed 1)

Each paper is printed twice, once with harmless words and once with strings made to be obeyed:
control characters, marks of direction, halves of characters, four-byte ones, quotes, carets,
tildes and whole commands of the four languages. What the printer *does* must be the same: the
sequence of its commands, the number of papers, and no kick of the drawer.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Mapping, Sequence

from station_app.printing.document import (
    Bars,
    Column,
    DrawerKick,
    Inverse,
    Label,
    Line,
    Qr,
    Receipt,
    Table,
    Total,
    from_json,
    to_json,
)
from station_app.printing.forms import SlipFoot, SlipHead, parcel_label, slip
from station_app.printing.press import Press
from station_app.printing.profiles import Profile, load_profiles, named
from station_app.resources_dir import resources
from tests.printing.text_readers import escpos_deeds, tspl_deeds
from tests.printing.witness import printed

STRINGS = 100_000
FIELDS = 8
SLIPS_ON = ("receipt_58", "receipt_80", "zebra_endless_80", "portable_80", "label_endless_60")
LABELS_ON = ("label_60x40", "zebra_60x40", "zebra_60x40_z64", "zebra_60x40_hex", "portable_60x40")
SLIPS_SET = ("receipt_58_serial+text", "receipt_80_serial+text")
LABELS_SET = ("label_60x40_serial+text",)
PICTURES = ("picture", "BITMAP", "CG", "GF", "FO", "FS")  # how many there are depends on the ink

ATTACKS = (
    "\x1bp\x00\x19\xfa",
    "\x1bp0\x19\xfa\x10\x14\x01\x00\x05",
    "\r\nPRINT 99,99\r\n",
    '"\r\nSIZE 1 mm,1 mm\r\nCLS\r\n',
    '",0,1,1,"\r\nBEEP\r\n',
    "\x1dV\x00",
    "\x1b@\x1b!?\x10\x04\x01",
    "^XA^FDx^FS^XZ~JR",
    "~HS~JA^XZ",
    "! 0 200 200 9 9\r\nPRINT\r\n",
    "FORM\r\nPRINT\r\n",
    "\x1c.\x1b3\x00\x1dk\x49",
    "{C{B{{",
    "\u202e\u2066\u200b\u200d\ufeff",
    "乗\\乘",
    "👨‍👩‍👧‍👦🇨🇳",
    "\ud800\udfff",
    "\x00" * 40,
    "%s{0}{name}",
    "^^~~\"'`\\",
    "'; DROP TABLE print_jobs; --",
)
HARMLESS = ["王兰", "尾号", "柳荫洼村站", "中通", "收条", "谢谢", "取件", "板栗"]


def strings(chance: random.Random, count: int) -> list[str]:
    """Return strings of all kinds: attacks, attacks within words, and any characters at all."""
    return [_string(chance) for _ in range(count)]


def _string(chance: random.Random) -> str:
    kind = chance.randrange(4)
    if kind == 0:
        return "".join(chance.choices(ATTACKS, k=chance.randint(1, 3)))
    if kind == 1:
        return f"{chance.choice(HARMLESS)}{chance.choice(ATTACKS)}{chance.choice(HARMLESS)}"
    if kind == 2:
        return "".join(chr(chance.randrange(0x250)) for _ in range(chance.randint(0, 30)))
    return "".join(chr(chance.randrange(0x11_0000)) for _ in range(chance.randint(0, 12)))


def label_of(said: Sequence[str]) -> Label:
    """Return a parcel label whose every field is a string."""
    return parcel_label(
        code=said[0],
        courier=said[1],
        arrived=said[2],
        name=said[3],
        tail=said[4],
        barcode=said[5],
    )


def slip_of(said: Sequence[str]) -> Receipt:
    """Return a slip with blocks of every kind, whose every field is a string."""
    a, b, c, d, e, f, g, h = said
    head = SlipHead(station=a, address=b, heading=c, number=d, meta=(e,))
    blocks = (
        Line(f, g),
        Total(h, a),
        Inverse(b),
        Table((Column(1), Column(1)), ((c, d),)),
        Bars(h),
        Qr(e, caption=f),
    )
    return slip(head, blocks, SlipFoot(notes=(g, h), qr=a, signatures=(b,), closing=c))


def deeds(job: bytes, profile: Profile) -> tuple[list[str], int, int]:
    """Return what a printer did without its pictures, how often it kicked, and its papers."""
    done = printed(job, profile)
    words = [word for word in done.commands if word not in PICTURES]
    return words, done.kicks, len(done.papers)


def set_deeds(job: bytes, profile: Profile) -> set[str]:
    """Return the kinds of what a printer that sets its own type did, but for type and pictures."""
    read = escpos_deeds if profile.language == "escpos" else tspl_deeds
    return {str(deed[0]) for deed in read(job)} - {"text", "picture", "code", "black"}


class Printers:
    """Printers of every language, of which each round takes two that draw and two that set type."""

    def __init__(self, press: Press, profiles: Mapping[str, Profile]) -> None:
        self._press = press
        self._profiles = profiles
        self._meant: dict[str, object] = {}
        self.rounds = 0
        self.jobs = 0

    def attack(self, said: Sequence[str]) -> None:
        """Print eight strings on the printers whose turn it is. Asserts."""
        turn = self.rounds
        self.rounds += 1
        for made, drawing, setting in (
            (slip_of, SLIPS_ON, SLIPS_SET),
            (label_of, LABELS_ON, LABELS_SET),
        ):
            document = from_json(to_json(made(said)))
            assert not isinstance(document, DrawerKick)
            for name in (drawing[turn % len(drawing)], setting[turn % len(setting)]):
                done = self._done(name, document, said[0])
                if name not in self._meant:
                    self._meant[name] = self._done(name, made(HARMLESS), HARMLESS[0])
                assert done == self._meant[name], (name, said)
                self.jobs += 1

    def _done(self, name: str, document: Receipt | Label, mark: str) -> object:
        """Return what a printer does with a document: commands, papers, and never a kick."""
        profile = named(self._profiles, name)
        job = self._press.render_bytes(document, profile, mark)
        if profile.text_mode:
            return set_deeds(job, profile)
        found = deeds(job, profile)
        assert found[1] == 0, name
        return found


def main() -> int:
    """Run so many strings; print one JSON line; exit status 1 if one of them was obeyed."""
    parser = argparse.ArgumentParser(description="Strings that want to be obeyed by a printer.")
    parser.add_argument("--strings", type=int, default=STRINGS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from station_app.printing.paint import TypeCase

    application = QGuiApplication([])
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))
    printers = Printers(Press(TypeCase(resources() / "fonts")), profiles)
    chance = random.Random(options.seed)
    tried = 0
    obeyed = ""
    while tried < options.strings and not obeyed:
        said = strings(chance, FIELDS)
        try:
            printers.attack(said)
        except (AssertionError, ValueError) as problem:
            obeyed = ascii(str(problem))
        tried += FIELDS
    application.quit()
    told = {"strings": tried, "jobs": printers.jobs, "seed": options.seed, "obeyed": obeyed}
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if obeyed else 0


if __name__ == "__main__":
    sys.exit(main())
