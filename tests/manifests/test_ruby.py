"""Ruby: Gemfile, gem specifications, Gemfile.lock."""

import time

from scanner.manifests import Group, Mention, Project, Tie, Trouble
from scanner.manifests.kinds.gemfile import MANIFEST as GEMFILE
from scanner.manifests.kinds.gemfile_lock import MANIFEST as LOCK
from scanner.manifests.kinds.gemspec import MANIFEST as GEMSPEC
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles, values


def _gem(name: str, line: int, version: str = "", group: Group = Group.RUNTIME) -> Mention:
    return Mention(
        Identifier.PACKAGE, f"pkg:gem/{name}", line, version, Tie.DECLARED, group, is_direct=True
    )


def test_a_gemfile_names_gems_with_their_versions_and_groups() -> None:
    text = """\
source "https://gems.example.org"
git_source(:github) { |repo| "https://github.com/#{repo}.git" }
ruby file: ".ruby-version"

gem "rails", "~> 7.1.3", ">= 7.1.3.2"
gem 'ruby-openai', '~> 7.0', require: 'openai'
gem("langchainrb", ">= 0.15")
gem "anthropic", git: "https://github.com/alexrudall/anthropic.git", tag: "v0.3.0"
gem "neighbor", [">= 0.4", "< 0.6"]
gem "debug", platforms: %i[mri windows], group: :development
gem "vcr", "6.2.0", :group => [:test]
gem "letter_opener", group: %i[development test]

group :development, :test do
  gem "rspec-rails"
end
group "test" do
  platforms :ruby do
    gem "webmock", "~> 3.0"
  end
end
group :tracing, optional: true do
  gem "traceloop-sdk"
end
group(:production) { gem "pg" }
gem "puma"
"""
    assert mentions(GEMFILE, "Gemfile", text) == [
        _gem("rails", 5, "~> 7.1.3, >= 7.1.3.2"),
        _gem("ruby-openai", 6, "~> 7.0"),
        _gem("langchainrb", 7, ">= 0.15"),
        _gem("anthropic", 8),
        _gem("neighbor", 9, ">= 0.4, < 0.6"),
        _gem("debug", 10, group=Group.DEV),
        _gem("vcr", 11, "6.2.0", Group.TEST),
        _gem("letter_opener", 12, group=Group.DEV),
        _gem("rspec-rails", 15, group=Group.DEV),
        _gem("webmock", 19, "~> 3.0", Group.TEST),
        _gem("traceloop-sdk", 23, group=Group.OPTIONAL),
        _gem("pg", 25),
        _gem("puma", 26),
    ]
    assert not troubles(GEMFILE, "Gemfile", text)


def test_a_call_may_take_several_lines() -> None:
    text = """\
gem "ruby-openai",
    # the client
    "~> 7.0",
    group: :test
gem "puma"
"""
    assert mentions(GEMFILE, "Gemfile", text) == [
        _gem("ruby-openai", 1, "~> 7.0", Group.TEST),
        _gem("puma", 5),
    ]


def test_comments_and_texts_are_no_gems() -> None:
    text = """\
# gem "openai"
puts 'gem "openai"' # gem "openai"
=begin
gem "openai"
=end
note = <<~TEXT
  gem "openai"
TEXT
gemspec
gem_group = "openai"
plugin "bundler-inject"
gem "tidy#sharp", "1.0" # gem "openai"
__END__
gem "openai"
"""
    assert values(GEMFILE, "Gemfile", text) == ["pkg:gem/tidy%23sharp"]


def test_conditions_open_blocks_that_are_no_groups() -> None:
    text = """\
group :test do
  if ENV["RAILS"]
    gem "rails", ENV["RAILS"]
  else
    gem "rails"
  end
  gem "capybara" if ENV["CI"]
  version = case ENV["X"]
            when "1" then "2"
            end
  gem "minitest"
end
gem "ruby-openai" unless ENV["OFFLINE"]
"""
    groups = [(one.value, one.group) for one in mentions(GEMFILE, "Gemfile", text)]
    assert groups == [
        ("pkg:gem/rails", Group.TEST),
        ("pkg:gem/rails", Group.TEST),
        ("pkg:gem/capybara", Group.TEST),
        ("pkg:gem/minitest", Group.TEST),
        ("pkg:gem/ruby-openai", Group.RUNTIME),
    ]


def test_a_computed_name_is_trouble() -> None:
    text = '%w[rspec rspec-core].each do |lib|\n  gem lib, "~> 3"\nend\ngem "rspec-#{part}"\n'
    assert troubles(GEMFILE, "Gemfile", text) == [
        Trouble("a gem whose name is computed", 2),
        Trouble("a gem whose name is computed", 4),
    ]


def test_a_gemspec_names_the_library_and_what_it_needs() -> None:
    text = """\
# frozen_string_literal: true
require_relative "lib/answers/version"

Gem::Specification.new do |s|
  s.name        = "answers"
  s.version     = "1.4.0"
  s.authors     = ["Ana Lima", 'Bo Ek']
  s.email       = "ana@example.org"
  s.summary     = %q{Answers}
  s.description = <<-EOF
    s.add_dependency "openai"
  EOF
  s.executables = ["answer"]
  s.files = Dir["lib/**/*"]

  s.add_dependency "ruby-openai", "~> 7.0", ">= 7.0.1"
  s.add_runtime_dependency('langchainrb', '>= 0.15')
  s.add_development_dependency("rspec", ["~> 3.0"])
  # s.add_dependency "anthropic"
  %w[a b].each { |one| s.add_dependency one }
end
"""
    assert found(GEMSPEC, "a.gemspec", {"a.gemspec": text}) == [
        _gem("ruby-openai", 16, "~> 7.0, >= 7.0.1"),
        _gem("langchainrb", 17, ">= 0.15"),
        _gem("rspec", 18, "~> 3.0", Group.DEV),
        Trouble("a gem whose name is computed", 20),
        Project(
            "answers",
            "1.4.0",
            "Answers",
            ("Ana Lima", "Bo Ek", "ana@example.org"),
            is_deployable=True,
            line=5,
        ),
    ]


