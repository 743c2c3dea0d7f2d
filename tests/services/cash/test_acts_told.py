"""How acts of the drawer stand in a list: found at once, however many facts there are."""

from station_app.services.cash import telling
from station_app.services.cash.commands import OpenDrawer, PutIn
from tests.services.cash.till import TEXTS, Till
from tests.services.parcels.test_records import Watched


def test_the_list_of_what_was_done_looks_at_no_other_acts() -> None:
    """After ten years each line of 今日 looked through a million facts for its words."""
    till, other = Till(), Till("D2")
    till.open()
    shift = till.connection.execute("SELECT act FROM facts").fetchone()[0]
    voucher = till.do(PutIn(place="drawer", reason="own", amount_fen=5_000)).act
    opened = till.do(OpenDrawer(reason="look")).act
    paid = till.settle("ZTO", 1_000).act
    other.hears(till)
    for pc in (till, other):
        watched = Watched(pc.connection)
        said = (
            telling.shift_act(watched, shift, TEXTS).amount,
            telling.drawer_act(watched, voucher, TEXTS).amount,
            telling.drawer_act(watched, opened, TEXTS).words,
            telling.payment_act(watched, paid, TEXTS).amount,
        )
        assert said == ("¥300.00", "¥50.00", "开钱箱·看一看、点一点", "收 ¥10.00")
        assert not [plan for plan in watched.plans if plan.startswith(("SCAN f", "SCAN p"))]
