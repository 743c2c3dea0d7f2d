"""What is being written down about a parcel in trouble: pure, so each deed is a table in the tests.

The page shows a `Form`; each key makes another one of it, and what is missing is one word.
"""

from dataclasses import dataclass

from station_app.services.parcels.commands import (
    CompensateParcel,
    FindParcel,
    ForwardParcel,
    LoseParcel,
    MarkValuable,
    ReleaseParcel,
    ReportDamage,
    ReturnParcels,
)
from station_app.services.parcels.places import parse_layer
from station_app.services.parcels.visits import LOST, ON_HAND, Parcel

Command = (
    CompensateParcel
    | FindParcel
    | ForwardParcel
    | LoseParcel
    | MarkValuable
    | ReleaseParcel
    | ReportDamage
    | ReturnParcels
)
BACK = {
    "back_refused": "refused",
    "back_damaged": "damaged",
    "back_misdirected": "misdirected",
}
CONFIRMED = (*BACK, "lose", "valuable")  # nothing more to say of these


def deeds_for(parcel: Parcel | None) -> tuple[str, ...]:
    """Return what may be said of a parcel now, in the order of the keys; none for one that left."""
    if parcel is None:
        return ()
    if parcel.status == LOST:
        return ("find", "pay")
    if parcel.status != ON_HAND:
        return ()
    valuable = () if parcel.is_valuable else ("valuable",)
    if parcel.damaged:
        return ("pay", "back_damaged", "back_refused", "lose", "release", *valuable)
    return (
        "damage",
        "back_refused",
        "back_misdirected",
        "forward",
        "lose",
        "release",
        *valuable,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is written so far. deed: what happened, "" while nobody has said.

    words: what is broken, or why it is believed to be gone; photo: hash of a picture; station:
    code of where it goes; reason: of a release; layer: as typed; amount_fen, payee: what is paid.
    """

    deed: str = ""
    words: str = ""
    photo: str = ""
    station: str = ""
    reason: str = ""
    layer: str = ""
    amount_fen: int | None = None
    payee: str = ""

    @property
    def missing(self) -> str:
        """Return what is still to be said, as the end of a text key, "" when nothing is."""
        steps = (
            ("deed", not self.deed),
            ("damage", self.deed == "damage" and not (self.words.strip() or self.photo)),
            ("station", self.deed == "forward" and not self.station),
            ("reason", self.deed == "release" and not self.reason),
            ("words", self.reason == "other" and not self.words.strip()),
            ("layer", self.deed == "find" and parse_layer(self.layer) is None),
            ("amount", self.deed == "pay" and not self.amount_fen),
            ("payee", self.deed == "pay" and not self.payee),
        )
        return next((step for step, is_open in steps if is_open), "")

    def command(self, parcel: str) -> Command:
        """Return what is asked of the desk."""
        assert not self.missing, self.missing
        if self.deed in BACK:
            return ReturnParcels(parcels=(parcel,), reason=BACK[self.deed])
        if self.deed == "damage":
            return ReportDamage(parcel=parcel, words=self.words.strip(), photo=self.photo)
        if self.deed == "forward":
            return ForwardParcel(parcel=parcel, station=self.station)
        if self.deed == "release":
            return ReleaseParcel(parcel=parcel, reason=self.reason, words=self.words.strip())
        if self.deed == "find":
            layer = parse_layer(self.layer)
            assert layer is not None
            return FindParcel(parcel=parcel, shelf=layer.shelf, layer=layer.number)
        if self.deed == "pay":
            return CompensateParcel(
                parcel=parcel, amount_fen=self.amount_fen or 0, payee=self.payee
            )
        return LoseParcel(parcel=parcel) if self.deed == "lose" else MarkValuable(parcel=parcel)
