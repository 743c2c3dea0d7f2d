"""What a villager sees of her own hand-over on the customer's display.

Her name with its mask, each parcel by its pickup code with what is to be paid for it, the sum.
Whose parcel it is stays off it: those of her household come with hers, and others look on.
"""

from station_app.devices.customer_display import IDLE, CustomerLine, CustomerView, with_paying
from station_app.services.parcels.handing import HandOver, Item
from station_app.values.masks import Personal, mask_name
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

SHOWN_IN = ("serving", "ways", "done")  # the modes of the page; what goes back is not her business


def seen_by_customer(now: HandOver, mode: str, texts: Texts) -> CustomerView:
    """Return the view of a hand-over; `IDLE` when nobody is served or a wrong parcel lies there."""
    if mode not in SHOWN_IN or not now.items or now.wrong is not None:
        return IDLE
    name = now.served.name
    view = CustomerView(
        person=Personal(name, mask_name) if name else None,
        lines=tuple(_line(item, texts) for item in now.items),
    )
    return with_paying(view, now.paying, is_done=mode == "done")


def _line(item: Item, texts: Texts) -> CustomerLine:
    row = item.row
    parts = []
    sums = (("cod", row.cod_fen), ("freight", row.freight_fen), ("order", item.balance_fen))
    for key, fen in sums:
        if fen:
            parts.append(texts.say(f"parcels.customer.{key}", amount=say_yuan(fen)))
    due = row.cod_fen + row.freight_fen + item.balance_fen
    words = texts.say("parcels.customer.parcel", code=str(row.code))
    return CustomerLine(words, due or None, "，".join(parts))
