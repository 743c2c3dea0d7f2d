"""A lost key comes back by way of a real county; the letters need no line."""

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from station_app import recovery
from station_app.__main__ import main as station_main
from station_app.journal.recorder import new_ticket
from station_app.journal.store import open_reader
from station_app.journal.verify import verify
from station_app.line import ENROLLED, enrol
from station_app.overview.recovery_sheet import recovery_sheet
from station_app.premises import DATABASE, Premises, SystemChance, SystemClock, open_premises
from station_app.printers import profiles
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.resources_dir import load_texts, resources
from station_app.security import key_place
from station_app.security.database_key import KeyMissing, database_key
from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import DEVICE_SEED, PEPPER, KeyStore, WrappedFileStore
from station_app.services.people.commands import RegisterOperator
from station_app.shell.desk import Done
from station_app.sync.recovery import ANSWER, NotALetter, in_groups, read_letter
from station_app.vocabulary import VOCABULARY
from tests.county_server.serving import Server, command, new_data, said
from tests.proofs.kit import SeededChance

CHANCE = SystemChance()
NAME = "窦示蕙"


def enrolled(county: Path, folder: Path, keys: KeyStore) -> None:
    """Enrol a PC over a real line; then the line is gone."""
    server = Server(county)
    try:
        code = said(county, "enrol-code", "NX0601")["code"]
        assert enrol(folder, keys, server.url, code).state == ENROLLED
    finally:
        server.stop(signal.SIGTERM)


def opened(folder: Path, keys: KeyStore) -> Premises:
    key = database_key(keys, CHANCE, database_exists=True)
    return open_premises(folder, key, clock=SystemClock(), chance=CHANCE)


def work(folder: Path, keys: KeyStore, *, kept_in: str) -> list[Any]:
    """Work for a while as the program does; return all facts."""
    premises = opened(folder, keys)
    recovery.provide(premises, keys, kept_in=kept_in)
    premises.signed_in.come("", is_manager=True)
    command = RegisterOperator(name=NAME, role="manager")
    assert isinstance(premises.desk.settle(command, ticket=new_ticket(CHANCE)), Done)
    facts = all_facts(premises)
    premises.close()
    return facts


def all_facts(premises: Premises) -> list[Any]:
    return premises.session.connection.execute(
        "SELECT identity FROM facts ORDER BY stream, seq"
    ).fetchall()


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station_app.security.key_store.MEMORY_KIB", 64)


