"""One line of JSON per measurement: a ratio that means the same on every machine."""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measured:
    """Our figure and the floor's, in `unit`, from `runs` repetitions; `sizes` says of what."""

    name: str
    ours: float
    limit: float
    unit: str
    runs: int
    sizes: dict[str, int] = field(default_factory=dict)
    notes: dict[str, float] = field(default_factory=dict)
    is_rate: bool = False

    @property
    def ratio(self) -> float:
        """Return ours / limit, of rates limit / ours: 1.0 is ideal, smaller is better."""
        return self.limit / self.ours if self.is_rate else self.ours / self.limit

    def line(self) -> str:
        """Return the JSON line."""
        return json.dumps(
            {
                "name": self.name,
                "ours": round(self.ours, 4),
                "limit": round(self.limit, 4),
                "ratio": round(self.ratio, 3),
                "unit": self.unit,
                "runs": self.runs,
                **self.sizes,
                **self.notes,
            },
            ensure_ascii=False,
        )


def tell(measured: Measured) -> None:
    """Print one measurement."""
    sys.stdout.write(measured.line() + "\n")
    sys.stdout.flush()


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the percentile of at least two values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
