"""Photos whose bytes are gone here: the doctor's matter, and never the line's."""

from station_app.journal.blob import Waiting
from station_app.security.signing import Signer
from station_app.sync.blobs import BlobTalk
from station_app.sync.judging import Nonce

NAMES = [f"{number:064x}" for number in range(600)]


class Damaged:
    """A journal with a page of damaged photos, and a whole one behind them."""

    def county_epoch(self) -> int:
        return 1

    def waiting_blobs(self, limit: int) -> list[Waiting]:
        return [Waiting(name, 5, 0, was_held=False) for name in NAMES[:limit]]

    def wanted_blobs(self, limit: int) -> list[str]:
        return []

    def blob(self, name: str) -> bytes | None:
        return b"photo" if name == NAMES[-1] else None


def test_a_page_of_damaged_photos_does_not_hold_up_the_one_behind_them() -> None:
    talk = BlobTalk(
        Damaged(),  # type: ignore[arg-type]
        Signer(bytes(32)),
        "XR74CUS7P2P7HTWJ",
        lambda _key_id: None,
    )
    asked = talk.next_request(Nonce("NX0601/D1", "0" * 16, 1), 1 << 20)
    assert asked is not None
    assert asked.path.endswith(NAMES[-1])
