"""What is kept as proof that parcels were handed over: a signature, or a photo of who took them."""

from collections.abc import Sequence

from station_app.journal.fact import Saying
from station_app.services.parcels.commands import KeepHandoverPhoto, KeepSignature
from station_app.services.parcels.facts import (
    HandoverPhotographed,
    Signature,
    SignatureTaken,
    TakingPhoto,
)
from station_app.values.now import Now


def keep_signature(_nothing: None, command: KeepSignature, now: Now) -> Sequence[Saying]:
    """Keep a signature beside the hand-over that it is for."""
    assert command.photo, "nobody signed"
    whose = (command.person,) if command.person else ()
    signed = Signature(photo=command.photo, whose=whose)
    return [Saying(SignatureTaken(day=now.day), private=signed, entity=command.parcel)]


def keep_photo(_nothing: None, command: KeepHandoverPhoto, now: Now) -> Sequence[Saying]:
    """Keep the photo of whoever took parcels beside the hand-over that it is for."""
    assert command.photo, "nobody was photographed"
    whose = (command.person,) if command.person else ()
    private = TakingPhoto(photo=command.photo, whose=whose)
    return [Saying(HandoverPhotographed(day=now.day), private=private, entity=command.parcel)]
