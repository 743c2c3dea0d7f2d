"""Learning a scale of an unknown maker from samples: what it sent while it showed a known weight.

With the pan empty and with two different loads there are three streams of equal frames. Their
period is the length of a frame; a byte that stands once in each is where it begins or ends; the
digits are where, in every sample, the number is the one that was read aloud. What was found must
read all samples rightly, or it is not used: a scale that is read wrongly is worse than none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from station_app.devices.scale_profiles import (
    FRAME_BYTES_MAX,
    KILOGRAM,
    Decimals,
    Form,
    FrameCutter,
    FrameLayout,
    ScaleProfile,
    WeightPlace,
    in_grams,
    read_digits,
)
from station_app.devices.scale_reader import Sample

Trouble = Literal["SILENT", "TOO_ALIKE", "NO_RHYTHM", "NO_EDGE", "NO_WEIGHT"]

FRAME_BYTES_LEAST = 4
PERIODS_LEAST = 3
DECIMALS_MAX = 4
UNITS = (KILOGRAM, 1, 500)  # kilograms, grams, 斤
# What begins or ends a frame, the surest first: (bytes, whether they stand at its end).
EDGES = (
    (b"\r\n", True), (b"\n", True), (b"\r", True), (b"\x02", False), (b"\x03", True),
    (b"\x01", False), (b"\xff", False), (b"=", False), (b"\x04", True),
)  # fmt: skip
ASCII_FORMS: tuple[Form, ...] = ("ascii", "ascii_backwards")
BCD_FORMS: tuple[Form, ...] = ("bcd_low_first", "bcd_high_first")
ASCII_LENGTHS, BCD_LENGTHS = range(10, 2, -1), range(4, 1, -1)


@dataclass(frozen=True, slots=True)
class NotLearned:
    """Why nothing could be learned."""

    trouble: Trouble


def learn(samples: Sequence[Sample]) -> ScaleProfile | NotLearned:
    """Return the profile that reads all samples, or why there is none.

    Of the samples at least two must show different weights, both above nothing.
    """
    if any(not sample.raw for sample in samples) or not samples:
        return NotLearned("SILENT")
    if len({sample.grams for sample in samples if sample.grams > 0}) < 2:
        return NotLearned("TOO_ALIKE")
    length = period_of([sample.raw for sample in samples])
    if not length:
        return NotLearned("NO_RHYTHM")
    turned = _turned([sample.raw[-length:] for sample in samples])
    if turned is None:
        return NotLearned("NO_EDGE")
    frames, fixed = turned
    shown = [sample.grams for sample in samples]
    for weight, decimals, unit_grams in _places(frames, shown):
        layout = FrameLayout(
            length=length, fixed=fixed, weight=weight, decimals=decimals, unit_grams=unit_grams
        )
        profile = ScaleProfile(layouts=(layout,))
        if all(_reads(profile, sample) for sample in samples):
            return profile
    return NotLearned("NO_WEIGHT")


def period_of(streams: Sequence[bytes]) -> int:
    """Return after how many bytes every stream repeats itself, 0 if they do not."""
    for length in range(FRAME_BYTES_LEAST, FRAME_BYTES_MAX + 1):
        if all(_repeats(stream, length) for stream in streams):
            return length
    return 0


def _repeats(stream: bytes, length: int) -> bool:
    tail = stream[-PERIODS_LEAST * length :]
    return len(tail) == PERIODS_LEAST * length and tail[length:] == tail[:-length]


def _turned(cut: Sequence[bytes]) -> tuple[list[bytes], dict[int, str]] | None:
    """Turn frames that were cut anywhere so that all begin alike; return the bytes that say so."""
    for edge, is_end in EDGES:
        doubled = [frame + frame for frame in cut]
        counts = [
            sum(twice.startswith(edge, at) for at in range(len(frame)))
            for twice, frame in zip(doubled, cut, strict=True)
        ]
        if any(count != 1 for count in counts):
            continue
        frames = []
        for twice, frame in zip(doubled, cut, strict=True):
            at = twice.index(edge) + (len(edge) if is_end else 0)
            frames.append((twice + frame)[at : at + len(frame)])
        start = len(cut[0]) - len(edge) if is_end else 0
        fixed = {start + number: f"{byte:02x}" for number, byte in enumerate(edge)}
        return frames, fixed
    return None


def _places(
    frames: Sequence[bytes], shown: Sequence[int]
) -> Iterator[tuple[WeightPlace, Decimals, int]]:
    """Return where the weight may stand, the longest field first: it holds its leading digits."""
    groups = ((ASCII_FORMS, ASCII_LENGTHS), (BCD_FORMS, BCD_LENGTHS))
    for forms, lengths in groups:
        for length in lengths:
            for at in range(len(frames[0]) - length + 1):
                for form in forms:
                    fields = [frame[at : at + length] for frame in frames]
                    for decimals, unit in _meanings(fields, form, shown):
                        yield WeightPlace(at=at, length=length, form=form), decimals, unit


def _meanings(
    fields: Sequence[bytes], form: Form, shown: Sequence[int]
) -> Iterator[tuple[Decimals, int]]:
    read = [read_digits(field, form) for field in fields]
    numbers = [found for found in read if found is not None]
    if len(numbers) != len(fields):
        return
    for unit in UNITS:
        for fixed in range(DECIMALS_MAX + 1):
            if all(
                in_grams(value, fixed if point is None else point, unit) == grams
                for (value, point), grams in zip(numbers, shown, strict=True)
            ):
                yield Decimals(fixed=fixed), unit
                break


def _reads(profile: ScaleProfile, sample: Sample) -> bool:
    readings = FrameCutter(profile).feed(sample.raw)
    return len(readings) >= PERIODS_LEAST - 1 and all(
        reading.grams == sample.grams for reading in readings
    )
