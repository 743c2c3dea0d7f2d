"""Paper is read by eyes: here by Tesseract, which knows nothing of our type or layout."""

import pytest

from station_app.printing.document import Note, Receipt
from tests.printing.papers import PAPERS
from tests.printing.reading import READ_LEAST, chinese, is_enough, lines_of, share_of
from tests.printing.witness import only_paper

SENTENCES = (
    "县里没买到、涨价您不同意，全额退。",
    "取货后七天内能退，带本条来。",
    "包裹三件已当面点清，签字后拿走。",
    "没卖出的货还是您的，随时可拿回。",
    "家人代取带证件，放满七天退回。",
)


def share(paper, name, press, profiles, type_case):
    """Return which part of the Chinese on a paper is read, and how much there is of it."""
    out = only_paper(press.render_bytes(paper, profiles[name]), profiles[name])
    lines = lines_of(press.lay_out(paper, profiles[name]))
    ends = [
        line.x + sum(type_case.advances(line.size, line.bold)[char] for char in line.text)
        for line in lines
    ]
    return share_of(out, lines, ends), sum(len(chinese(line.text)) for line in lines)


@pytest.mark.parametrize("size", [18, 24])
@pytest.mark.parametrize("bold", [False, True])
def test_running_text_is_read(size, bold, press, profiles, type_case):
    paper = Receipt(tuple(Note(text, size=size, bold=bold) for text in SENTENCES))
    read, _ = share(paper, "receipt_80", press, profiles, type_case)
    assert read >= READ_LEAST


READ_IN_THE_SUITE = [  # `dev bench papers` reads all of them
    ("drawer_z", "receipt_58"),
    ("produce_accepted", "receipt_80"),
    ("sending", "label_100x150"),
    ("parcel", "label_60x40"),
]


@pytest.mark.parametrize(("paper", "name"), READ_IN_THE_SUITE)
def test_the_chinese_on_a_paper_is_read(paper, name, press, profiles, type_case):
    assert is_enough(*share(PAPERS[paper], name, press, profiles, type_case))
