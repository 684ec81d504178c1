"""Drafts a quote from a letter."""

import os

from fastapi import FastAPI
from openai import OpenAI
from pydantic import BaseModel

MODEL = os.environ.get("QUOTE_DESK_MODEL", "gpt-4o-mini")
app = FastAPI()


class Letter(BaseModel):
    text: str


@app.post("/draft")
def draft(letter: Letter) -> dict[str, str]:
    client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
    answer = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": "Draft a quote. Leave prices blank."},
            {"role": "user", "content": letter.text},
        ],
    )
    return {"draft": answer.choices[0].message.content or ""}


def run() -> None:
    import uvicorn

    uvicorn.run(app, host="127.0.0.1", port=8080)
