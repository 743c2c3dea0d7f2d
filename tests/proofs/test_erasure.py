"""Erased names are found nowhere: not in the tables, not in the print queue, not in the index."""

from pathlib import Path
from typing import Any

from station_app.journal.recorder import new_ticket
from station_app.journal.store import wipe_erased
from station_app.journal.verify import verify
from station_app.services.parcels.commands import ShelveParcel
from station_app.services.people.commands import AmendPerson, Details, ErasePerson
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import SeededChance, furnish, open_furnished

NAME, PHONE = "王示兰", "15400006000"
ID_NUMBER, REMARK = "11010519491231002X", "腿脚不便，送到家门口"
SECRETS = (NAME, PHONE, ID_NUMBER, ID_NUMBER[-4:], REMARK)


def everything(connection: Any) -> str:
    """Return all text and blobs of every table."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    found = []
    for (table,) in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
            found += [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row]
    return "\n".join(found)


def test_an_erased_villager_is_found_nowhere_and_the_chain_still_holds(tmp_path: Path) -> None:
    furnish(tmp_path / "data")
    here = open_furnished(tmp_path / "data", seed=4)
    here.signed_in.come("", is_manager=True)
    connection, chance = here.session.connection, SeededChance(5)
    (person,) = connection.execute("SELECT entity FROM persons WHERE name = ?", (NAME,)).fetchone()
    shelved = here.desk.settle(
        ShelveParcel(courier="ZTO", waybill="73000000000017", person=person),
        ticket=new_ticket(chance),
    )
    assert isinstance(shelved, Done)
    details = Details(name=NAME, phone=PHONE, id_number=ID_NUMBER, remark=REMARK)
    amended = here.desk.settle(
        AmendPerson(person=person, details=details), ticket=new_ticket(chance)
    )
    assert isinstance(amended, Done), amended
    before = everything(connection)
    assert [secret for secret in SECRETS if secret not in before] == []
    erased = here.desk.settle(ErasePerson(person=person), ticket=new_ticket(chance))
    assert isinstance(erased, Done), erased
    wipe_erased(connection)
    after = everything(connection)
    assert [secret for secret in (*SECRETS, "王*兰") if secret in after] == []
    assert verify(connection, VOCABULARY).is_sound
    here.close()
