"""How sending stands, in words: every state of the line, and what turns amber by itself."""

import pytest

from station_app.journal.fact import Saying
from station_app.overview.sync_view import (
    GROUPS,
    LINES,
    PcSign,
    Standing,
    Waiting,
    WaitingMemory,
    count_quarantined,
    group_of,
    standing_of,
    waiting_facts,
)
from station_app.overview.sync_words import (
    ICONS_OF_GROUPS,
    attempt_line,
    banner_words,
    cause_words,
    headline,
    receipt_words,
    strip_line,
    waiting_words,
)
from station_app.services.parcels.facts import ParcelShelved, Receiver
from station_app.services.people.facts import PersonDetails, PersonRegistered
from station_app.sync import causes
from station_app.sync.progress import Attempt, LastReceipt, SyncStatus
from station_app.values.day import DAY_MS
from tests.overview.journals import DAY, MORNING

HOUR = 3_600_000
NOW = MORNING + 42 * 60_000
WAITING = (
    Waiting("parcels", 31, 41_900, NOW - 3 * HOUR),
    Waiting("money", 9, 12_000, NOW - 2 * HOUR),
)
OFFLINE = Standing(
    line="offline",
    since=NOW - 192 * 60_000,
    waiting=WAITING,
    last_success_at=MORNING - 150 * 60_000,
    next_try_at=NOW + 79_500,
)


def test_offline_says_first_that_work_goes_on(texts):
    head = headline(texts, OFFLINE, NOW)
    assert head.tone == "offline"
    assert head.words == "断网 3 小时 12 分，照常办业务就行"
    assert head.small == "40 笔存在本机，来网自动传。上次传成 06:30，下次再试 1 分 20 秒后。"
    assert banner_words(texts, OFFLINE) == "没网也能照常办。40 笔先存在本机，来网自动传。"
    assert strip_line(texts, OFFLINE, NOW).words == "断网 3 小时 12 分·可照常办·40 笔待传"


def test_offline_with_nothing_to_send(texts):
    standing = Standing(line="offline", since=NOW - HOUR)
    head = headline(texts, standing, NOW)
    assert head.small == "没有要传的，来网自动收县里资料。还没传成过。"
    assert banner_words(texts, standing) == "没网也能照常办。来网自动传。"


def test_all_sent(texts):
    standing = Standing(line="online", since=NOW - HOUR, last_success_at=NOW - 60_000)
    head = headline(texts, standing, NOW)
    assert (head.tone, head.words) == ("ok", "都传完了")
    assert banner_words(texts, standing) == ""
    assert strip_line(texts, standing, NOW).words == "已同步 今天 09:41"


def test_waiting_with_a_line_is_calm_at_first_and_turns_amber_by_itself(texts):
    fresh = Standing(
        line="online", since=NOW - HOUR, waiting=WAITING[:1], last_success_at=NOW - HOUR
    )
    assert headline(texts, fresh, NOW).tone == "queued"
    late = headline(texts, fresh, NOW + 3 * HOUR)
    assert (late.tone, late.words) == ("warn", "4 小时没有县里的消息了")
    assert strip_line(texts, fresh, NOW + 3 * HOUR).tone == "warn"


def test_offline_for_days_stays_blue(texts):
    assert headline(texts, OFFLINE, NOW + 10 * DAY_MS).tone == "offline"


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing("busy", NOW, sent=12, to_send=47), "正在传，第 12 笔，共 47 笔"),
        (Standing("busy", NOW), "正在跟县里对一下"),
        (Standing("alone", NOW), "这台还没跟县里连过"),
        (Standing("held_up", NOW, cause="revoked"), "传不了，有一样要先看"),
    ],
)
def test_other_states_of_the_line(texts, standing, words):
    assert headline(texts, standing, NOW).words == words
    assert strip_line(texts, standing, NOW).words


def test_a_cause_that_nobody_foresaw_is_still_a_sentence(texts):
    head = headline(texts, Standing("held_up", NOW, cause="E_0x20"), NOW)
    assert head.small == "没传成，自动再试。业务照常办。"
    assert attempt_line(texts, Attempt(NOW, "E_0x20")).words == "没传成，自动再试"


@pytest.mark.parametrize(
    ("attempt", "tone", "words"),
    [
        (Attempt(NOW, "sent", 12, 214), "ok", "传了 12 笔，收了 214 条"),
        (Attempt(NOW, "sent", 63), "ok", "传了 63 笔"),
        (Attempt(NOW, "sent", 0, 3), "ok", "收了县里 3 条"),
        (Attempt(NOW, "sent"), "ok", "都一样，没有要传的"),
        (Attempt(NOW, "no_line"), "offline", "没连上县里"),
        (Attempt(NOW, "cut_off", 9), "offline", "传到一半断了，9 笔已收到"),
        (Attempt(NOW, "captive_portal"), "warn", "网要先登录，找村部问密码"),
    ],
)
def test_tries_in_words(texts, attempt, tone, words):
    line = attempt_line(texts, attempt)
    assert (line.tone, line.words) == (tone, words)


