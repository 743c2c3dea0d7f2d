"""按人: what each villager owes, what is held for her, what is owed back; and every movement."""

from collections.abc import Mapping
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.ledger.lines import PostedLine
from station_app.overview.ledger.people_book import (
    PersonBook,
    book_of,
    everybody,
    kind_of,
    movements,
)
from station_app.overview.ledger.view import BookView, LedgerWork
from station_app.services.people import records as people
from station_app.shell import theme
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import say_yuan

KINDS = ("owes", "held", "due")


@dataclass(frozen=True, slots=True)
class _Movement:
    """A movement in words. kind: `owes`, `held` or `due`; amount: more of it is positive."""

    line: PostedLine
    account: str
    words: str
    kind: str
    amount: int


class PersonView(BookView):
    """Everybody with whom something is open, or one person's movements."""

    NAME = "person"
    ICON = "people"
    COLUMNS = (
        Column("who", 230),
        Column("what"),
        Column("owes", 170, "right"),
        Column("held", 170, "right"),
        Column("due", 170, "right"),
    )

    def __init__(self, page: Page, work: LedgerWork) -> None:
        """Make it; it lists everybody."""
        super().__init__(page, work)
        self.person = ""
        self._movements: tuple[_Movement, ...] = ()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a person."""
        self.person = subject.get("person", "")
        self.search.set_text("")

    def on_escape(self) -> bool:
        """Go back to the list."""
        if not self.person:
            return False
        self.person = ""
        self.load()
        return True

    def searched(self) -> None:
        """Look for somebody: also while one person is open."""
        self.person = ""
        self.load()

    def load(self) -> None:
        """Read the list, or the person."""
        if self.person:
            self._load_person(self.person)
            return
        words, typed = self.account_words(), self.search.text()

        def look(connection: Connection) -> list[tuple[str, str, PersonBook]]:
            if typed:
                found = people.find(connection, typed)
                books = [book_of(connection, one.identity) for one in found]
            else:
                books = list(everybody(connection, words))
            listed = []
            for book in books:
                row = people.person(connection, book.person) if book.person else None
                aside = f"{row.hamlet} {row.tail}".strip() if row is not None else ""
                name = words.person(connection, book.person)
                listed.append((name, aside, book))
            return listed

        self.ask(look, self._show_list)

    def _show_list(self, found: list[tuple[str, str, PersonBook]]) -> None:
        self._movements = ()
        self.title.setText(self.say("ledger.person.title"))
        self.amount.setText("")
        self.small.setText(self.say("ledger.person.how", count=len(found)))
        rows = []
        for name, aside, book in found:
            sums = (book.owes_fen, book.held_fen, book.due_fen)
            cells = (
                Text(name, bold=True),
                Text(aside, theme.HINT, ink="ink2"),
                *(Text(say_yuan(fen) if fen else "", bold=True) for fen in sums),
            )
            rows.append(Row(book.person or "nobody", cells))
        nothing = "ledger.nothing.person_found" if self.search.text() else "ledger.nothing.person"
        self.show_rows(rows, self.say(nothing))

    def _load_person(self, person: str) -> None:
        words = self.account_words()

        def look(connection: Connection) -> tuple[str, PersonBook, tuple[_Movement, ...]]:
            book = book_of(connection, person)
            if not book.accounts:
                return words.person(connection, person), book, ()
            said = tuple(
                _Movement(
                    line,
                    words.name(connection, line.account),
                    self.work.act_words(connection, line.stream, line.act),
                    kind := kind_of(line.account),
                    line.amount if kind == "owes" else -line.amount,
                )
                for line in movements(connection, book).lines
            )
            return words.person(connection, person), book, said

        self.ask(look, self._show_person)

    def _show_person(self, found: tuple[str, PersonBook, tuple[_Movement, ...]]) -> None:
        name, book, self._movements = found
        self.title.setText(name)
        self.small.setText(self.say("ledger.person.movements", count=len(self._movements)))
        self.amount.setText(
            self.say(
                "ledger.person.sums",
                owes=say_yuan(book.owes_fen),
                held=say_yuan(book.held_fen),
                due=say_yuan(book.due_fen),
            )
        )
        today = self.counter.desk.now().day
        rows = []
        for number, one in enumerate(self._movements):
            day = say_day(local_day(one.line.at), today)
            technical = f"  {one.line.account}" if self.is_technical else ""
            sides = tuple(
                Text(say_yuan(one.amount) if kind == one.kind else "", bold=True) for kind in KINDS
            )
            cells = (
                Text(f"{day} {local_time(one.line.at)}", theme.HINT, ink="ink2"),
                Text(one.words, small=f"{one.account}{technical}"),
                *sides,
            )
            rows.append(Row(str(number), cells))
        self.show_rows(rows, self.say("ledger.nothing.movement"), keep=False)

    def open(self, subject: str) -> None:
        """Open a person, or the act of a movement."""
        if self.person:
            line = self._movements[int(subject)].line
            self.open_act(line.stream, line.act)
        elif subject and subject != "nobody":
            self.person = subject
            self.load()
