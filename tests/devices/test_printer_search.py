"""Looking for printers, without a byte sent to any of them."""

import socket
import threading

from station_app.devices.printer_search import (
    FoundPort,
    knock,
    neighbours_of,
    search_network,
    usb_files,
)


def test_a_printer_on_usb_is_found_with_its_name_and_language(tmp_path):
    devices, sysfs = tmp_path / "dev", tmp_path / "sys"
    devices.mkdir()
    for name, said in {
        "lp0": "MFG:Xprinter ;CMD:TSPL2;MDL:XP-460B;CLS:PRINTER;",
        "lp1": "MANUFACTURER:POS;MODEL:80C;COMMAND SET:ESC/POS;",
        "lp2": "",
    }.items():
        (devices / name).touch()
        (sysfs / name / "device").mkdir(parents=True)
        (sysfs / name / "device" / "ieee1284_id").write_text(said)
    assert list(usb_files(devices, sysfs)) == [
        FoundPort(f"file:{devices}/lp0", "file", "Xprinter XP-460B", "tspl"),
        FoundPort(f"file:{devices}/lp1", "file", "POS 80C", "escpos"),
        FoundPort(f"file:{devices}/lp2", "file", "lp2", ""),
    ]
    assert list(usb_files(tmp_path / "none", sysfs)) == []


def test_only_the_own_private_subnet_is_searched():
    near = neighbours_of("192.168.1.20")
    assert len(near) == 253
    assert "192.168.1.20" not in near
    for outside in ("8.8.8.8", "127.0.0.1", "169.254.1.1", "", "printer"):
        assert neighbours_of(outside) == []


def test_the_search_names_what_answers_in_order_and_says_how_far_it_is():
    told: list[tuple[int, int]] = []
    found = search_network(
        "10.1.2.3",
        lambda done, of: told.append((done, of)),
        is_open=lambda host: host in ("10.1.2.200", "10.1.2.9"),
    )
    assert [port.port for port in found] == ["tcp:10.1.2.9:9100", "tcp:10.1.2.200:9100"]
    assert told[-1] == (253, 253)
    assert search_network("10.1.2.3", is_cancelled=lambda: True, is_open=lambda _h: True) == []


def test_a_knock_sends_nothing():
    with socket.create_server(("127.0.0.1", 0)) as printer:
        came: list[bytes] = []

        def listen():
            plug, _ = printer.accept()
            with plug:
                came.append(plug.recv(100))

        listener = threading.Thread(target=listen)
        listener.start()
        assert knock("127.0.0.1", printer.getsockname()[1])
        listener.join()
    assert came == [b""]
    assert not knock("127.0.0.1", 1, 0.2)
