"""The topics of the directory as services, and a report's fields as their attributes."""

import re
from collections.abc import Iterator

from functions.casework.case import Kind
from functions.casework.directory.agencies import Agency, Directory, Topic
from functions.casework.formats.open311 import (
    SPECIFICATION,
    Attribute,
    Datatype,
    Definition,
    Discovery,
    Endpoint,
    Service,
    Value,
)
from functions.open311.texts import (
    ATTRIBUTES,
    CONTACT,
    KEY_SERVICE,
    KINDS,
    OTHERS,
    SERVICE,
    SERVICE_SENSITIVE,
)
from functions.web.language import current, gettext

PATH = "/open311/v2"
CHANGED = "2026-11-25T00:00:00+08:00"  # the day on which the form of this door's answers last changed
FORMATS = ("text/xml", "application/json")
SHOWN = ("darurat", "privasi")
DATATYPES = {
    **dict.fromkeys((*SHOWN, "subject", "place", "about_officials"), Datatype.STRING),
    **dict.fromkeys(("district", "kind", "about_agency"), Datatype.SINGLE),
    "happened_on": Datatype.DATETIME,
}
REQUIRED = "district"


def discovery(url: str, operator: str, *, test: bool) -> Discovery:
    """Return the address and facts of this door. ``test``: it is a trial, and nobody reads its reports."""
    facts = {"operator": operator, "url": url}
    kind = "test" if test else "production"
    endpoint = Endpoint(SPECIFICATION, f"{url}{PATH}", CHANGED, kind, FORMATS)
    return Discovery(CHANGED, gettext(CONTACT).format(**facts), gettext(KEY_SERVICE).format(**facts), (endpoint,))


def services(directory: Directory, url: str) -> list[Service]:
    """Return every topic as a service. An app gets a token, never a number (``actions.reporter.open311`` says why)."""
    return [_service(topic, directory, url) for topic in directory.topics.values()]


def topic_name(topic: Topic) -> str:
    """Return a topic in the language of the request."""
    return topic.name_en if current() == "en" and topic.name_en else topic.name


def definition(code: str, directory: Directory, instance: Agency, url: str) -> Definition:
    """Return the form of a topic. All topics have the same; its choices are the instance's."""
    values = {
        "district": tuple(_districts(directory, instance)),
        "kind": tuple(Value(kind.value, gettext(KINDS[kind])) for kind in Kind),
        "about_agency": tuple(Value(a.code, a.name) for a in (instance, *directory.units(instance.code))),
    }
    attributes = tuple(
        Attribute(
            variable=name not in SHOWN,
            code=name,
            datatype=DATATYPES[name],
            required=name == REQUIRED,
            datatype_description=gettext(help_),
            order=order,
            description=gettext(asked).format(url=url),
            values=values.get(name, ()),
        )
        for order, (name, (asked, help_)) in enumerate(ATTRIBUTES.items(), 1)
    )
    return Definition(code, attributes)


def _service(topic: Topic, directory: Directory, url: str) -> Service:
    name = topic_name(topic)
    unit = directory.agencies.get(topic.unit)
    return Service(
        service_code=topic.code,
        service_name=name,
        description=gettext(SERVICE_SENSITIVE if topic.sensitive else SERVICE).format(topic=name, url=url),
        metadata=True,
        type="blackbox",
        keywords=", ".join(re.split(r", | dan | and ", name)),
        group=unit.name if unit else gettext(OTHERS),
    )


def _districts(directory: Directory, instance: Agency) -> Iterator[Value]:
    for district in directory.districts.values():
        if directory.instance_of_district(district.code) == instance:
            yield Value(district.code, district.name)
