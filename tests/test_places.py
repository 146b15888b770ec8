"""Places through time: where a name's land belongs on a day."""

import pytest

from searchapp.places import Places, also_meant, problems, shipped


@pytest.mark.parametrize(
    ("name", "day", "place"),
    [
        ("Bình Dương", "2025-06-30", "Bình Dương"),
        ("Bình Dương", "2025-07-01", "TPHCM"),
        ("binh-duong", "2026-01-01", "TPHCM"),
        ("Hà Tây", "2007-01-01", "Hà Tây"),
        ("Hà Tây", "2010-01-01", "Hà Nội"),
        ("Thừa Thiên Huế", "2024-12-31", "Thừa Thiên Huế"),
        ("Thừa Thiên Huế", "2025-03-01", "Huế"),
        ("Cao Bằng", "2026-01-01", "Cao Bằng"),
        ("Atlantis", "2026-01-01", None),
        ("", "2026-01-01", None),
    ],
)
def test_a_names_land_belongs_somewhere_on_every_day(name, day, place):
    found = shipped().on(name, day)
    assert (found.name if found else None) == place


def test_there_were_63_places_and_are_34():
    places = shipped()
    assert len({places.before(place.name).name for place in places if place.lives_on("2025-06-30")}) == 63
    assert len({places.today(place.name).name for place in places}) == 34


def test_a_place_tells_what_went_into_it():
    assert [place.name for place in shipped().joined("TPHCM")] == ["Bình Dương", "Bà Rịa - Vũng Tàu"]
    assert shipped().joined("Cao Bằng") == ()


def test_a_province_may_be_raised_to_a_city():
    dong_nai = shipped().find("Đồng Nai")
    assert (dong_nai.kind_on("2026-04-29"), dong_nai.kind_on("2026-04-30")) == ("province", "city")


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([{"place": "A", "to": "2025-06-30", "into": "A"}], "into itself"),
        ([{"place": "A", "to": "2025-06-30", "into": "B"}], "no place of the table"),
        ([{"place": "A", "into": "B"}, {"place": "B"}], "until which day"),
        (
            [
                {"place": "A", "to": "2020-01-01", "into": "B"},
                {"place": "B", "to": "2021-01-01", "into": "A"},
            ],
            "comes back to itself",
        ),
        ([{"place": "A", "from": "2021-01-01", "to": "2020-01-01"}], "before it begins"),
    ],
)
def test_lives_that_cannot_be_are_told(rows, wrong):
    assert any(wrong in text for _, text in problems(rows))
    Places(rows).today("A")  # and nothing hangs


def test_our_own_places_can_all_be():
    assert problems([{"place": p.name, "from": p.since, "to": p.until, "into": p.into} for p in shipped()]) == []


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("TPHCM", ["Bình Dương", "Bà Rịa - Vũng Tàu"]),
        ("tp hcm", ["Bình Dương", "Bà Rịa - Vũng Tàu"]),
        ("TP. Hồ Chí Minh", ["Bình Dương", "Bà Rịa - Vũng Tàu"]),
        ("thanh pho ho chi minh", ["Bình Dương", "Bà Rịa - Vũng Tàu"]),
        ("bà rịa vũng tàu", ["TPHCM"]),
        ("tinh Ba Ria–Vung Tau", ["TPHCM"]),
        ("tp.huế", ["Thừa Thiên Huế"]),
        ("tỉnh hà tây cũ", ["Hà Nội"]),
        ("hồ chí minh", []),  # the person
        ("đảng bộ thành phố hồ chí minh", []),
        ("", []),
    ],
)
def test_other_places_are_offered_for_every_spelling_of_a_name(text: str, others: list[str]) -> None:
    assert [one.name for one in also_meant(text, shipped())] == others
