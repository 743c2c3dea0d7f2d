"""From what is on disk to paper: the list that a run takes along, the first time and again."""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import fact
from station_app.printing.document import Document
from station_app.printing.tops import Top
from station_app.reference import records as reference
from station_app.reference.register import Register
from station_app.services.farm_pickups import documents, records
from station_app.services.farm_pickups.commands import JoinVanRun
from station_app.services.farm_pickups.facts import FarmPickupJoinedRun
from station_app.services.farm_pickups.records import PickupRow
from station_app.shell.desk import Paper
from station_app.values.masks import TAIL
from station_app.values.now import Now
from station_app.values.texts import Texts


class PaperMaker:
    """Makes the list of a run."""

    def __init__(self, people: Register, texts: Texts) -> None:
        """Name growers by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def of_act(
        self, connection: Connection, _command: JoinVanRun, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the list of the act that is being recorded."""
        paper = self._of_facts(connection, [one.identity for one in told])
        return [paper] if paper else []

    def list_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the list of an act once more, as it was then."""
        facts = records.joined_in(connection, act)
        return self._of_facts(connection, [one.identity for one in facts])

    def list_of(self, connection: Connection, joined: str) -> tuple[Paper, str] | None:
        """Return the list on which a fact put its place, and the act of it."""
        row = fact(connection, joined)
        paper = self.list_again(connection, row.act) if row is not None else None
        return (paper, row.act) if row is not None and paper is not None else None

    def document(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the same, for the page of documents."""
        paper = self.list_again(connection, act)
        return paper.document if paper else None

    def _of_facts(self, connection: Connection, identities: Sequence[str]) -> Paper | None:
        found = [row for row in (fact(connection, one) for one in identities) if row is not None]
        joined = [row for row in found if row.kind == FarmPickupJoinedRun.KIND]
        if not joined:
            return None
        rows = []
        for one in joined:
            row = records.row_of(connection, one.entity, self._people)
            if row is not None:
                rows.append(row)
        first = joined[0]
        body = msgspec.json.decode(first.body, type=FarmPickupJoinedRun)
        head = reference.letterhead(connection, station_of(first.stream), self._texts)
        top = Top(
            station=head.station,
            address=head.address,
            act="",
            number=printed_number(body.run, body.run_stream or first.stream),
            day=body.day,
            at=first.at,
            operator=self._people.operator_name(connection, first.by),
        )
        driver = rows[0].state.driver if rows else ""
        places = [_place(row) for row in rows]
        document = documents.run_list(top, driver, places, self._texts)
        return Paper("receipt", document, tuple(_whose(row) for row in rows))


def _place(row: PickupRow) -> documents.Place:
    state = row.state
    return documents.Place(
        name=row.name,
        tail=row.phone[-TAIL:],
        place=state.place,
        produce=row.produce,
        grams=state.grams,
        remark=state.remark,
    )


def _whose(row: PickupRow) -> str:
    return row.state.person or row.pickup
