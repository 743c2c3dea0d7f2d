"""What the county sent down, as the station asks for it."""

from typing import Any

from station_app.journal.kinds import KERNEL_BODIES
from station_app.reference import facts, records
from station_app.reference.facts import DeviceEnrolled, SettingPublished
from station_app.reference.produce_records import rules
from station_app.reference.settings import CODE_STYLE, ON_BEHALF_COD_FEN
from station_app.values.waybills import fits, is_usable
from tests.services.parcels.shop import COURIERS, Shop, shops

DAY = "2025-11-25"


def test_nothing_is_known_before_the_county_has_spoken():
    shop = Shop()
    read = shop.connection
    assert records.station(read, "NX0601") is None
    assert records.courier(read, "ZTO") is None
    assert not records.couriers(read)
    assert not records.patterns(read, DAY)
    assert not records.devices(read, "NX0601")
    assert not records.stations_below(read, "NX0600")
    shop.close()


def test_couriers_are_asked_by_priority():
    with shops(1) as (shop,):
        codes = [row.code for row in records.couriers(shop.connection)]
        assert codes == sorted(COURIERS, key=lambda code: COURIERS[code][2])
        zto = records.courier(shop.connection, "ZTO")
        assert zto is not None
        assert zto.short_name == "中通"
        assert [p.code for p in records.patterns(shop.connection, DAY)] == codes
        assert all(is_usable(p.pattern) for p in records.patterns(shop.connection, DAY))


def test_the_latest_description_holds():
    with shops(1) as (shop,):
        first = records.station(shop.connection, "NX0601")
        assert first is not None
        assert first.name == "柳荫洼村站"
        shop.is_described(shelves=9)
        row = records.station(shop.connection, "NX0601")
        assert row is not None
        assert row.shelves == 9
        assert [s.code for s in records.stations_below(shop.connection, "NX0600")] == [
            "NX0601", "NX0602",
        ]  # fmt: skip


def test_the_pcs_of_a_station_with_their_slots():
    with shops(1) as (shop,):
        shop.county(
            *(
                DeviceEnrolled(
                    station=station, device=device, slot=slot, public_key="ab" * 32,
                    day="2025-11-01",
                )
                for station, device, slot in (
                    ("NX0601", "D2", 1), ("NX0601", "D1", 0), ("NX0602", "D1", 0),
                )
            )
        )  # fmt: skip
        found = records.devices(shop.connection, "NX0601")
        assert [(row.device, row.slot) for row in found] == [("D1", 0), ("D2", 1)]


def test_every_kind_that_comes_down_is_listed():
    assert {body.KIND for body in facts.FROM_COUNTY} == {
        "station.described", "courier.published", "device.enrolled",
        "product.published", "produce.published", "scale_label.published", "pin.answered",
        "order_terms.published", "biller.published", "setting.published", "platform.published",
        "purchasing_account.funded", "purchasing_account.counted",
        "sending_zone.published", "brand_licence.published",
        "produce_terms.published", "produce_rule.published",
        "county_key.announced", "county_key.taken_up", "device_key.asked",
    }  # fmt: skip
    assert not {body.KIND for body in KERNEL_BODIES} & {body.KIND for body in facts.FROM_COUNTY}


def test_a_setting_of_the_station_holds_before_that_of_all_and_both_before_the_default():
    with shops(1) as (shop,):
        read = shop.connection

        def said(value, station=""):
            shop.county(
                SettingPublished(
                    name=ON_BEHALF_COD_FEN.name, station=station, value=value, day="2025-11-25"
                )
            )
            return records.read_setting(read, ON_BEHALF_COD_FEN, "NX0601", DAY)

        assert records.read_setting(read, ON_BEHALF_COD_FEN, "NX0601", DAY) == "50000"
        assert said("20000") == "20000"
        assert said("0", "NX0601") == "0"
        assert said("70000") == "0"
        assert said("30000", "NX0602") == "0"
        assert said("a lot", "NX0601") == "70000", "a value that nobody knows counts as not said"
        assert records.read_setting(read, CODE_STYLE, "NX0601", DAY) == "serial"


def test_stations_are_called_by_a_part_of_their_name_or_by_their_code():
    with shops(1) as (shop,):
        for typed, codes in (("碧水", ["NX0602"]), ("nx0601", ["NX0601"]), ("没有", [])):
            found = records.stations_called(shop.connection, typed)
            assert [row.code for row in found] == codes


def test_a_couriers_new_days_and_waybills_hold_from_their_day_on():
    """Name and initial hold at once; a counter whose day is behind knows its couriers, too."""
    with shops(1) as (shop,):
        fields: dict[str, Any] = {
            "code": "ZTO", "name": "中通快运", "initial": "T", "pattern": r"^88\d{12}$",
            "example": "88000000000017", "priority": 1, "must_confirm": 0, "remind_days": 1,
            "call_days": 2, "return_days": 4, "day": DAY,
        }  # fmt: skip
        shop.county(facts.DatedCourierPublished(**fields, from_day="2025-12-01"))
        found = {}
        for day in ("2020-01-01", "2025-11-30", "2025-12-01"):
            (rules,) = (
                one for one in records.courier_rules(shop.connection, day) if one.code == "ZTO"
            )
            assert (rules.name, rules.initial) == ("中通快运", "T")
            found[day] = (rules.remind_days, rules.return_days)
        assert found == {"2020-01-01": (3, 7), "2025-11-30": (3, 7), "2025-12-01": (1, 4)}
        for day, waybills in (
            ("2025-11-30", {"73000000000017": True, "88000000000017": False}),
            ("2025-12-01", {"73000000000017": False, "88000000000017": True}),
        ):
            (zto,) = (p for p in records.patterns(shop.connection, day) if p.code == "ZTO")
            assert {number: fits(zto, number) for number in waybills} == waybills


def test_a_setting_and_a_rule_hold_from_their_day_on_and_one_without_a_day_at_once():
    """Before the first of them begins, what is usual holds; no plan pushes out what holds now."""
    with shops(1) as (shop,):
        said: dict[str, Any] = {"name": CODE_STYLE.name, "station": "", "day": DAY}
        rule: dict[str, Any] = {"name": "check.season", "day": DAY}

        def held(*days: str) -> list[tuple[str, str]]:
            read = shop.connection
            return [
                (
                    records.read_setting(read, CODE_STYLE, "NX0601", day),
                    rules(read, day)[rule["name"]],
                )
                for day in days
            ]

        for month in range(1, 9):
            from_day, style = f"2026-{month:02}-01", ("phone", "waybill")[month % 2]
            value = ("info", "block")[month % 2]
            shop.county(facts.DatedSettingPublished(**said, value=style, from_day=from_day))
            shop.county(facts.DatedProduceRulePublished(**rule, value=value, from_day=from_day))
        days = (DAY, "2025-12-31", "2026-01-01", "2026-02-01", "2026-08-31")
        assert held(*days) == [
            ("serial", "warn"), ("serial", "warn"), ("waybill", "block"), ("phone", "info"),
            ("phone", "info"),
        ]  # fmt: skip
        shop.county(facts.SettingPublished(**said, value="waybill"))
        shop.county(facts.ProduceRulePublished(**rule, value="off"))
        behind = "2025-11-24"  # the counter has not closed the day on which the county said it
        assert held(behind, "2026-08-31") == [("waybill", "off")] * 2
