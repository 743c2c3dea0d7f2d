"""Papers as a printer brings them out, and the pictures of them that are kept beside tests."""

import os
from collections.abc import Mapping
from pathlib import Path

from station_app.devices.simulated_paper import Paper
from station_app.printing.document import Label, Receipt
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from tests.printing.witness import only_paper

RECEIPTS = {384: "receipt_58", 576: "receipt_80"}  # by dots across
Wanted = Mapping[str, tuple[Receipt | Label, str]]


def new_press() -> Press:
    """Return a press with the fonts of the product; an application of Qt must be there."""
    return Press(TypeCase(resources() / "fonts"))


def printed(press: Press, document: Receipt | Label, home: str) -> Paper:
    """Return the paper that a printer of this profile ("receipt_58") makes of a document."""
    profile = load_profiles((resources() / "printers.toml").read_text("utf-8"))[home]
    return only_paper(press.render_bytes(document, profile), profile)


def draw(folder: Path, wanted: Wanted) -> None:
    """Draw pictures anew. wanted: name of a picture -> document, name of the profile."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    press = new_press()
    folder.mkdir(exist_ok=True)
    for name, (document, home) in wanted.items():
        (folder / f"{name}.png").write_bytes(printed(press, document, home).png())
    application.quit()
