"""The line to the county as the pages see it, in the hands of a test."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from station_app.overview.sync_view import Standing, StickSign


@dataclass
class Line:
    """The county's line as the screen sees it; a test moves it."""

    now: Standing
    tries: int = 0
    listeners: list[Callable[[], None]] = field(default_factory=list)
    sign: StickSign = field(default_factory=StickSign)
    looks: int = 0
    asked: list[str] = field(default_factory=list)
    ends: tuple[str, bool] = ("好了", True)

    def standing(self) -> Standing:
        return self.now

    def try_now(self) -> None:
        self.tries += 1

    def confirm_act(self, stream: str, act: str, then: Callable[[], None]) -> None:
        self.asked.append(f"confirm {stream} {act}")
        then()

    def entered_again(self, lost: Any, then: Callable[[], None]) -> None:
        self.asked.append(f"entered {lost.stream}")
        then()

    def listen(self, listener: Callable[[], None]) -> None:
        self.listeners.append(listener)

    def stick(self) -> StickSign:
        return self.sign

    def look_for_stick(self) -> None:
        self.looks += 1

    def write_stick(self, then: Callable[[str, bool], None]) -> None:
        self.asked.append("write")
        then(*self.ends)

    def take_stick(self, then: Callable[[str, bool], None]) -> None:
        self.asked.append("take")
        self.sign = StickSign(is_there=True)
        then(*self.ends)

    def become(self, standing: Standing, sign: StickSign | None = None) -> None:
        self.now = standing
        self.sign = sign or self.sign
        for listener in self.listeners:
            listener()
