"""What is plugged in: mounted folders below the user's own, at most two deep."""

import os
from pathlib import Path

from station_app.devices import sticks


def test_only_what_is_mounted_counts_and_no_deeper_than_a_desktop_mounts(tmp_path, monkeypatch):
    for place in ("li/STICK/lists/deep", "li/folder", "CARD"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "li" / "file").write_bytes(b"x")
    mounts = {tmp_path / place for place in ("li/STICK", "CARD", "li/STICK/lists")}
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) in mounts)
    roots = (tmp_path, tmp_path / "nowhere")
    assert sticks.mounted(roots) == (tmp_path / "CARD", tmp_path / "li" / "STICK")
    monkeypatch.setattr(sticks, "ROOTS", (str(tmp_path),))
    monkeypatch.setattr(sticks, "BY_HAND", str(tmp_path / "li"))
    assert tmp_path / "li" / "STICK" / "lists" in sticks.plugged_in()
    assert set(sticks.mounted()) <= set(sticks.plugged_in())


def test_a_stick_whose_lock_is_shut_is_there_for_the_mail_behind_those_that_can_be_written(
    tmp_path, monkeypatch
):
    """Who wanted to write on it was told that no stick was there."""
    for place in ("CARD", "STICK"):
        (tmp_path / place).mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).parent == tmp_path)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).name != "CARD")
    assert sticks.mounted([tmp_path]) == (tmp_path / "STICK",)
    assert sticks.for_mail([tmp_path]) == (tmp_path / "STICK", tmp_path / "CARD")
