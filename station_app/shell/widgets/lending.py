"""What is said before other people's money goes out: whose it would be, and why all the same.

Every page on which money leaves shows it: payouts, remittances, payments to couriers. Nothing is
refused; a reason is asked for, and who let it go is written down. Where money is taken out of the
drawer a second person is asked instead, in the same words.
"""

from PySide6.QtCore import Signal

from station_app.ledger.lending import Lending
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.words import hint
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

REASON_MAX = 200


def say_whose(texts: Texts, lending: Lending, *, is_blind: bool = False) -> str:
    """Return whose money it would be. is_blind: without amounts, which give the drawer away."""
    say = texts.say
    if is_blind:
        kinds = [kind for kind, _fen in lending.lent_by] or ["Other"]
        whose = "、".join(say(f"shell.lending.of.{kind}") for kind in kinds)
        return say("shell.lending.whose_only", whose=whose)
    return "，".join(
        say("shell.lending.whose", whose=say(f"shell.lending.of.{kind}"), amount=say_yuan(fen))
        for kind, fen in lending.lent_by
    )


class LendingPanel(Panel):
    """The warning, and the field of the reason. Signal changed: something was typed.

    It hides itself while nothing would be lent. approval: `manager`, `alone` or `absent`, as the
    fact will say it.
    """

    changed = Signal()

    def __init__(self, texts: Texts) -> None:
        """Make it, hidden."""
        super().__init__("plain", margins=(14, 12, 14, 12), spacing=6)
        self._texts = texts
        self._lending = Lending()
        self.banner = Banner("", "warn")
        self.field = TextField(
            texts,
            texts.say("shell.lending.reason"),
            limit=REASON_MAX,
            chinese=True,
            placeholder=texts.say("shell.lending.reason_hint"),
        )
        self.field.changed.connect(lambda _text: self.changed.emit())
        self._who = hint("", wrap=True)
        for widget in (self.banner, self.field, self._who):
            self.body.addWidget(widget)
        self.hide()

    def show_lending(self, lending: Lending, approval: str) -> None:
        """Show what would be lent, if anything."""
        say = self._texts.say
        self._lending = lending
        title = say("shell.lending.title", amount=say_yuan(lending.lent_fen))
        self.banner.tell(title, "warn", small=say_whose(self._texts, lending))
        self._who.setText(say(f"shell.lending.by_{approval}") if approval else "")
        self.setVisible(lending.asks)

    def reason(self) -> str:
        """Return the reason, "" while nothing is lent."""
        return self.field.text() if self._lending.asks else ""

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        if self._lending.asks and not self.field.text():
            return self._texts.say("shell.lending.need_reason")
        return ""

    def clear(self) -> None:
        """Empty it for the next one."""
        self.field.set_text("")
        self.show_lending(Lending(), "")