def test_every_cause_has_a_sentence_of_its_own(texts):
    words = {cause_words(texts, cause) for cause in causes.CAUSES}
    assert len(words) == len(causes.CAUSES)
    assert cause_words(texts, "failed") not in words


def test_the_receipt_says_how_much_of_this_pc_the_county_holds_over_all_its_starts(texts):
    mine, clone = "NX0601/D1/0123456789abcdef", f"NX0601/D1/{'1' * 16}~{'2' * 16}"
    marks = {mine: 12_000, f"NX0601/D1/{'1' * 16}": 165, clone: 9, f"NX0601/D2/{'3' * 16}": 50}
    held = Standing(
        "online",
        NOW,
        pcs=(PcSign("D1", NOW, 0, is_here=True), PcSign("D2", NOW, 0)),
        receipt=LastReceipt(165, "7f3a", MORNING),
        marks=marks,
    )
    assert receipt_words(texts, held, NOW) == (
        "县里收到本机 12165 笔",
        "回执 7f3a… 09:00",
    )
    assert receipt_words(texts, Standing("alone", NOW), NOW)[0] == "县里还没给过回执"


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("courier.paid", "money"),
        ("account.repaid", "money"),
        ("county_money.received", "money"),
        ("bag.opened", "parcels"),
        ("sending.accepted", "parcels"),
        ("contract.agreed", "produce"),
        ("private.erased", "people"),
        ("act.reversed", "rest"),
    ],
)
def test_what_waits_stands_under_its_own_word(kind, group):
    """What a courier was paid, and what was bought on account, waited under 其他."""
    assert group_of(kind) == group


def test_groups_are_worded_and_pictured(texts):
    for group in GROUPS:
        assert waiting_words(texts, Waiting(group, 1, 2, NOW), NOW)[0]
        assert ICONS_OF_GROUPS[group]
    assert {"parcels", "money", "rest"} == {
        group_of(kind) for kind in ("parcel.shelved", "shift.closed", "drone.landed")
    }
    assert len(LINES) == 5


def test_what_waits_is_counted_from_the_journal_beyond_the_receipt(journal):
    def shelved(serial):
        body = ParcelShelved(
            courier="ZTO", waybill=f"7300000000{serial:04}", after="", shelf="B", layer=2,
            serial=serial, size="M", cod_fen=0, freight_fen=0, person="", day=DAY,
        )  # fmt: skip
        return Saying(body, Receiver(name="曾例兰", tail="1006"))

    for serial in range(3):
        journal.say(shelved(serial), at=MORNING + serial * 60_000)
    journal.say(
        Saying(PersonRegistered(code="", day=DAY), PersonDetails(name="沈例娥")), at=MORNING
    )
    parcels, people = waiting_facts(journal.connection, {journal.stream: 1})
    assert (parcels.group, parcels.facts, parcels.oldest_at) == ("parcels", 2, MORNING + 60_000)
    assert parcels.size > 200
    assert (people.group, people.facts) == ("people", 1)
    assert waiting_facts(journal.connection, {journal.stream: 4}) == ()
    assert [w.facts for w in waiting_facts(journal.connection, {})] == [3, 1]


def test_what_the_conversation_knows_is_joined_with_what_the_journal_counts(journal):
    status = SyncStatus("offline", NOW, cause="no_line", attempts=(Attempt(NOW, "no_line"),))
    standing = standing_of(status, WAITING, count_quarantined(journal.connection))
    assert (standing.line, standing.cause, standing.attempts) == (
        "offline", "no_line", status.attempts,
    )  # fmt: skip
    assert (standing.facts_waiting, standing.quarantined) == (40, 0)
    assert standing.oldest_at == NOW - 3 * HOUR


class Reading:
    """Passes queries on, and remembers which facts they looked at."""

    def __init__(self, journal):
        self._journal = journal
        self.looked_at = 0

    def execute(self, sql, parameters=()):
        if "FROM facts" in sql:
            self.looked_at += parameters[2] - parameters[1]
        return self._journal.connection.execute(sql, parameters)

    def executemany(self, sql, parameters):
        return self._journal.connection.executemany(sql, parameters)


def test_each_fact_that_waits_is_counted_once(journal):
    def register(name):
        details = PersonDetails(name=name)
        journal.say(Saying(PersonRegistered(code="", day=DAY), details), at=MORNING)

    reading, memory = Reading(journal), WaitingMemory()
    for number in range(5):
        register(f"王示{number}")
    assert [w.facts for w in memory.count(reading, {})] == [5]
    register("沈例娥")
    assert memory.count(reading, {}) == waiting_facts(journal.connection, {})
    assert [w.facts for w in memory.count(reading, {})] == [6]
    assert reading.looked_at == 6
    held = {journal.stream: 4}
    assert memory.count(reading, held) == waiting_facts(journal.connection, held)
    assert memory.count(reading, {journal.stream: 6}) == ()
    journal.restart()
    register("曾例兰")
    assert [w.facts for w in memory.count(reading, {})] == [7]
