"""Breaking running text into lines: between any two Chinese characters, never inside a word.

A line does not begin with a closing sign (，。）) nor end with an opening one (（「): the character
before goes along, as Chinese print has always done.
"""

from collections.abc import Callable

NEVER_FIRST = frozenset("，。、；：？！）》」』】〉”’％…·—,.;:?!)]}%℃")
NEVER_LAST = frozenset("（《「『【〈“‘([{￥")


def wrapped(text: str, room: int, width_of: Callable[[str], int]) -> list[str]:
    """Return the lines of a text, each at most `room` wide; a word wider than that is broken.

    An empty text is one empty line, so that a writer can leave white between paragraphs.
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if width_of((line + word).rstrip()) <= room:
            line += word
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = word.lstrip()
        while width_of(line.rstrip()) > room:
            fits = _fitting(line, room, width_of)
            lines.append(line[:fits])
            line = line[fits:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _fitting(word: str, room: int, width_of: Callable[[str], int]) -> int:
    """Return how many characters of a word go on one line, at least one."""
    count = 1
    while count < len(word) and width_of(word[: count + 1]) <= room:
        count += 1
    return count


def _words(text: str) -> list[str]:
    """Return the pieces between which a line may end."""
    pieces: list[str] = []
    for char in text:
        if pieces and _holds_together(pieces[-1][-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _holds_together(before: str, char: str) -> bool:
    if char in NEVER_FIRST or before in NEVER_LAST:
        return True
    if char == " ":
        return True
    return before != " " and before < "\u2e80" and char < "\u2e80"
