"""Long texts come by parts that load quickly, and name what they hold."""

import itertools

import pytest

from searchapp.outline import split
from searchapp.web.pages.stretches import PART_ARTICLES, PART_CHARS, contents, section_of, sections

BODY = "Nhà nước có chính sách về việc này. " * 12


def law(count: int, chapter: int = 0) -> str:
    lines = []
    for number in range(1, count + 1):
        if chapter and number % chapter == 1:
            lines += [f"Chương {number // chapter + 1}", "QUY ĐỊNH"]
        lines += [f"Điều {number}. Quy định thứ {number}", BODY]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("", 1),
        ("Một dòng.", 1),
        (law(20), 1),
        (law(700), 20),
        (law(700, 25), 40),
        ("Dòng không có cấu trúc gì cả.\n" * 20_000, 60),
        ("x" * 300_000, 20),
        (law(100) + "\nPhụ lục I\n" + "Một dòng của biểu.\n" * 20_000, 60),
    ],
    ids=["empty", "line", "short", "no chapters", "chapters", "no structure", "no line", "long appendix"],
)
def test_parts_cover_the_text_and_stay_small(text: str, most: int) -> None:
    parts = sections(text, split(text))
    assert parts[0].start == 0
    assert parts[-1].end == len(text)
    assert all(before.end == after.start for before, after in itertools.pairwise(parts))
    assert all(part.end > part.start or not text for part in parts)
    assert len(parts) <= most
    assert len(parts) == 1 or all(part.end - part.start <= PART_CHARS * 3 // 2 for part in parts)


def test_a_part_begins_with_its_chapter_and_ends_with_a_whole_article() -> None:
    text = law(700, 25)
    for part in sections(text, split(text))[1:]:
        assert text[part.start : part.start + 6] in ("Chương", "Điều 1", "Điều 2") or text[part.start :].startswith(
            "Điều"
        )
    assert sum(node.kind == "dieu" for node in split(law(700))) // PART_ARTICLES <= len(
        sections(law(700), split(law(700)))
    )


@pytest.mark.parametrize(
    ("asked", "wanted"), [("", 1), ("3", 3), ("0", 1), ("999", 1), ("dieu-1", 1), ("nothing", 1), ("²", 1)]
)
def test_a_part_is_asked_for_by_number_or_provision(asked: str, wanted: int) -> None:
    text = law(700)
    outline = split(text)
    assert section_of(sections(text, outline), outline, asked).number == wanted


def test_the_part_of_a_provision_holds_it() -> None:
    text = law(700, 25)
    outline = split(text)
    parts = sections(text, outline)
    for node in outline:
        part = section_of(parts, outline, node.id)
        assert part.start <= node.start < part.end


def test_contents_name_all_of_a_short_text_and_the_part_of_a_long_one() -> None:
    short, long = law(30, 10), law(700, 25)
    entries = contents(short, split(short), sections(short, split(short))[0])
    assert [entry.level for entry in entries[:3]] == [0, 2, 2]
    assert len(entries) == 33
    outline = split(long)
    entries = contents(long, outline, sections(long, outline)[1])
    assert sum(entry.level == 0 for entry in entries) == 28
    assert 0 < sum(entry.here for entry in entries) < 80
    assert contents("Một dòng.", split("Một dòng."), sections("Một dòng.", split("Một dòng."))[0]) == []
