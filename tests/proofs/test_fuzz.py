"""Whatever is sent to the county, or stands in a frame: an answer, no stumble, nothing in part."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from station_app.sync.frame import unpack
from station_app.sync.messages import BODY_BYTES_MAX, BodyReader
from station_app.sync.segment import Rejected, Segment
from tests.county_server.serving import ROOT
from tests.proofs.fuzz_bytes import Sample, sample_of
from tests.sync.test_mutated_bundles import BYTEWISE

EXAMPLES = 200  # over HTTP
FRAMES = 1_600


@pytest.mark.timeout(200)
def test_nothing_that_is_sent_makes_the_county_stumble(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["-m", "tests.proofs.fuzz_county", "--examples", str(EXAMPLES), str(tmp_path / "c")]
    ran = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    with capsys.disabled():
        sys.stdout.write(f"\nfuzz: {ran.stdout}")
    assert ran.returncode == 0, ran.stdout + ran.stderr[-3_000:]
    told = json.loads(ran.stdout)
    assert told["found"] == []
    assert told["examples"] > EXAMPLES // 2
    assert told["answers"]["200"] > 1, "nothing came as far as the journal"
    assert told["answers"]["400"] > 5


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return sample_of(tmp_path_factory.mktemp("sample"))


@given(st.integers(0, 2**32), st.sampled_from(BYTEWISE), st.binary(max_size=300))
@settings(
    max_examples=FRAMES,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_changed_frame_is_refused_and_a_true_one_read(
    sample: Sample, seed: int, change: object, noise: bytes
) -> None:
    dice = random.Random(seed)
    frame = dice.choice(sample.frames)
    assert callable(change)
    changed = change(dice, frame) if dice.random() < 0.9 else noise
    got = unpack(changed, sample.ring, sample.press, county=sample.county)
    if changed == frame:
        assert isinstance(got, tuple)
        assert all(isinstance(part, Segment) for part in got)
    else:
        assert isinstance(got, Rejected)
    for piece in (changed, sample.block + changed):
        reader = BodyReader(BODY_BYTES_MAX)
        assert all(isinstance(part, bytes) for part in reader.feed(piece))
