"""What every test shares: one hypothesis profile, and one place for compiled signatures."""

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("gnomon", database=None, deadline=None, derandomize=True)
settings.load_profile("gnomon")


@pytest.fixture(scope="session", autouse=True)
def a_cache_of_their_own() -> Iterator[None]:
    """Keep the tests' compiled signatures away from the user's."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "GNOMON_CACHE", folder)
        yield
