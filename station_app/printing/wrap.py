"""Breaking running text into lines: between any two Chinese characters, never inside a word.

A line does not begin with a closing sign (，。）) nor end with an opening one (（「): the character
before goes along, as Chinese print has always done.
"""

from collections.abc import Callable

NEVER_FIRST = frozenset("，。、；：？！）》」』】〉”’％…·—,.;:?!)]}%℃")
PARTING = "  "
NEVER_LAST = frozenset("（《「『【〈“‘([{￥")


def wrapped(text: str, room: int, width_of: Callable[[str], int]) -> list[str]:
    """Return the lines of a text, each at most `room` wide; a word wider than that is broken.

    Two spaces part what belongs together ("证号 7  保存 6 个月"): there a line ends first. An
    empty text is one empty line, so that a writer can leave white between paragraphs.
    """
    if width_of(text.rstrip()) <= room:
        return [text.rstrip()]
    lines: list[str] = []
    for part in text.split(PARTING):
        together = f"{lines[-1]}{PARTING}{part}" if lines else part
        if lines and width_of(together.rstrip()) <= room:
            lines[-1] = together
        else:
            lines += _broken(part, room, width_of)
    return [line.rstrip() for line in lines]


def _broken(text: str, room: int, width_of: Callable[[str], int]) -> list[str]:
    """Return the lines of a text without partings."""
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


def split_in_lines(text: str, signs: int, lines: int) -> list[str]:
    """Return a text in at most so many lines for boxes of a label, each of about so many signs.

    A sign of ASCII is half as wide as a Chinese one. What is left over stays on the last line,
    where the layout shrinks it: nothing is dropped here.
    """
    broken = wrapped(
        text, signs * 2, lambda part: sum(1 if char < "\u2e80" else 2 for char in part)
    )
    if len(broken) > lines:
        broken = [*broken[: lines - 1], "".join(broken[lines - 1 :])]
    return broken
