"""The other witness: reads a printer's bytes with the simulated printers, and codes with zxing."""

import numpy as np
import zxingcpp

from station_app.devices.simulated_paper import Mechanism, Paper
from station_app.devices.simulated_readers import READERS
from station_app.printing.profiles import Profile


def printed(job: bytes, profile: Profile) -> Mechanism:
    """Return a printer after it has printed this job."""
    mechanism = Mechanism(profile.width)
    reader = READERS[profile.language](mechanism, lambda said: None)
    reader.feed(job)
    reader.end()
    return mechanism


def only_paper(job: bytes, profile: Profile) -> Paper:
    """Return the one paper that this job prints."""
    (paper,) = printed(job, profile).papers
    return paper


def codes(paper: Paper) -> set[str]:
    """Return what a scanner reads on a paper, bar codes and QR codes."""
    lines = np.frombuffer(b"".join(paper.lines), dtype=np.uint8)
    dots = np.unpackbits(lines).reshape(len(paper.lines), paper.width)
    picture = np.pad((1 - dots) * 255, 40, constant_values=255).astype(np.uint8)
    return {code.text for code in zxingcpp.read_barcodes(picture)}
