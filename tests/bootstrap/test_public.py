"""What a public project owes its readers: licences."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read(name):
    return (ROOT / name).read_text()


def test_the_licence_at_the_top_is_the_programs():
    assert read("LICENSE") == read("LICENSES/AGPL-3.0-or-later.txt")
    assert tomllib.loads(read("pyproject.toml"))["project"]["license"] == "AGPL-3.0-or-later"


def test_everybody_whose_library_a_script_holds_is_named_as_its_holder():
    held = {}
    for annotation in tomllib.loads(read("REUSE.toml"))["annotations"]:
        paths, holders = annotation["path"], annotation["SPDX-FileCopyrightText"]
        for path in [paths] if isinstance(paths, str) else paths:
            held[path] = (holders, annotation["SPDX-License-Identifier"])
    for script in ("site/assets/segel.js", "site/assets/qr.js"):
        holders, licence = held[script]
        # REUSE-IgnoreStart: the pattern reads like a notice
        told = re.findall(r"Copyright \(c\) (\d.+)", read(script))
        # REUSE-IgnoreEnd
        assert told
        assert set(told) == set(holders) - {"2026 Lapor Anonim contributors"}
        assert licence.endswith("AND MIT")
