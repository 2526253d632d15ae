"""Settings: every fault named with its remedy, every setting documented, no secret shown."""

import re
from pathlib import Path

import pytest

from functions.config.readers import STORES
from functions.config.settings import (
    DEMO,
    READERS,
    SECRETS,
    SettingsError,
    load_directory,
    load_holidays,
    load_officers,
    load_settings,
)

ROOT = Path(__file__).parents[2]


def faults(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return caught.value.faults


def test_the_defaults_are_a_laptop() -> None:
    settings = load_settings({})
    assert (settings.port, settings.store, settings.mail) == (8000, "sqlite", "dev")
    assert settings.url == "http://127.0.0.1:8000"
    assert not settings.secure
    assert settings.today().year >= 2026


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "delapan", "whole number from 1 to 65535"),
        ("PORT", "70000", "whole number from 1 to 65535"),
        ("ONION_PORT", "8000", "PORT is the same"),
        ("DATA_DIR", __file__, "name a folder"),
        ("STORE", "mysql", ", ".join(STORES)),
        ("PUBLIC_URL", "lapor.example.id", "https://lapor.example.id"),
        ("PUBLIC_URL", "https://lapor.example.id/sub", "is not an address"),
        ("PUBLIC_URL", "http://lapor.example.id", "only https://"),
        ("PORTAL_HOSTS", "lapor.example.id", "neither off nor like samarinda=lapor"),
        ("PORTAL_HOSTS", "kutim=lapor.example.id kukar=https://x.id", "neither off nor like samarinda=lapor"),
        ("TIMEZONE", "Asia/Sangatta", "Asia/Makassar"),
        ("TIMEZONE", "../etc/passwd", "Asia/Makassar"),
        ("MAIL", "fax", "dev, smtp, ses"),
        ("MAIL_FROM", "a\nb@c.id", "is not an address"),
        ("MAIL_FROM", "lapor", "is not an address"),
        ("OPERATOR", "a\nb", "one line"),
        ("SECURITY_CONTACT", "keamanan", "is not a bare address"),
        ("SECURITY_CONTACT", "Keamanan <keamanan@example.id>", "is not a bare address"),
        ("SECURITY_CONTACT", "keamanan@example.id\nContact: mailto:x@y.id", "is not a bare address"),
        ("LINK_DAYS", "0", "from 1 to 30"),
        ("KEYS", "lapor-produksi-keys", "s3://"),
        ("KEYS", "s3://Lapor/keys", "s3://"),
        ("KEYS", "s3://lapor-keys/desk", "s3://"),
        ("KMS_PREFIX", "lapor-produksi-", "alias/lapor-produksi-"),
        ("KMS_PREFIX", "alias/lapor produksi", "alias/lapor-produksi-"),
        ("ORIGIN_SECRET", "rahasia" * 4, "32 characters or more"),
        ("ORIGIN_SECRET", "rahasia" * 5 + ",rahasia", "32 characters or more"),
        ("ORIGIN_SECRET", ",".join(["rahasia" * 5] * 3), "two with a comma"),
        ("ORIGIN_SECRET", "rahasia sekali " * 3, "32 characters or more"),
        ("ORIGIN_SECRET", "rahasiaé" * 5, "32 characters or more"),
        ("DEADLINE_VERIFY", "-3", "from 1 to 60"),
        ("SMTP_PASSWORD", "rahasia\nsekali", "one line"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(name: str, value: str, says: str) -> None:
    (fault,) = faults(**{name: value})
    assert fault.startswith(f"{name}: ")
    assert says in fault
    assert name not in SECRETS or "rahasia" not in fault


def test_all_faults_are_told_together() -> None:
    assert len(faults(PORT="x", STORE="y", MAIL="z")) == 3


def test_mail_in_clear_stays_on_this_machine() -> None:
    assert "SMTP_SECURITY" in faults(MAIL="smtp", SMTP_SECURITY="none", SMTP_HOST="mail.example.id")[0]
    assert load_settings({"MAIL": "smtp", "SMTP_SECURITY": "none", "SMTP_HOST": "localhost"}).mail == "smtp"


def test_one_file_may_hold_them_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "lapor.toml"
    file.write_text('port = 9000\nstore = "dynamodb"\nDEADLINE_WINDOW = 12\n')
    settings = load_settings({"LAPOR_SETTINGS": str(file), "PORT": "9001"})
    assert (settings.port, settings.store, settings.deadlines.window) == (9001, "dynamodb", 12)
    file.write_text("warna = 'biru'\n")
    assert "WARNA: there is no such setting" in faults(LAPOR_SETTINGS=str(file))[0]
    file.write_text("= broken")
    assert "not valid TOML" in faults(LAPOR_SETTINGS=str(file))[0]
    assert "cannot be read" in faults(LAPOR_SETTINGS=str(tmp_path / "none.toml"))[0]


def test_a_file_that_an_editor_of_windows_wrote_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "lapor.toml"
    file.write_text('operator = "Dinas Café"\n', "utf-8-sig")
    assert load_settings({"LAPOR_SETTINGS": str(file)}).operator == "Dinas Café"
    for encoding in ("cp1252", "utf-16"):
        file.write_text('operator = "Dinas Café"\n', encoding)
        (fault,) = faults(LAPOR_SETTINGS=str(file))
        assert "not valid TOML" in fault
        with pytest.raises(SettingsError, match="not valid TOML"):
            load_directory(file)


def test_the_cloud_has_settings_of_its_own() -> None:
    old, new = "lama" * 8, "baru" * 8
    settings = load_settings({"KEYS": "s3://lapor-uji-keys", "KMS_PREFIX": "alias/lapor-uji-", "ORIGIN_SECRET": old})
    assert (settings.keys, settings.kms_prefix) == ("lapor-uji-keys", "alias/lapor-uji-")
    assert settings.origin_secret == (old,)
    both = load_settings({"ORIGIN_SECRET": f"{old}, {new}"})
    assert both.origin_secret == (old, new)
    assert "lama" not in repr(both)


def test_secrets_are_in_no_repr() -> None:
    settings = load_settings({"SMTP_PASSWORD": "katasandi", "KEY_PASSPHRASE": "frasarahasia"})
    assert "katasandi" not in repr(settings)
    assert "frasarahasia" not in repr(settings)


def test_every_setting_is_documented_and_nothing_else() -> None:
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    assert documented - {"LAPOR_SETTINGS", "LAPOR_DOOR", "PORT"} == set(READERS) - {"PORT"}


def test_every_store_is_documented() -> None:
    (row,) = re.findall(r"^\| `STORE` .*$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    assert [name for name in STORES if f"`{name}`" not in row] == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('ident = "a"\nemail = "a@example.id"\nagency = "kutim"\nrole = "raja"', "unknown role"),
        ('ident = "a"\nemail = "a@example.id"\nagency = "bontang"\nrole = "officer"', "not in the directory"),
        ('ident = "a"\nemail = "a@example.id"\nagency = "kutim"\nrole = "officer"', "officer belongs to a unit"),
        ('ident = "a"', "incomplete"),
    ],
)
def test_a_wrong_officer_is_named(tmp_path: Path, row: str, says: str) -> None:
    file = tmp_path / "officers.toml"
    file.write_text(f"[[officers]]\n{row}\n")
    with pytest.raises(SettingsError, match=says):
        load_officers(file, load_directory(DEMO / "kutai-timur.toml"))


def test_an_ident_stands_once(tmp_path: Path) -> None:
    file = tmp_path / "officers.toml"
    row = '[[officers]]\nident = "a"\nemail = "A@Example.id "\nagency = "kutim"\nrole = "coordinator"\n'
    file.write_text(row)
    (officer,) = load_officers(file, load_directory(DEMO / "kutai-timur.toml"))
    assert officer.email == "a@example.id"
    file.write_text(row * 2)
    with pytest.raises(SettingsError, match="twice"):
        load_officers(file, load_directory(DEMO / "kutai-timur.toml"))


def test_own_days_off_and_directory_faults(tmp_path: Path) -> None:
    file = tmp_path / "directory.toml"
    file.write_text('holidays_own = ["2026-08-18"]\n')
    assert [day.isoformat() for day in load_holidays(file)] == ["2026-08-18"]
    file.write_text('holidays_own = ["lusa"]\n')
    with pytest.raises(SettingsError, match="holidays_own"):
        load_holidays(file)
    with pytest.raises(SettingsError, match="DIRECTORY_FILE"):
        load_directory(file)
