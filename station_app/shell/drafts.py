"""Drafts: what stands half-typed on a page, kept over a power cut.

A page hands over its draft 300 ms after the last keystroke. Drafts hold names, so they lie in the
encrypted database and nowhere else; they are no facts: finishing or leaving the work drops them.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

Draft = Mapping[str, Any]
DRAFT_CHARACTERS_MAX = 64_000  # far more than any form holds; a larger one is a mistake

SCHEMA = "CREATE TABLE IF NOT EXISTS drafts (page TEXT PRIMARY KEY, body TEXT NOT NULL)"


class DraftTooLong(ValueError):
    """A page holds more than a draft may; what was kept of it before stays."""


class Drafts(Protocol):
    """Where drafts are kept, one per page."""

    def keep(self, page: str, draft: Draft) -> None:
        """Keep this instead of what was there. draft: JSON-able. Raises DraftTooLong."""
        ...

    def drop(self, page: str) -> None:
        """Forget it; the work is done or given up."""
        ...

    def find(self, page: str) -> Draft | None:
        """Return what was kept, or None."""
        ...

    def pages(self) -> list[str]:
        """Return the keys of all pages that left a draft."""
        ...


class DraftsInMemory:
    """Drafts for as long as the program runs: practice and tests."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[str, str] = {}

    def keep(self, page: str, draft: Draft) -> None:
        """Keep a copy."""
        self._kept[page] = written(draft)

    def drop(self, page: str) -> None:
        """Forget it."""
        self._kept.pop(page, None)

    def find(self, page: str) -> Draft | None:
        """Return a copy, or None."""
        body = self._kept.get(page)
        return None if body is None else json.loads(body)

    def pages(self) -> list[str]:
        """Return the keys of all pages with a draft."""
        return sorted(self._kept)


class DraftTable:
    """Drafts in the station's own encrypted database.

    All of them are read once at the start; after that the table only follows, through `write`,
    which runs a piece of work with the writing connection and off the screen's thread.
    """

    def __init__(self, connection: Any, write: Callable[[Callable[[Any], None]], None]) -> None:
        """Read what was left. connection: for this one reading; the table exists (`SCHEMA`)."""
        rows = connection.execute("SELECT page, body FROM drafts").fetchall()
        self._kept: dict[str, str] = dict(rows)
        self._write = write

    def keep(self, page: str, draft: Draft) -> None:
        """Keep it, now in memory and soon on disk."""
        body = written(draft)
        if self._kept.get(page) == body:
            return
        self._kept[page] = body
        self._write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO drafts (page, body) VALUES (?, ?)", (page, body)
            )
        )

    def drop(self, page: str) -> None:
        """Forget it."""
        if self._kept.pop(page, None) is not None:
            self._write(
                lambda connection: connection.execute("DELETE FROM drafts WHERE page = ?", (page,))
            )

    def find(self, page: str) -> Draft | None:
        """Return a copy, or None."""
        body = self._kept.get(page)
        return None if body is None else json.loads(body)

    def pages(self) -> list[str]:
        """Return the keys of all pages with a draft."""
        return sorted(self._kept)


def written(draft: Draft) -> str:
    """Return a draft as it is kept; raises DraftTooLong."""
    body = json.dumps(draft, ensure_ascii=False, sort_keys=True)
    if len(body) > DRAFT_CHARACTERS_MAX:
        raise DraftTooLong(f"a draft of {len(body)} characters")
    return body
