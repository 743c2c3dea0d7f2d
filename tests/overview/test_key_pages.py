"""Before there is a journal: where its key is kept, the passphrase, the way back by the county."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from station_app.overview import first_window
from station_app.overview.key_choice import KeyChoiceWork
from station_app.overview.keyring_gone import KeyringGoneWork
from station_app.overview.passphrase import PassphraseWork
from station_app.overview.recovery import RecoveryWork, Shown
from station_app.security import key_place
from station_app.security.key_store import DATABASE, WrappedFileStore
from station_app.security.passphrases import Tries, unlock
from station_app.security.pins import Locked, WrongPin
from tests.proofs.kit import SeededChance

SECRET = "you tao gou 3000 mu"
PASSPHRASE_FILE = key_place.PASSPHRASE_FILE


def at_once(work: Callable[[], Any], then: Callable[[Any], None]) -> None:
    then(work())


def show(station, make, work, size=(1366, 768)):
    station._show_without_journal(make(station._first_parts(), work), size)


def pad_type(station, text: str) -> None:
    """Type with the mouse alone, on the keys of the page."""
    keys = {
        button.text(): button for button in station.page.pad.findChildren(type(station.page._next))
    }
    for sign in text:
        station.click(keys[sign])


# --- Where the key is kept -----------------------------------------------------------------------


class Kept:
    """Keeps what was chosen, in real files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chosen: list[tuple[str, str]] = []
        self.done = 0
        self.fails = ""

    def keep(self, way: str, passphrase: str) -> str:
        self.chosen.append((way, passphrase))
        return self.fails

    def kept(self) -> None:
        self.done += 1

    def work(self, **more) -> KeyChoiceWork:
        return KeyChoiceWork(keep=self.keep, kept=self.kept, run=at_once, **more)


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path)


def test_a_passphrase_is_typed_twice_and_its_strength_is_said(station, kept):
    show(station, first_window.key_choice_window, kept.work())
    assert station.page.secret.line.hasFocus()
    station.type("abc123")
    assert station.page._strength.text() == "口令太短，至少 10 个字符"
    station.press("Enter")
    station.page.secret.line.clear()
    station.type("aaaaaaaaaaaa")
    assert station.page._strength.text() == "口令太好猜，别用连号、重复的。换一个"
    station.page.secret.line.clear()
    station.type("youtaogou3")
    assert station.page._strength.text() == "还行，再长一点更牢"
    assert station.page._next.reason == "下一格再输一次"
    station.page.secret.line.clear()
    station.type(SECRET)
    assert station.page._strength.text() == "很牢"
    QTest.keyClick(station.page.secret.line, Qt.Key.Key_Tab)
    assert station.page.again.line.hasFocus()
    station.type("you tao gou 4")
    assert station.page._next.reason == "两次输的不一样，再输一次下面的"
    station.press("Enter")
    assert kept.chosen == []
    station.page.again.line.clear()
    station.type(SECRET)
    station.press("Enter")
    assert kept.chosen == [("passphrase", SECRET)]
    assert (kept.done, station.page.secret.secret()) == (1, "")


def test_the_signs_are_hidden_until_one_asks_for_them(station, kept):
    show(station, first_window.key_choice_window, kept.work())
    line = station.page.secret.line
    assert line.echoMode() == QLineEdit.EchoMode.Password
    station.press("F2")
    assert line.echoMode() == QLineEdit.EchoMode.Normal
    assert not line.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    station.press("F2")
    assert line.echoMode() == QLineEdit.EchoMode.Password


def test_a_file_is_taken_only_by_whoever_was_told_what_a_thief_gets(station, kept):
    show(station, first_window.key_choice_window, kept.work())
    assert not station.page._file_panel.isVisible()
    station.press("Alt+2")
    assert station.page._file_panel.isVisible()
    assert not station.page.secret.isVisible()
    assert station.page._next.text() == "我知道了，放文件里"
    station.press("Enter")
    assert kept.chosen == [("file", "")]


