"""One piece, two sides: what is taken back when a case is closed, and what the visit is then."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from station_app.journal.fact import Saying
from station_app.services.cash.facts import PaymentTaken, Tender
from station_app.services.parcels import records
from station_app.services.parcels.case_telling import CaseTelling
from station_app.services.parcels.commands import (
    MoveParcel,
    ReturnParcels,
    TakeEndingBack,
    TakeShelvingBack,
)
from station_app.services.parcels.facts import (
    EndingTakenBack,
    ParcelCodCorrected,
    ParcelHandedOver,
    ParcelReturned,
    ParcelShelved,
    ShelvingTakenBack,
)
from station_app.services.parcels.taking_back import (
    TakingBack,
    Unshelving,
    take_ending_back,
    take_shelving_back,
)
from station_app.services.parcels.visits import Ending, Parcel
from station_app.shell.desk import Done
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.services.parcels.shop import TEXTS, Shop, shops
from tests.services.parcels.test_visits import TABLES, WAYBILL, cases

NOW = Now(at=1_764_000_000_000, day="2026-11-25", operator="", device="D1", station="NX0601")
HANDED = ParcelHandedOver(
    courier="ZTO", taken_by="self", check="known", cod_fen=0, freight_fen=0, slip=1,
    day="2026-11-23",
)  # fmt: skip
BACK = ParcelReturned(courier="ZTO", reason="refused", day="2026-11-24")
TWICE = Parcel(
    courier="ZTO", shelf="B", layer=2, serial=8, status="handed_over", founders=("f", "g"),
    closings=("a", "b"),
)  # fmt: skip
SHELVED = ParcelShelved(
    courier="ZTO", waybill=WAYBILL, after="", shelf="A", layer=1, serial=3, size="M", cod_fen=0,
    freight_fen=0, person="", day="2026-11-23",
)  # fmt: skip


@pytest.mark.parametrize(
    ("parcel", "ending", "holds", "named", "reason"),
    [
        (None, HANDED, BACK, ("a", "b"), "NO_SUCH_PARCEL"),
        (TWICE, None, BACK, ("a", "b"), "NO_SUCH_PARCEL"),
        (TWICE, HANDED, BACK, ("c", "b"), "NO_SUCH_PARCEL"),
        (TWICE, HANDED, None, ("a", "b"), "ONLY_HANDOVER"),
        (TWICE, HANDED, HANDED, ("a", "a"), "ONLY_HANDOVER"),
        (replace(TWICE, closings=("a",)), HANDED, BACK, ("a", "b"), "ONLY_HANDOVER"),
    ],
)
def test_an_ending_is_not_taken_back(
    parcel: Parcel | None,
    ending: Ending | None,
    holds: Ending | None,
    named: tuple[str, str],
    reason: str,
) -> None:
    command = TakeEndingBack(parcel="p", ending=named[0], holds=named[1])
    decision = take_ending_back(TakingBack(parcel=parcel, ending=ending, holds=holds), command, NOW)
    assert isinstance(decision, Refusal)
    assert decision.reason == f"parcels.{reason}"
    assert TEXTS.say(decision.text_key, **decision.slots)


def test_what_it_collected_is_owed_back_and_the_other_one_is_shown() -> None:
    paid = replace(HANDED, cod_fen=86_00, freight_fen=300)
    state = TakingBack(parcel=TWICE, ending=paid, holds=BACK, cod_fen=86_00, freight_fen=300)
    decision = take_ending_back(state, TakeEndingBack(parcel="p", ending="a", holds="b"), NOW)
    assert not isinstance(decision, Refusal)
    (said,) = decision
    assert said.entity == "p"
    assert said.body == EndingTakenBack(
        ending="a", left_by="handed_over", courier="ZTO", cod_fen=86_00, freight_fen=300,
        stands="b", status="returned", closed_day="2026-11-24", stands_slip=0, day="2026-11-25",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parcel", "shelving", "holds", "named", "reason"),
    [
        (None, SHELVED, SHELVED, ("f", "g"), "NO_SUCH_PARCEL"),
        (TWICE, None, SHELVED, ("f", "g"), "NO_SUCH_PARCEL"),
        (TWICE, SHELVED, SHELVED, ("x", "g"), "NO_SUCH_PARCEL"),
        (TWICE, SHELVED, None, ("f", "g"), "ONLY_SHELVING"),
        (TWICE, SHELVED, SHELVED, ("f", "f"), "ONLY_SHELVING"),
    ],
)
def test_a_shelving_is_not_taken_back(
    parcel: Parcel | None,
    shelving: ParcelShelved | None,
    holds: ParcelShelved | None,
    named: tuple[str, str],
    reason: str,
) -> None:
    command = TakeShelvingBack(parcel="p", shelving=named[0], holds=named[1])
    state = Unshelving(parcel=parcel, shelving=shelving, holds=holds)
    decision = take_shelving_back(state, command, NOW)
    assert isinstance(decision, Refusal)
    assert decision.reason == f"parcels.{reason}"
    assert TEXTS.say(decision.text_key, **decision.slots)


# --- Two PCs -------------------------------------------------------------------------------------


def follow(shop: Shop, case: str, chosen: str) -> tuple[Done, str]:
    """Let a side hold, as the page of cases does; return what was said on the button."""
    rows = shop.connection.execute("SELECT members FROM cases WHERE kind = ?", (case,)).fetchall()
    members = tuple(msgspec.json.decode(rows[0][0]))
    telling = CaseTelling(shop.gatherer)
    following = telling.decide(shop.connection, case, members, chosen, TEXTS)
    assert following is not None
    return shop.do(*following.commands), following.words


def pieces(shop: Shop) -> dict[str, int]:
    rows = shop.connection.execute(
        "SELECT account, amount FROM balances WHERE account LIKE 'Equity:Pieces:%' AND amount != 0"
    ).fetchall()
    return {str(account).removeprefix("Equity:Pieces:"): int(amount) for account, amount in rows}


def agree(*pcs: Shop) -> None:
    """Let everybody hear everybody, and be of one mind."""
    for pc in pcs:
        for other in pcs:
            if other is not pc:
                pc.hears(other)
    assert len({str(pc.dump(*TABLES, "balances")) for pc in pcs}) == 1


def state_of(shop: Shop, parcel: str) -> Parcel:
    state = records.parcel_state(shop.connection, parcel)
    assert state is not None
    return state


def test_money_that_was_taken_twice_is_owed_back_when_one_side_holds() -> None:
    with shops(2) as (one, two):
        parcel = one.shelve(WAYBILL, tail="6021", cod_fen=86_00)
        two.hears(one)
        first = one.hand_over(parcel, due_fen=86_00).told[0].identity
        two.is_now(at=one.now.at + 60_000)
        second = two.hand_over(parcel, due_fen=86_00).told[0].identity
        agree(one, two)
        assert one.balance("Liabilities:Held:COD:ZTO:Here") == -172_00
        done, words = follow(one, "parcels.closed_twice", second)
        assert words == "记该退 ¥86.00"
        (told,) = done.told
        assert told.body.ending == first
        agree(one, two)
        assert not cases(one)
        assert one.balance("Liabilities:Held:COD:ZTO:Here") == -86_00
        owed = two.connection.execute(
            "SELECT amount FROM balances WHERE account LIKE 'Liabilities:RefundDue:%'"
        ).fetchall()
        assert owed == [(-86_00,)]
        assert pieces(one) == {"Courier:ZTO": -1, "Villager": 1}
        state = state_of(two, parcel)
        assert (state.closed_by, state.status, state.cod_fen) == (second, "handed_over", 86_00)


def test_what_was_put_right_of_a_hand_over_is_owed_back_too() -> None:
    """286 was typed as 268, and corrected: 286 lie in the drawer for it."""
    with shops(2) as (one, two):
        parcel = one.shelve(WAYBILL, tail="6021", cod_fen=268_00)
        two.hears(one)
        first = one.hand_over(parcel, due_fen=268_00).told[0].identity
        two.is_now(at=one.now.at + 60_000)
        second = two.hand_over(parcel, due_fen=268_00).told[0].identity
        right = ParcelCodCorrected(
            courier="ZTO", handover=first, cod_change_fen=18_00, freight_change_fen=0, slip=2,
            day=NOW.day,
        )  # fmt: skip
        one.say(Saying(right, entity=parcel), Saying(_taken(18_00)))
        agree(one, two)
        done, words = follow(two, "parcels.closed_twice", second)
        assert (words, done.told[0].body.cod_fen) == ("记该退 ¥286.00", 286_00)
        agree(one, two)
        assert one.balance("Liabilities:Held:COD:ZTO:Here") == -268_00


def _taken(fen: int) -> PaymentTaken:
    return PaymentTaken(
        due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), change_fen=0,
        round_off_fen=0, shift="", day=NOW.day,
    )  # fmt: skip


def test_a_return_that_was_none_leaves_the_books_and_the_hand_over_stands() -> None:
    with shops(2) as (one, two):
        parcel = one.shelve(WAYBILL, tail="6021")
        two.hears(one)
        returned = two.do(ReturnParcels(parcels=(parcel,), reason="refused")).told[0].identity
        one.is_now(at=two.now.at + 60_000)
        handed = one.hand_over(parcel).told[0].identity
        agree(one, two)
        assert state_of(one, parcel).status == "returned"
        done, words = follow(one, "parcels.closed_twice", handed)
        assert (words, done.told[0].body.ending) == ("撤回另一边", returned)
        agree(one, two)
        assert (state_of(two, parcel).status, state_of(two, parcel).closed_by) == (
            "handed_over",
            handed,
        )
        assert pieces(two) == {"Courier:ZTO": -1, "Villager": 1}
        assert not cases(two)


@pytest.mark.parametrize("moved", [False, True])
def test_a_parcel_that_was_shelved_twice_is_one_piece_where_it_stands(moved: bool) -> None:
    with shops(2) as (one, two):
        first = one.shelve(WAYBILL, tail="6021", shelf="A", layer=1)
        two.is_now(at=one.now.at + 60_000)
        second = two.shelve(WAYBILL, tail="6021", shelf="B", layer=2)
        agree(one, two)
        if moved:
            one.is_now(at=two.now.at + 60_000)
            one.do(MoveParcel(parcel=first, shelf="C", layer=3))
        assert pieces(one) == {"Courier:ZTO": -2, "Shelf": 2}
        done, words = follow(one, "parcels.shelved_twice", first)
        assert words == "架上只算一件"
        assert done.told[0].body.shelving == second
        agree(one, two)
        assert not cases(two)
        assert pieces(two) == {"Courier:ZTO": -1, "Shelf": 1}
        state = state_of(two, second)
        assert (state.shelf, state.layer) == (("C", 3) if moved else ("A", 1))
        assert state.founders == (first,)
        one.hand_over(first)
        assert pieces(one) == {"Courier:ZTO": -1, "Villager": 1}
        undone: Any = one.undo(done.told[0].act)
        assert isinstance(undone, Refusal), "a later act stands on it"


def test_undone_the_second_piece_is_a_case_again() -> None:
    with shops(2) as (one, two):
        first = one.shelve(WAYBILL, tail="6021", shelf="A", layer=1)
        second = two.shelve(WAYBILL, tail="6021", shelf="B", layer=2)
        agree(one, two)
        done, _ = follow(two, "parcels.shelved_twice", second)
        assert isinstance(done.told[0].body, ShelvingTakenBack)
        assert isinstance(two.undo(done.told[0].act), Done)
        agree(one, two)
        assert cases(one) == {"parcels.shelved_twice": {first, second}}
        assert pieces(one) == {"Courier:ZTO": -2, "Shelf": 2}