@pytest.fixture(scope="module")
def lost_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A PC that worked, and whose key is gone, beside its county: every test takes a copy."""
    place = tmp_path_factory.mktemp("lost")
    folder, county = place / "data", new_data(place)
    folder.mkdir()
    with pytest.MonkeyPatch.context() as cheaper:
        cheaper.setattr("station_app.security.key_store.MEMORY_KIB", 64)
        keys = WrappedFileStore.create(folder / key_place.PASSPHRASE_FILE, "an old one", CHANCE)
        enrolled(county, folder, keys)
        facts = work(folder, keys, kept_in=key_place.PASSPHRASE)
        kept = {name: keys.get(name) for name in (DATABASE_KEY, DEVICE_SEED, PEPPER)}
    (folder / key_place.PASSPHRASE_FILE).unlink()
    return {"folder": folder, "facts": facts, "kept": kept, "county": county}


@pytest.fixture
def lost(lost_once: dict[str, Any], tmp_path: Path, cheap: None) -> dict[str, Any]:
    """A PC that worked, and whose key is gone."""
    copied = {name: tmp_path / name for name in ("folder", "county")}
    for name, place in copied.items():
        shutil.copytree(lost_once[name], place)
    return {**lost_once, **copied}


def new_place(folder: Path, name: str = "new.key") -> WrappedFileStore:
    return WrappedFileStore.create(folder / name, "a new one", CHANCE)


def test_a_lost_key_comes_back_and_all_facts_are_there(
    lost: dict[str, Any], tmp_path: Path
) -> None:
    folder, keys = lost["folder"], new_place(lost["folder"])
    with pytest.raises(KeyMissing):
        database_key(keys, CHANCE, database_exists=True)
    asking = recovery.ask(folder, keys, CHANCE)
    assert recovery.ask(folder, keys, CHANCE) == asking, "asked again, it is the same request"
    request, answer = tmp_path / "stick.request", tmp_path / "stick.answer"
    request.write_text(asking.letter + "\n", "ascii")
    opened_by_county = said(lost["county"], "recover-key", request, "--out", answer)
    assert opened_by_county["digits"] == asking.digits
    assert (opened_by_county["station"], opened_by_county["device"]) == ("NX0601", "D1")
    recovery.take(folder, keys, in_groups(recovery.read_file(answer)).lower())
    assert {name: keys.get(name) for name in lost["kept"]} == lost["kept"]
    premises = opened(folder, keys)
    assert all_facts(premises) == lost["facts"]
    assert verify(premises.session.connection, VOCABULARY).is_sound
    recovery.provide(premises, keys, kept_in=key_place.PASSPHRASE)
    assert all_facts(premises) == lost["facts"], "the key is kept as before: nothing is new"
    premises.close()


def test_the_answer_opens_nothing_for_anybody_else(lost: dict[str, Any], tmp_path: Path) -> None:
    folder = lost["folder"]
    asking = recovery.ask(folder, new_place(folder), CHANCE)
    (tmp_path / "request").write_text(asking.letter, "ascii")
    answer = said(lost["county"], "recover-key", tmp_path / "request")["answer"]
    thief = new_place(folder, "thief.key")
    with pytest.raises(recovery.AnswerForAnother):
        recovery.take(folder, thief, answer)  # nothing was asked there
    recovery.ask(folder, thief, CHANCE)
    with pytest.raises(recovery.AnswerForAnother):
        recovery.take(folder, thief, answer)
    assert thief.get(DATABASE_KEY) is None
    sealed = read_letter(ANSWER, answer)
    assert lost["kept"][DATABASE_KEY] not in sealed
    assert lost["kept"][DATABASE_KEY] not in (folder / recovery.COPY_FILE).read_bytes()


def test_a_sign_that_is_wrong_is_noticed(lost: dict[str, Any], tmp_path: Path) -> None:
    folder, keys = lost["folder"], new_place(lost["folder"])
    asking = recovery.ask(folder, keys, CHANCE)
    (tmp_path / "request").write_text(asking.letter, "ascii")
    answer = said(lost["county"], "recover-key", tmp_path / "request")["answer"]
    for place in range(4, len(answer), 7):
        other = "A" if answer[place] != "A" else "B"
        with pytest.raises(recovery.AnswerUnread):
            recovery.take(folder, keys, answer[:place] + other + answer[place + 1 :])
    with pytest.raises(recovery.AnswerUnread):
        recovery.take(folder, keys, "")
    assert keys.get(DATABASE_KEY) is None


def test_another_county_opens_no_request(lost: dict[str, Any], tmp_path: Path) -> None:
    asking = recovery.ask(lost["folder"], new_place(lost["folder"]), CHANCE)
    (tmp_path / "request").write_text(asking.letter, "ascii")
    command(tmp_path / "other", "init")
    refused = command(tmp_path / "other", "recover-key", tmp_path / "request", status=2)
    assert refused.stderr.startswith("county_server: this is no request to this county")
    (tmp_path / "request").write_text("hello", "ascii")
    command(lost["county"], "recover-key", tmp_path / "request", status=2)


def test_the_printed_sheet_is_a_copy_when_the_folder_has_none(
    lost: dict[str, Any], qapp: object
) -> None:
    folder = lost["folder"]
    letter = recovery.copy_letter(folder)
    sheet = recovery_sheet(load_texts(), "柳荫洼村", "D1", letter)
    raster = Press(TypeCase(resources() / "fonts")).raster(sheet, profiles()["receipt_80"])
    bits = Image.frombytes("1", (raster.width, raster.height), bytes(raster.rows))
    picture = bits.convert("L").point(lambda dot: 255 - dot)
    read = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert read == [letter]
    (folder / recovery.COPY_FILE).unlink()
    keys = new_place(folder)
    with pytest.raises(recovery.NoCopy):
        recovery.ask(folder, keys, CHANCE)
    assert recovery.ask(folder, keys, CHANCE, copy=read[0]).letter


def test_where_the_key_is_kept_is_said_once_and_again_when_it_moves(
    lost: dict[str, Any], tmp_path: Path
) -> None:
    folder, county = lost["folder"], lost["county"]
    keys = new_place(folder)
    keys.put(DATABASE_KEY, lost["kept"][DATABASE_KEY])
    for place in (key_place.FILE, key_place.FILE, key_place.KEYRING):
        premises = opened(folder, keys)
        recovery.provide(premises, keys, kept_in=place)
        premises.close()
    connection = open_reader(folder / DATABASE, lost["kept"][DATABASE_KEY])
    said_so = connection.execute(
        "SELECT body FROM facts WHERE kind = 'key.kept' ORDER BY at, seq"
    ).fetchall()
    connection.close()
    places = [
        place
        for row in said_so
        for place in ("passphrase", "file", "keyring")
        if f'"{place}"'.encode() in bytes(row[0])
    ]
    assert places == ["passphrase", "file", "keyring"]
    assert county.exists()


def test_letters_are_read_whatever_the_eye_makes_of_them() -> None:
    from station_app.sync.recovery import COPY, write_letter

    payload = SeededChance(3).draw(93)
    letter = write_letter(COPY, payload)
    assert read_letter(COPY, in_groups(letter).lower().replace(" ", "\n")) == payload
    with pytest.raises(NotALetter):
        read_letter(ANSWER, letter)
    with pytest.raises(NotALetter):
        read_letter(COPY, letter[:-1])
    with pytest.raises(NotALetter):
        read_letter(COPY, "X" * 5_000)


def test_a_folder_that_is_not_there_gets_a_sentence_and_no_traceback(
    lost: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(lost["folder"]), "--key-file", str(tmp_path / "keys")]
    assert station_main([*place, "recover", "ask", str(tmp_path / "no" / "stick")]) == 2
    (said_, *rest) = capsys.readouterr().err.splitlines()
    assert said_.startswith("station: ")
    assert str(tmp_path / "no" / "stick") in said_
    assert rest == []
