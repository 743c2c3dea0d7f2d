"""What a customer sees of her basket: the goods, how much of each, the sum, her change.

No grower and no buyer stands on it, and nothing of what she owes: others look on.
"""

from station_app.devices.customer_display import (
    IDLE,
    LINES_SHOWN_MAX,
    CustomerLine,
    CustomerView,
    with_paying,
)
from station_app.services.sales.basket import Filling, Item
from station_app.values.money import say_yuan
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

JIN_OF_KG = 2


def seen_by_customer(now: Filling, texts: Texts, *, is_done: bool = False) -> CustomerView:
    """Return the view of a basket; `IDLE` while nothing lies in it."""
    if not now.items:
        return IDLE
    lines = tuple(_line(item, texts) for item in now.items[-LINES_SHOWN_MAX:])
    return with_paying(CustomerView(lines=lines), now.paying, is_done=is_done)


def _line(item: Item, texts: Texts) -> CustomerLine:
    goods = item.goods
    word = goods.word or texts.say("sales.piece")
    if not goods.is_weighed:
        quantity, price = f"{item.quantity} {word}", f"{say_yuan(item.price_fen)}/{word}"
    elif item.price_fen % JIN_OF_KG:
        quantity = say_jin(item.quantity)
        price = texts.say("sales.price.kg", amount=say_yuan(item.price_fen))
    else:
        quantity = say_jin(item.quantity)
        price = texts.say("sales.price.jin", amount=say_yuan(item.price_fen // JIN_OF_KG))
    small = f"{quantity} × {price}"
    if item.discount_fen:
        small += texts.say("sales.customer.off", amount=say_yuan(item.discount_fen))
    return CustomerLine(goods.name, item.due_fen, small)
