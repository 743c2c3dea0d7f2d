"""Every paper in every language on every width: printed, read back, and equal dot by dot."""

import re
from dataclasses import replace

import pytest

from station_app.printing.document import Beside, Block, Label, Line, Receipt, Signature
from station_app.printing.forms import parcel_label
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.printing.raster import Raster
from station_app.printing.stick import TooLarge, Words
from station_app.printing.tops import Paid
from station_app.resources_dir import resources
from station_app.services.consignment import documents as produce
from station_app.services.parcels import documents as parcels
from tests.printing import table
from tests.printing.papers import HAND_OVER, LABELS, PAPERS, PARCEL, PICKUP, Z_REPORT
from tests.printing.samples import ACCEPTED, TEXTS
from tests.printing.witness import only_paper, printed

SHIPPED = load_profiles((resources() / "printers.toml").read_text("utf-8"))
EACH = 4  # printers on which the suite tries a paper; `dev bench papers` tries it on all of them


def printers_for(paper: str) -> list[str]:
    """Return printers for one paper: others for the next, so that every one has its turn."""
    suiting = [name for name in sorted(SHIPPED) if table.suits(PAPERS[paper], SHIPPED[name])]
    first = list(PAPERS).index(paper)
    return [suiting[(first + step) % len(suiting)] for step in range(min(EACH, len(suiting)))]


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_printed_is_what_was_previewed_and_every_code_is_read(paper, press, profiles):
    for name in printers_for(paper):
        line = table.measure(paper, name, profiles[name], press, None)
        assert line is not None, name
        assert line.dots, line
        assert line.codes, line
        assert line.zplkit is not False, line


def test_every_printer_and_language_has_its_turn_in_the_suite():
    tried = {name for paper in PAPERS for name in printers_for(paper)}
    assert tried == set(SHIPPED)


def test_the_table_would_see_a_dot_that_is_not_the_previews(press, profiles):
    profile = profiles["label_60x40"]
    preview = press.raster(PARCEL, profile)
    paper = only_paper(press.render_bytes(PARCEL, profile), profile)
    assert table.is_same(preview, paper)
    wrong = bytearray(preview.rows)
    wrong[5_000] ^= 1
    assert not table.is_same(Raster(preview.width, preview.height, bytes(wrong)), paper)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_larger_than_the_labels_in_the_printer_is_refused_aloud(paper, press, profiles):
    document, profile = PAPERS[paper], profiles["label_40x30"]
    if isinstance(document, Label) and (document.smaller or document.width == profile.width):
        return
    with pytest.raises(TooLarge):
        press.render_bytes(document, profile)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_papers_of_the_design_fit_as_they_are_drawn(paper, press, profiles):
    document = PAPERS[paper]
    name = {480: "label_60x40", 320: "label_40x30", 800: "label_100x150", 576: "receipt_80"}
    profile = profiles[name.get(document.width, "receipt_58")]
    gave_way = {note.how for note in press.lay_out(document, profile).shortened}
    assert gave_way <= {"shrunk"}, "nothing is cut or left out"
    if isinstance(document, Label):
        assert not gave_way


def test_no_words_of_a_receipt_are_cut_on_the_narrow_roll(press, profiles):
    """柜台下单，收预… stood on the way of an order: what does not fit goes on in the next line."""
    receipts = {name: one for name, one in PAPERS.items() if isinstance(one, Receipt)}
    cut = {
        name: [note.text for note in press.lay_out(one, profiles["receipt_58"]).shortened
               if note.how != "shrunk"]
        for name, one in receipts.items()
    }  # fmt: skip
    assert {name: words for name, words in cut.items() if words} == {}


def test_a_label_that_is_printed_without_its_bars_says_so_in_the_log(press, profiles, caplog):
    caplog.set_level("INFO", logger="station_app.printing.press")
    label = parcel_label(
        code="B-2-08",
        courier="中通",
        arrived="11-23 到",
        name="王*兰",
        tail="尾号 6021",
        barcode="X" * 60,
    )
    press.render_bytes(label, profiles["label_60x40"])
    (record,) = [one for one in caplog.records if one.message == "paper_lost_words"]
    assert record.__dict__["count"] == 2, "the bars, and the end of their number"
    caplog.clear()
    press.render_bytes(PARCEL, profiles["label_60x40"])
    assert not caplog.records


@pytest.mark.parametrize("harvested", ["采收 11月22日", ""])
def test_what_was_weighed_in_stands_at_the_left(press, profiles, harvested):
    paper = produce.intake_slip(replace(ACCEPTED, harvested=harvested), TEXTS)
    pieces = press.lay_out(paper, profiles["receipt_80"]).pieces
    (what,) = [one for one in pieces if isinstance(one, Words) and one.text.startswith("板栗")]
    assert (what.x, what.size) == (0, 38)


