"""Signing on the screen at a hand-over: by mouse, kept as a picture beside the act, optional."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from station_app.journal import blobs
from station_app.journal.store import transaction
from station_app.security.pictures import cleaned
from station_app.services.parcels import records
from station_app.services.pictures.records import pictures_beside
from station_app.shell.counter import Notice
from station_app.shell.photos import MadePhoto, ShownPhoto

ZTO = "73000000000017"


class Photos:
    """The photos of this station's journal, without threads: `photo_desk` has its own tests."""

    def __init__(self, connection):
        self.connection, self.is_full = connection, False

    def make(self, _key, content, then):
        then(MadePhoto(cleaned(content).content))

    def keep(self, made, then):
        if self.is_full:
            then("")
            return
        with transaction(self.connection):
            name = blobs.put(self.connection, made.content, at=1)
        then(name)

    def show(self, name, then):
        then(ShownPhoto(blobs.get(self.connection, name) or b"", "here"))

    def named_by(self, entity):
        own = blobs.names_of(self.connection, entity)
        return tuple(dict.fromkeys((*own, *pictures_beside(self.connection, entity))))


@pytest.fixture
def signing(station):
    shop = station.shop
    station.photos = Photos(shop.connection)
    object.__setattr__(station.outfit, "photos", station.photos)
    wang = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    station.parcel = shop.shelve(ZTO, person=wang, shelf="B", layer=2)
    station.press("F3")
    station.scan(ZTO)
    station.press("8")
    return station


def test_no_toast_lies_where_she_signs(signing):
    """A stroke there undid what the toast spoke of."""
    for number in (1, 2):
        signing.window.toast(Notice(f"A-1-0{number} 王秀兰 标签打着", act=f"ACT{number}"))
    signing.hand.settle()
    pad, area = signing.page.signing.pad, signing.window.toasts
    there = QRect(pad.mapToGlobal(QPoint(0, 0)), pad.size())
    over = QRect(area.mapToGlobal(QPoint(0, 0)), area.size())
    assert len(area.toasts) == 2
    assert not there.intersects(over)


def draw(pad):
    """Sign in two strokes, as a hand does."""
    for begin, end in (((60, 60), (200, 110)), ((90, 120), (240, 60))):
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*begin))
        for step in range(1, 11):
            x = begin[0] + (end[0] - begin[0]) * step // 10
            y = begin[1] + (end[1] - begin[1]) * step // 10
            QTest.mouseMove(pad, QPoint(x, y))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*end))


def test_whoever_takes_a_parcel_signs_and_the_picture_stays_with_it(signing):
    pad = signing.page.signing.pad
    assert "请 王秀兰 签名" in signing.words()
    assert signing.primary == ("签好了", False)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton)
    assert signing.primary == ("签好了", False), "a tap is no signature"
    draw(pad)
    assert signing.primary == ("签好了", True)
    for height in (690, 768):
        signing.window.resize(1366, height)
        signing.hand.settle()
        signing.assert_fits()
    if os.environ.get("SENSES_PICTURES"):
        signing.picture(Path(os.environ["SENSES_PICTURES"]), "signing")
    signing.press("Enter", "Enter")
    (name,) = blobs.names_of(signing.shop.connection, signing.parcel)
    content = blobs.get(signing.shop.connection, name) or b""
    with Image.open(io.BytesIO(content)) as kept:
        dots = kept.convert("L").tobytes()
    dark = sum(1 for dot in dots if dot < 128)
    assert 500 < dark < len(dots) // 10, "ink on white"
    rows = signing.shop.connection.execute(
        "SELECT kind, act FROM facts WHERE kind IN ('signature.taken', 'parcel.handed_over')"
    ).fetchall()
    assert {row[0] for row in rows} == {"signature.taken", "parcel.handed_over"}
    assert len({row[1] for row in rows}) == 1, "one act"
    assert signing.page.handed_over._signature.has_photo


def test_it_may_stay_on_the_paper_and_a_full_disk_stops_nobody(signing):
    signing.press("Esc")
    assert signing.page.mode == "serving"
    assert signing.page.handing.check == "signature"
    signing.press("6", "8")
    draw(signing.page.signing.pad)
    signing.press("Del")
    assert signing.primary == ("签好了", False)
    draw(signing.page.signing.pad)
    signing.photos.is_full = True
    signing.press("Enter")
    assert "磁盘快满了" in signing.toasts[-1]
    signing.press("Enter")
    kinds = {row[0] for row in signing.shop.connection.execute("SELECT kind FROM facts")}
    assert "parcel.handed_over" in kinds
    assert "signature.taken" not in kinds


@pytest.mark.parametrize(
    ("key", "check"),
    [("6", "phone_tail"), ("7", "id_tail"), ("8", "signature"), ("9", "known")],
)
def test_where_nothing_can_be_kept_each_check_is_one_digit_and_no_photo_is_offered(
    station, key, check
):
    shop = station.shop
    parcel = shop.shelve(ZTO, person=shop.villager("王秀兰", "13800006021"))
    station.press("F3")
    station.scan(ZTO)
    station.press(key, "F11")
    assert station.page.mode == "serving"
    station.press("Enter")
    handed = records.parcel_state(shop.connection, parcel)
    assert handed is not None
    assert (handed.status, handed.check) == ("handed_over", check)
