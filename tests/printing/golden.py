"""The pictures beside this file: what each paper looks like, dot by dot, on every machine.

    python -m tests.printing.golden

draws them anew. Look at them before keeping them: they are what the villager gets.
"""

import io
from pathlib import Path

from PIL import Image

from station_app.devices.simulated_paper import Paper
from station_app.printing.document import Label, Receipt
from tests.printing.drawing import RECEIPTS, draw
from tests.printing.papers import FOR_OTHER_GOLDEN, PAPERS

FOLDER = Path(__file__).with_name("golden")
LABELS = {480: "label_60x40", 320: "label_40x30", 800: "label_100x150"}
KEPT = tuple(name for name in PAPERS if name not in FOR_OTHER_GOLDEN)  # the rest lie by their tests


def home_of(document: Receipt | Label) -> str:
    """Return the profile for which a paper was designed."""
    return (LABELS if isinstance(document, Label) else RECEIPTS)[document.width]


def read(path: Path) -> Paper:
    """Return a kept picture as a paper."""
    picture = Image.open(io.BytesIO(path.read_bytes()))
    white = bytes(byte ^ 0xFF for byte in picture.tobytes())
    stride = picture.width // 8
    lines = tuple(white[at : at + stride] for at in range(0, len(white), stride))
    return Paper(picture.width, lines)


def main() -> None:
    """Draw all of them."""
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
    draw(FOLDER, {name: (PAPERS[name], home_of(PAPERS[name])) for name in KEPT})


if __name__ == "__main__":
    main()