def test_the_mouse_alone_chooses_a_passphrase(station, kept):
    show(station, first_window.key_choice_window, kept.work())
    station.click(station.page._pad_key)
    pad_type(station, "youtaogou-3000")
    station.click(station.page.again.line)
    pad_type(station, "youtaogou-3000")
    station.click(station.page._next)
    assert kept.chosen == [("passphrase", "youtaogou-3000")]


def test_a_place_that_cannot_be_made_is_said_and_can_be_tried_again(station, kept):
    kept.fails = "没放成：硬盘满了"
    show(station, first_window.key_choice_window, kept.work())
    station.press("Alt+2", "Enter")
    assert station.page.verdict.words == "没放成：硬盘满了"
    kept.fails = ""
    station.press("Enter")
    assert (len(kept.chosen), kept.done) == (2, 1)


# --- The passphrase ------------------------------------------------------------------------------


class Guarded:
    """A real wrapped file, its tries counted on a real disk, a clock that a test moves."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / PASSPHRASE_FILE
        WrappedFileStore.create(self.path, SECRET, SeededChance(1)).put(DATABASE, bytes(32))
        self.tries = Tries(folder / key_place.TRIES_FILE)
        self.uptime = 1_000
        self.store: WrappedFileStore | None = None
        self.opened = self.forgot = 0

    def attempt(self, typed: str):
        found = unlock(
            self.path, typed, tries=self.tries, uptime_ms=self.uptime, chance=SeededChance(2)
        )
        if isinstance(found, WrongPin | Locked):
            return found
        self.store = found
        return None

    def work(self, now) -> PassphraseWork:
        return PassphraseWork(
            attempt=self.attempt,
            waiting=lambda: self.tries.waiting_ms(self.uptime),
            run=at_once,
            opened=lambda: setattr(self, "opened", self.opened + 1),
            forgotten=lambda: setattr(self, "forgot", self.forgot + 1),
            now=now,
        )


@pytest.fixture
def locked(tmp_path, monkeypatch):
    monkeypatch.setattr("station_app.security.key_store.MEMORY_KIB", 64)
    return Guarded(tmp_path)


def test_the_right_passphrase_opens_the_journal(station, locked):
    show(station, first_window.passphrase_window, locked.work(lambda: station.clock.at_ms))
    assert station.page.secret.line.hasFocus()
    station.type(SECRET)
    station.press("Enter")
    assert locked.opened == 1
    assert locked.store is not None
    assert locked.store.get(DATABASE) == bytes(32)
    assert locked.tries.failures == 0


def test_wrong_ones_are_counted_and_each_fifth_makes_one_wait(station, locked):
    show(station, first_window.passphrase_window, locked.work(lambda: station.clock.at_ms))
    for left in (4, 3, 2, 1):
        station.type("a wrong one here")
        station.press("Enter")
        assert station.page.verdict == f"口令不对，还可以试 {left} 次。看看大小写键"
    station.type("a wrong one here")
    station.press("Enter")
    assert station.page.verdict.startswith("试错太多次，等 ")
    assert not station.page.secret.line.isEnabled()
    assert locked.attempt(SECRET) == Locked(60_000)  # also the right one has to wait
    station.clock.at_ms += 60_000
    locked.uptime += 60_000
    station.page._second_passed()
    assert station.page.secret.line.isEnabled()
    station.type(SECRET)
    station.press("Enter")
    assert locked.opened == 1


def test_a_lock_counts_on_after_a_restart(station, locked):
    for _ in range(5):
        locked.attempt("a wrong one here")
    locked.uptime = 5  # the PC was switched off and on: its uptime begins anew
    show(station, first_window.passphrase_window, locked.work(lambda: station.clock.at_ms))
    assert station.page.verdict.startswith("试错太多次")
    assert not station.page.secret.line.isEnabled()


def test_the_mouse_alone_types_the_passphrase(station, tmp_path, monkeypatch):
    monkeypatch.setattr("station_app.security.key_store.MEMORY_KIB", 64)
    monkeypatch.setattr("tests.overview.test_key_pages.SECRET", "youtaogou-3000")
    locked = Guarded(tmp_path)
    show(station, first_window.passphrase_window, locked.work(lambda: station.clock.at_ms))
    station.press("F3")
    pad_type(station, "youtaogou-3000")
    assert station.page.secret.secret() == "youtaogou-3000"
    station.click(station.page._next)
    assert locked.opened == 1


def test_whoever_forgot_it_has_a_way(station, locked):
    show(station, first_window.passphrase_window, locked.work(lambda: station.clock.at_ms))
    station.press("F8")
    assert locked.forgot == 1


# --- The keyring is away -------------------------------------------------------------------------


def test_a_keyring_that_comes_back_opens_the_door(station):
    said = []
    there = [False, True]
    work = KeyringGoneWork(
        again=lambda: there.pop(0),
        back=lambda: said.append("back"),
        recover=lambda: said.append("recover"),
    )
    show(station, first_window.keyring_gone_window, work)
    station.press("Enter")
    assert station.page.verdict.words == "还是没找到。重启一下，或按 F8 找县里"
    assert said == []
    station.press("Enter")
    station.press("F8")
    assert said == ["back", "recover"]


# --- The county gives it back --------------------------------------------------------------------


class Answers:
    """Stands for the exchange; what it does with letters is tested with real ones elsewhere."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.took: list[str] = []
        self.on_stick = ("", "没看到 U 盘。插上再按一次")
        self.failed = ""
        self.taken = 0
        self.is_slow = False
        self.under_way: list[Callable[[], None]] = []

    def run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Work at once, or when the stick has thought about it."""
        self.under_way.append(lambda: then(work()))
        if not self.is_slow:
            self.under_way.pop()()

    def ask(self, copy: str) -> Shown:
        self.asked.append(copy)
        return Shown("VSQ1ABC", "1234 5678")

    def take(self, letter: str) -> str:
        self.took.append(letter)
        return self.failed

    def work(self) -> RecoveryWork:
        return RecoveryWork(
            ask=self.ask,
            take=self.take,
            save=lambda letter: f"存好了：{letter}",
            read=lambda: self.on_stick,
            taken=lambda: setattr(self, "taken", self.taken + 1),
            run=self.run,
        )


def test_an_answer_comes_by_scan(station):
    answers = Answers()
    show(station, first_window.recovery_window, answers.work())
    assert (answers.asked, station.page.digits) == ([""], "1234 5678")
    station.scan("VSA1" + "QWERTY234567" * 12)
    assert answers.took == ["VSA1" + "QWERTY234567" * 12]
    assert answers.taken == 1


def test_an_answer_comes_by_stick_and_a_wrong_one_stays_to_be_looked_at(station):
    answers = Answers()
    show(station, first_window.recovery_window, answers.work())
    station.press("F6")
    assert station.page.verdict.words == "没看到 U 盘。插上再按一次"
    answers.on_stick = ("VSA1XYZ", "")
    answers.failed = "这不是县里的回信"
    station.press("F6")
    assert station.page.answer.fault == "这不是县里的回信"
    assert (station.page.answer.text(), answers.taken) == ("VSA1XYZ", 0)


def test_the_printed_sheet_takes_the_place_of_the_file(station):
    answers = Answers()
    show(station, first_window.recovery_window, answers.work())
    station.scan("VSC1" + "ABCDEFGH" * 18)
    assert answers.asked == ["", "VSC1" + "ABCDEFGH" * 18]
    station.scan("73000000000017")
    assert station.page.verdict.words == "扫到的不是回信，也不是恢复码。看看纸上写的"


def test_a_stick_that_takes_its_time_holds_up_no_screen_and_is_asked_once(station):
    answers = Answers()
    show(station, first_window.recovery_window, answers.work())
    answers.is_slow = True
    station.press("F6", "F6", "F5")
    (read,) = answers.under_way
    assert station.page._next.reason == "正在办，不用管"
    assert not station.page._take_up.isEnabled()
    read()
    assert station.page.verdict.words == "没看到 U 盘。插上再按一次"
    assert station.page._take_up.isEnabled()
    station.press("F5")
    station.page.wait_no_longer("U 盘坏了")
    assert station.page.verdict.words == "U 盘坏了"
    assert station.page._save.isEnabled()
