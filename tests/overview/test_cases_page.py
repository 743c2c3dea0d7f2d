"""The page of cases by keys: one side holds, whom to ring, what was closed before, by whom."""

import json
import tomllib
from dataclasses import replace

import msgspec

from station_app.journal.kinds import CaseClosed
from station_app.journal.log import FactLog
from station_app.journal.verify import verify
from station_app.overview.case_column import KnownCases, closing_words
from station_app.overview.case_list import count_cases
from station_app.overview.case_past import closed_in
from station_app.services.inquiries.facts import InquiryMade, InquiryWords
from station_app.services.inquiries.rules import Inquiry
from station_app.vocabulary import VOCABULARY
from tests.conftest import ROOT
from tests.overview.journals import TestJournal
from tests.overview.quarrels import county_says, cut_off, handed_over, quarrel
from tests.overview.stations import MINUTE
from tests.proofs.kit import DAY


def open_cases_page(station):
    station.show_unlocked()
    station.press("F9", "Ctrl+2")
    page = station.page
    assert page.key == "overview.cases"
    return page


def closings(station):
    log = FactLog(station.connection)
    rows = station.connection.execute(
        "SELECT identity FROM facts WHERE kind = 'case.closed' ORDER BY at"
    ).fetchall()
    found = [log.by_identity(row[0]) for row in rows]
    return [msgspec.json.decode(one.body, type=CaseClosed).verdict for one in found if one]


def members(station):
    (row,) = station.connection.execute("SELECT members FROM cases").fetchall()
    return json.loads(row[0])


def primary(station):
    return station.window.action_bar.primary_button.text()


def stream_of(station, identity):
    row = station.connection.execute("SELECT stream FROM facts WHERE identity = ?", (identity,))
    return row.fetchone()[0]


def pieces(station):
    rows = station.connection.execute(
        "SELECT account, amount FROM balances WHERE account IN "
        "('Equity:Pieces:Shelf', 'Equity:Pieces:Villager') ORDER BY account"
    ).fetchall()
    return [(account.rpartition(":")[2], amount) for account, amount in rows]


def test_one_side_holds_by_alt_2_and_ctrl_z_opens_the_case_again(station):
    quarrel(station)
    page = open_cases_page(station)
    assert primary(station) == "按 1 号电脑，撤回另一边"
    station.press("Alt+2")
    station.compose("1 号电脑点错人")
    assert primary(station) == "按 2 号电脑，撤回另一边"
    station.press("Enter")
    (verdict,) = closings(station)
    assert "/D2/" in stream_of(station, verdict)
    row = station.connection.execute("SELECT body FROM facts WHERE kind = 'ending.taken_back'")
    taken_back = msgspec.json.decode(row.fetchone()[0])["ending"]
    assert "/D1/" in stream_of(station, taken_back)
    assert verify(station.connection, VOCABULARY).is_sound
    assert pieces(station) == [("Shelf", 0), ("Villager", 1)]
    assert page.column.foot.text() == "本月办完 1 件，还有 0 件"
    station.press("Ctrl+Z")
    station.hand.settle()
    assert count_cases(station.connection) == 1
    assert page.column.foot.text() == "本月还没办过，有 1 件"
    assert pieces(station) == [("Shelf", -1), ("Villager", 2)], "as both had written it"


def test_the_mouse_alone_chooses_a_side(station):
    quarrel(station)
    page = open_cases_page(station)
    second = page._cards[1]
    station.click(second.button)
    assert second.button.is_selected
    assert primary(station) == "按 2 号电脑，撤回另一边"
    station.click(page.steps.verdict.buttons[0])
    assert primary(station) == "都是真的，写进账"
    assert not second.button.is_selected


def test_whom_to_ring_is_shown_on_demand_and_goes_into_the_sentence(station):
    quarrel(station)
    page = open_cases_page(station)
    texts = " ".join(label.text() for label in page.findChildren(type(page.column.foot)))
    assert "1540000" not in texts, "nobody's number stands there unasked"
    station.press("F11")
    shown = page.steps._number_shown.text()
    assert shown.endswith("15400006003")
    assert page.steps.call.text() == "打过了"
    station.press("F11")
    assert page.remark.text() == "电话问过，"
    assert not page.steps.call.isEnabled()
    assert page.remark.line.hasFocus()
    station.press("F10")
    assert page.steps._aside.text() == "县里电话 0377-6533 0000"


def test_a_blanked_screen_shows_no_number(station):
    quarrel(station)
    page = open_cases_page(station)
    station.press("Ctrl+B", "F11")
    shown = page.steps._number_shown.text()
    assert "15400006003" not in shown
    assert shown.strip()


def test_the_list_is_narrowed_to_one_sort_of_case(station):
    quarrel(station)
    quarrel(station, "73000000000098")
    county_says(station, cut_off("D3"))
    page = open_cases_page(station)
    assert not page.column.filter.isVisible(), "one sort only: nothing to narrow"
    cases = page.column.known.cases
    waits = replace(cases[0], case="branch.waits", entity="NX0601/D3/x", accounts=(), is_view=True)
    page.column.show_known(KnownCases((*cases, waits)))
    assert page.column.filter.text() == "全部 3"
    station.press("Ctrl+F")
    assert page.column.filter.text() == "只看货 2"
    assert len(page.list.rows_model.rows) == 2
    station.press("Ctrl+F")
    assert (page.column.filter.text(), page.current().case) == ("只看电脑 1", "branch.waits")
    station.press("Ctrl+F")
    assert page.column.filter.text() == "全部 3"


