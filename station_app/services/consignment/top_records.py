"""The top of a slip of produce: whose it is, of which fact, who worked."""

from dataclasses import dataclass

from station_app.journal.fact import station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import FactRow
from station_app.printing.tops import Top
from station_app.reference import records as reference
from station_app.services.consignment.records import People
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True)
class Tops:
    """Makes tops of slips. people: the register, which names; texts: words of the letterhead."""

    people: People
    texts: Texts

    def of(
        self, connection: Connection, fact: FactRow, day: str, person: str = "", slip: int = 0
    ) -> Top:
        """Return the top of the slip of a fact.

        day: business day; person: of whom it is, "" for nobody; slip: number in its series, 0 for
        a paper without one.
        """
        head = reference.letterhead(connection, station_of(fact.stream), self.texts)
        known = self.people.person(connection, person) if person else None
        return Top(
            act=fact.act,
            station=head.station,
            address=head.address,
            number=printed_number(slip, fact.stream) if slip else "",
            day=day,
            at=fact.at,
            operator=self.people.operator_name(connection, fact.by),
            name=known.name if known else "",
            tail=known.tail if known else "",
            group=known.hamlet if known else "",
            check=fact.identity,
        )
