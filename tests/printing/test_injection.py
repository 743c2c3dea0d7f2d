"""Names and goods are not commands: whatever stands in them, a printer does the same things."""

from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.printing import escpos
from station_app.printing.document import (
    Column,
    DrawerKick,
    Inverse,
    Line,
    Note,
    Qr,
    Receipt,
    Table,
    Title,
    Total,
    from_json,
    to_json,
)
from station_app.printing.forms import SlipFoot, SlipHead, parcel_label, slip
from station_app.printing.raster import Raster
from tests.printing.papers import PICKUP
from tests.printing.witness import printed

STRINGS_LEAST = 5_000
EXAMPLES = 700
FIELDS = 8

ATTACKS = (
    "\x1bp\x00\x19\xfa",
    "\x1bp0\x19\xfa\x10\x14\x01\x00\x05",
    "\r\nPRINT 99,99\r\n",
    '"\r\nSIZE 1 mm,1 mm\r\nCLS\r\n',
    "\x1dV\x00",
    "\x1b@\x1b!?\x10\x04\x01",
    "^XA^FDx^FS^XZ~JR",
    "\u202e\u2066\u200b\u200d\ufeff",
    "乗\\乘",
    "👨‍👩‍👧‍👦🇨🇳",
    "\ud800\udfff",
    "\x00" * 40,
    "%s{0}{name}",
    "'; DROP TABLE print_jobs; --",
)
STRINGS = st.one_of(
    st.text(alphabet=st.characters(codec=None), max_size=30),
    st.lists(st.sampled_from(ATTACKS), min_size=1, max_size=3).map("".join),
    st.tuples(st.text(max_size=5), st.sampled_from(ATTACKS), st.text(max_size=5)).map("".join),
)


def label_of(strings):
    names = ("code", "courier", "arrived", "name", "tail", "barcode")
    return parcel_label(**dict(zip(names, strings, strict=False)))


def slip_of(strings):
    a, b, c, d, e, f, g, h = strings
    head = SlipHead(station=a, address=b, heading=c, number=d, meta=(e,))
    blocks = (
        Line(f, g),
        Total(h, a),
        Inverse(b),
        Table((Column(1), Column(1)), ((c, d),)),
        Qr(e, caption=f),
    )
    return slip(head, blocks, SlipFoot(notes=(g, h), qr=a, signatures=(b,), closing=c))


def deeds(mechanism):
    """What a printer did, pictures left out: how many there are depends on the ink."""
    return [word for word in mechanism.commands if word not in ("picture", "BITMAP")]


def test_no_string_changes_what_a_printer_does(press, profiles, capsys):
    tried = 0

    @settings(max_examples=EXAMPLES, database=None)
    @given(st.lists(STRINGS, min_size=FIELDS, max_size=FIELDS))
    def attack(strings):
        nonlocal tried
        tried += len(strings)
        label, receipt = label_of(strings), slip_of(strings)
        for document, name, expected in (
            (label, "label_60x40", ["SIZE", "GAP", "DIRECTION", "CLS", "PRINT"]),
            (receipt, "receipt_80", ["reset", "feed", "cut"]),
        ):
            stored = from_json(to_json(document))
            done = printed(press.render_bytes(stored, profiles[name], strings[0]), profiles[name])
            assert deeds(done) == expected
            assert done.kicks == 0
            assert len(done.papers) == 1

    attack()
    with capsys.disabled():
        print(f"\n{tried} strings tried on two printer languages: no command, no drawer")
    assert tried >= STRINGS_LEAST


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
