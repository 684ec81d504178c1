"""Sends questions on to whatever the operator has configured."""

import os

import requests

NAMES = {"theme": "gemini-2.5-pro", "badge": "gpt-4o"}


def ask(question: str) -> dict:
    body = {"model": "claude-sonnet-4-5", "messages": [{"role": "user", "content": question}]}
    return requests.post(os.environ["RELAY_URL"], json=body, timeout=60).json()
