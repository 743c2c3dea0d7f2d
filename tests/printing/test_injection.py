"""Names and goods are not commands: whatever stands in them, a printer does the same things."""

import random

import pytest

from station_app.printing import escpos
from station_app.printing.document import DrawerKick, Note, Receipt, Title
from station_app.printing.raster import Raster
from tests.printing import fuzz
from tests.printing.papers import PICKUP
from tests.printing.witness import printed

ROUNDS = 50  # of eight strings; `dev long papers` tries 100,000 strings


def test_no_string_changes_what_a_printer_does(press, profiles, capsys):
    chance = random.Random(20_261_123)
    printers = fuzz.Printers(press, profiles)
    for _ in range(ROUNDS):
        printers.attack(fuzz.strings(chance, 8))
    with capsys.disabled():
        print(f"\n{ROUNDS * 8} strings in {printers.jobs} jobs: no command, no drawer")
    assert printers.jobs == ROUNDS * 4


@pytest.mark.parametrize("attack", fuzz.ATTACKS)
def test_a_command_in_every_field_is_obeyed_by_none(attack, press, profiles):
    fuzz.Printers(press, profiles).attack([attack] * 8)


def test_a_command_inside_the_dots_of_a_picture_is_not_obeyed(press, profiles):
    # Rows that spell ESC p and DLE EOT are dots like any others.
    rows = (b"\x1bp\x00\x19\xfa\x10\x04\x01" * 9)[:72] * 40
    profile = profiles["receipt_80"]
    done = printed(escpos.encode(Raster(576, 40, rows), profile), profile)
    assert done.kicks == 0
    assert b"".join(done.papers[0].lines[:40]) == rows


def test_the_drawer_opens_for_its_own_job_only(press, profiles):
    profile = profiles["receipt_80"]
    assert printed(press.render_bytes(PICKUP, profile), profile).kicks == 0
    kicked = printed(press.render_bytes(DrawerKick(), profile), profile)
    assert (kicked.kicks, kicked.papers) == (1, [])
    assert press.render_bytes(DrawerKick(), profiles["label_60x40"]) == b""


def test_names_that_are_only_controls_leave_white_paper_not_commands(press, profiles):
    paper = Receipt((Title("\x1b\x1d\x10"), Note("\x00\x01")))
    done = printed(press.render_bytes(paper, profiles["receipt_58"]), profiles["receipt_58"])
    assert not any(b"".join(done.papers[0].lines))
