"""The witness itself: it reads what the manuals say, and refuses what is no command."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from station_app.devices.folder_printer import FolderPrinter
from station_app.devices.printer import OK
from station_app.devices.simulated_paper import Mechanism, Paper, Unreadable
from station_app.devices.simulated_printer import SimulatedPrinter
from station_app.devices.simulated_readers import READERS
from station_app.devices.tcp_printer import TcpPrinter
from tests.devices.jobs import JOBS, LABEL, QUICK, ROWS, SLIP, WIDTHS


def read(language, job, *, width=None, **mechanism):
    inside = Mechanism(width or WIDTHS[language], **mechanism)
    said: list[bytes] = []
    reader = READERS[language](inside, said.append)
    reader.feed(job)
    reader.end()
    return inside, b"".join(said)


def test_a_zero_burns_on_a_label_and_stands_where_it_is_told():
    inside, _ = read("tspl", LABEL)
    (paper,) = inside.papers
    assert (paper.width, len(paper.lines)) == (480, 320)
    assert paper.lines[8][:6] == b"\x00\x00\xff\xf0\x00\x00"
    assert paper.lines[9][:6] == b"\x00\x00\x00\x00\x01\x00"
    assert not any(b"".join(paper.lines[:8] + paper.lines[10:]))
    assert inside.commands == ["SIZE", "GAP", "DIRECTION", "CLS", "BITMAP", "PRINT"]


def test_a_one_burns_on_a_slip():
    inside, _ = read("escpos", SLIP)
    (paper,) = inside.papers
    assert paper.lines[:ROWS] == (b"\xaa" * 48,) * ROWS
    assert len(paper.lines) == ROWS + 30, "one line feed"


def test_the_knife_parts_two_slips_and_the_drawer_is_counted():
    inside, _ = read("escpos", SLIP + b"\x1dVB\x00" + b"\x1bp\x00\x19\xfa" + SLIP + b"\x1dV\x00")
    assert len(inside.papers) == 2
    assert inside.kicks == 1


@given(st.integers(1, 400), st.sampled_from(sorted(JOBS)))
def test_pieces_of_any_size_print_the_same(size, language):
    job = JOBS[language]
    whole, _ = read(language, job)
    inside = Mechanism(WIDTHS[language])
    reader = READERS[language](inside, lambda said: None)
    for at in range(0, len(job), size):
        reader.feed(job[at : at + size])
    reader.end()
    assert inside.papers == whole.papers


RUBBISH = [
    ("escpos", b"hello"),
    ("escpos", b"\x1b@\x00\x00"),
    ("escpos", b"\x1dv0\x09\x01\x00\x01\x00\xff"),
    ("escpos", b"\x1dv0\x00\x00\x00\x01\x00"),
    ("tspl", b"hello\r\n"),
    ("tspl", b"\x1b@@"),
    ("tspl", b"x" * 300),
    ("tspl", b"SIZE 60 mm,40 mm\r\nCLS\r\nBITMAP 8,0,60,1,0," + b"\xff" * 60 + b"\r\n"),
    ("tspl", b"SIZE 60 mm,40 mm\r\nCLS\r\nBITMAP 0,320,1,1,0,\x00\r\n"),
    ("tspl", b"SIZE 60 mm,40 mm\r\nCLS\r\nBITMAP 0,0,1,1,0,\x00PRINT"),
]


@pytest.mark.parametrize(("language", "job"), RUBBISH)
def test_what_is_no_command_is_refused(language, job):
    with pytest.raises(Unreadable):
        read(language, job)


def test_a_question_inside_a_picture_is_not_answered():
    picture = b"\x1dv0\x00\x03\x00\x02\x00" + b"\x10\x04\x01" * 2
    assert read("escpos", picture)[1] == b""
    dots = b"\x1b!?"
    label = b"SIZE 60 mm,40 mm\r\nCLS\r\nBITMAP 0,0,3,1,0," + dots + b"\r\nPRINT 1,1\r\n"
    assert read("tspl", label)[1] == b""


QUESTIONS = [
    ("escpos", b"\x10\x04\x02\x10\x04\x04", {}, b"\x12\x12"),
    ("escpos", b"\x10\x04\x02\x10\x04\x04", {"rows_left": 0}, b"\x32\x72"),
    ("escpos", b"\x10\x04\x02", {"cover_open": True}, b"\x16"),
    ("escpos", b"\x10\x04\x01", {"cover_open": True}, b"\x1a"),
    ("escpos", b"\x1dr\x01", {}, b"\x00"),
    ("escpos", b"\x1dr\x01", {"rows_left": 0}, b""),
    ("tspl", b"\x1b!?", {}, b"\x00"),
    ("tspl", b"\x1b!?", {"rows_left": 0}, b"\x04"),
    ("tspl", b"\x1b!?", {"cover_open": True, "rows_left": 0}, b"\x05"),
    ("tspl", b"\x1b!?", {"is_busy": True}, b"\x20"),
]


@pytest.mark.parametrize(("language", "question", "mechanism", "answer"), QUESTIONS)
def test_it_answers_as_the_manuals_say(language, question, mechanism, answer):
    assert read(language, question, **mechanism)[1] == answer


def test_a_label_over_a_serial_line_takes_seconds_that_nobody_waits_for():
    with SimulatedPrinter("tspl", 480) as printer:
        port = TcpPrinter("127.0.0.1", printer.port, language="tspl", patience=QUICK)
        bits = b"BITMAP 0,0,60,200,0," + bytes(12_000) + b"\r\n"
        assert port.deliver(LABEL.replace(b"PRINT", bits + b"PRINT")).outcome == "sent"
    assert 12.5 < printer.seconds_at(9_600) < 13


def test_rubbish_is_kept_for_whoever_asks_what_came_out():
    with SimulatedPrinter("tspl", 480) as printer:
        TcpPrinter("127.0.0.1", printer.port, language="tspl", patience=QUICK).deliver(SLIP)
    assert printer.rubbish
    assert not printer.papers


def test_a_picture_file_shows_the_very_dots():
    paper = Paper(16, (b"\x80\x01", b"\xff\x00"))
    picture = Image.open(io.BytesIO(paper.png()))
    assert (picture.size, picture.mode) == ((16, 2), "1")
    assert bytes(byte ^ 0xFF for byte in picture.tobytes()) == b"\x80\x01\xff\x00"


def test_a_folder_is_a_printer(tmp_path):
    folder = tmp_path / "papers"
    port = FolderPrinter(folder, language="tspl", width=480)
    assert port.status() == OK
    for _ in range(2):
        assert port.deliver(LABEL).outcome == "sent"
    FolderPrinter(folder, language="escpos", width=384).deliver(SLIP + b"\x1bp\x00\x19\xfa")
    assert sorted(path.name for path in folder.iterdir()) == ["0001.png", "0002.png", "0003.png"]
    pictures = [path.read_bytes() for path in sorted(folder.iterdir())]
    sizes = [Image.open(io.BytesIO(picture)).size for picture in pictures]
    assert sizes == [(480, 320), (480, 320), (384, ROWS + 30)]
