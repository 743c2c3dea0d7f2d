"""What printers say of themselves, in every language, and what rubbish is not mistaken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.devices.printer import OK, UNKNOWN, Status
from station_app.devices.printer_talks import TALKS

TSPL = [  # docs/PRINTING.md §3
    (b"", UNKNOWN, False),
    (b"\x00", OK, True),
    (b"\x20", OK, False),
    (b"\x01", Status("fault", "COVER_OPEN"), False),
    (b"\x02", Status("fault", "JAM"), False),
    (b"\x04", Status("fault", "NO_PAPER"), False),
    (b"\x05", Status("fault", "COVER_OPEN"), False),
    (b"\x08", Status("fault", "NO_RIBBON"), False),
    (b"\x10", Status("fault", "PAUSED"), False),
    (b"\x24", Status("fault", "NO_PAPER"), False),
    (b"\x80", Status("fault", "OTHER"), False),
    (b"\x04\x00", OK, True),  # the newest counts
    (b"\x7e", UNKNOWN, False),
]
ESCPOS = [
    (b"", UNKNOWN, False),
    (b"\x12", UNKNOWN, False),
    (b"\x12\x12", OK, False),
    (b"\x12\x12\x00", OK, True),
    (b"\x16\x12", Status("fault", "COVER_OPEN"), False),
    (b"\x32\x72", Status("fault", "NO_PAPER"), False),
    (b"\x12\x72", Status("fault", "NO_PAPER"), False),
    (b"\x52\x12", Status("fault", "OTHER"), False),
    (b"\x12\x1e", Status("ok", "PAPER_LOW"), False),
    (b"\x00\x12\x12", OK, True),
    (b"\xff\xff\xff", UNKNOWN, False),
    (b"OK\r\n", UNKNOWN, True),  # letters answer no question, and end no doubt
]
HS = b"\x02030,%d,%d,0320,%03d,0,0,0,000,0,0,0\x03\r\n\x02000,0,%d,%d,0,2,4,0,%08d,1,000\x03\r\n"
ZPL = [  # paper out, pause, formats that wait, head up, ribbon out, labels left
    (b"", UNKNOWN, False),
    (HS % (0, 0, 0, 0, 0, 0) + b"\x021234,0\x03\r\n", OK, True),
    (HS % (1, 0, 0, 0, 0, 0), Status("fault", "NO_PAPER"), False),
    (HS % (1, 1, 0, 1, 0, 0), Status("fault", "COVER_OPEN"), False),
    (HS % (0, 0, 0, 0, 1, 0), Status("fault", "NO_RIBBON"), False),
    (HS % (0, 1, 0, 0, 0, 0), Status("fault", "PAUSED"), False),
    (HS % (0, 0, 1, 0, 0, 0), OK, False),
    (HS % (0, 0, 0, 0, 0, 2), OK, False),
    (HS % (1, 0, 0, 0, 0, 0) + HS % (0, 0, 0, 0, 0, 0), OK, True),  # the newest counts
    ((HS % (1, 0, 0, 0, 0, 0))[:40], UNKNOWN, False),
    (b"\x021234,0\x03\r\n" * 2, UNKNOWN, False),
]


@pytest.mark.parametrize(("answer", "status", "is_done"), ZPL)
def test_zpl(answer, status, is_done):
    heard = TALKS["zpl"].hear(answer)
    assert (heard.status, heard.is_done) == (status, is_done)


@pytest.mark.parametrize(("answer", "status", "is_done"), TSPL)
def test_tspl(answer, status, is_done):
    heard = TALKS["tspl"].hear(answer)
    assert (heard.status, heard.is_done) == (status, is_done)


@pytest.mark.parametrize(("answer", "status", "is_done"), ESCPOS)
def test_escpos(answer, status, is_done):
    heard = TALKS["escpos"].hear(answer)
    assert (heard.status, heard.is_done) == (status, is_done)


@given(st.binary(max_size=20), st.sampled_from(sorted(TALKS)))
def test_no_answer_is_misread_into_a_crash(answer, language):
    heard = TALKS[language].hear(answer)
    assert heard.status.state in ("ok", "fault", "unknown")
    if not answer:
        assert heard.status == UNKNOWN
