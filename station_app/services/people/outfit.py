"""What the composition root lends to the page of people: what other slices know of a person.

The slices meet only through facts and commands, so the register asks nobody by name; whoever has
something to say about a person hands in how to ask.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.shell.offers import Hit
from station_app.values.texts import Texts

# (connection, every identity of a person, words) -> what a slice has of her, the newest first.
Trace = Callable[[Connection, Sequence[str], Texts], Sequence[Hit]]
# (connection, every identity of a person) -> facts that speak of her without naming her.
FactsAbout = Callable[[Connection, Sequence[str]], Sequence[str]]
# (connection, every identity of a person, words) -> a line for each contract that she has.
Contracts = Callable[[Connection, Sequence[str], Texts], Sequence[str]]
# (connection, every identity of a person, words) -> what stands open with her, "" for nothing.
Standing = Callable[[Connection, Sequence[str], Texts], str]


def no_contracts(_connection: Connection, _names: Sequence[str], _texts: Texts) -> Sequence[str]:
    """Return nothing, where nothing is taken in for contracts."""
    return ()


@dataclass(frozen=True, slots=True)
class Outfit:
    """What other slices know of a person, each in its own words.

    facts_about: what an erasure must name besides the person; standings: what is open with her.
    """

    texts: Texts
    facts_about: tuple[FactsAbout, ...] = ()
    traces: tuple[Trace, ...] = ()
    contracts: Contracts = no_contracts
    standings: tuple[Standing, ...] = ()

    def traced(self, connection: Connection, names: Sequence[str]) -> list[Hit]:
        """Return what each slice shows of a person."""
        return [hit for ask in self.traces for hit in ask(connection, names, self.texts)]

    def open_with(self, connection: Connection, names: Sequence[str]) -> list[str]:
        """Return what stands open with a person, in the words of each slice that has something."""
        told = (ask(connection, names, self.texts) for ask in self.standings)
        return [words for words in told if words]
