"""How many requests an account of some size takes, and how fast Google lets them through."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Final

from integrations.connector import Quota, Size
from integrations.google import chrome, cloud, directory, policies, reports, vertex

# 2,400 a minute for each user and project; of the Reports API, 250 where an event is named.
QUOTAS: Final = {
    directory.DIRECTORY: Quota(2400, 60.0),
    reports.PLAIN: Quota(2400, 60.0),
    reports.FILTERED: Quota(250, 60.0),
}
_SERVICES_OF_WORKSPACE: Final = 80  # that have a policy which says whether they are on
_PEOPLE_PER_PROJECT: Final = 100  # as nobody says how many projects there are


def requests(size: Size) -> Mapping[str, int]:
    """Return how often each operation is sent, for an account of that size.

    Of 100,000 people: 200 requests for the people, 300 for the 300,000 grants that they give in
    180 days, 100,000 for the grants of each. How many events and projects there are is a guess.
    """
    people, projects = size.people, max(1, size.people // _PEOPLE_PER_PROJECT)
    with_ai = max(1, projects // 4)
    return {
        directory.CUSTOMER.id: 1,
        directory.USERS.id: _pages(people, 500),
        directory.UNITS.id: 1,
        directory.TOKENS.id: people,
        directory.SEATS.id: _pages(people, 1000),
        **_of_logs(size),
        policies.SERVICE_STATUS.id: _pages(2 * _SERVICES_OF_WORKSPACE, 100),
        chrome.SAAS_USAGE.id: _pages(size.apps, 200),
        chrome.SAAS_VISITORS.id: size.ai_apps * _pages(people // 10, 200),
        chrome.EXTENSIONS.id: _pages(size.apps, 100),
        chrome.EXTENSION_DEVICES.id: size.ai_apps * _pages(people // 50, 100),
        chrome.EXTENSION_REQUESTS.id: 1,
        cloud.PROJECTS.id: _pages(projects, 300),
        cloud.SERVICES.id: projects,
        cloud.KEYS.id: with_ai,
        cloud.ASSETS.id: _pages(projects * 50, 500) + len(cloud.SEARCHES) - 1,
        vertex.ENDPOINTS.id: with_ai,
        vertex.AGENTS.id: with_ai,
        vertex.ENGINES.id: with_ai,
    }


def _of_logs(size: Size) -> dict[str, int]:
    people, grants = size.people, max(size.grants, 3 * size.people)
    return {
        reports.TOKEN_AUTHORIZE.id: _pages(grants, 1000),
        reports.TOKEN_REVOKE.id: _pages(grants // 10, 1000),
        reports.TOKEN_ACTIVITY.id: _pages(20 * people, 1000),
        reports.GEMINI_ACTIVITY.id: _pages(20 * people, 1000),
        reports.STUDIO_ACTIVITY.id: _pages(people, 1000),
        reports.NOTEBOOK_ACTIVITY.id: _pages(people, 1000),
        reports.SAML_ACTIVITY.id: _pages(20 * people, 1000),
        reports.GEMINI_SETTINGS.id: len(reports.SETTING_EVENTS),
    }


def _pages(items: int, size: int) -> int:
    return max(1, ceil(items / size))
