"""Sounds: the tones of the design, never late, never in the way."""

import io
import math
import struct
import threading
import wave

import pytest

from station_app.resources_dir import resources
from station_app.shell.sounds import (
    QUEUE_MAX,
    RATE,
    TONES,
    Mute,
    Silence,
    ToneSounds,
    Tuning,
    tone_wave,
)
from station_app.values import spoken

VOICE = resources() / "sounds" / "voice"


def samples(name, loudness=100):
    with wave.open(io.BytesIO(tone_wave(TONES[name], loudness))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        raw = file.readframes(file.getnframes())
    return struct.unpack(f"<{len(raw) // 2}h", raw)


def loudest_pitch(part):
    """The pitch with the most power, of those that the design names."""
    pitches = (220, 440, 550, 660, 880, 1320)

    def power(hertz):
        turn = 2 * math.pi * hertz / RATE
        real = sum(s * math.cos(turn * n) for n, s in enumerate(part))
        imaginary = sum(s * math.sin(turn * n) for n, s in enumerate(part))
        return real * real + imaginary * imaginary

    return max(pitches, key=power)


@pytest.mark.parametrize(
    ("name", "pitches", "ms"),
    [
        ("ok", [880], 60),
        ("duplicate", [660, 660], 170),
        ("gone", [880, 660, 440], 340),
        ("full", [550, 550, 550, 550], 320),
        ("warn", [440], 200),
        ("stop", [220, 220, 220], 590),
        ("money", [880, 1320], 210),
    ],
)
def test_the_tones_are_those_of_the_design(name, pitches, ms):
    heard = samples(name)
    assert abs(len(heard) * 1000 / RATE - ms) < 1
    at, found = 0, []
    for hertz, length in TONES[name]:
        count = RATE * length // 1000
        if hertz:
            found.append(loudest_pitch(heard[at : at + count]))
        at += count
    assert found == pitches


def test_tones_neither_click_nor_overflow():
    for name in TONES:
        heard = samples(name)
        assert abs(heard[0]) < 50
        assert abs(heard[-1]) < 2_000
        assert max(map(abs, heard)) < 32_767
    assert set(samples("ok", loudness=0)) == {0}


def test_a_tone_is_played_in_another_thread():
    played, done = [], threading.Event()

    def player(content):
        played.append((content[:4], threading.current_thread().name))
        done.set()

    sounds = ToneSounds(player)
    sounds.play("ok")
    assert done.wait(2)
    sounds.close()
    assert played == [(b"RIFF", "sounds")]


def test_without_a_device_there_is_silence_and_it_is_said_once():
    told, failed = [], threading.Event()

    def player(_content):
        failed.set()
        raise OSError("no sound device")

    sounds = ToneSounds(player, on_trouble=lambda: told.append(1))
    sounds.play("ok")
    assert failed.wait(2)
    for _ in range(10):
        sounds.play("stop")
    sounds.close()
    assert told == [1]


def test_a_loudspeaker_that_was_plugged_in_later_is_heard_once_the_settings_are_touched():
    failed, heard, is_plugged = threading.Event(), threading.Event(), threading.Event()

    def player(_content):
        if not is_plugged.is_set():
            raise OSError("no sound device")
        heard.set()

    sounds = ToneSounds(player, on_trouble=failed.set)
    sounds.play("ok")
    assert failed.wait(2)
    is_plugged.set()
    sounds.tune(Tuning())
    sounds.play("ok")
    assert heard.wait(2)
    sounds.close()


def test_a_device_that_hangs_never_holds_anybody_up():
    gate = threading.Event()

    def hang(_content):
        gate.wait(5)

    sounds = ToneSounds(hang)
    for _ in range(50 * QUEUE_MAX):
        sounds.play("ok")
    gate.set()
    sounds.close()


def test_muted_tones_are_not_played():
    played: list = []
    sounds = ToneSounds(played.append, Tuning(silent=("ok",)))
    sounds.play("ok")
    sounds.close()
    assert played == []


def test_an_unknown_tone_is_a_bug():
    with pytest.raises(AssertionError):
        Silence().play("ding")
    with pytest.raises(AssertionError):
        Mute().speak("gossip", ("n1",))


class Stepping:
    """A player that is told when to end: each sound waits for `go`."""

    def __init__(self):
        self.lengths, self.begun, self.go = [], threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, content):
        with wave.open(io.BytesIO(content)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
            self.lengths.append(file.getnframes())
        self.begun.release()
        assert self.go.acquire(timeout=2)

    def step(self, count=1):
        for _ in range(count):
            self.go.release()
            assert self.begun.acquire(timeout=2)


def recorded(piece):
    """How many frames a piece comes to at the player's rate."""
    with wave.open(str(VOICE / f"{piece}.wav")) as file:
        return file.getnframes() * RATE // file.getframerate()


def test_a_place_is_read_out_piece_by_piece_after_its_tone():
    player = Stepping()
    sounds = ToneSounds(player, pieces=[VOICE])
    phrase = spoken.shelved("B", 2, 8)
    sounds.play("ok")
    sounds.speak("place", phrase)
    assert player.begun.acquire(timeout=2)
    player.step(len(phrase))
    assert player.lengths[1:] == [recorded(piece) for piece in phrase]
    player.go.release()
    sounds.close()


def test_the_next_scan_cuts_a_phrase_short():
    player = Stepping()
    sounds = ToneSounds(player, pieces=[VOICE])
    sounds.speak("place", spoken.shelved("B", 2, 8))
    assert player.begun.acquire(timeout=2)
    sounds.play("duplicate")
    player.step()
    tone = sum(RATE * ms // 1000 for _, ms in TONES["duplicate"])
    assert player.lengths == [recorded("arrived"), tone]
    player.go.release()
    sounds.close()


def test_money_is_not_said_aloud_before_the_station_wants_it():
    player = Stepping()
    sounds = ToneSounds(player, pieces=[VOICE])
    sounds.speak("money", spoken.change(5_000, 1_750))
    sounds.play("ok")
    assert player.begun.acquire(timeout=2)
    assert len(player.lengths) == 1
    sounds.tune(Tuning(spoken=("money",), silent=("ok",)))
    player.go.release()
    sounds.play("ok")
    sounds.speak("money", spoken.change(5_000, 1_750))
    assert player.begun.acquire(timeout=2)
    assert player.lengths[1:] == [recorded("received")]
    player.go.release()
    sounds.play("stop")
    sounds.close()


def test_a_stations_own_recording_goes_first_and_a_broken_one_is_passed_over(tmp_path):
    (tmp_path / "n1.wav").write_bytes(tone_wave([(440, 100)]))
    (tmp_path / "n2.wav").write_bytes(b"RIFF nothing")
    played = []
    done = threading.Semaphore(0)

    def player(content):
        with wave.open(io.BytesIO(content)) as file:
            played.append(file.getnframes())
        done.release()

    sounds = ToneSounds(player, pieces=[tmp_path, VOICE])
    sounds.speak("place", ("n1", "n2"))
    assert done.acquire(timeout=2)
    assert done.acquire(timeout=2)
    sounds.close()
    assert played == [RATE // 10, recorded("n2")]
