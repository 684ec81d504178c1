"""Swift: Package.swift, Package.resolved; CocoaPods: Podfile, Podfile.lock."""

import time

import pytest

from scanner.manifests import Group, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.kinds.package_resolved import MANIFEST as RESOLVED
from scanner.manifests.kinds.package_swift import MANIFEST as PACKAGE
from scanner.manifests.kinds.podfile import MANIFEST as PODFILE
from scanner.manifests.kinds.podfile_lock import MANIFEST as POD_LOCK
from scanner.model import Identifier
from tests.manifests.support import found, mentions, troubles, values


def _wanted(value: str, line: int, version: str = "", group: Group = Group.RUNTIME) -> Mention:
    value = f"pkg:{value}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, is_direct=True)


def _locked(value: str, line: int, version: str, is_direct: bool | None, *via: str) -> Mention:
    return Mention(
        Identifier.PACKAGE,
        f"pkg:{value}",
        line,
        version,
        Tie.LOCKED,
        is_direct=is_direct,
        via=tuple(f"pkg:{one}" for one in via),
    )


def test_a_package_names_itself_and_the_addresses_of_others() -> None:
    text = """\
// swift-tools-version: 6.1
import PackageDescription
/* .package(url: "https://github.com/acme/no.git", from: "1.0.0") */
let note = \"\"\"
  .package(url: "https://github.com/acme/no.git", from: "1.0.0")
\"\"\"

let package = Package(
    name: "Answers", // the name
    products: [.executable(name: "answers", targets: ["Answers"])],
    dependencies: [
        .package(url: "https://github.com/MacPaw/OpenAI.git", from: "0.2.4"),
        // .package(url: "https://github.com/acme/no.git", from: "1.0.0"),
        .package(url: "https://github.com/huggingface/swift-transformers", .upToNextMinor(from: "0.1.5")),
        .package(
            name: "MLX",
            url: "https://ana:secret@github.com/ml-explore/mlx-swift/",
            exact: "0.12.1"
        ),
        .package(url: "git@github.com:mattt/ollama-swift.git", branch: "main"),
        .package(url: "ssh://git@gitlab.example.com:2222/ai/team/whisper.git", "1.0.0"..<"2.0.0"),
        .package(url: "https://github.com/a/traits", from: "1.0.0", traits: ["x", .defaults]),
        .package(id: "mona.LinkedList", .exact("1.2.0")),
        .package(path: "../Local"),
        Package.Dependency.package(url: address, from: "1.0.0"),
        .package(url: "not an address", from: "1.0.0"),
    ],
    targets: [
        .target(name: "Answers", dependencies: [.product(name: "OpenAI", package: "OpenAI")]),
    ]
)
"""
    assert found(PACKAGE, "Package.swift", {"Package.swift": text}) == [
        Project("Answers", is_deployable=True, line=9),
        _wanted("swift/github.com/MacPaw/OpenAI", 12, "from: 0.2.4"),
        _wanted(
            "swift/github.com/huggingface/swift-transformers", 14, ".upToNextMinor(from: 0.1.5)"
        ),
        _wanted("swift/github.com/ml-explore/mlx-swift", 15, "0.12.1"),
        _wanted("swift/github.com/mattt/ollama-swift", 20, "branch: main"),
        _wanted("swift/gitlab.example.com/ai/team/whisper", 21, "1.0.0..<2.0.0"),
        _wanted("swift/github.com/a/traits", 22, "from: 1.0.0"),
        _wanted("swift/mona/LinkedList", 23, "1.2.0"),
        Trouble("a package whose address is computed, or none", 25),
        Trouble("a package whose address is computed, or none", 26),
    ]


def test_a_program_that_is_never_closed_takes_no_long_time() -> None:
    began = time.monotonic()
    for text in (".package(" * 100_000, '"""' + '"' * 500_000, "/*" * 500_000, '"\\' * 500_000):
        found(PACKAGE, "Package.swift", {"Package.swift": text})
    assert time.monotonic() - began < 10


_PINS = """\
{
  "originHash" : "908e86ecb487a3c986f046cb2996f4ab",
  "pins" : [
    {
      "identity" : "openai",
      "kind" : "remoteSourceControl",
      "location" : "https://github.com/MacPaw/OpenAI.git",
      "state" : {"revision" : "35afc9a6", "version" : "0.2.4"}
    },
    {
      "identity" : "mona.linkedlist",
      "kind" : "registry",
      "location" : "",
      "state" : {"version" : "1.2.0"}
    },
    {
      "identity" : "ollama-swift",
      "kind" : "remoteSourceControl",
      "location" : "git@github.com:mattt/ollama-swift.git",
      "state" : {"branch" : "main", "revision" : "268b55db"}
    },
    {
      "identity" : "local",
      "kind" : "localSourceControl",
      "location" : "/Users/ana/local",
      "state" : {"revision" : "268b55db"}
    }
  ],
  "version" : 3
}
"""


