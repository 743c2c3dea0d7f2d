"""Paper is read by eyes: here by Tesseract, which knows nothing of our type or layout."""

import difflib
import io
import shutil
import subprocess

import pytest
from PIL import Image, ImageFilter, ImageOps

from station_app.printing.document import Note, Receipt
from tests.printing.papers import BOARD, PICKUP, PREPAYMENT, Z_REPORT
from tests.printing.witness import only_paper

ENLARGED = 2  # Tesseract wants letters 30 dots high and more
BLEEDING = 0.7  # dots of heat run into each other on the paper
READ_LEAST = 0.95
SENTENCES = (
    "县里没买到、涨价您不同意，全额退。",
    "取货后七天内能退，带本条来。",
    "包裹三件已当面点清，签字后拿走。",
    "没卖出的货还是您的，随时可拿回。",
    "家人代取带证件，放满七天退回。",
)


def read(paper):
    """Return what Tesseract reads on a paper, without the white between."""
    assert shutil.which("tesseract"), "apt-get install tesseract-ocr tesseract-ocr-chi-sim"
    picture = Image.open(io.BytesIO(paper.png())).convert("L")
    picture = ImageOps.expand(picture, 20, 255)
    picture = picture.resize((picture.width * ENLARGED, picture.height * ENLARGED))
    picture = picture.filter(ImageFilter.GaussianBlur(BLEEDING))
    held = io.BytesIO()
    picture.save(held, "PNG")
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "6"],
        input=held.getvalue(),
        capture_output=True,
        check=True,
        timeout=100,
    )
    return "".join(done.stdout.decode("utf-8").split())


def share_read(wanted, found):
    """Return which part of the characters was read, in order."""
    blocks = difflib.SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted)


@pytest.mark.parametrize("size", [18, 24])
@pytest.mark.parametrize("bold", [False, True])
def test_running_text_is_read(size, bold, press, profiles):
    paper = Receipt(tuple(Note(text, size=size, bold=bold) for text in SENTENCES))
    out = only_paper(press.render_bytes(paper, profiles["receipt_80"]), profiles["receipt_80"])
    assert share_read("".join(SENTENCES), read(out)) >= READ_LEAST


WORDS = [
    (PICKUP, "receipt_80", ("柳沟村站", "代购尾款", "合计收", "现金收", "找零", "当面点清")),
    (PREPAYMENT, "receipt_58", ("柳荫洼村站", "代购预付款收据", "货款合计", "投诉")),
    (Z_REPORT, "receipt_58", ("不是自己的钱", "代收货款", "账上应有", "实点现金")),
    (BOARD, "receipt_80", ("请来取", "尾号", "今天到", "家人代取带证件")),
]


@pytest.mark.parametrize(("document", "name", "words"), WORDS)
def test_the_words_that_matter_are_read(document, name, words, press, profiles):
    out = only_paper(press.render_bytes(document, profiles[name]), profiles[name])
    found = read(out)
    shares = [share_read(word, found) for word in words]
    assert sum(shares) / len(shares) >= READ_LEAST