def test_a_gemspec_that_a_tool_wrote_names_each_gem_once() -> None:
    text = """\
Gem::Specification.new do |s|
  s.name = "answers".freeze
  s.version = "1.0"
  if s.respond_to? :specification_version then
    s.add_runtime_dependency(%q<ruby-openai>.freeze, ["~> 7.0".freeze, ">= 7.1"])
  else
    s.add_runtime_dependency(%q<ruby-openai>.freeze, ["~> 7.0".freeze, ">= 7.1"])
  end
end
"""
    assert mentions(GEMSPEC, "a.gemspec", text) == [_gem("ruby-openai", 5, "~> 7.0, >= 7.1")]
    assert projects(GEMSPEC, "a.gemspec", text) == [Project("answers", "1.0", line=2)]


_LOCK = """\
GIT
  remote: https://github.com/acme/llm_proxy.git
  revision: 3c1b0a3
  branch: main
  specs:
    llm_proxy (0.3.0)
      anthropic

PATH
  remote: .
  specs:
    answers (1.0.0)
      baran (~> 0.1)

GEM
  remote: https://gems.example.org/
  specs:
    anthropic (0.3.0)
      faraday (>= 1)
    baran (0.1.12)
    faraday (2.9.0)
      faraday-net_http (>= 2.0, < 3.2)
    faraday-net_http (3.1.0)
    nokogiri (1.16.5-arm64-darwin)
      racc (~> 1.4)
    nokogiri (1.16.5-x86_64-linux)
      racc (~> 1.4)
    racc (1.8.0)
    rspec (3.13.0)
      rspec-core (~> 3.13.0)
    rspec-core (3.13.0)

PLATFORMS
  arm64-darwin
  x86_64-linux

DEPENDENCIES
  answers!
  llm_proxy!
  nokogiri (~> 1.16)
  rspec

CHECKSUMS
  racc (1.8.0) sha256=00

RUBY VERSION
   ruby 3.3.4p94

BUNDLED WITH
   2.5.6
"""


def _locked(name: str, line: int, version: str, *via: str, group: Group = Group.RUNTIME) -> Mention:
    chain = tuple(f"pkg:gem/{one}" for one in via)
    value = f"pkg:gem/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.LOCKED, group, not chain, chain)


def test_a_lock_tells_which_gem_pulls_in_which() -> None:
    gemfile = 'gemspec\ngem "llm_proxy"\ngem "nokogiri"\ngroup(:test) { gem "rspec" }\n'
    assert found(LOCK, "Gemfile.lock", {"Gemfile.lock": _LOCK, "Gemfile": gemfile}) == [
        _locked("llm_proxy", 6, "0.3.0"),
        _locked("anthropic", 18, "0.3.0", "llm_proxy"),
        _locked("baran", 20, "0.1.12"),
        _locked("faraday", 21, "2.9.0", "llm_proxy", "anthropic"),
        _locked("faraday-net_http", 23, "3.1.0", "llm_proxy", "anthropic", "faraday"),
        _locked("nokogiri", 24, "1.16.5"),
        _locked("racc", 28, "1.8.0", "nokogiri"),
        _locked("rspec", 29, "3.13.0", group=Group.TEST),
        _locked("rspec-core", 31, "3.13.0", "rspec", group=Group.TEST),
    ]


def test_without_the_gemfile_all_groups_run() -> None:
    assert {one.group for one in mentions(LOCK, "Gemfile.lock", _LOCK)} == {Group.RUNTIME}


def test_without_its_list_of_dependencies_a_lock_does_not_tell_what_is_direct() -> None:
    text = _LOCK.partition("DEPENDENCIES")[0]
    assert {one.is_direct for one in mentions(LOCK, "Gemfile.lock", text)} == {None}


def test_a_merge_conflict_is_trouble() -> None:
    text = _LOCK.replace(
        "    racc (1.8.0)\n", "<<<<<<< HEAD\n    racc (1.8.0)\n=======\n>>>>>>> b\n"
    )
    assert troubles(LOCK, "Gemfile.lock", text) == [
        Trouble("a merge conflict that was not resolved", 28),
        Trouble("a merge conflict that was not resolved", 31),
    ]


def test_gems_that_need_each_other_end() -> None:
    text = "GEM\n  specs:\n    a (1)\n      b\n    b (1)\n      a\n\nDEPENDENCIES\n  a\n"
    assert mentions(LOCK, "Gemfile.lock", text) == [_locked("a", 3, "1"), _locked("b", 5, "1", "a")]


def test_long_chains_and_hostile_lines_take_no_long_time() -> None:
    chain = "".join(f"    g{n} (1)\n      g{n + 1}\n" for n in range(50_000))
    began = time.monotonic()
    seen = mentions(LOCK, "Gemfile.lock", f"GEM\n  specs:\n{chain}\nDEPENDENCIES\n  g0\n")
    assert len(seen) == 50_000
    assert max(len(one.via) for one in seen) == 64
    for line in ("=if " * 250_000, '"\\' * 500_000, "<<A\n" * 200_000, "gem 'a' {" * 100_000):
        mentions(GEMFILE, "Gemfile", line)
        mentions(GEMSPEC, "a.gemspec", line)
    assert time.monotonic() - began < 10
