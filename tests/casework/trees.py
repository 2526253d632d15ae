"""Random directories and heads for the tests of the domain."""

from datetime import date

from hypothesis import strategies as st

from functions.casework.case import CaseHead, Kind, Sealed
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Topic
from functions.casework.stages import Stage
from tests.case_heads import case_head


def a_head(**facts) -> CaseHead:
    """A case of one instance "a" as just received, with these facts changed."""
    received = date(2026, 6, 2)
    plain = {
        "case_id": "4F7K-2M9Q-XR3D",
        "instance": "a",
        "holder": "a",
        "kind": Kind.PENGADUAN,
        "topic": "jalan",
        "district": "64.08.01",
        "about_agency": "",
        "stage": Stage.DITERIMA,
        "received_on": received,
        "due": received,
        "sealed": Sealed.SERVER,
        "key_id": "00" * 8,
        "lookup": bytes(32),
        "fingerprint": bytes(32),
        "wrap_receipt": b"",
        "wrap_desk": b"",
        "subject": b"",
    }
    return case_head(**plain | facts)


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """A centre, one or two instances, and up to ten units below each, at any depth.

    The first two units of an instance are its coordinating unit and its inspectorate (named after it, ``a0``
    and ``a1``), the others hang below the instance or any unit drawn earlier.
    """
    agencies = [Agency("top", "Top", AgencyKind.CENTRE)]
    for number, code in enumerate(draw(st.sampled_from([["a"], ["a", "b"]]))):
        region = f"64.{number:02}"
        agencies.append(Agency(code, code, AgencyKind.INSTANCE, "top", region, f"{code}0", f"{code}1"))
        units = [f"{code}0", f"{code}1"]
        agencies += [Agency(unit, unit, AgencyKind.UNIT, code) for unit in units]
        for index in range(2, draw(st.integers(2, 10))):
            unit = f"{code}{index}"
            agencies.append(Agency(unit, unit, AgencyKind.UNIT, draw(st.sampled_from([code, *units]))))
            units.append(unit)
    return Directory(
        {agency.code: agency for agency in agencies},
        {"jalan": Topic("jalan", "Jalan", "Roads")},
        {"64.00.01": District("64.00.01", "Satu")},
    )
