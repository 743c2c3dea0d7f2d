"""The page before an act with money is undone: what to give back, what to take in.

The books can take an act back in a moment; the notes in the villager's hand cannot be posted. So
an act that moved money, or left paper behind, is undone by way of this page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.journal.vocabulary import Vocabulary
from station_app.ledger.accounts import ALIPAY, BANK, DRAWERS, WECHAT
from station_app.ledger.posting import CNY
from station_app.overview.act_words import ActReader, ShownAct
from station_app.overview.acts import ActRow, act_by_id
from station_app.overview.fact_words import FactWords
from station_app.overview.papers import papers_of
from station_app.overview.pieces import empty
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done, Outcome
from station_app.shell.offers import Offer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.words import IconLabel, Words, rule
from station_app.values.money import say_yuan

RECEIVABLES = "Assets:Receivable:"
_ICONS = {"drawer": "cash", "account": "book", "slip": "receipt", "label": "tag"}
UNDO_PAGE = "overview.undo"


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """Money that an act brought in (positive) or took out, by place.

    place: `drawer`, `wechat`, `alipay`, `bank` or `account` (what villagers owe).
    """

    place: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class _Way:
    """What stands on the page: the act, its money, its papers by role."""

    shown: ShownAct
    money: tuple[MoneyMoved, ...]
    papers: tuple[str, ...]


def money_of(connection: Connection, row: ActRow) -> tuple[MoneyMoved, ...]:
    """Return what an act moved, place by place: a sum over its own postings."""
    rows = connection.execute(
        "SELECT p.account, sum(p.amount) FROM postings p "
        "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
        "WHERE f.stream = ? AND f.act = ? AND p.commodity = ? GROUP BY p.account",
        (row.stream, row.act, CNY),
    ).fetchall()
    sums: dict[str, int] = {}
    for account, amount in rows:
        place = _place(account)
        if place:
            sums[place] = sums.get(place, 0) + amount
    return tuple(MoneyMoved(place, amount) for place, amount in sorted(sums.items()) if amount)


def _place(account: str) -> str:
    if account.startswith(DRAWERS):
        return "drawer"
    if account.startswith(RECEIVABLES):
        return "account"
    return {WECHAT: "wechat", ALIPAY: "alipay", BANK: "bank"}.get(account, "")


def way_to_undo(connection: Connection, act: str) -> tuple[str, Mapping[str, str]] | None:
    """Return the page that an undo of this act goes through, None to undo at once.

    Money must change hands back first. Paper alone is no reason: a torn label costs no look.
    """
    row = act_by_id(connection, act)
    if row is None or not money_of(connection, row):
        return None
    return UNDO_PAGE, {"act": act}


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoWork:
    """What the page needs besides the counter. undone: told when it is on disk."""

    offers: Sequence[Offer]
    vocabulary: Vocabulary
    live: Callable[[], str]
    undone: Callable[[str], None]


class UndoPage(Page):
    """Says what to give back and take in, then undoes."""

    def __init__(self, counter: Counter, key: str, work: UndoWork) -> None:
        """Make the page; `open_with` names the act."""
        super().__init__(counter, key)
        self._work = work
        words = FactWords(counter.texts, work.vocabulary, counter.privacy)
        self._reader = ActReader(work.offers, words, work.live)
        self._way: _Way | None = None
        self._is_undoing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.FULL.gap)
        self._banner = Banner("", "warn")
        self._panel = Panel("active", margins=(28, 22, 28, 22), spacing=14)
        self._heading = Words("", theme.HEADING, bold=True, wrap=True)
        self._line = Words(self.say("overview.undo.line"), theme.BODY, ink="ink2", wrap=True)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(14)
        for widget in (self._heading, self._line, rule()):
            self._panel.body.addWidget(widget)
        self._panel.body.addLayout(self._steps)
        column.addWidget(self._banner)
        column.addWidget(self._panel)
        column.addStretch(1)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.undo.title")

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show what undoing this act asks for."""
        act = subject.get("act", "")
        self._way = self.counter.desk.read(lambda connection: self._find(connection, act))
        self._show()

    def _find(self, connection: Connection, act: str) -> _Way | None:
        row = act_by_id(connection, act)
        if row is None:
            return None
        (shown,) = self._reader.shown(connection, (row,))
        roles = dict.fromkeys(p.role for p in papers_of(connection, act) if p.state == "sent")
        return _Way(shown, money_of(connection, row), tuple(roles))

    def action_bar(self) -> Sequence[Action]:
        """Undo, or leave it."""
        back = Action(self.say("overview.undo.back"), "Esc", self.counter.front.go_back)
        way = self._way
        if way is None or not way.shown.may_undo:
            return (back,)
        return (back, Action(self._primary_words(way), "Enter", self._undo, kind="primary"))

    def on_escape(self) -> bool:
        """Leave it as it is."""
        self.counter.front.go_back()
        return True

    def _primary_words(self, way: _Way) -> str:
        """Say how much goes back; the drawer first, since it is what hands do."""
        places = sorted(way.money, key=lambda moved: moved.place != "drawer")
        if not places:
            return self.say("overview.undo.primary")
        key = "primary_give" if places[0].amount_fen > 0 else "primary_take"
        amount = say_yuan(abs(places[0].amount_fen))
        return self.say(f"overview.undo.{key}", amount=amount)

    def _show(self) -> None:
        way = self._way
        may = way is not None and way.shown.may_undo
        self._banner.tell(self.say("overview.undo.gone"), "warn")
        self._banner.setVisible(not may)
        self._panel.setVisible(may)
        empty(self._steps)
        if way is not None:
            heading = self.say("overview.undo.heading", words=way.shown.words.words)
            self._heading.setText(heading)
            for icon, sentence in self._sentences(way):
                self._steps.addLayout(_step(icon, sentence))
        self.touch_actions()

    def _sentences(self, way: _Way) -> Sequence[tuple[str, str]]:
        lines = []
        for moved in way.money:
            verb = "give" if moved.amount_fen > 0 else "take"
            amount = say_yuan(abs(moved.amount_fen))
            sentence = self.say(f"overview.undo.{verb}_{moved.place}", amount=amount)
            lines.append((_ICONS.get(moved.place, "phone"), sentence))
        if "receipt" in way.papers:
            lines.append((_ICONS["slip"], self.say("overview.undo.slip")))
        if "label" in way.papers:
            lines.append((_ICONS["label"], self.say("overview.undo.label")))
        return lines or [("ok", self.say("overview.undo.plain"))]

    def _undo(self) -> None:
        way = self._way
        if way is None or self._is_undoing:
            return
        self._is_undoing = True
        act = way.shown.row.act
        self.counter.desk.undo(act, ticket=self.ticket, then=lambda got: self._told(act, got))

    def _told(self, act: str, outcome: Outcome) -> None:
        self._is_undoing = False
        if not isinstance(outcome, Done):
            self.counter.sounds.play("warn")
            self.counter.front.say_refusal(outcome.text_key, outcome.slots)
            return
        self.ticket = self.counter.tickets()
        self._way = None
        self.counter.sounds.play("ok")
        self._work.undone(act)
        self.counter.front.go_back()
        self.counter.front.toast(Notice(self.say("shell.toast.undone"), "notice"))


def _step(icon: str, sentence: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(14)
    row.addWidget(IconLabel(icon, "pressed", 32))
    words: QWidget = Words(sentence, theme.TITLE, bold=True, wrap=True)
    row.addWidget(words, 1)
    return row
