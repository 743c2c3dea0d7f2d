"""Taking acts back: the newest by Ctrl+Z, any by its button; at once, or by way of a page."""

from collections.abc import Callable, Mapping

from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done, Outcome
from station_app.shell.widgets.toasts import ToastArea

UndoRoute = Callable[[str], tuple[str, Mapping[str, str]] | None]


def no_undo_page(_act: str) -> None:
    """Undo at once: no page has to be gone through first."""
    return


class TakingBack:
    """Asks the desk to reverse acts, each once, and says what became of it."""

    def __init__(self, counter: Counter, toasts: ToastArea, route: UndoRoute) -> None:
        """Work for one window. route: the page (and subject) for acts that moved money."""
        self._counter = counter
        self._toasts = toasts
        self._route = route
        self._under_way: set[str] = set()

    def last(self) -> None:
        """Take back what the newest toast offers, if any does."""
        act = self._toasts.last_undo()
        if act:
            self.take(act)

    def take(self, act: str) -> None:
        """Take an act back; while it is under way, a second press does nothing."""
        if act in self._under_way:
            return
        way = self._route(act)
        if way is not None:
            self._toasts.forget_act(act)
            self._counter.front.open_page(*way)
            return
        self._under_way.add(act)
        ticket = self._counter.tickets()
        self._counter.desk.undo(act, ticket=ticket, then=lambda outcome: self._settle(act, outcome))

    def _settle(self, act: str, outcome: Outcome) -> None:
        counter = self._counter
        self._under_way.discard(act)
        if isinstance(outcome, Done):
            self._toasts.forget_act(act)
            counter.sounds.play("ok")
            counter.front.toast(Notice(counter.say("shell.toast.undone"), "notice"))
        else:
            counter.sounds.play("warn")
            counter.front.say_refusal(outcome.text_key, outcome.slots)
