"""What one visitor may cost: the dearest body that validation allows is answered in parts."""

import json
import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from searchapp.citations.find.grammar import find_citations
from searchapp.config import Settings
from searchapp.web import create_app

MAX_SECONDS, MAX_BYTES = 1.5, 2_000_000


@pytest.fixture(scope="module")
def client(sample_settings: Settings) -> Iterator[FlaskClient]:
    yield create_app(sample_settings).test_client()


@pytest.mark.parametrize(
    "unit",
    [
        "05-NQ/TU ",
        "30/2020/NĐ-CP,",
        "Luật Đất đai 2013; ",
        "Nghị quyết 05 và ",
        "20-NQ/TW, ",
        "Điều 5, ",
        "1/1/1/",
        "a",
    ],
)
def test_the_dearest_text_is_answered_in_parts(client: FlaskClient, unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    answer = client.post("/api/v1/citations", json={"text": text})
    assert time.process_time() - started < MAX_SECONDS
    assert answer.status_code == 200 and len(answer.data) < MAX_BYTES
    told = answer.get_json()
    assert len(told["citations"]) <= 5_000
    assert told["truncated"] == ("next" in told)
    if told["truncated"]:
        assert told["citations"][-1]["end"] <= told["next"] < len(text)


def test_parts_together_say_what_the_whole_says(client: FlaskClient) -> None:
    lines = [
        f"Thực hiện Nghị quyết số {n}-NQ/TU ngày {n % 28 + 1}/3/2021 của Thành ủy, "
        f"Luật Đất đai năm 2013, nghị định {n}/2020/NĐ-CP."
        for n in range(1, 1_200)
    ]
    text = "\n".join(lines)
    starts, offset = [], 0
    while True:
        told = client.post("/api/v1/citations", data=json.dumps({"text": text, "offset": offset}),
                           content_type="application/json").get_json()  # fmt: skip
        starts += [one["start"] for one in told["citations"]]
        if not told["truncated"]:
            break
        assert told["next"] > offset
        offset = told["next"]
    assert starts == [one.start for one in find_citations(text)]


@pytest.mark.parametrize("offset", [-1, "x", 5_000_000, 1.5, None, []])
def test_an_offset_that_is_none_is_told(client: FlaskClient, offset: object) -> None:
    answer = client.post("/api/v1/citations", json={"text": "05-NQ/TU", "offset": offset})
    assert answer.status_code == 400 and "offset" in answer.get_json()["error"]
