"""What a query's set is worth: of the newest ten of a topic, how many are on it; how large sets are; what they miss.

    python benchmarks/sets.py ../shared/data

60 topics, half of news and half of law, every second typed without accents. "phrase": the newest ten that hold the
topic's words side by side; "near": those that hold them within as many syllables and six more; both told by this file
from the texts, not by the engine. "all syllables": the same for every syllable anywhere (`buoc=4`). "held": the topics
that ten articles hold near each other; an archive cannot give ten others. These rows together are compared with
tests/floors.json; the exit code is 1 where they are below. Then the judged questions of the codification: how many of
the articles that answer are in the set, and the order, by length of query. Indexes are kept in .bench/.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.evaluation import metrics, ranked, read_judged, sample, typed
from searchapp.ingest import reindex
from searchapp.query import EVERY, NEAR, Query
from searchapp.search import find
from searchapp.text.normalize import fold, fold_key, has_marks, normalize
from searchapp.text.tokens import tokens

FOLDER = Path(".bench")
NEWEST = 10
FLOORS = json.loads((Path(__file__).parents[1] / "tests" / "floors.json").read_text(encoding="utf-8"))["newest ten"]
NEWS = (
    "cải cách tiền lương", "xây dựng nông thôn mới", "phòng chống tham nhũng", "đại biểu quốc hội",
    "chất vấn bộ trưởng",
    "kỷ luật đảng viên", "công tác dân vận", "đầu tư công", "giải ngân vốn đầu tư công", "an toàn giao thông",
    "quy hoạch đô thị", "chuyển đổi số", "cải cách hành chính", "chủ quyền biển đảo", "quan hệ đối ngoại",
    "nhà nước pháp quyền", "tinh giản biên chế", "lấy phiếu tín nhiệm", "phòng chống dịch bệnh", "an sinh xã hội",
    "kinh tế tư nhân", "giáo dục nghề nghiệp", "bảo vệ môi trường", "biến đổi khí hậu", "sắp xếp đơn vị hành chính",
    "xuất khẩu gạo", "thị trường bất động sản", "đường sắt cao tốc", "nhà ở xã hội", "chính sách tôn giáo",
)  # fmt: skip
LAW = (
    "hợp đồng lao động", "giấy phép xây dựng", "thuế giá trị gia tăng", "bảo hiểm thất nghiệp", "quyền sử dụng đất",
    "đăng ký khai sinh", "xử phạt vi phạm hành chính", "trợ giúp pháp lý", "khiếu nại tố cáo", "phòng cháy chữa cháy",
    "đánh giá tác động môi trường", "khám bệnh chữa bệnh", "đấu thầu qua mạng", "hóa đơn điện tử", "nghĩa vụ quân sự",
    "thi hành án dân sự", "đăng ký doanh nghiệp", "sở hữu trí tuệ", "quản lý chất thải rắn", "người cao tuổi",
    "bồi thường giải phóng mặt bằng", "hòa giải ở cơ sở", "trẻ em có hoàn cảnh đặc biệt", "vận tải hành khách",
    "an toàn thực phẩm", "kiểm toán nhà nước", "đăng ký tạm trú", "giấy phép lao động", "thương mại điện tử",
    "bảo vệ dữ liệu cá nhân",
)  # fmt: skip
LENGTHS = ((1, 4), (5, 8), (9, 12), (13, 99))


@dataclass(frozen=True, slots=True)
class Row:
    """One topic: shares of its newest ten, and how large its set is."""

    phrase: float
    near: float
    size: int
    step: int


def engine_of(name: str, *corpus: Path) -> Engine:
    """An engine over these files, indexed once."""
    settings = Settings(index=FOLDER / name, corpus=corpus)
    if not (settings.index / "CURRENT").exists():
        reindex(corpus, settings.index, settings)
    return open_engine(settings)()


def topics(names: Sequence[str]) -> Iterator[str]:
    """The topics as they are typed: every second without accents."""
    yield from (name if at % 2 else fold(name) for at, name in enumerate(names))


def measured(engine: Engine, text: str, step: int = 0) -> Row:
    """The newest ten of a topic, judged by the texts themselves."""
    found = find(engine, Query(text=text, sort="newest", step=step))
    hits = [match.article for match in found.answer.matches]
    wanted = [token.key for token in tokens(normalize(text))]
    held = [[judged(part, wanted) for part in (hit.title, hit.text)] for hit in hits]
    count = max(len(hits), 1)
    return Row(
        sum(any(phrase for phrase, _ in parts) for parts in held) / count,
        sum(any(near for _, near in parts) for parts in held) / count,
        found.answer.total,
        found.answer.step,
    )


def holders(engine: Engine, text: str) -> int:
    """How many articles hold a topic's words near each other, told from the texts that have all its syllables."""
    query = Query(text=text, step=EVERY, size=1)
    found = find(engine, replace(query, size=max(find(engine, query).answer.total, 1))).answer
    wanted = [token.key for token in tokens(normalize(text))]
    texts = [(match.article.title, match.article.text) for match in found.matches]
    return sum(any(judged(part, wanted)[1] for part in parts) for parts in texts)


