"""Collects what stands on the paper of a handing on (`documents`)."""

from collections.abc import Sequence

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import fact
from station_app.printing.document import Document, Receipt
from station_app.printing.tops import Top
from station_app.reference import records as reference
from station_app.services.handing_on import documents, records
from station_app.services.handing_on.commands import HandOn
from station_app.services.handing_on.records import People, Row
from station_app.shell.desk import Paper
from station_app.values.masks import mask_name
from station_app.values.now import Now
from station_app.values.texts import Texts


class PaperMaker:
    """Makes the paper."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name operators by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def of_act(
        self, connection: Connection, _command: HandOn, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the paper twice: each side keeps one."""
        row = records.of_act(connection, told[0].act)
        return [Paper("receipt", self._paper(connection, row))] * 2 if row else []

    def again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the paper of an act once more."""
        row = records.of_act(connection, act)
        return self._paper(connection, row) if row else None

    def taker(self, connection: Connection, row: Row) -> str:
        """Return who takes over, in words for paper."""
        state = row.state
        who = self._people.operator_name(connection, state.taker) if state.taker else ""
        name = mask_name(who or state.taker_name)
        place = records.station_name(connection, state.to_station) if state.to_station else ""
        return "  ".join(part for part in (place, name) if part)

    def _paper(self, connection: Connection, row: Row) -> Receipt:
        say, state = self._texts.say, row.state
        head = reference.letterhead(connection, station_of(state.stream), self._texts)
        founder = fact(connection, row.entity)
        top = Top(
            station=head.station,
            address=head.address,
            act=founder.act if founder else "",
            number=row.number,
            day=state.day,
            at=state.at,
            operator=self._people.operator_name(connection, state.by),
            check=row.entity,
        )
        said = documents.HandingOnSlip(
            top=top,
            reason=say(f"handing_on.reason.{state.reason}"),
            leaving=self._people.operator_name(connection, state.leaving) if state.leaving else "",
            taker=self.taker(connection, row),
            place=state.place,
            keys=tuple((say(f"handing_on.key.{one.kind}"), one.count) for one in state.keys),
            float_fen=state.float_fen,
            work=tuple((page_words(one.page, self._texts), one.count) for one in state.work),
            forwarded=state.forwarded,
            remark=state.remark,
            alone=bool(state.is_alone),
        )
        return documents.handing_on_slip(said, self._texts)


def page_words(page: str, texts: Texts) -> str:
    """Return what a page was called, also one that there is no more."""
    return texts.say(page) if texts.has(page) else page.partition(".")[0]
