"""Tones: how a state looks. Each differs in shape and word as well as in colour.

A colour-blind reader, a bad monitor and the sun through the door leave the shape and the word.
"""

from typing import Final, NamedTuple

from station_app.shell.tone import Tone


class Look(NamedTuple):
    """Icon and colours (names of the palette) of a tone. edge "" draws no edge."""

    icon: str
    ink: str
    fill: str
    edge: str
    icon_ink: str = ""


LOOKS: Final[dict[Tone, Look]] = {
    "plain": Look("", "ink2", "background", "line"),
    "ok": Look("ok", "pressed", "tint", "edge"),
    "warn": Look("warn", "warn", "warn_tint", "warn_edge"),
    "stop": Look("stop", "white", "stop", "stop"),
    "offline": Look("offline", "notice", "notice_tint", "notice_edge"),
    "queued": Look("queued", "notice", "notice_tint", "notice_edge"),
    "waiting": Look("waiting", "ink2", "background", "line"),
    "notice": Look("notice", "notice", "notice_tint", "notice_edge"),
    "money": Look("cash", "notice", "notice_tint", "notice_edge"),
}

# A stop on a light ground is red on red tint: the solid pill is for lists.
INKS: Final[dict[Tone, str]] = {
    tone: ("stop" if tone == "stop" else look.ink) for tone, look in LOOKS.items()
}