def test_a_lock_names_addresses_and_what_was_resolved() -> None:
    assert mentions(RESOLVED, "Package.resolved", _PINS) == [
        _locked("swift/github.com/MacPaw/OpenAI", 7, "0.2.4", None),
        _locked("swift/mona/linkedlist", 11, "1.2.0", None),
        _locked("swift/github.com/mattt/ollama-swift", 19, "main", None),
    ]


def test_the_program_beside_tells_what_is_direct() -> None:
    program = '.package(url: "https://github.com/macpaw/openai", from: "0.2.0")'
    seen = mentions(RESOLVED, "a/Package.resolved", _PINS, **{"a/Package.swift": program})
    assert [one.is_direct for one in seen] == [True, False, False]


def test_a_lock_of_version_1() -> None:
    text = """\
{
  "object": {
    "pins": [
      {
        "package": "OpenAI",
        "repositoryURL": "https:\\/\\/github.com\\/MacPaw\\/OpenAI",
        "state": {"branch": null, "revision": "35afc9a6", "version": "0.2.4"}
      },
      {"package": "None", "repositoryURL": "x", "state": null}
    ]
  },
  "version": 1
}
"""
    assert found(RESOLVED, "Package.resolved", {"Package.resolved": text}) == [
        _locked("swift/github.com/MacPaw/OpenAI", 6, "0.2.4", None),
        Trouble("no address of a package: 'x'", 9),
    ]


@pytest.mark.parametrize("text", ["{}", "[]", '{"pins": [1]}', '{"object": {}}'])
def test_what_is_no_lock_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        found(RESOLVED, "Package.resolved", {"Package.resolved": text})


def test_a_podfile_names_pods_by_target() -> None:
    text = """\
platform :ios, '15.0'
# pod 'OpenAI'
def shared
  pod 'TensorFlowLiteSwift', '~> 2.14', :subspecs => ['CoreML']
end

abstract_target 'All' do
  pod "GoogleMLKit/TextRecognition", "~> 6.0", ">= 6.0.1"
  pod 'MediaPipeTasksGenAI', :git => 'https://github.com/acme/mediapipe.git', :tag => '0.10.14'
  pod 'Reveal-SDK', :configurations => ['Debug']
  pod 'FLEX', '~> 4', configuration: %w(Debug Release)
  target 'AnswersTests' do
    inherit! :search_paths
    pod 'Quick'
  end
  pods.each { |one| pod one }
end
post_install do |installer|
  puts "pod 'OpenAI'"
end
"""
    assert found(PODFILE, "Podfile", {"Podfile": text}) == [
        _wanted("cocoapods/TensorFlowLiteSwift", 4, "~> 2.14"),
        _wanted("cocoapods/GoogleMLKit", 8, "~> 6.0, >= 6.0.1"),
        _wanted("cocoapods/MediaPipeTasksGenAI", 9),
        _wanted("cocoapods/Reveal-SDK", 10, group=Group.DEV),
        _wanted("cocoapods/FLEX", 11, "~> 4"),
        _wanted("cocoapods/Quick", 14, group=Group.TEST),
        Trouble("a pod whose name is computed", 16),
    ]


def test_the_parts_of_a_pod_are_one_package() -> None:
    text = """\
PODS:
  - "GoogleMLKit/MLKitCore (6.0.0)":
    - MLKitCommon (~> 11.0.0)
  - GoogleMLKit/TextRecognition (6.0.0):
    - GoogleMLKit/MLKitCore
    - MLKitTextRecognition (~> 4.0.0)
  - MLKitCommon (11.0.0)
  - MLKitTextRecognition (4.0.0):
    - MLKitVision (~> 8)
  - MLKitVision (8.0.0)
  - "React-Core+Ext (0.74.0)"

DEPENDENCIES:
  - "GoogleMLKit/TextRecognition (~> 6.0)"
  - "React-Core+Ext (from `../node_modules/x`)"

SPEC REPOS:
  trunk:
    - GoogleMLKit

EXTERNAL SOURCES:
  OpenAI:
    :path: "../x"

COCOAPODS: 1.15.2
"""
    assert mentions(POD_LOCK, "Podfile.lock", text) == [
        _locked("cocoapods/GoogleMLKit", 2, "6.0.0", True),
        _locked("cocoapods/MLKitCommon", 7, "11.0.0", False, "cocoapods/GoogleMLKit"),
        _locked("cocoapods/MLKitTextRecognition", 8, "4.0.0", False, "cocoapods/GoogleMLKit"),
        _locked(
            "cocoapods/MLKitVision",
            10,
            "8.0.0",
            False,
            "cocoapods/GoogleMLKit",
            "cocoapods/MLKitTextRecognition",
        ),
        _locked("cocoapods/React-Core%2BExt", 11, "0.74.0", True),
    ]
    assert not troubles(POD_LOCK, "Podfile.lock", text)
    assert values(POD_LOCK, "Podfile.lock", "PODS: []\n") == []
