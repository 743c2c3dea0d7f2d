"""The pictures beside this file: what each paper looks like, dot by dot, on every machine.

    python -m tests.printing.golden

draws them anew. Look at them before keeping them: they are what the villager gets.
"""

import io
import os
from pathlib import Path

from PIL import Image

from station_app.devices.simulated_paper import Paper
from station_app.printing.document import Label, Receipt
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from tests.printing.papers import FOR_OTHER_GOLDEN, PAPERS
from tests.printing.witness import only_paper

FOLDER = Path(__file__).with_name("golden")
LABELS = {480: "label_60x40", 320: "label_40x30", 800: "label_100x150"}
RECEIPTS = {384: "receipt_58", 576: "receipt_80"}
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
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    press = Press(TypeCase(resources() / "fonts"))
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))
    FOLDER.mkdir(exist_ok=True)
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
    for name in KEPT:
        document = PAPERS[name]
        profile = profiles[home_of(document)]
        paper = only_paper(press.render_bytes(document, profile), profile)
        (FOLDER / f"{name}.png").write_bytes(paper.png())
    application.quit()


if __name__ == "__main__":
    main()
