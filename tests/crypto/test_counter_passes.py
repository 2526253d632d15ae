"""Passes of counters, and the secrets that a first start makes: how long a pass counts, and who holds which secret."""

from pathlib import Path

import pytest

from functions.config.settings import Settings
from functions.crypto.ops.phone_secrets import make_phone_secrets
from functions.crypto.sign.counter_passes import Passes, counter_key, counter_secret, make_counter_secret
from functions.crypto.slips.phone_secrets import read_phone_secret

EIGHT = 1_795_564_800.0  # a full hour
HOUR = 3600
FORMS = "rahasia-formulir-uji"
COUNTER = "rahasia-loket-uji"


@pytest.mark.parametrize(
    ("made", "later", "counts"),
    [
        (0, 0, True),
        (0, 12 * HOUR + 3599, True),  # opened at eight, sent by the evening
        (0, 13 * HOUR, False),
        (3599, 12 * HOUR, True),
        (3599, 12 * HOUR + 1, False),  # hours are counted from full to full, so that a pass tells no minute
        (0, -1, False),  # from the future
    ],
)
def test_a_pass_counts_for_twelve_hours_after_its_own(made: int, later: int, counts: bool) -> None:
    now = [EIGHT + made]
    passes = Passes(b"k" * 32, lambda: now[0])
    given = passes.make()
    now[0] += later
    assert bool(passes.read(given)) is counts
    assert passes.mark(given)


STRANGE = {"empty": "", "point": ".", "accents": "é.é", "long": "a" * 100_000, "foreign": Passes(b"x" * 32).make()}


@pytest.mark.parametrize("given", STRANGE.values(), ids=STRANGE)
def test_what_is_no_pass_of_ours_counts_for_nothing(given: str) -> None:
    passes = Passes(b"k" * 32)
    assert (passes.read(given), passes.mark(given)) == ("", "")


def test_either_setting_gives_the_passes_key_and_the_counters_own_comes_first(tmp_path: Path) -> None:
    make_counter_secret(Settings(tmp_path))  # a file beside them is passed over
    keys = [
        counter_key(Settings(tmp_path, counter_secret=counter, form_secret=forms))
        for counter, forms in ((COUNTER, ""), (COUNTER, FORMS), ("", FORMS))
    ]
    assert keys == [COUNTER.encode(), COUNTER.encode(), counter_secret(FORMS).encode()]


def test_a_first_start_makes_the_counters_secret_and_a_later_one_leaves_it(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    make_counter_secret(settings)
    made = (settings.keys_dir / "counter").read_text().strip()
    assert len(bytes.fromhex(made)) == 32
    make_counter_secret(settings)
    assert counter_key(Settings(tmp_path)) == made.encode()


def test_a_first_start_makes_those_secrets_of_sms_that_are_not_given_and_a_later_one_leaves_them(
    tmp_path: Path,
) -> None:
    settings = Settings(tmp_path, sms_secret="rahasia-sms-uji")
    make_phone_secrets(settings)
    assert {path.name for path in settings.keys_dir.iterdir()} == {"phone", "mute"}
    made = {name: read_phone_secret(settings, name) for name in ("phone", "mute", "sms")}
    make_phone_secrets(settings)
    assert {name: read_phone_secret(settings, name) for name in made} == made
