"""Ops learn from `make status` that an edition of the barometer is due and not published."""

from datetime import date

import boto3
import pytest
from moto import mock_aws

from functions.casework.barometer.disclosure import due_on, publishable_from
from infra.deploy.place import REGION, Place
from infra.deploy.status import FINE, LOOK, barometer

SEVENTH = date(2026, 12, 7)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return Place("uji", REGION)


def test_an_edition_is_due_from_the_seventh_day_after_its_month() -> None:
    days = (date(2026, 12, 6), SEVENTH, date(2027, 1, 6), date(2027, 1, 7))
    assert [due_on(day) for day in days] == ["2026-10", "2026-11", "2026-11", "2026-12"]
    assert publishable_from("2026-11") == SEVENTH


@mock_aws
def test_what_is_due_and_not_on_the_portal_is_told_with_what_to_do(place: Place) -> None:
    client, bucket = boto3.client("s3", region_name=REGION), place.bucket("portal")
    mark, said = barometer(place, SEVENTH)  # no bucket yet
    assert mark == LOOK
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_object(Bucket=bucket, Key="barometer/2026-10/index.html", Body=b"")
    assert barometer(place, SEVENTH) == (LOOK, said)
    assert "2026-11 has been due since 2026-12-07" in said
    assert "make publish" in said
    client.put_object(Bucket=bucket, Key="barometer/2026-11/index.html", Body=b"")
    assert barometer(place, SEVENTH) == (FINE, "barometer: the portal shows the edition of 2026-11")