def test_what_was_let_off_is_taken_off_on_a_hand_over_slip_as_on_every_other():
    paid = Paid(tenders=(("cash", 9_793),), round_off_fen=7)
    paper = parcels.hand_over_slip(replace(HAND_OVER, paid=paid), TEXTS)
    assert Line("抹零", "−￥0.07") in paper.blocks


def labels_to_sign(blocks: tuple[Block, ...]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Signature):
            found += block.labels
        if isinstance(block, Beside):
            found += labels_to_sign(block.blocks)
    return found


@pytest.mark.parametrize("paper", [name for name in PAPERS if isinstance(PAPERS[name], Receipt)])
def test_what_stands_before_a_line_to_sign_on_ends_alike_on_every_paper(paper):
    document = PAPERS[paper]
    assert isinstance(document, Receipt)
    assert all(label.endswith("：") for label in labels_to_sign(document.blocks))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_says_its_days_in_words(paper, press, profiles):
    document = PAPERS[paper]
    profile = profiles["label_100x150" if isinstance(document, Label) else "receipt_80"]
    texts = [one.text for one in press.lay_out(document, profile).pieces if isinstance(one, Words)]
    assert [text for text in texts if re.search(r"20\d\d-\d\d-\d\d", text)] == []


@pytest.mark.parametrize("label", LABELS)
def test_a_copy_of_a_label_says_so_on_the_label(label, press, profiles):
    document = LABELS[label]
    profile = profiles["label_100x150"]
    plain, copy = press.raster(document, profile), press.raster(document, profile, "补打 1")
    box = document.mark
    changed = [
        (number, row)
        for number in range(plain.height)
        if (row := int.from_bytes(plain.row(number)) ^ int.from_bytes(copy.row(number)))
    ]
    assert changed, "the mark is seen"
    assert box.y <= changed[0][0], "only its own box changes"
    assert changed[-1][0] < box.y + box.height
    for _, row in changed:
        assert row >> (plain.width - box.x) == 0
        assert row & (1 << plain.width - box.x - box.width) - 1 == 0


def test_a_copy_of_a_receipt_begins_with_a_black_band(press, profiles):
    plain = press.raster(PICKUP, profiles["receipt_80"])
    copy = press.raster(PICKUP, profiles["receipt_80"], "补打 2")
    assert copy.height > plain.height
    added = copy.height - plain.height
    assert copy.rows[added * copy.stride :].endswith(plain.rows[20 * plain.stride :])
    assert b"\xff" * copy.stride in copy.rows[: added * copy.stride]


BUDGETS = [  # bytes on the wire: a serial printer takes a second for each thousand
    (PARCEL, "label_60x40", 13_000),
    (PICKUP, "receipt_80", 42_000),
    (Z_REPORT, "receipt_58", 90_000),
]


@pytest.mark.parametrize(("document", "name", "most"), BUDGETS)
def test_a_job_keeps_to_its_budget_of_bytes(document, name, most, press, profiles):
    profile = profiles[name]
    job = press.render_bytes(document, profile)
    picture = press.raster(document, profile)
    assert len(job) <= most
    assert len(job) < len(picture.rows) + 400, "never more than the bare picture"


def test_white_rows_cost_a_label_nothing(press, profiles):
    picture = press.raster(PARCEL, profiles["label_60x40"])
    white = sum(not any(picture.row(number)) for number in range(picture.height))
    job = press.render_bytes(PARCEL, profiles["label_60x40"])
    assert len(job) < (picture.height - white) * picture.stride


def test_the_knife_falls_only_where_there_is_one(press, profiles):
    for name in ("receipt_58", "receipt_80"):
        words = printed(press.render_bytes(PICKUP, profiles[name]), profiles[name]).commands
        assert words.count("cut") == profiles[name].cutter


def test_no_band_is_higher_than_the_printer_holds(press, profiles):
    for name in ("receipt_58", "receipt_80", "receipt_58_serial"):
        job = press.render_bytes(Z_REPORT, profiles[name])
        heads = job.split(b"\x1dv0\x00")[1:]
        assert max(head[2] + 256 * head[3] for head in heads) <= profiles[name].band_rows


def test_two_presses_draw_the_same_dots(type_case, press, profiles):
    other = Press(type_case)
    for document in PAPERS.values():
        profile = profiles["label_100x150" if isinstance(document, Label) else "receipt_80"]
        first = press.render_bytes(document, profile)
        assert other.render_bytes(document, profile) == first
        assert press.render_bytes(document, profile) == first, "also from what it has kept"
