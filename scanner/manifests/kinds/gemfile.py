r"""Gemfiles: which gems a Ruby application wants, by group.

    gem "ruby-openai", "~> 7.0"
    group(:test) { gem "webmock" }

It is a Ruby program, read without running it: a gem whose name is computed is not known.
Reference: https://bundler.io/man/gemfile.5.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.gems import gems_of
from scanner.manifests.purls import purl
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    for gem in gems_of(document):
        if isinstance(gem, Trouble):
            yield gem
            continue
        try:
            value = purl("gem", gem.name)
        except Unreadable as error:
            yield Trouble(str(error), gem.line)
            continue
        yield Mention(
            Identifier.PACKAGE, value, gem.line, gem.versions, Tie.DECLARED, gem.group, True
        )


MANIFEST = Manifest(
    name="gemfile",
    title="Gemfile (Ruby, Bundler)",
    files=("Gemfile", "gems.rb", "*.gemfile"),
    read=read,
    reference="https://bundler.io/man/gemfile.5.html",
    samples={
        "Gemfile": b"""\
source "https://gems.example.org"

ruby "3.3.4"
gem "rails", "~> 7.1"
gem "ruby-openai", "~> 7.0", require: "openai"

group :development, :test do
  gem "rspec-rails" # runs the tests
end
"""
    },
)
