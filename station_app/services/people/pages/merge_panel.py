"""Making two records one (合并), and two again: asked in the banner of the register.

The one that is open stays; the other is found on the left as anybody is. Both names stand in the
sentence and on the button, so nobody merges what was merely current.
"""

from typing import TYPE_CHECKING

from station_app.services.people import merge_records, records
from station_app.services.people.commands import MergePersons, TakeMergeBack
from station_app.services.people.merge_records import Merged
from station_app.services.people.rules import tail_of
from station_app.shell.desk import Done
from station_app.shell.page import Action
from station_app.shell.widgets.panels import Banner

if TYPE_CHECKING:
    from station_app.services.people.pages.register import RegisterPage

NAMES_MAX = 3  # in one sentence


class MergePanel:
    """What the register knows of a merge under way. kept, other: identities, "" for nobody yet."""

    def __init__(self, page: "RegisterPage", banner: Banner) -> None:
        """Speak in the banner of a page."""
        self._page = page
        self._banner = banner
        self.kept = self.other = ""

    @property
    def is_open(self) -> bool:
        """Tell whether a second record is being looked for."""
        return bool(self.kept)

    def begin(self, person: str) -> None:
        """Let this record stay; which is the other?"""
        self.kept, self.other = person, ""

    def end(self) -> None:
        """Leave it."""
        self.kept = self.other = ""

    def choose(self, person: str) -> None:
        """Take a record as the other one."""
        self.other = person if person != self.kept else ""

    def swap(self) -> None:
        """Let the other one stay."""
        self.kept, self.other = self.other, self.kept

    # --- Showing ---------------------------------------------------------------------------------

    def tell(self) -> None:
        """Say in the banner what is being asked."""
        say = self._page.say
        kept, other = self._name(self.kept), self._name(self.other)
        if self.other:
            title = say("people.merge.title_both", other=other, kept=kept)
            self._banner.tell(title, "notice", small=say("people.merge.small_both", kept=kept))
        else:
            title = say("people.merge.title", name=kept)
            self._banner.tell(title, "notice", small=say("people.merge.small"))

    def tell_merged(self, person: str) -> bool:
        """Say which records this one stands for; return whether there are any."""
        merged = self.merged(person)
        if merged:
            names = "、".join(self._described(one.other) for one in merged[:NAMES_MAX])
            words = self._page.say("people.merge.merged", count=len(merged), names=names)
            self._banner.tell(words, "notice")
        return bool(merged)

    def merged(self, person: str) -> list[Merged]:
        """Return the records that this one stands for."""
        return self._page.counter.desk.read(lambda c: merge_records.merged_into(c, person))

    def actions(self) -> list[Action]:
        """Return what can be done while the other record is looked for."""
        say, kept, other = self._page.say, self._name(self.kept), self._name(self.other)
        found = [Action(say("people.merge.leave"), "Esc", self._page.leave_merging)]
        if self.other:
            found.append(Action(say("people.merge.swap", other=other), "F11", self._swapped))
        found.append(
            Action(
                say("people.merge.primary", kept=kept),
                "Enter",
                self._merge,
                kind="primary",
                is_enabled=bool(self.other),
                reason="" if self.other else say("people.merge.nobody"),
            )
        )
        return found

    def apart(self, person: str) -> list[Action]:
        """Return the action that makes the latest merge two again."""
        merged = self.merged(person)
        if not merged:
            return []
        last = merged[-1]
        words = self._page.say("people.merge.apart", name=self._name(last.other))
        return [Action(words, "Ctrl+K", lambda: self._take_back(last), icon="split")]

    # --- Doing -----------------------------------------------------------------------------------

    def _swapped(self) -> None:
        self.swap()
        self._page.show_merging()

    def _merge(self) -> None:
        kept, other = self.kept, self.other
        words = self._page.say("people.merge.done", other=self._name(other), kept=self._name(kept))

        def done(outcome: Done) -> None:
            self.end()
            self._page.show_person(kept)
            self._page.tell_done(words, outcome)

        self._page.perform(MergePersons(kept=kept, other=other), done=done)

    def _take_back(self, merged: Merged) -> None:
        words = self._page.say("people.merge.apart_done", name=self._name(merged.other))
        person = self._page.person

        def done(outcome: Done) -> None:
            self._page.show_person(person)
            self._page.tell_done(words, outcome)

        self._page.perform(TakeMergeBack(merge=merged.merge, claim=merged.claim), done=done)

    def _name(self, person: str) -> str:
        state = self._page.counter.desk.read(lambda c: records.own_state(c, person))
        return self._page.counter.privacy.name(state.name) if state else ""

    def _described(self, person: str) -> str:
        state = self._page.counter.desk.read(lambda c: records.own_state(c, person))
        if state is None:
            return ""
        tail = tail_of(state.phone)
        return f"{self._name(person)}·{tail}" if tail else self._name(person)
