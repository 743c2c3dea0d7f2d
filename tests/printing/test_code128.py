"""Bars that another library reads, in the shortest row of symbols there is."""

from functools import cache

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.printing import code128

PRINTABLE = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1)


def read(text, module=2):
    row = code128.symbols(text)
    width = code128.width_of(row, module)
    bits = code128.bars(row, module)
    dots = [255 * (1 - (bits >> place & 1)) for place in range(width - 1, -1, -1)]
    picture = np.tile(np.pad(np.array(dots, dtype=np.uint8), 40, constant_values=255), (60, 1))
    return [(code.text, code.format.name) for code in zxingcpp.read_barcodes(picture)]


WAYBILLS = ["78364410291755", "YT1234567890123", "SF1234567890123", "JDVA12345678901-1-1-", "9"]


@pytest.mark.parametrize("text", [*WAYBILLS, "VP0123456789ABCDEFGHI", " ~!\"#$%&'()*+,-./:;<=>?@"])
def test_a_reader_of_another_make_reads_it(text):
    assert read(text) == [(text, "Code128")]


@settings(max_examples=150)
@given(PRINTABLE.filter(lambda text: len(text) <= 24))
def test_every_printable_text_is_read(text):
    assert read(text) == [(text, "Code128")]


def shortest(text):
    """Count the symbols of every way to write the text, and return the fewest."""

    @cache
    def cost(at, is_c):
        if at == len(text):
            return 0
        ways = []
        if not is_c:
            ways.append(1 + cost(at + 1, False))
        else:
            ways.append(2 + cost(at + 1, False))
        if text[at : at + 2].isdigit() and at + 1 < len(text):
            ways.append((1 if is_c else 2) + cost(at + 2, True))
        return min(ways)

    return 1 + min(cost(0, False), cost(0, True)) + 2


@given(st.text(alphabet="A19-", min_size=1, max_size=18))
def test_no_row_is_shorter(text):
    assert len(code128.symbols(text)) == shortest(text)


def test_fourteen_digits_fit_the_label():
    row = code128.symbols("78364410291755")
    assert code128.width_of(row, 3) == 336


@pytest.mark.parametrize("text", ["", "运单", "a\x1b", "é"])
def test_what_has_no_bars_is_refused(text):
    assert not code128.is_encodable(text)
    with pytest.raises(code128.NotEncodable):
        code128.symbols(text)
