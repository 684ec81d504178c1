"""Sorts claims.

Not by cohere: ``import cohere`` was slower.
"""

import os

from claims_triage import agents
from claims_triage.models import MODEL
from langchain_openai import ChatOpenAI
import openai

HELP = "import mistralai"
client = openai.OpenAI(api_key=os.environ["OPENAI_API_KEY"])


def sort(text: str) -> str:
    # client = Groq(model="llama-3.1-8b-instant")
    answer = client.chat.completions.create(model="gpt-4o-mini", messages=[])
    return agents.run(ChatOpenAI(model="gpt-4.1"), answer)


def main() -> None:
    sort("")