def judged(text: str, wanted: Sequence[str]) -> tuple[bool, bool]:
    """Whether a text has the words side by side, and within as many syllables and six more; accents as typed."""
    keys = [token.key for token in tokens(normalize(text))]

    def same(key: str, want: str) -> bool:
        return key == want if has_marks(want) else fold_key(key) == fold_key(want)

    size = len(wanted)
    phrase = any(all(map(same, keys[at : at + size], wanted)) for at in range(len(keys) - size + 1))
    places = [at for at, key in enumerate(keys) if any(same(key, want) for want in wanted)]
    near = phrase or any(
        all(any(same(key, want) for key in keys[at : at + size + 6]) for want in wanted) for at in places
    )
    return phrase, near


def show(name: str, rows: Sequence[Row]) -> None:
    """One line of the table."""
    means = [statistics.mean(getattr(row, figure) for row in rows) for figure in ("phrase", "near")]
    sizes = statistics.median(row.size for row in rows)
    steps = "/".join(str(sum(row.step == step for row in rows)) for step in (1, 2, 3))
    print(f"| {name:<24} | {means[0]:.2f} | {means[1]:.2f} | {sizes:>6.0f} | {steps} |".replace("0.", "."), flush=True)


def main() -> None:
    """Index where needed, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, help="the folder with retrieval/ and articles/")
    options.add_argument("--index", action="append", default=[], help="name=folder of an index that is there already")
    given = options.parse_args()
    ready = dict(pair.split("=", 1) for pair in given.index)
    place = given.data / "retrieval" / "phapdien"
    files = {
        "news": (given.data / "articles" / "news_political.jsonl.gz", Path("corpus")),
        "law": (place / "corpus.jsonl.gz",),
    }
    engines = {
        name: open_engine(Settings(index=Path(ready[name])))() if name in ready else engine_of(f"sets-{name}", *paths)
        for name, paths in files.items()
    }
    print(f"| {'newest ten of a topic':<24} | phrase | near | median set | steps 1/2/3 |\n|---|---|---|---|---|")
    held: list[Row] = []
    for name, names in (("news", NEWS), ("law", LAW)):
        rows = [measured(engines[name], text) for text in topics(names)]
        show(name, rows)
        asked = zip(topics(names), rows, strict=True)
        here = [row for text, row in asked if row.step == NEAR or holders(engines[name], text) >= NEWEST]
        show(f"{name}, held", here)
        held += here
        show(f"{name}, all syllables", [measured(engines[name], text, EVERY) for text in topics(names)])
    print("\n| judged questions, syllables | queries | in the set | median set | nDCG@10 |\n|---|---|---|---|---|")
    questions = sample(read_judged(place / "queries.jsonl", place / "qrels.tsv"), 0)
    for low, high in LENGTHS:
        asking = [question for question in questions if low <= len(tokens(question.text)) <= high]
        kept, sizes, gains = [], [], []
        for question in asking:
            asked = Query(text=typed(question.text, "typed", question.id), size=1)
            found = find(engines["law"], asked)
            whole = find(engines["law"], replace(asked, size=max(found.answer.total, 1))).answer
            relevant = {key for key, grade in question.grades.items() if grade > 0}
            kept.append(len(relevant & {match.article.id for match in whole.matches}) / len(relevant))
            sizes.append(found.answer.total)
            gains.append(metrics(ranked(engines["law"], asked.text), question.grades)["ndcg@10"])
        if asking:
            mean, size, gain = statistics.mean(kept), statistics.median(sizes), statistics.mean(gains)
            print(f"| {low}-{high} | {len(asking)} | {mean:.3f} | {size:.0f} | {gain:.3f} |", flush=True)
    for figure, floor in FLOORS.items():
        if (mean := statistics.mean(getattr(row, figure) for row in held)) < floor:
            sys.exit(f"newest ten, {figure}: {mean:.3f} is below its floor of {floor}")


if __name__ == "__main__":
    main()
