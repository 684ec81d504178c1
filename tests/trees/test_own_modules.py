"""What a program imports from its own tree is nobody's library, even if it is called alike."""

from pathlib import Path

import pytest

from tests.running import gnomon
from tests.trees.support import written


@pytest.mark.parametrize(
    ("files", "is_own"),
    [
        (("openai.py", "main.py"), True),
        (("openai/__init__.py", "tools/main.py"), True),
        (("src/openai/__init__.py", "scripts/main.py"), True),
        (("app/__init__.py", "app/openai.py", "app/main.py"), False),  # it is app.openai
        (("app/__init__.py", "app/openai.py", "main.py"), False),
        (("one/openai.py", "two/main.py"), False),
        (("main.py",), False),
    ],
)
def test_a_module_hides_a_library_where_it_is_imported_from(
    files: tuple[str, ...], is_own: bool, tmp_path: Path
) -> None:
    root = written(tmp_path / "app", dict.fromkeys(files, "") | {"requirements.txt": "requests\n"})
    written(root, {files[-1]: "import openai\n"})
    gnomon("scan", root, "--db", tmp_path / "gnomon.db")
    systems = gnomon("inventory", "list", "--db", tmp_path / "gnomon.db", "--format", "json").json()
    assert bool(systems) != is_own


def test_a_wrapper_called_like_the_library_that_it_wraps(tmp_path: Path) -> None:
    files = {"app/openai.py": "from openai import OpenAI\n", "requirements.txt": "requests\n"}
    root = written(tmp_path / "app", files)
    gnomon("scan", root, "--db", tmp_path / "gnomon.db")
    systems = gnomon("inventory", "list", "--db", tmp_path / "gnomon.db", "--format", "json").json()
    assert [one["supplier"] for one in systems] == ["OpenAI"]


@pytest.mark.parametrize("folder", ["Sources/OpenAI", "Packages/Kit/Sources/OpenAI", "App/OpenAI"])
def test_a_module_of_a_swift_package_is_a_folder_of_its_sources(
    folder: str, tmp_path: Path
) -> None:
    files = {"App/Ask.swift": "import OpenAI\n", f"{folder}/Client.swift": "struct Client {}\n"}
    root = written(tmp_path / "app", files | {"Package.swift": "// swift-tools-version:5.9\n"})
    gnomon("scan", root, "--db", tmp_path / "gnomon.db")
    systems = gnomon("inventory", "list", "--db", tmp_path / "gnomon.db", "--format", "json").json()
    assert bool(systems) != ("Sources/" in folder)
