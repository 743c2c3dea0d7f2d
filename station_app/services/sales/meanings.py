"""What a scan or a typed text means to sales: labels of lots, barcodes, scale labels, slips."""

from collections.abc import Sequence
from typing import Final

from station_app.journal.log import Connection
from station_app.reference import goods_records as reference
from station_app.services.sales import records, slip_records
from station_app.services.sales.basket import Goods
from station_app.services.sales.outfit import Outfit
from station_app.shell.offers import Hit, Meaning, Sought, Tone
from station_app.values import codes
from station_app.values.codes import Barcode, OwnCode, Recognised, TraceCode
from station_app.values.money import say_yuan
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

BASKET_PAGE: Final = "sales.basket"
HELD_PAGE: Final = "sales.held"
RETURN_PAGE: Final = "sales.return"
GOODS, SCALE_LABEL, SLIP = "sales.goods", "sales.scale_label", "sales.slip"


class Meanings:
    """Looks scans and texts up."""

    def __init__(self, outfit: Outfit) -> None:
        """Name goods and growers as the page does."""
        self._shelf = outfit.shelf
        self._texts = outfit.texts

    # --- Scans -----------------------------------------------------------------------------------

    def of_own_code(self, connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        """Recognise the label of a lot, and the slip of a sale or a return."""
        if isinstance(code, TraceCode):
            return self._lot(connection, records.lot_of_code(connection, code.digits))
        if not isinstance(code, OwnCode):
            return None
        if code.kind == codes.LOT:
            prefix = codes.identity_prefix(code.payload)
            return self._lot(connection, records.lot_of_prefix(connection, prefix))
        if code.kind == codes.SLIP:
            act = code.payload
            sold = act if slip_records.sales_of_act(connection, act) else ""
            sold = sold or slip_records.sale_of_return(connection, act)
            if sold:
                return Meaning(SLIP, RETURN_PAGE, sold, self._texts.say("sales.scan.slip"))
        return None

    def of_goods(self, connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        """Recognise the barcode of a product, and the label of a shop scale."""
        if not isinstance(code, Barcode):
            return None
        product = reference.product_of_barcode(connection, code.number)
        if product is not None:
            words = self._texts.say("sales.scan.goods", name=product.name)
            return Meaning(GOODS, BASKET_PAGE, product.code, words)
        weighed = reference.read_scale_label(connection, code.number)
        if weighed is None:
            return None
        sort = reference.produce_named(connection, weighed.code)
        name = sort.name if sort else weighed.code
        words = self._texts.say("sales.scan.goods", name=name)
        return Meaning(SCALE_LABEL, BASKET_PAGE, code.number, words)

    def _lot(self, connection: Connection, lot: str) -> Meaning | None:
        if not lot:
            return None
        goods = self._shelf.goods(connection, lot, "")
        words = self._texts.say("sales.scan.goods", name=goods.name if goods else "")
        return Meaning(GOODS, BASKET_PAGE, lot, words)

    # --- Search ----------------------------------------------------------------------------------

    def find(self, connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        """Return lots that lie here and goods of the shop, by name, pinyin, initials or number."""
        lots = records.find_lots(connection, sought.text)
        products = [p.code for p in reference.find_products(connection, sought.text)]
        keys = [*lots, *products][: records.FOUND_MAX]
        found = [g for key in keys if (g := self._shelf.goods(connection, key, sought.day))]
        hits = [self._hit(goods, sought.text, texts) for goods in found]
        hits += [self._slip(row, texts) for row in self._slips(connection, sought.text)]
        return hits

    def _hit(self, goods: Goods, typed: str, texts: Texts) -> Hit:
        small = goods.small
        if goods.here is not None:
            left = say_jin(goods.here) if goods.is_weighed else str(goods.here)
            small = "·".join(
                part for part in (small, texts.say("sales.entry.left", left=left)) if part
            )
        pill: tuple[Tone, str] | None = None
        if goods.blocked:
            pill = ("stop", texts.say("sales.search.blocked"))
        elif goods.first_price_fen:
            fen = goods.first_price_fen // (2 if goods.is_weighed else 1)
            key = "price.jin" if goods.is_weighed else "search.price"
            pill = ("plain", texts.say(f"sales.{key}", amount=say_yuan(fen)))
        return Hit(
            title=goods.name,
            hint=small,
            icon="leaf" if goods.lot else "tag",
            page=BASKET_PAGE,
            subject={"goods": goods.key},
            match=typed if typed in goods.name else "",
            pill=pill,
        )

    def _slips(self, connection: Connection, typed: str) -> Sequence[slip_records.SlipRow]:
        if "-" not in typed:  # a bare number is a tail or a place before it is a slip
            return ()
        found = [
            slip_records.slip_row(connection, act)
            for act in slip_records.acts_of_number(connection, typed)
        ]
        return [row for row in found if row is not None]

    def _slip(self, row: slip_records.SlipRow, texts: Texts) -> Hit:
        return Hit(
            title=texts.say("sales.search.slip", number=row.number),
            hint=texts.say("sales.search.slip_small", day=row.day, count=row.lines),
            icon="receipt",
            page=RETURN_PAGE,
            subject={"act": row.act},
            pill=("plain", say_yuan(row.due_fen)),
        )
