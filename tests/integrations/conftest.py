"""What is slow runs where it is asked for: ``make test-contract`` sets GNOMON_CONTRACT."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes a minute; make test-contract runs it")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("slow") and not os.environ.get("GNOMON_CONTRACT"):
        pytest.skip("takes a minute; make test-contract runs it")
