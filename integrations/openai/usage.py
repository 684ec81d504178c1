"""What is asked of OpenAI's use and costs: a bucket a day, a month a page."""

from __future__ import annotations

from integrations.openai import records
from integrations.operations import Operation, Paging, Privacy

_REFERENCE = "https://platform.openai.com/docs/api-reference/usage"
_USAGE = (("api.usage.read",),)
_PAGE = ("next_page", "page")
_DAYS = "31"  # one page is a month

COSTS = Operation(
    id="openai.costs",
    title="costs",
    host="api",
    path="/v1/organization/costs",
    why="What each project costs.",
    fields=(
        "start_time",
        "results[].amount.value",
        "results[].amount.currency",
        "results[].project_id",
    ),
    parse=records.costs,
    reference=f"{_REFERENCE}/costs",
    query={
        "start_time": "{start}",
        "bucket_width": "1d",
        "limit": "180",
        "group_by": "project_id",
    },
    paging=Paging.PAGE,
    page_token=_PAGE,
    page_size=180,
    items="data",
    scopes=_USAGE,
    privacy=Privacy.USAGE,
    is_state=False,
    verified_by=("contract", "vendor example"),
)


def _usage(kind: str, title: str, dimensions: str, counted: str) -> Operation:
    """Return the operation for one kind of use. ``dimensions`` stand one a line: each is sent."""
    grouped = tuple(f"results[].{one}" for one in dimensions.split("\n"))
    return Operation(
        id=f"openai.usage_{kind}",
        title=f"use of {title}",
        host="api",
        path=f"/v1/organization/usage/{kind}",
        why=f"Who used {title}, in which project and with which model.",
        fields=("start_time", "results[].object", f"results[].{counted}", *grouped),
        parse=records.usage,
        reference=f"{_REFERENCE}/{kind}",
        query={
            "start_time": "{start}",
            "bucket_width": "1d",
            "limit": _DAYS,
            "group_by": dimensions,
        },
        paging=Paging.PAGE,
        page_token=_PAGE,
        page_size=int(_DAYS),
        items="data",
        scopes=_USAGE,
        privacy=Privacy.USAGE,
        is_state=False,
        verified_by=("contract",),
    )


_BY_MODEL = "project_id\nuser_id\nmodel"
_REQUESTS = "num_model_requests"
USAGE = (
    _usage("completions", "language models", _BY_MODEL, _REQUESTS),
    _usage("embeddings", "embeddings", _BY_MODEL, _REQUESTS),
    _usage("moderations", "moderation", _BY_MODEL, _REQUESTS),
    _usage("images", "image models", _BY_MODEL, _REQUESTS),
    _usage("audio_speeches", "speech", _BY_MODEL, _REQUESTS),
    _usage("audio_transcriptions", "transcription", _BY_MODEL, _REQUESTS),
    _usage("code_interpreter_sessions", "the code interpreter", "project_id", "num_sessions"),
    _usage("file_search_calls", "file search", "project_id\nuser_id", "num_requests"),
    _usage("web_search_calls", "web search", _BY_MODEL, "num_requests"),
)