def test_where_money_was_taken_twice_one_key_makes_the_other_a_refund_that_is_due(station):
    quarrel(station, cod_fen=8_600)
    page = open_cases_page(station)
    assert primary(station) == "按 1 号电脑，记该退 ¥86.00"
    steps = [page.steps._steps.itemAtPosition(row, 1).widget().text() for row in (0, 1)]
    assert steps[1] == "¥86.00 收了两回的，不算数的那边记成该退，再去「应退款」退给本人"
    close_by_keys(station, "问过，多收了一回")
    assert count_cases(station.connection) == 0
    assert owed(station) == [("Held:COD:ZTO:Here", -8_600), ("RefundDue", -8_600)]
    assert verify(station.connection, VOCABULARY).is_sound
    station.press("Ctrl+Z")
    station.hand.settle()
    assert count_cases(station.connection) == 1
    assert owed(station) == [("Held:COD:ZTO:Here", -17_200)]


def owed(station):
    rows = station.connection.execute(
        "SELECT account, amount FROM balances WHERE account LIKE 'Liabilities:%' AND amount != 0 "
        "AND commodity = 'CNY' ORDER BY account"
    ).fetchall()
    short = [(name.removeprefix("Liabilities:"), amount) for name, amount in rows]
    return [(name if name.startswith("Held") else "RefundDue", amount) for name, amount in short]


def close_by_keys(station, words):
    station.compose(words)
    station.press("Enter")


def test_a_member_that_comes_later_opens_it_again_and_the_first_answer_is_shown(station):
    parcel = quarrel(station)
    asks(station, parcel)
    page = open_cases_page(station)
    station.compose("两边都问过了")
    station.press("Ctrl+R")
    close_by_keys(station, "2 号电脑点错人")
    assert count_cases(station.connection) == 0
    folder = station.folder.parent / "third"
    folder.mkdir()
    third = TestJournal(folder, "D3", seed=5)
    log = FactLog(station.connection)
    for head in log.heads():
        third.take(list(log.all_of(head.stream)))
    third.say(handed_over(parcel, slip=3), at=station.clock.at_ms + 20 * MINUTE)
    facts = list(FactLog(third.connection).all_of(third.stream))
    station.premises.session.write(lambda recorder: recorder.take(facts))
    third.session.close()
    page.refresh(())
    station.hand.settle()
    assert count_cases(station.connection) == 1
    said = page._banner._small.text()
    assert "按 1 号电脑·2 号电脑点错人" in said
    assert said.endswith("又来了新情况，再看一眼")
    assert len(page._cards) == 2, "what was taken back is no side any more"
    station.press("Alt+2")
    assert primary(station) == "按 3 号电脑，撤回另一边"


def test_what_the_county_decided_is_listed_as_its_word(station):
    parcel = quarrel(station)
    held = members(station)
    body = CaseClosed(case="parcels.closed_twice", members=tuple(held), verdict=held[0], day=DAY)
    county_says(station, body, entity=parcel)
    page = open_cases_page(station)
    assert count_cases(station.connection) == 0
    (closed,) = page.column.known.lately
    assert closed.by_county
    side = stream_of(station, held[0]).split("/")[1].lstrip("D")
    assert closing_words(page.counter, closed) == f"县里定的：按 {side} 号电脑"
    assert closed_in(station.connection, DAY).closed == 1
    assert closed_in(station.connection, "2026-10-01").closed == 0


def test_every_kind_of_case_says_what_to_do():
    folder = ROOT / "resources" / "texts" / "zh_CN"
    todo = set(tomllib.loads((folder / "overview.todo.toml").read_text("utf-8")))
    rules = "".join(
        path.read_text("utf-8") for path in (ROOT / "station_app" / "services").glob("*/*.py")
    )
    kinds = [
        f"{path.stem}_{name}"
        for path in folder.glob("*.toml")
        for name in tomllib.loads(path.read_text("utf-8")).get("case", {})
        if f'"{path.stem}.{name}"' in rules
    ]
    assert len(kinds) >= 35
    assert [kind for kind in kinds if f"{kind}_1" not in todo] == []
    named = {name.rpartition("_")[0] for name in todo} - {"other"}
    assert named - set(kinds) == set(), "steps for a case that there is not"


def asks(station, parcel, words="谁拿的"):
    """Let the county ask about the quarrel over a parcel."""
    body = InquiryMade(case="parcels.closed_twice", about=parcel, day=DAY)
    county_says(station, body, private=InquiryWords(words=words, salt="A" * 16))


def test_the_county_asks_and_the_sentence_goes_back_by_one_key(station):
    asks(station, quarrel(station))
    page = open_cases_page(station)
    banner = page._banner
    assert "县里问：谁拿的" in banner._small.text()
    station.press("Ctrl+R")
    assert answers(station) == [], "without a word nothing leaves"
    station.compose("他儿子拿的")
    station.press("Ctrl+R")
    assert answers(station) == ["他儿子拿的"]
    assert count_cases(station.connection) == 1, "it is still to be decided"
    assert banner._small.text() == "县里问过，回了：他儿子拿的"
    assert page.remark.text() == ""
    assert verify(station.connection, VOCABULARY).is_sound
    station.press("Ctrl+Z")
    station.hand.settle()
    assert answers(station) == []
    assert "县里问：谁拿的" in banner._small.text()


def test_what_the_county_asked_is_not_on_a_blanked_screen(station):
    asks(station, quarrel(station))
    page = open_cases_page(station)
    station.press("Ctrl+B")
    assert page._banner._small.text() == "县里问了一句，解开屏幕看"


def answers(station):
    rows = station.connection.execute("SELECT data FROM states WHERE kind = 'inquiry'")
    return [one.words for row in rows for one in msgspec.json.decode(row[0], type=Inquiry).answers]
