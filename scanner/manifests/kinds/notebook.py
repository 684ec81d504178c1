"""Jupyter notebooks, *.ipynb: what their Python cells import and install, and what they name.

    {"cells": [{"cell_type": "code", "source": ["%pip install openai\\n", "import openai"]}],
     "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}

All cells are read as one program. Notebooks of other languages are passed over, as are cells in
another one (``%%sql``, ``%%html``); of ``%%bash`` and ``!`` the installing commands count.
Reference: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie, Trouble
from scanner.manifests.literals import variable
from scanner.manifests.notebook_cells import Code, Command, cells
from scanner.manifests.programs import Mentions
from scanner.manifests.python_code import Reading
from scanner.manifests.shell import installs
from scanner.model import Identifier

_VARIABLE = re.compile(r"(?:env|set_env|export)\s+([A-Za-z_]\w*)")


def read(document: Document) -> Iterator[Found]:
    """Yield what the cells install, in their order; then what they import and configure."""
    reading = Reading(Mentions(Group.NOTEBOOK))
    for one in cells(document):
        match one:
            case Code(tree):
                reading.walk(tree)
            case Command():
                yield from _run(one)
            case _:
                yield Trouble(one.reason, one.line)
    yield from reading.finish()


def _run(command: Command) -> Iterator[Mention]:
    for one in installs(command.text):
        line = command.line + one.line - 1 if command.line else 0
        yield one._replace(line=line, group=Group.NOTEBOOK)
    if (found := _VARIABLE.match(command.text)) and variable(found[1]):
        yield Mention(
            Identifier.ENV, found[1], command.line, tie=Tie.CONFIGURED, group=Group.NOTEBOOK
        )


_SAMPLE = b"""\
{
 "cells": [
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": [
    "# Questions about invoices"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "%pip install -q openai==1.52.0\\n",
    "from openai import OpenAI\\n",
    "\\n",
    "client = OpenAI()\\n",
    "client.responses.create(model=\\"gpt-4o\\", input=\\"Hello\\")"
   ]
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Python 3",
   "language": "python",
   "name": "python3"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
"""

MANIFEST = Manifest(
    name="notebook",
    title="Jupyter notebooks",
    files=("*.ipynb",),
    read=read,
    is_screened=True,
    reference="https://nbformat.readthedocs.io/en/latest/format_description.html",
    samples={"research/invoices.ipynb": _SAMPLE},
)
