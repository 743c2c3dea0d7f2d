"""What operators write down of quality: promises, tests, fields, certificates; what is called back.

Everything is asked for with commands, as the page asks; a refusal is an answer like any other. The
dice are nobody else's, and the kinds are left out of the round of samples: what others do stays.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

from station_app.journal.fact import Body
from station_app.reference.facts import BrandLicencePublished
from station_app.services.consignment import records as lots
from station_app.services.consignment.commands import TellOfRecall
from station_app.services.consignment.facts import (
    BrandQuotaDrawn,
    LotBranded,
    LotCountySaleReturned,
    LotDisputed,
    LotEarmarked,
    LotPacked,
    LotProcessed,
    LotProcessingUndone,
    LotTakenBack,
    LotToppedUp,
    LotUnpacked,
    LotWeighed,
    RecallTold,
)
from station_app.services.consignment.recalling import BOARD, WAYS
from station_app.services.purchasing.facts import ClaimSettled
from station_app.services.quality.commands import (
    CollectPromise,
    DescribePlot,
    EndorseLot,
    IssuePromise,
    PrintPromise,
    RecordTest,
    ShowCertificate,
)
from station_app.services.quality.facts import (
    CertificateShown,
    LotCertified,
    LotEndorsed,
    LotRecalled,
    LotReleased,
    LotTested,
    PlotDescribed,
)
from station_app.services.quality.rules import BASES, ISSUERS, SORTS
from tests.ledger.samples import sample
from tests.village.pc import Pc

EVERY_VILLAGE, WHICH = 6, 5  # few do it, and then much: the other histories stay as they were
ACTS, CALLS = 0.5, 0.4
FROM_COUNTY: tuple[type[Body], ...] = (
    LotRecalled, LotReleased, LotProcessed, LotPacked, LotToppedUp, LotUnpacked,
    LotProcessingUndone, LotCountySaleReturned, BrandLicencePublished,
)  # fmt: skip
HERE: tuple[type[Body], ...] = (
    LotCertified, LotTested, LotEndorsed, PlotDescribed, CertificateShown, LotWeighed,
    LotEarmarked, RecallTold, LotDisputed, LotBranded, BrandQuotaDrawn,
)  # fmt: skip
# Said as they are: the round of samples comes to the first too seldom, and few sell what a grower
# brought in so short a life.
SELDOM: tuple[type[Body], ...] = (
    ClaimSettled, LotDisputed, LotTakenBack, LotBranded, BrandQuotaDrawn,
)  # fmt: skip
BY_COMMAND = frozenset(body.KIND for body in (*HERE, *FROM_COUNTY))
Work = Callable[[Pc], Any]


class Vouching:
    """Draws what is vouched for. is_done: whether anything is, in this village."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"promises {seed}")
        self.is_done = seed % EVERY_VILLAGE == WHICH

    def act(self, pc: Pc) -> None:
        """Let something of each sort be written down, now and then."""
        if not self.is_done or self._dice.random() >= ACTS:
            return
        works: tuple[Work, ...] = (
            self._collect, self._issue, self._test, self._endorse, self._plot, self._certificate,
            self._tell,
        )  # fmt: skip
        for work in works:
            work(pc)

    def called(self) -> Iterator[Body]:
        """Return what the county calls back or lets go, and what its hub packs, now and then."""
        if self.is_done and self._dice.random() < CALLS:
            yield from (sample(body) for body in FROM_COUNTY)

    def _lot(self, pc: Pc) -> str:
        rows = lots.lots_here(pc.connection)
        return self._dice.choice(rows).lot if rows else "ab" * 32

    def _person(self, pc: Pc) -> str:
        rows = pc.connection.execute(
            "SELECT entity FROM persons WHERE erased = 0 ORDER BY entity LIMIT 6"
        ).fetchall()
        return str(self._dice.choice(rows)[0]) if rows else "ab" * 32

    def _number(self) -> str:
        return self._dice.choice(("", f"HZS-{self._dice.randrange(90)}"))

    def _collect(self, pc: Pc) -> None:
        issuer = self._dice.choice(ISSUERS)
        pc.perform(CollectPromise(lot=self._lot(pc), issuer=issuer, number=self._number()))

    def _issue(self, pc: Pc) -> None:
        bases = self._dice.choice(((), (self._dice.choice(BASES),)))
        ticket = pc.ticket()
        issue = IssuePromise(lot=self._lot(pc), bases=bases)
        pc.perform(issue, PrintPromise(act=ticket), ticket=ticket)

    def _test(self, pc: Pc) -> None:
        is_passed = self._dice.random() < 0.8
        lab = self._dice.choice(("", "县检测中心"))
        pc.perform(
            RecordTest(
                lot=self._lot(pc), lab=lab, item="农残", limit="", value="", is_passed=is_passed
            )
        )

    def _endorse(self, pc: Pc) -> None:
        pc.perform(EndorseLot(lot=self._lot(pc), office="镇农办", number=self._number()))

    def _plot(self, pc: Pc) -> None:
        produce, mu = self._dice.choice(("10018", "00000")), self._dice.randrange(90)
        pc.perform(DescribePlot(person=self._person(pc), name="东坡", produce=produce, tenth_mu=mu))

    def _certificate(self, pc: Pc) -> None:
        pc.perform(
            ShowCertificate(
                person=self._person(pc), sort=self._dice.choice(SORTS), number=self._number(),
                produce="10018", until_day="2027-05-31",
            )
        )  # fmt: skip

    def _tell(self, pc: Pc) -> None:
        """Tell of what is stopped, or of whatever lies here: that is refused."""
        row = pc.connection.execute("SELECT min(entity) FROM lots WHERE is_blocked = 1").fetchone()
        lot, way = str(row[0] or self._lot(pc)), self._dice.choice(WAYS)
        person = "" if way == BOARD else self._person(pc)
        pc.perform(TellOfRecall(lot=lot, way=way, person=person))
