"""What an agency is called: each name with its rank, from what the directory says to what is guessed, and whose it is."""

from dataclasses import replace

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, FormerName
from functions.casework.understanding.spoken_names import Called, Names, names_of, spoken_of


def unit(name: str, code: str = "x", spoken: str = "") -> Agency:
    return Agency(code, name, AgencyKind.UNIT, "i", spoken=spoken)


def told(name: str, spoken: str = "") -> list[str]:
    """Return the names, each behind its rank; "-" for one that needs "petugas" before it, "+" for a branch's."""
    marks = {(True, False): "", (False, False): "-", (True, True): "+"}
    found = {
        f"{rank} {' '.join(words)}{marks[called.alone, called.branch]}"
        for rank, words, called in spoken_of(unit(name, spoken=spoken))
    }
    return sorted(found)


def names(*units: Agency, former: tuple[FormerName, ...] = ()) -> Names:
    rows = [Agency("i", "Kabupaten Contoh", AgencyKind.INSTANCE, region="64.08", coordinator="a"), *units]
    return names_of(Directory({row.code: row for row in rows}, {}, {}, former), "i")


def called(made: Names, name: str) -> Called | None:
    words = tuple(name.split())
    return made.get(words[0], {}).get(words)


def test_a_name_its_parts_and_what_it_is_shortened_to() -> None:
    assert told("Dinas Kebun dan Taman (DKTA)", "taman kota, kebun") == [
        *("0 kebun-", "0 taman kota", "1 dinas kebun dan taman", "1 dkta", "1 kebun dan taman-"),
        *("3 dinas kebun", "3 dinas kt", "3 dinas taman", "3 dinbun", "3 dinkeb", "3 disbun", "3 diskeb", "3 dkt"),
        *("3 kadisbun", "3 kadiskeb", "3 kebun-", "3 taman-"),
    ]


def test_three_initials_stand_behind_the_kind_alone_and_two_apart_too() -> None:
    assert told("Dinas Satu Dua Tiga") == [
        *("1 dinas satu dua tiga", "1 satu dua tiga-", "3 dinsat", "3 dissat", "3 dsdt", "3 kadissat"),
    ]
    assert told("Dinas Satu Dua") == [
        *("1 dinas satu dua", "1 satu dua-", "3 dinas sd", "3 dinsat", "3 dissat", "3 dsd", "3 kadissat"),
    ]
    assert told("Badan Cuaca, Air, dan Angin Daerah") == [
        *("1 badan cuaca air dan angin daerah", "1 cuaca air dan angin-", "3 air-", "3 angin-", "3 badan air"),
        *("3 badan angin", "3 badan cuaca", "3 bcaa", "3 cuaca-"),
    ]
    assert {"3 bcaaa", "3 caaa"} <= {*told("Badan Cuaca, Air, Angin, dan Api")}


def test_one_word_has_no_initials_and_what_is_no_office_no_parts() -> None:
    assert told("Badan Sawah") == ["1 badan sawah", "1 sawah-"]
    assert told("Taman Raya dan Air") == ["1 taman raya dan air"]
    assert told("Badan") == ["1 badan"]
    assert told("Badan", "asap, alat")[:2] == [
        "0 alat",
        "0 asap-",
    ]  # a weak word of the routing, and none
    assert told("Dinas Daerah")[:2] == ["1 daerah-", "1 dinas daerah"]


def test_a_place_has_its_offices_and_needs_one_before_its_name() -> None:
    found = told("Kecamatan Lurus")
    assert found[:3] == ["1 camat lurus", "1 kantor camat lurus", "1 kantor kecamatan lurus"]
    assert {"1 kecamatan lurus-", "2 camat", "2 petugas kecamatan"} <= {*found}
    assert not [name for name in found if name[0] in "03"]


def test_branches_are_below_an_office() -> None:
    found = told("Dinas Pendidikan dan Kebudayaan")
    assert {name for name in found if name.endswith("+")} >= {"2 guru+", "2 sekolah+"}
    assert {name[0] for name in found if name.endswith("+")} == {"2"}


def test_the_better_rank_has_a_name_alone() -> None:
    made = names(unit("Dinas Taman", "a"), unit("Badan Sawah", "b", "taman"))
    found = called(made, "taman")
    assert found
    assert found.codes == ("b",)


def test_what_two_are_only_guessed_to_be_called_is_nobodys() -> None:
    made = names(unit("Dinas Kebun dan Sungai", "a"), unit("Dinas Sungai dan Sawah", "b"))
    assert called(made, "sungai") is None
    assert called(made, "dinas sungai") is None
    assert called(made, "kebun") == Called(("a",), alone=False)


def test_what_two_are_usually_called_means_either() -> None:
    made = names(unit("Kecamatan Satu", "a"), unit("Kecamatan Dua", "b"))
    assert called(made, "camat") == Called(("a", "b"))
    assert called(made, "camat dua") == Called(("b",))


def test_a_former_name_means_who_bore_it_or_took_over_where_nobody_is_called_so_today() -> None:
    former = (FormerName("a", "Dinas Pariwisata", "2026-01-01", "i"), FormerName("z", "Dinas Taman", "2026-01-01", "i"))
    new = unit("Dinas Usaha Kreatif", "a")
    heir = replace(unit("Dinas Ruang Hijau", "b"), once_below="z")
    made = names(new, heir, former=former)
    for name, code in (("dinas pariwisata", "a"), ("dinas taman", "b"), ("dinas usaha kreatif", "a")):
        found = called(made, name)
        assert found
        assert found.codes == (code,)
    other = names(new, heir, unit("Dinas Wisata", "c", spoken="dinas pariwisata"), former=former)
    found = called(other, "dinas pariwisata")
    assert found
    assert found.codes == ("c",), "another is called so today"
    assert called(names(new, heir), "dinas taman") is None


def test_a_former_name_that_several_took_over_means_any_of_them() -> None:
    """An office was split, or one that once stood below it stands elsewhere now: they may all be its people."""
    former = (FormerName("z", "Dinas Taman", "2026-01-01", "i"),)
    heir = replace(unit("Dinas Ruang Hijau", "b"), once_below="z")
    other = replace(unit("Dinas Kebersihan", "c"), once_below="z")
    assert called(names(heir, other, former=former), "dinas taman") == Called(("b", "c"))


def test_a_former_name_means_who_took_over_with_all_below() -> None:
    former = (FormerName("z", "Dinas Taman", "2026-01-01", "i"),)
    heir = replace(unit("Dinas Ruang Hijau", "b"), once_below="z")
    below = replace(unit("UPTD Pembibitan", "c"), parent="b", once_below="z")
    assert called(names(heir, below, former=former), "dinas taman") == Called(("b",))
