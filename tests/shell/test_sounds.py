"""Sounds: the tones of the design, never late, never in the way."""

import io
import math
import struct
import threading
import wave

import pytest

from station_app.shell.sounds import QUEUE_MAX, RATE, TONES, Silence, ToneSounds, tone_wave


def samples(name, loudness=100):
    with wave.open(io.BytesIO(tone_wave(TONES[name], loudness))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        raw = file.readframes(file.getnframes())
    return struct.unpack(f"<{len(raw) // 2}h", raw)


def loudest_pitch(part):
    """The pitch with the most power, of those that the design names."""
    pitches = (220, 440, 660, 880, 1320)

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
    sounds = ToneSounds(played.append, silent=frozenset({"ok"}))
    sounds.play("ok")
    sounds.close()
    assert played == []


def test_an_unknown_tone_is_a_bug():
    with pytest.raises(AssertionError):
        Silence().play("ding")
