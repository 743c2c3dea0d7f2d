"""Compression with numbered dictionaries: what both ends know need not travel.

A frame of twenty facts is too short for a compressor to learn the words in it. A dictionary
trained on a day's facts has them already. It is numbered, shipped with the program and never
changed: a frame says which it needs, and who does not have that one refuses the frame in words.
Number 0 is none at all, which everybody has.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import zstandard

NO_DICTIONARY = 0
NUMBER_MAX = 255  # a byte on the wire
OF_COLUMNS = frozenset({2})  # trained on columns (format 2); the others on rows
_SUFFIX = ".zstd"


class TooBig(ValueError):
    """What a packed block unpacks to exceeds the limit, or it does not say how much it is."""


class Garbled(ValueError):
    """These bytes are no packed block."""


class Press:
    """Packs and unpacks blocks of bytes with the dictionaries that this program was shipped with.

    Not for several threads at once: the compressor keeps its working memory.
    """

    def __init__(
        self,
        dictionaries: Mapping[int, bytes] | None = None,
        kinds: Collection[tuple[str, int]] | None = None,
    ) -> None:
        """Know these dictionaries, by number; 0 is always known.

        kinds: of facts (kind, version) that this program knows; None: all that there are.
        """
        self._kinds = None if kinds is None else frozenset(kinds)
        for number in dictionaries or {}:
            assert NO_DICTIONARY < number <= NUMBER_MAX, f"no number of a dictionary: {number}"
        self._dictionaries = {
            number: zstandard.ZstdCompressionDict(content)
            for number, content in (dictionaries or {}).items()
        }
        self._compressors: dict[tuple[int, int], zstandard.ZstdCompressor] = {}
        self._decompressors: dict[int, zstandard.ZstdDecompressor] = {}

    @property
    def newest(self) -> int:
        """Return the highest number known, 0 when there is no dictionary."""
        return max(self._dictionaries, default=NO_DICTIONARY)

    def best_of(self, readable: Collection[int], *, for_columns: bool) -> int:
        """Return which dictionary to pack with: the newest that the reader and this program know.

        readable: those that the reader has named; for_columns: prefer one trained on columns.
        """
        shared = [number for number in self.numbers if number in readable]
        fitting = [number for number in shared if (number in OF_COLUMNS) == for_columns]
        return max(fitting, default=0) or max(shared, default=NO_DICTIONARY)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return all numbers known, 0 too."""
        return (NO_DICTIONARY, *sorted(self._dictionaries))

    def knows_kind(self, kind: str, v: int) -> bool:
        """Tell whether facts of this kind and version may be taken apart, or travel as they are."""
        return self._kinds is None or (kind, v) in self._kinds

    def knows(self, number: int) -> bool:
        """Tell whether blocks that name this dictionary can be unpacked here."""
        return number == NO_DICTIONARY or number in self._dictionaries

    def pack(self, raw: bytes, *, dictionary: int, level: int) -> bytes:
        """Return `raw` as one block."""
        key = (dictionary, level)
        if key not in self._compressors:
            self._compressors[key] = zstandard.ZstdCompressor(
                level=level,
                dict_data=self._dictionaries.get(dictionary),
                write_dict_id=False,
                write_content_size=True,
            )
        return self._compressors[key].compress(raw)

    def unpack(self, packed: bytes, *, dictionary: int, limit: int) -> bytes:
        """Return what a block holds.

        limit: bytes; a block that declares more, or nothing, is not unpacked at all: raises
        TooBig. Raises Garbled for anything that is no block.
        """
        try:
            size = zstandard.frame_content_size(packed)
        except zstandard.ZstdError as problem:
            raise Garbled(str(problem)) from problem
        if not 0 <= size <= limit:
            raise TooBig(f"{size} bytes, at most {limit}")
        if dictionary not in self._decompressors:
            self._decompressors[dictionary] = zstandard.ZstdDecompressor(
                dict_data=self._dictionaries.get(dictionary)
            )
        try:
            return self._decompressors[dictionary].decompress(
                packed, max_output_size=limit, allow_extra_data=False
            )
        except (zstandard.ZstdError, ValueError) as problem:
            raise Garbled(str(problem)) from problem


def load_press(folder: Path, kinds: Collection[tuple[str, int]] | None = None) -> Press:
    """Read the dictionaries of a folder: `1.zstd`, `2.zstd`, …; kinds: see `Press`."""
    files = [file for file in folder.glob(f"*{_SUFFIX}") if file.stem.isdigit()]
    return Press({int(file.stem): file.read_bytes() for file in sorted(files)}, kinds)
