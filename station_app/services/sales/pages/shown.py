"""How goods, weights and prices are shown in lists: the same words on every page of this slice."""

from station_app.ledger.rounding import GRAM
from station_app.services.sales.basket import Goods
from station_app.shell.counter import Counter
from station_app.values.money import say_yuan
from station_app.values.weight import say_jin, say_kg

JIN_OF_KG = 2


class Shown:
    """Words for goods; names as the screen may show them now."""

    def __init__(self, counter: Counter) -> None:
        """Speak in the words of `counter`."""
        self._counter = counter

    def word(self, goods: Goods) -> str:
        """Return how one piece is called."""
        return goods.word or self._counter.say("sales.piece")

    def quantity(self, goods: Goods, quantity: int) -> str:
        """Return a quantity as people say it: 2.5 斤, 20 个."""
        return self.amount(goods.unit, self.word(goods), quantity)

    def amount(self, unit: str, word: str, quantity: int) -> str:
        """Return a quantity of a unit as people say it."""
        if unit == GRAM:
            return say_jin(quantity)
        return f"{quantity} {word or self._counter.say('sales.piece')}"

    def second(self, goods: Goods, quantity: int) -> str:
        """Return the weight as scales show it, below what people say; nothing for pieces."""
        return say_kg(quantity) if goods.is_weighed else ""

    def price(self, goods: Goods, price_fen: int) -> str:
        """Return a price by the 斤 or the piece; by the kilogram where a 斤 is no whole fen."""
        if not price_fen:
            return self._counter.say("sales.price.none")
        if not goods.is_weighed:
            return f"{say_yuan(price_fen)}/{self.word(goods)}"
        if price_fen % JIN_OF_KG:
            return self._counter.say("sales.price.kg", amount=say_yuan(price_fen))
        return self._counter.say("sales.price.jin", amount=say_yuan(price_fen // JIN_OF_KG))

    def goods_small(self, goods: Goods) -> str:
        """Return the line below a name: whose it is, and how much lies here."""
        parts = [goods.small]
        if goods.here is not None:
            left = self.quantity(goods, max(0, goods.here))
            parts.append(self._counter.say("sales.entry.left", left=left))
        return "·".join(part for part in parts if part)
