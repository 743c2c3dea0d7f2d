"""What printers say of themselves, in both languages, and what rubbish is not mistaken for it."""

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
