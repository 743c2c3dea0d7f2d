"""How people and money that is owed are shown on the pages of this slice."""

from station_app.journal.log import Connection
from station_app.services.accounts.records import KnownPerson, People
from station_app.shell.counter import Counter
from station_app.values.masks import mask_phone


class Shown:
    """Words for people, as the screen may show them now."""

    def __init__(self, counter: Counter, people: People) -> None:
        """Speak in the words of `counter`."""
        self._counter = counter
        self._people = people

    def person(self, connection: Connection, identity: str) -> KnownPerson | None:
        """Return who somebody is."""
        return self._people.person(connection, identity) if len(identity) == 64 else None

    def name(self, person: KnownPerson | None) -> str:
        """Return a name, or words for somebody who is not known any more."""
        name = self._counter.privacy.name(person.name) if person else ""
        return name or self._counter.say("accounts.shown.nameless")

    def place(self, person: KnownPerson | None) -> str:
        """Return where she lives and her phone, masked."""
        if person is None:
            return ""
        phone = self._counter.privacy.phone(mask_phone(person.phone)) if person.phone else ""
        return "·".join(part for part in (person.hamlet, phone) if part)
