"""Openings and receipts written short: on a thin line their words would outweigh the facts.

Twenty facts come to a thousand bytes, and the JSON around them to six hundred, half of it names of
fields and hexadecimal digits. So the tree is written in msgpack, a text that ends in a hash or an
epoch as its bytes, and deflated with a dictionary of the usual words. What is signed stays the
JSON: whoever reads this makes it again, byte for byte, and what would not come back is not written
so.

The usual words are part of the format and never change; newer words only cost a few bytes more.
"""

import re
import zlib
from typing import Any

import msgspec

_HEX_END = 1  # of a text: length of its end, the end as bytes, what stands before it
_HEX = re.compile(r"(.*?)((?:[0-9a-f]{16}){1,8})", re.DOTALL)
_HEAD = re.compile(r"[^\0]{0,80}")

_json = msgspec.json.Encoder(order="sorted")
_parse = msgspec.json.Decoder()


class NotShort(ValueError):
    """This cannot be written short, or these bytes are nothing that was."""


def shorten(content: bytes) -> bytes:
    """Return canonical JSON in few bytes; raises NotShort where it would not come back."""
    try:
        packed = msgspec.msgpack.encode(_shortened(_parse.decode(content)))
    except (msgspec.MsgspecError, OverflowError, RecursionError) as problem:
        raise NotShort(str(problem)) from problem
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, USUAL)
    short = squeezer.compress(packed) + squeezer.flush()
    if lengthen(short, len(content)) != content:
        raise NotShort("it does not come back")
    return short


def lengthen(short: bytes, limit: int) -> bytes:
    """Return the JSON that was shortened, at most `limit` bytes; raises NotShort for all else."""
    opener = zlib.decompressobj(-15, USUAL)
    try:
        packed = opener.decompress(short, limit + 1)
        if not opener.eof or opener.unused_data:
            raise NotShort("too long, or cut off")
        tree = msgspec.msgpack.decode(packed, ext_hook=_hex_text)
        content = _json.encode(tree)
    except (
        zlib.error,
        msgspec.MsgspecError,
        UnicodeError,
        TypeError,
        ValueError,
        RecursionError,
    ) as problem:
        raise NotShort(str(problem)) from problem
    if len(content) > limit:
        raise NotShort(f"{len(content)} bytes, at most {limit}")
    return content


def _shortened(tree: Any) -> Any:
    if isinstance(tree, str):
        match = _HEX.fullmatch(tree)
        if match is None or not _HEAD.fullmatch(match[1]):
            return tree
        end = bytes.fromhex(match[2])
        return msgspec.msgpack.Ext(_HEX_END, bytes([len(end)]) + end + match[1].encode())
    if isinstance(tree, dict):
        return {key: _shortened(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_shortened(value) for value in tree]
    return tree


def _hex_text(code: int, data: memoryview) -> str:
    if code != _HEX_END or not data or len(data) < 1 + data[0]:
        raise NotShort("no end of a text")
    end = 1 + data[0]
    return bytes(data[end:]).decode() + bytes(data[1:end]).hex()


def _usual() -> bytes:
    """Return what openings and receipts usually say; zlib finds best what stands last."""
    epoch = "0011223344556677"
    county = [f"county.1/{to}" for to in ("NX0601", "all")]
    held = [[stream, 320, epoch * 4, 320] for stream in county]
    tips = [*([stream, 320, epoch] for stream in county), [f"NX0601/D1/{epoch}", 20, epoch]]
    receipt = {
        "aside": [],
        "begun": 0,
        "branched": [],
        "county": "ABCDEFGHIJKLMNOP",
        "county_epoch": 1,
        "counter": 3,
        "cursors": [],
        "device": "NX0601/D1",
        "dictionaries": [0, 1, 2],
        "epoch": epoch,
        "formats": [1, 2],
        "held": held,
        "missing": [],
        "more": 0,
        "places": [],
        "refused": [],
        "since": 0,
        "stage": 0,
        "time": 1_795_564_800_000,
        "tips": tips,
        "total": 0,
    }
    opening = {
        "clock": 1_795_564_800_000,
        "counter": 3,
        "county_epoch": 1,
        "cursor": 0,
        "device": "NX0601/D1",
        "dictionary": 2,
        "epoch": epoch,
        "fold_version": 1,
        "formats": [1, 2],
        "missing": [],
        "oldest_at": 1_795_564_800_000,
        "place": 0,
        "room": 32_768,
        "stage": 0,
        "tips": tips,
        "waiting": 20,
        "wanted": [],
    }
    return msgspec.msgpack.encode([_shortened(receipt), _shortened(opening)])


USUAL = _usual()
