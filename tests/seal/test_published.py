"""/keys.json holds what sealing needs, and the browser finds the same instance in it as the server."""

from functions.crypto.seal.public_keys import Purpose
from tests.seal.opening import INSTANCE, PLAIN


def test_the_current_keys_of_three_purposes_are_published_and_no_others(office, published):
    listed = published["keys"] + published["optional_keys"]
    assert [key["purpose"] for key in published["keys"]] == ["desk"]
    assert {key["purpose"] for key in published["optional_keys"]} == {"identity", "courier"}
    assert len(listed) == 3
    public = office.keys.public()
    for key in listed:
        assert key["key_id"] == public.current_id(Purpose(key["purpose"]), key["instance"])
    assert set(published) == {"keys", "optional_keys", "instances", "rosters"}


def test_every_district_belongs_to_the_servers_instance(in_node, directory, published):
    assert [(i["code"], i["region"]) for i in published["instances"]] == [
        (i.code, i.region) for i in directory.instances()
    ]
    for district in directory.districts:
        assert directory.instance_of_district(district).code == INSTANCE
        assert in_node("seal", report=PLAIN | {"district": district}, keys=published)["body"]["district"] == district
