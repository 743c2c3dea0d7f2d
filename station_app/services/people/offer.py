"""What the register of people shows to the rest: its page, and people for the search box."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from station_app.journal.log import Connection
from station_app.services.people import case_telling, records
from station_app.services.people.asking import RULES
from station_app.services.people.outfit import (
    Contracts,
    FactsAbout,
    Outfit,
    Standing,
    Trace,
    no_contracts,
)
from station_app.services.people.rules import TAIL_DIGITS
from station_app.shell.offers import CaseOffer, Hit, Offer, PageOffer, SearchSource, Sought
from station_app.values.codes import PhoneTail
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page

REGISTER_PAGE = "people.register"
HITS_MAX = 8


def offer(
    texts: Texts,
    *,
    facts_about: Sequence[FactsAbout] = (),
    traces: Sequence[Trace] = (),
    contracts: Contracts = no_contracts,
    standings: Sequence[Standing] = (),
) -> Offer:
    """Return everything that the register offers.

    facts_about: how each slice finds the facts that an erasure must name besides the person;
    traces: what each slice shows of a person; contracts: a line for each of hers; standings: what
    is open with her.
    """
    outfit = Outfit(texts, tuple(facts_about), tuple(traces), contracts, tuple(standings))

    def register(counter: "Counter") -> "Page":
        from station_app.services.people.pages.register import RegisterPage

        return RegisterPage(counter, REGISTER_PAGE, outfit)

    return Offer(
        pages=(
            PageOffer(
                REGISTER_PAGE,
                "people.rail.register",
                "people",
                "F7",
                register,
                "people.tab.register",
                40,
            ),
        ),
        search_sources=(SearchSource("people", "people.search.heading", find, 30),),
        cases=(CaseOffer("people.", case_telling.describe, decide=case_telling.decide),),
        rules=RULES,
    )


def find(connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
    """Return villagers for the search box, by tail or by anything else that was typed."""
    is_tail = isinstance(sought.code, PhoneTail) and len(sought.code.digits) == TAIL_DIGITS
    people = records.by_tail(connection, sought.text) if is_tail else ()
    found = people or records.find(connection, sought.text, HITS_MAX)
    return [_hit(person, texts) for person in found[:HITS_MAX]]


def _hit(person: records.PersonRow, texts: Texts) -> Hit:
    tail = texts.say("people.register.tail", tail=person.tail) if person.tail else ""
    return Hit(
        title=person.name,
        hint="·".join(part for part in (person.hamlet, tail) if part),
        icon="person",
        page=REGISTER_PAGE,
        subject={"person": person.identity},
    )
