"""The API answers as its OpenAPI document says, whatever it is asked: schemathesis makes the calls."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.web import create_app
from searchapp.web.data import openapi

CALLS = int(os.environ.get("SEARCHAPP_TEST_API_CALLS", "30"))
"""Calls of each route; `make api-fuzz` makes over 2,000 in all."""


@pytest.fixture(scope="module")
def described(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", create_app(sample_settings, sample_engine))


@pytest.mark.parametrize("path", list(openapi.ROUTES))
def test_every_answer_is_as_described(described: Any, path: str) -> None:
    method = next(iter(openapi.ROUTES[path]))

    @settings(max_examples=CALLS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=described[path][method].as_strategy())
    def calls(case: Any) -> None:
        # Its client for WSGI unpacks nothing. That dates are in order and a cursor is one of ours no schema can say, so
        # a refusal (400, in the described shape) is right even where every value alone fits.
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance])

    calls()


def test_every_route_of_the_api_is_described(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> None:
    rules = create_app(sample_settings, sample_engine).url_map.iter_rules()
    served = {r.rule.removeprefix("/api/v1").replace("<", "{").replace("path:", "").replace(">", "}")
              for r in rules if r.rule.startswith("/api/v1/")}  # fmt: skip
    assert served - {"/openapi.json", "/{rest}"} == set(openapi.ROUTES)
