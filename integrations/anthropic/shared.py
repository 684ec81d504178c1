"""What Anthropic's operations have in common: how they page, and which version they speak."""

from __future__ import annotations

REFERENCE = "https://platform.claude.com/docs/en/api/admin"
VERSION = {"anthropic-version": "2023-06-01"}
AFTER = ("last_id", "after_id")
PAGE = ("next_page", "page")
MOST = "1000"  # items a page
PEOPLE_FIELDS = ("id", "email", "role", "added_at")
