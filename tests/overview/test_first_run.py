"""Before there is a station: the one-time code, and the start check; by keys and scans."""

import pytest

from station_app.overview.doctor import DoctorWork
from station_app.overview.enrolment import (
    ASKED,
    DONE,
    OWN_OUTCOMES,
    SIGNS,
    STICK_OUTCOMES,
    EnrolmentWork,
    EnrolOutcome,
    outcome_words,
)
from station_app.overview.examination import Signs
from station_app.sync import causes
from station_app.values.day import DAY_MS
from tests.overview.seen import words as seen_words
from tests.overview.stations import PIN
from tests.overview.test_enrol_code import CODE

# --- The code ------------------------------------------------------------------------------------


class County:
    """Answers an enrolment as it is told to, when it is told to."""

    def __init__(self, state=DONE):
        self.state = state
        self.asked = []
        self.enrolled = []
        self.waiting = None
        self.is_slow = False

    def enrol(self, address, code):
        self.asked.append((address, code))
        return EnrolOutcome(self.state, "NX0601", "柳荫洼村站")

    def run(self, work, then):
        self.waiting = lambda: then(work())
        if not self.is_slow:
            self.waiting()

    def by_stick(self, address, code):
        self.asked.append(("stick", address, code))
        return EnrolOutcome(self.state, "NX0601", "柳荫洼村站")

    def work(self, **more):
        return EnrolmentWork(enrol=self.enrol, run=self.run, enrolled=self.enrolled.append, **more)


@pytest.fixture
def county():
    return County()


def verdict(station):
    return station.page.verdict.words


def test_a_code_that_is_typed_whole_and_an_address_enrol_the_pc(station, county):
    station.show_first(county.work())
    assert station.page.boxes.hasFocus()
    station.type(CODE.lower())
    assert verdict(station).startswith("码对")
    button = station.page._next
    assert button.reason == "写上县里的地址，纸上印着"
    station.press("Enter")
    assert county.asked == []
    station.page.address.line.setFocus()
    station.type("xian.example")
    station.press("Enter")
    assert county.asked == [("https://xian.example", CODE)]
    assert county.enrolled == [EnrolOutcome(DONE, "NX0601", "柳荫洼村站")]
    assert station.page.boxes.text() == ""


def test_the_countys_paper_fills_everything_with_one_scan(station, county):
    station.show_first(county.work())
    station.scan(f"https://xian.example#{CODE}")
    assert station.page.boxes.text() == CODE
    assert station.page.address.text().lower() == "https://xian.example"
    assert county.asked == []
    station.press("Enter")
    assert county.asked[0][1] == CODE


def test_a_pc_that_becomes_another_one_with_its_journal_is_told_so(station, county):
    """It was headed as a new station, and somebody feared for her books."""
    station.show_first(county.work(is_again=True))
    shown = seen_words(station)
    assert "重新开通这台" in shown
    assert "账本都留着" in shown
    assert "开通新站" not in shown


def test_another_code_is_refused_in_words_and_the_typed_signs_stay(station, county):
    station.show_first(county.work())
    station.type(CODE[:7])
    station.scan("73000000000017")
    assert verdict(station) == "扫到的不是开通码。扫县里给的那张纸"
    assert station.page.boxes.text() == CODE[:7]


def test_a_slip_is_told_before_the_net_is_asked(station, county):
    station.show_first(county.work(address="https://xian.example"))
    station.type(CODE[:10] + "8" + CODE[11:])
    assert verdict(station) == "码不对：看看 第 11 位是 B 还是 8"
    station.press("Enter")
    assert county.asked == []
    assert not station.page._next.isEnabled()


def test_while_typing_it_says_how_many_are_missing(station, county):
    station.show_first(county.work(address="https://xian.example"))
    station.type(CODE[:-2])
    assert verdict(station) == "还差 2 位"
    assert len(CODE) == SIGNS


def test_practice_is_offered_before_and_what_was_typed_stays(station, county):
    began = []
    work = county.work(practise=lambda lesson, then: began.append((lesson, then)))
    station.show_first(work)
    station.type("VEAB")
    typed = station.page.boxes.text()
    station.press("F10")
    ((lesson, over),) = began
    assert lesson == 0
    assert verdict(station) == "正在练习。练完了那边按 Esc 回来"
    over("")
    assert station.page.boxes.text() == typed
    assert "还" in verdict(station)
    station.press("F10")
    began[-1][1]("练习的窗口还开着，先关那一个")
    assert verdict(station) == "练习的窗口还开着，先关那一个"


def test_a_wrong_address_gets_a_sentence_and_stays(station, county):
    station.show_first(county.work())
    station.type(CODE)
    station.page.address.line.setFocus()
    station.type("xian example")
    station.press("Enter")
    assert station.page.address.fault == "地址不对，要像 https://xian.example 这样"
    assert station.page.address.text() == "xian example"
    assert county.asked == []


def test_while_the_county_is_asked_nothing_can_be_asked_twice(station, county):
    county.is_slow = True
    station.show_first(county.work(address="https://xian.example"))
    station.type(CODE)
    station.press("Enter", "Enter")
    assert verdict(station) == "正在跟县里办，慢网要几分钟，不用管"
    assert not station.page.boxes.isEnabled()
    county.waiting()
    assert len(county.asked) == 1


