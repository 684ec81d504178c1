"""Where Microsoft answers, by cloud: https://learn.microsoft.com/en-us/graph/deployments."""

from __future__ import annotations

from collections.abc import Mapping

HOSTS: Mapping[str, Mapping[str, str]] = {
    "": {
        "login": "https://login.microsoftonline.com",
        "graph": "https://graph.microsoft.com",
        "management": "https://management.azure.com",
    },
    "usgov": {
        "login": "https://login.microsoftonline.us",
        "graph": "https://graph.microsoft.us",
        "management": "https://management.usgovcloudapi.net",
    },
    "usgov-dod": {
        "login": "https://login.microsoftonline.us",
        "graph": "https://dod-graph.microsoft.us",
        "management": "https://management.usgovcloudapi.net",
    },
    "china": {
        "login": "https://login.partner.microsoftonline.cn",
        "graph": "https://microsoftgraph.chinacloudapi.cn",
        "management": "https://management.chinacloudapi.cn",
    },
}
