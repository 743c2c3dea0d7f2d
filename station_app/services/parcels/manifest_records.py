"""What decides about manifests, read inside their act, and the papers that both sides sign."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number, take_number
from station_app.ledger.paid_acts import fact
from station_app.printing.document import Document, Label
from station_app.printing.tops import Top
from station_app.reference import goods_records
from station_app.reference import records as reference
from station_app.services.parcels import lists, records
from station_app.services.parcels.bag_records import (
    announced_bag,
    bag,
    bag_of,
    expected_loose,
    leaving,
    manifest_of,
)
from station_app.services.parcels.commands import CloseManifest, ReceiveBag
from station_app.services.parcels.facts import ManifestClosed
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.heaps import ClosedBag
from station_app.services.parcels.load_facts import (
    VanLoaded,
    VanLoadedWithBags,
    VillageLoadLeft,
)
from station_app.services.parcels.manifests import Closing, Manifest, Receiving
from station_app.services.parcels.tags import BagTag, bag_tag
from station_app.shell.desk import Paper
from station_app.values.codes import OwnCode, recognise
from station_app.values.day import say_day
from station_app.values.masks import mask_name
from station_app.values.now import Now
from station_app.values.texts import Texts

SERIES = "parcels.manifest"
LOOK_BACK_DAYS = (
    30  # a piece of a bag is shelved within days; one that went back leaves with the next
)


TAG_ROLE = "waybill"  # the tag of a bag is as large as a waybill
LISTS = (ManifestClosed, VanLoaded, VanLoadedWithBags, VillageLoadLeft)
LIST_KINDS = tuple(dict.fromkeys(body.KIND for body in LISTS))


def village_tag(connection: Connection, bag: ClosedBag, here: str, texts: Texts) -> Label:
    """Return the tag of a bag that goes to a village, from the station `here`."""
    code = recognise(bag.code, ())
    assert isinstance(code, OwnCode), "whoever closes a bag has scanned our tag, or makes one"
    row = reference.station(connection, bag.village)
    sender = reference.letterhead(connection, here, texts).station
    tag = BagTag(
        payload=code.payload,
        village=(row.village or row.name) if row else bag.village,
        number=str(bag.number),
        pieces=len(bag.pieces),
        words=texts.say("parcels.tag.from", day=say_day(bag.day), station=sender),
    )
    return bag_tag(tag, texts)


class ManifestDesk:
    """Reads what each command needs, and prints the lists."""

    def __init__(self, gatherer: Gatherer, texts: Texts) -> None:
        """Name people by the register of `gatherer`."""
        self._gatherer = gatherer
        self._texts = texts

    def receiving(self, connection: Connection, command: ReceiveBag, now: Now) -> Receiving:
        """Return what decides whether a bag comes in."""
        code = command.code.strip()
        announced = announced_bag(connection, code)
        known = bag(connection, code, announced.manifest if announced else now.day)
        row = reference.station(connection, announced.station) if announced else None
        return Receiving(
            known=known.state if known else None,
            announced=announced,
            announced_for=row.name if row else announced.station if announced else "",
        )

    def closing(self, connection: Connection, command: CloseManifest, now: Now) -> Closing:
        """Return what a list is made of."""
        here = bag_of(connection, command.bag) if command.bag else None
        announced = tuple(here.announced.pieces) if here is not None and here.announced else ()
        if here is None and command.direction == "in":
            announced = tuple(expected_loose(connection, dict(command.seen), now))
        gone = leaving(connection, command.courier, now.day)
        return Closing(
            number=take_number(connection, SERIES),
            bag=here.state if here else None,
            announced=announced,
            leaving=gone if command.direction == "returns" else (),
        )

    def papers(
        self, connection: Connection, command: Any, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Print the list of an act twice: each side keeps one. A bag that has a tag gets none."""
        found: list[Paper] = []
        for one in told:
            if isinstance(one.body, LISTS):
                found += [Paper("receipt", self._document(connection, one.subject))] * 2
            if isinstance(one.body, VillageLoadLeft) and not command.code.strip():
                found += self._tags(connection, one.body, station_of(one.stream))
        return found

    def _tags(self, connection: Connection, body: VillageLoadLeft, here: str) -> list[Paper]:
        """Return the tag of a bag that has none of its own yet."""
        bag = ClosedBag(
            village=body.station,
            number=body.number,
            code=body.code,
            pieces=tuple((one.waybill, one.courier) for one in body.pieces),
            day=body.day,
        )
        return [Paper(TAG_ROLE, village_tag(connection, bag, here, self._texts))]

    def again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the list of an act once more."""
        for one in records.facts_of_act(connection, act):
            if one.kind in LIST_KINDS:
                return self._document(connection, one.subject)
        return None

    def _names(self, connection: Connection, said: Manifest) -> dict[str, str]:
        """Return what the pieces of a list are called: by courier, or by what they are."""
        if said.direction != "orders":
            return {one.code: one.short_name for one in reference.couriers(connection)}
        rows = {p.courier: goods_records.product(connection, p.courier) for p in said.pieces}
        found = {code: row.name for code, row in rows.items() if row is not None}
        return {"": self._texts.say("parcels.manifest.goods_by_link"), **found}

    def _document(self, connection: Connection, entity: str) -> Document:
        return lists.manifest(self.said(connection, entity), self._texts)

    def said(self, connection: Connection, entity: str) -> lists.Manifest:
        """Return a list as it is printed."""
        said, founder = manifest_of(connection, entity), fact(connection, entity)
        assert said is not None, "it was just recorded"
        assert founder is not None, "it was just recorded"
        here = bag_of(connection, said.bag) if said.bag else None
        names = self._names(connection, said)
        head = reference.letterhead(connection, station_of(said.stream), self._texts)
        top = Top(
            station=head.station,
            address=head.address,
            act=founder.act,
            number=printed_number(said.number, said.stream),
            day=said.day,
            at=said.at,
            operator=self._gatherer.people.operator_name(connection, founder.by),
        )
        village = reference.station(connection, said.station) if said.station else None
        return lists.Manifest(
            top=top,
            kind=said.direction,
            other=mask_name(said.other) or (names.get(said.courier, "") if said.courier else ""),
            village=village.name if village else said.station,
            goods=said.goods,
            bags=tuple(one.code for one in said.bags),
            pieces=tuple(
                lists.Piece(
                    waybill=p.waybill,
                    courier=names.get(p.courier, p.courier),
                    state=p.state if said.is_listed else "seen",
                )
                for p in said.pieces
            ),
            announced=said.announced,
            bag=here.state.code if here else said.code,
            seal=here.announced.seal if here and here.announced else said.seal,
            seal_words=here.state.seal_words if here else "",
        )