@pytest.mark.parametrize("state", ["used", "expired", "no_line", "captive_portal", "E_0x20"])
def test_every_bad_end_says_what_to_do_and_can_be_tried_again(station, county, state, texts):
    county.state = state
    station.show_first(county.work(address="https://xian.example"))
    station.type(CODE)
    station.press("Enter")
    assert verdict(station) == outcome_words(texts, state)
    assert station.page.boxes.text() == CODE
    assert station.page._next.text() == "再试一次"
    station.press("Enter")
    assert len(county.asked) == 2
    assert county.enrolled == []


def test_every_outcome_has_a_sentence_of_its_own(texts):
    outcomes = (*OWN_OUTCOMES, *causes.CAUSES)
    assert [o for o in outcomes if not texts.has(f"overview.enrol.outcome.{o}")] == []
    assert len({outcome_words(texts, outcome) for outcome in outcomes}) == len(outcomes)


# --- The start check -----------------------------------------------------------------------------


def test_a_pc_in_order_shows_no_check(station):
    station.hire()
    station.show()
    assert station.page.key == "overview.lock"


def test_what_is_wrong_comes_before_the_lock_and_bars_nothing(station):
    station.hire()
    station.signs = Signs(now_ms=station.clock.at_ms, built_ms=1, free_bytes=1_000_000_000)
    station.show()
    assert station.page.key == "overview.doctor"
    station.press("Esc")
    assert station.page.key == "overview.lock"
    station.type(PIN)
    assert station.page.key == "overview.today"


def test_a_key_does_what_helps_and_looks_again(station):
    station.hire()
    now = station.clock.at_ms
    station.signs = Signs(now_ms=now, built_ms=1, county_ms=now + 3 * DAY_MS, put_back=True)
    done = []

    def set_clock():
        done.append("clock")
        station.signs = Signs(now_ms=now, built_ms=1, put_back=True)

    station.remedies = {"clock": set_clock, "sync": lambda: done.append("sync")}
    station.show()
    assert station.page._next.text() == "调好钟，接着查"
    station.press("Enter")
    assert done == ["clock"]
    assert [f.name for f in station.page._found.findings] == ["put_back_unknown"]
    station.press("1")
    assert done == ["clock", "sync"]


def test_without_a_remedy_there_is_no_dead_button(station):
    station.hire()
    station.signs = Signs(now_ms=station.clock.at_ms, built_ms=1, free_bytes=1)
    station.show()
    assert station.page._next.text() == "开门"
    station.press("1")
    assert station.page.key == "overview.doctor"
    station.press("Enter")
    assert station.page.key == "overview.lock"


def test_the_check_is_there_again_under_f1(station):
    station.show_unlocked()
    station.press("F1", "Ctrl+5")
    assert station.page.key == "overview.doctor"
    assert station.page._heading.text() == "都好，可以开门"
    assert station.page._line.text() == "左边这些都看过了，没有要办的。"
    station.press("Enter")
    assert not station.window.is_locked()


def test_a_database_that_cannot_be_read_keeps_the_door_shut(station):
    opened = []
    work = DoctorWork(
        look=lambda: Signs(now_ms=1, built_ms=1, damaged="station.db", damage="page 12"),
        actions={},
        opened=lambda: opened.append(True),
        now=lambda: station.clock.at_ms,
        county_phone=lambda: "0377-6533 0000",
    )
    station.show_closed(work)
    assert station.page._heading.text() == "账本打不开，先别办业务"
    assert station.page._line.text() == "里面的账还在，别删任何东西，先打县里电话。"
    for key in ("Enter", "Esc", "1", "F2"):
        station.press(key)
    station.scan("73000000000017")
    assert opened == []
    assert station.page.key == "overview.doctor"


# --- By stick ------------------------------------------------------------------------------------


def test_without_a_line_one_key_writes_the_request_and_says_what_next(station, county):
    county.state = ASKED
    station.show_first(county.work(by_stick=county.by_stick))
    station.type(CODE)
    station.press("Ctrl+U")
    assert county.asked == [("stick", "", CODE)]
    assert verdict(station) == "申请写在 U 盘上了。拿去县里办，带回来插上再按 Ctrl+U"
    assert county.enrolled == []


def test_the_answer_needs_no_code_any_more(station, county):
    station.show_first(county.work(by_stick=county.by_stick))
    station.press("Ctrl+U")
    assert county.asked == [("stick", "", "")]
    assert county.enrolled == [EnrolOutcome(DONE, "NX0601", "柳荫洼村站")]


@pytest.mark.parametrize("state", STICK_OUTCOMES)
def test_what_goes_wrong_with_the_stick_is_a_sentence_and_the_code_stays(station, county, state):
    county.state = state
    station.show_first(county.work(by_stick=county.by_stick))
    station.type(CODE)
    station.press("Ctrl+U")
    assert verdict(station) == outcome_words(station.texts, state)
    assert station.page.boxes.text() == CODE
    assert county.enrolled == []
