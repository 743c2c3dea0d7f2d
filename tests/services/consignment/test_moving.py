"""Lots are moved on by commands: who bears a loss, what goes back, what is divided and joined."""

from station_app.journal.verify import verify
from station_app.ledger.accounts import COUNTY, held_grower, inventory
from station_app.ledger.balances import balance
from station_app.services.consignment import records
from station_app.services.consignment.commands import MergeLots, MoveLot, SplitLot, Weighed
from station_app.services.consignment.person_telling import of_person
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY


def fen(barn, account):
    return balance(barn.connection, account)


def grower(barn, number=0, where="Here"):
    return -fen(barn, held_grower(barn.pc.person(number), where))


def move(barn, lot, how, quantity, **more):
    return barn.act(MoveLot(lot=lot, how=how, quantity=quantity, **more))


def sound(barn):
    """The whole journal holds: chains, postings, folds, tables."""
    assert verify(barn.connection, VOCABULARY).is_sound


def test_spoilage_is_borne_by_the_grower_the_station_or_the_county(barn):
    lot = barn.intake()
    for bearer, here, there in (("grower", 0, 0), ("station", 920, 0), ("county", 920, 920)):
        done = move(barn, lot, "spoil", 1_000, reason="rotten", bearer=bearer, value_fen=920)
        assert isinstance(done, Done)
        assert (grower(barn), grower(barn, where=COUNTY)) == (here, there)
    assert fen(barn, "Expenses:Spoilage") == 920
    assert fen(barn, "Liabilities:County") == 920
    assert (barn.lot(lot).on_shelf, barn.lot(lot).spoiled) == (9_340, 3_000)
    sound(barn)


def test_her_page_in_the_register_lists_what_she_brought(barn):
    lot, gone = barn.intake(), barn.intake()
    move(barn, gone, "return", 12_340)
    texts, names = barn.pc.premises.texts, (barn.pc.person(0), "nobody")
    found = {hit.subject["lot"]: hit for hit in of_person(barn.connection, names, texts)}
    assert set(found) == {lot, gone}
    assert found[lot].title == "收货 猕猴桃 一级，24.68 斤"
    assert found[lot].pill == ("waiting", "还有在架")
    assert found[gone].pill == ("ok", "出完了")
    assert of_person(barn.connection, (barn.pc.person(1),), texts) == []


def test_of_an_own_lot_its_cost_is_borne(barn):
    lot = barn.intake(is_bought=True, price_fen=1_000, paid_fen=0)
    for bearer in ("station", "county", "grower"):
        move(barn, lot, "spoil", 1_000, reason="bruised", bearer=bearer)
    assert fen(barn, inventory(lot)) == 12_340 - 3_000
    assert fen(barn, "Expenses:Spoilage") == 1_000
    assert fen(barn, "Liabilities:County") == 1_000
    assert grower(barn) == 12_340 - 1_000
    sound(barn)


def test_what_goes_back_is_sampled_or_sent_off_leaves_the_shelf(barn):
    lot = barn.intake()
    move(barn, lot, "return", 340)
    move(barn, lot, "sample", 1_000)
    move(barn, lot, "dispatch", 5_000, packages=2)
    state = barn.lot(lot)
    assert (state.on_shelf, state.returned, state.sampled, state.in_transit, state.packages) == (
        6_000, 340, 1_000, 5_000, 2,
    )  # fmt: skip
    sound(barn)


def test_a_count_writes_down_what_is_missing(barn):
    lot = barn.intake()
    assert isinstance(move(barn, lot, "count", 12_000, reason="missing", bearer="grower"), Done)
    assert (barn.lot(lot).on_shelf, barn.lot(lot).spoiled) == (12_000, 340)
    more = move(barn, lot, "count", 12_001, reason="missing", bearer="grower")
    assert "MORE_THAN_BOOKS 账上只有 24 斤，多出来的去改重量" in barn.sentence(more)
    same = move(barn, lot, "count", 12_000, reason="missing", bearer="grower")
    assert "AS_THE_BOOKS_SAY" in barn.sentence(same)


WRONG = (
    (
        {"how": "spoil", "quantity": 12_341, "reason": "rotten", "bearer": "grower"},
        "MORE_THAN_HERE",
    ),
    ({"how": "spoil", "quantity": 0, "reason": "rotten", "bearer": "grower"}, "NO_QUANTITY"),
    ({"how": "spoil", "quantity": 1, "reason": "", "bearer": "grower"}, "NO_REASON"),
    ({"how": "spoil", "quantity": 1, "reason": "rotten", "bearer": ""}, "NO_BEARER"),
    ({"how": "dispatch", "quantity": 1, "packages": 0}, "NO_PACKAGES"),
    ({"how": "return", "quantity": 1, "lot": "ab" * 32}, "NO_LOT"),
)


def test_what_may_not_be_is_refused_in_words_and_moves_nothing(barn):
    lot = barn.intake()
    for change, why in WRONG:
        asked = MoveLot(**{"lot": lot, **change})
        assert barn.sentence(barn.act(asked)).startswith(why), change
    assert barn.lot(lot).on_shelf == 12_340


def test_a_part_becomes_a_lot_of_its_own_with_a_label_and_whose_it_is(barn):
    lot = barn.intake(packages=1)
    assert "SPLITS_ALL" in barn.sentence(barn.act(SplitLot(lot=lot, quantity=12_340)))
    done = barn.act(SplitLot(lot=lot, quantity=2_340))
    assert isinstance(done, Done)
    (part,) = [row.lot for row in records.lots_here(barn.connection) if row.lot != lot]
    state = barn.lot(part)
    assert (state.on_shelf, barn.lot(lot).on_shelf) == (2_340, 10_000)
    assert [(s.person, s.quantity, s.commission_bp) for s in state.shares] == [
        (barn.pc.person(0), 2_340, 800)
    ]
    assert state.parts[0].lot == lot
    assert len(barn.printed("label")) == 2
    sound(barn)


def test_lots_of_two_growers_are_joined_and_sold_by_their_shares(barn):
    six = barn.intake(weighed=Weighed(gross_grams=6_000), commission_bp=0, price_fen=0)
    four = barn.intake(
        person=barn.pc.person(1), weighed=Weighed(gross_grams=4_000), commission_bp=0, price_fen=0
    )
    assert isinstance(barn.act(MergeLots(lots=(six, four))), Done)
    (row,) = records.lots_here(barn.connection)
    assert row.on_shelf == 10_000
    barn.sell(barn.line(row.lot, 10_000, 333))
    assert (grower(barn), grower(barn, 1)) == (1_998, 1_332)
    assert "2 户合装" in barn.printed("label")[-1]
    sound(barn)


def test_only_what_is_alike_is_joined(barn):
    one = barn.intake()
    other = barn.intake(grade="二级")
    assert "LOTS_NOT_ALIKE" in barn.sentence(barn.act(MergeLots(lots=(one, other))))
    assert "MERGE_SEVERAL" in barn.sentence(barn.act(MergeLots(lots=(one,))))
    assert len(records.lots_here(barn.connection)) == 2
