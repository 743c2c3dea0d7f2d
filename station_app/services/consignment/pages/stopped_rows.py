"""What the page of a stopped lot lists: where its goods are, who is still to be told, its origin.

Everything is worked out from plain values, so the page only draws it. A row knows whom it would
tell: whoever took goods on account, or a grower. Other buyers are in no book, and for them the
notice is all that can be done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.services.consignment.lots import Lot
from station_app.services.consignment.recalling import BOARD, REACHED, Telling
from station_app.services.consignment.stopped_records import SoldRow, Stopped
from station_app.shell.tone import Tone
from station_app.values.day import add_days, say_day, say_moment
from station_app.values.texts import Texts
from station_app.values.villagers import Reachable

HERE, SALE, GROWER, SENT = "here", "sale", "grower", "sent"
Standing = tuple[str, Tone, int, bool]
"""How it stands with a row: text key of its pill, tone, tries so far, whether it is open."""


@dataclass(frozen=True, slots=True)
class Whereabout:
    """A row. entity: what its facts are of; state: text key of its pill; count: tries so far.

    is_open: something is left to do here; person: whom one can tell, None for nobody.
    """

    subject: str
    sort: str
    entity: str
    words: str
    small: str
    quantity: int
    state: str
    tone: Tone
    count: int = 0
    is_open: bool = False
    sale: str = ""
    person: Reachable | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A line of where it comes from. tone: warns of what may be the reason."""

    words: str
    small: str
    day: str
    tone: Tone = "ok"


class Whereabouts:
    """Makes the rows. name: how a person is called on the screen now; known: who somebody is."""

    def __init__(
        self,
        texts: Texts,
        today: str,
        name: Callable[[Reachable], str],
        known: Callable[[str], Reachable | None],
    ) -> None:
        """Work for one day."""
        self._say, self._today = texts.say, today
        self._name, self._known = name, known

    def rows(self, state: Stopped) -> tuple[Whereabout, ...]:
        """Return what there is of it, what is open on top of its sort."""
        sold = [self._sold(row, state) for row in state.slips]
        growers = [self._grower(person, state) for person in state.growers]
        here = [self._here(state)] if state.here > 0 else []
        return (*here, *sorted(sold, key=_is_back), *growers, *self._sent(state))

    def _here(self, state: Stopped) -> Whereabout:
        key = "locked" if state.is_locked else "not_locked"
        return Whereabout(
            subject=HERE,
            sort=HERE,
            entity=" ".join(state.lots),
            words=self._say("consignment.stopped.on_shelf"),
            small=self._say(f"consignment.stopped.{key}"),
            quantity=state.here,
            state="here_pill",
            tone="stop",
            is_open=True,
        )

    def _sold(self, row: SoldRow, state: Stopped) -> Whereabout:
        person = self._known(row.person) if row.person else None
        when = say_moment(row.at, self._today)
        if person is not None:
            whose = self._say("consignment.stopped.on_account", name=self._name(person))
            when = f"{when}　{whose}"
        left = row.quantity - row.back
        standing: Standing = ("returned", "ok", 0, False)
        if left:
            mine = [one for one in state.told if one.sale == row.sale]
            standing = self._told(mine, state, person)
        key, tone, count, is_open = standing
        return Whereabout(
            subject=f"{SALE} {row.sale}",
            sort=SALE,
            entity=row.sale,
            words=self._say("consignment.stopped.slip", number=row.number),
            small=when,
            quantity=left or row.quantity,
            state=key,
            tone=tone,
            count=count,
            is_open=is_open,
            sale=row.sale,
            person=person if left else None,
        )

    def _told(self, told: Sequence[Telling], state: Stopped, person: Reachable | None) -> Standing:
        """Return how far telling has come."""
        if any(one.outcome == REACHED for one in told):
            return "told", "ok", len(told), False
        if person is not None:
            key = "no_answer" if told else "not_told"
            return key, "warn", len(told), True
        is_posted = any(one.way == BOARD for one in state.told)
        return ("posted", "notice", 0, False) if is_posted else ("unknown", "waiting", 0, True)

    def _grower(self, identity: str, state: Stopped) -> Whereabout:
        person = self._known(identity)
        mine = [one for one in state.told if one.person == identity and not one.sale]
        standing: Standing = ("unknown", "waiting", 0, False)
        if person is not None:
            standing = self._told(mine, state, person)
        key, tone, count, is_open = standing
        whose = self._name(person) if person else ""
        brought = sum(one.quantity for one in state.first.shares if one.person == identity)
        return Whereabout(
            subject=f"{GROWER} {identity}",
            sort=GROWER,
            entity=" ".join(state.lots),
            words=self._say("consignment.stopped.grower", name=whose),
            small=person.hamlet if person else "",
            quantity=brought or state.first.quantity,
            state=key,
            tone=tone,
            count=count,
            is_open=is_open,
            person=person,
        )

    def _sent(self, state: Stopped) -> list[Whereabout]:
        return [
            Whereabout(
                subject=f"{SENT} {row.fact}",
                sort=SENT,
                entity=" ".join(state.lots),
                words=self._say("consignment.stopped.to_hub", count=row.packages),
                small=say_moment(row.at, self._today),
                quantity=row.quantity,
                state="county_looks",
                tone="notice",
            )
            for row in state.sent
        ]

    def origins(self, lot: Lot, brought: str) -> tuple[Origin, ...]:
        """Return where a lot comes from. brought: how much of it came in, in words."""
        say, found = self._say, []
        people = [self._known(one) for one in sorted({share.person for share in lot.shares})]
        if lot.seller:
            people.append(self._known(lot.seller))
        whose = "、".join(self._name(one) for one in people if one is not None)
        promise = say(f"consignment.promise_words.{lot.promise}") if lot.promise else ""
        small = "　".join(part for part in (whose, promise) if part)
        day = say_day(lot.day, self._today)
        found.append(Origin(say("consignment.stopped.taken_in", quantity=brought), small, day))
        if lot.harvest_day:
            harvested = say_day(lot.harvest_day, self._today)
            found.append(Origin(say("consignment.stopped.harvested"), "", harvested))
        for one in lot.inputs:
            until = say_day(add_days(one.day, one.interval_days), self._today)
            interval = say("consignment.stopped.interval", days=one.interval_days, day=until)
            words = say("consignment.stopped.sprayed", name=one.name)
            found.append(Origin(words, interval, say_day(one.day, self._today), "warn"))
        return tuple(found)


def _is_back(row: Whereabout) -> bool:
    """Tell whether it came back: what is still out stands above it, told or not."""
    return row.state == "returned"
