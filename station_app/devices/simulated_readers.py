"""Which simulated reader understands which language."""

from collections.abc import Callable

from station_app.devices.simulated_cpcl import CpclReader
from station_app.devices.simulated_escpos import EscPosReader
from station_app.devices.simulated_paper import Mechanism, Reader
from station_app.devices.simulated_tspl import TsplReader
from station_app.devices.simulated_zpl import ZplReader

READERS: dict[str, Callable[[Mechanism, Callable[[bytes], None]], Reader]] = {
    "escpos": EscPosReader,
    "tspl": TsplReader,
    "zpl": ZplReader,
    "cpcl": CpclReader,
}
