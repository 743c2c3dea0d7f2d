"""The tones in which a state may be said. A room of its own, so that widgets need no offers."""

from typing import Literal

Tone = Literal["plain", "ok", "warn", "stop", "offline", "queued", "waiting", "notice", "money"]
