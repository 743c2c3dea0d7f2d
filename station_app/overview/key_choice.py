"""Where the key of the journal is kept, on a PC without a keyring: a passphrase, or a file.

It comes before everything else, also before the enrolment: without a place for the key there is
no journal. The manager chooses, and the page says what a thief gets. The better way stands first.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.first_run import FirstRunFrame, Step, first_steps
from station_app.overview.secret_field import PagePad, SecretField
from station_app.security.key_place import FILE, PASSPHRASE
from station_app.security.passphrases import GOOD, passphrase_refusal, strength
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tones import INKS
from station_app.shell.widgets.words import Words, hint

SHOW_KEY, PAD_KEY = "F2", "F3"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChoiceWork:
    """What the page needs besides the counter.

    keep: makes the place, `passphrase` or `file`, with the passphrase ("" for none); returns the
    sentence about what failed, "" when it is done. kept: called then. run: off the screen's thread.
    is_lost: the journal is there already and its key has to come back from the county.
    """

    keep: Callable[[str, str], str]
    kept: Callable[[], None]
    run: Callable[[Callable[[], str], Callable[[str], None]], object]
    is_lost: bool = False


class KeyChoicePage(Page):
    """Lets the manager choose."""

    def __init__(self, counter: Counter, key: str, work: KeyChoiceWork) -> None:
        """Make the page; the passphrase is proposed."""
        super().__init__(counter, key)
        self._work = work
        self._is_working = False
        self._build()
        self.choice.set_value(PASSPHRASE)
        self._show()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        say = self.say
        steps = (
            Step(say("overview.key.step"), "now", say("overview.enrol.rail_now")),
            *first_steps(self.counter.texts, ""),
        )
        title = say("shell.brand") if self._work.is_lost else say("overview.enrol.rail_title")
        self._frame = FirstRunFrame(title, say("overview.enrol.rail_line"), steps)
        if self._work.is_lost:
            self._frame.show_rail(title, say("overview.key.lost_line"), steps=False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        content = self._frame.content
        content.addWidget(Words(self.title, theme.HEADING, bold=True, wrap=True))
        content.addWidget(Words(say("overview.key.subtitle"), theme.BODY, ink="ink2", wrap=True))
        self.choice = ChoiceRow(
            [
                Choice(PASSPHRASE, say("overview.key.by_passphrase"), "lock"),
                Choice(FILE, say("overview.key.by_file"), "key"),
            ]
        )
        self.choice.chosen.connect(lambda _value: self._chosen())
        content.addWidget(self.choice)
        content.addWidget(self._build_passphrase())
        content.addWidget(self._build_file())
        self.verdict = Banner("", "warn")
        self.verdict.hide()
        content.addWidget(self.verdict)
        self.pad = PagePad(self.counter.texts, self)
        content.addWidget(self.pad)
        content.addStretch(1)
        self._reveal = self._frame.add_secondary(
            say("overview.key.show"), SHOW_KEY, self._switch_reveal
        )
        self._pad_key: KeyButton = self._frame.add_secondary(
            say("shell.pad.tool"), PAD_KEY, lambda: self.pad.setVisible(self.pad.isHidden())
        )
        self._next = self._frame.add_primary("", self.primary)
        self.setTabOrder(self.secret.line, self.again.line)

    def _build_passphrase(self) -> QWidget:
        say = self.say
        self._secret_panel = Panel("active", margins=(20, 14, 20, 14), spacing=8)
        self.secret = SecretField(self.counter.texts, say("overview.key.passphrase"))
        self.again = SecretField(self.counter.texts, say("overview.key.again"))
        fields = QHBoxLayout()
        fields.setSpacing(20)
        fields.addWidget(self.secret, 1)
        fields.addWidget(self.again, 1)
        self._strength = Words("", theme.BODY, bold=True, wrap=True)
        self._secret_panel.body.addLayout(fields)
        self._secret_panel.body.addWidget(self._strength)
        self._secret_panel.body.addWidget(hint(say("overview.key.advice"), wrap=True))
        for field in (self.secret, self.again):
            field.changed.connect(lambda _text: self._show())
        return self._secret_panel

    def _build_file(self) -> QWidget:
        say = self.say
        self._file_panel = Panel("active", margins=(20, 14, 20, 14), spacing=8)
        thief = Banner(say("overview.key.thief"), "warn", small=say("overview.key.thief_small"))
        self._file_panel.body.addWidget(thief)
        self._file_panel.body.addWidget(hint(say("overview.key.file_line"), wrap=True))
        return self._file_panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.key.title_lost" if self._work.is_lost else "overview.key.title")

    def first_focus(self) -> QWidget | None:
        """Type the passphrase at once."""
        return self.secret if self.choice.value() == PASSPHRASE else self

    def on_compact(self, is_compact: bool) -> None:
        """Take less room in a low window."""
        self._frame.set_low(low=is_compact)

    def on_digit(self, digit: int) -> bool:
        """Choose by digit."""
        return self.choice.take_digit(digit)

    def on_escape(self) -> bool:
        """Put the keys on the screen away."""
        was_shown = self.pad.isVisible()
        self.pad.hide()
        return was_shown

    # --- What happens ----------------------------------------------------------------------------

    def _chosen(self) -> None:
        self._show()
        (self.secret if self.choice.value() == PASSPHRASE else self).setFocus()

    def _switch_reveal(self) -> None:
        shown = not self.secret.is_revealed
        for field in (self.secret, self.again):
            field.reveal(shown=shown)
        self._reveal.set_label(self.say("overview.key.hide" if shown else "overview.key.show"))

    def _show(self) -> None:
        is_passphrase = self.choice.value() == PASSPHRASE
        self._secret_panel.setVisible(is_passphrase)
        self._file_panel.setVisible(not is_passphrase)
        for button in (self._reveal, self._pad_key):
            button.setVisible(is_passphrase)
        if not is_passphrase:
            self.pad.hide()
        label = "overview.key.take_passphrase" if is_passphrase else "overview.key.take_file"
        self._next.set_label(self.say(label))
        self._show_strength()
        reason = self._lacking() if is_passphrase else ""
        self._next.set_possible(possible=not reason and not self._is_working, reason=reason)

    def _show_strength(self) -> None:
        secret = self.secret.secret()
        found = strength(secret)
        if not secret:
            self._tell(self.say("overview.key.strength_none"), "ink2")
            return
        refusal = passphrase_refusal(secret)
        if refusal is not None:
            self._tell(self.say(refusal.text_key, **refusal.slots), INKS["warn"])
            return
        ink = INKS["ok"] if found == GOOD else "ink"
        self._tell(self.say(f"overview.key.strength_{found}"), ink)

    def _tell(self, words: str, ink: str) -> None:
        self._strength.setText(words)
        self._strength.set_ink(ink)

    def _lacking(self) -> str:
        if passphrase_refusal(self.secret.secret()) is not None:
            return self.say("overview.key.type_it")
        if self.again.secret() != self.secret.secret():
            typed = self.secret.secret().startswith(self.again.secret())
            key = "overview.key.type_again" if typed else "security.refusal.PASSPHRASE_DIFFERS"
            return self.say(key)
        return ""

    def primary(self) -> None:
        """Make the place, once."""
        if self._is_working or not self._next.isEnabled():
            return
        way = self.choice.value()
        secret = self.secret.secret() if way == PASSPHRASE else ""
        self._is_working = True
        self._next.set_possible(possible=False, reason=self.say("overview.key.working"))
        self._work.run(lambda: self._work.keep(way, secret), self._ended)

    def _ended(self, failed: str) -> None:
        self._is_working = False
        if failed:
            self.counter.sounds.play("warn")
            self._show()
            self.verdict.tell(failed, "warn")
            self.verdict.show()
            return
        self.secret.set_text("")
        self.again.set_text("")
        self.counter.sounds.play("ok")
        self._work.kept()
