"""Properties in texts of builds."""

import re

from scanner.manifests.properties import filled

_PROPERTY = re.compile(r"\$\{([a-z]+)\}")


def _filled(written: str, **values: str) -> str:
    return filled(written, _PROPERTY, values.get)


def test_properties_may_name_others() -> None:
    assert _filled("${a}-${b}", a="${c}", b="2", c="1") == "1-2"
    assert _filled("${a} ${x}", a="1") == "1 ${x}"
    assert _filled("${a}", a="") == ""


def test_properties_that_have_no_end() -> None:
    assert _filled("${a}", a="${b}", b="${a}") in ("${a}", "${b}")
    assert len(_filled("${a}", a="${a}${a}")) <= 1000
    assert _filled("${a}", a="x" * 1001) == "${a}"
    assert _filled("${a}" * 400, a="x") == "${a}" * 400
