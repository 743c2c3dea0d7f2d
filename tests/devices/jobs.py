"""Jobs as bytes, written out by hand: what a printer gets, without the room that makes it."""

import os
from pathlib import Path

from station_app.devices.printer import Patience

QUICK = Patience(connect=2.0, answer=0.2, stall=0.4, drain=0.5, rounds=3, between=0.0)
ROWS = 40
SLIP = b"\x1b@" + b"\x1dv0\x00" + bytes((48, 0, ROWS, 0)) + b"\xaa" * 48 * ROWS + b"\x1bd\x01"
LABEL = (
    b"SIZE 60 mm,40 mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 1\r\nCLS\r\n"
    b"BITMAP 16,8,3,2,0,\x00\x0f\xff\xff\xff\xfe\r\nPRINT 1,1\r\n"
)
ZPL = b"^XA^PW480^LL320^LH0,0^FO16,8^GFA,6,6,3,FFF000000001^FS^XZ"
JOBS = {"escpos": SLIP, "tspl": LABEL, "zpl": ZPL}
WIDTHS = {"escpos": 384, "tspl": 480, "zpl": 480}


def long_slip(rows: int) -> bytes:
    """Return a slip of many rows, more than any buffer holds."""
    band = b"\x1dv0\x00" + bytes((48, 0, 100, 0)) + b"\x55" * 4800
    return b"\x1b@" + band * (rows // 100)


def is_gone(path: Path) -> bool:
    """Tell whether nothing lies at a path."""
    return not os.path.lexists(path)
