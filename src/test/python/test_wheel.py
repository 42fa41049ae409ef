from __future__ import annotations

import base64
import hashlib
from importlib.metadata import distribution
from xml.etree import ElementTree

from conftest import ROOT


def test_record_has_the_checksum_of_each_file() -> None:
    files = distribution("tandem-spark").files or []
    checked = {str(file): file.hash for file in files if file.hash and not str(file).endswith(".pyc")}
    assert {"tandem/__init__.py", "tandem/py.typed"} <= set(checked)
    for file in files:
        if str(file) in checked and file.hash is not None and file.hash.mode == "sha256":
            digest = hashlib.sha256(file.read_binary()).digest()
            assert file.hash.value == base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), file


def test_version_is_that_of_the_build() -> None:
    pom = ElementTree.parse(ROOT / "pom.xml").getroot()
    maven = "{http://maven.apache.org/POM/4.0.0}"
    version = pom.findtext(f"{maven}properties/{maven}revision")  # The same on both Spark lines.
    assert distribution("tandem-spark").version == str(version).replace("-SNAPSHOT", ".dev0")


def test_package_has_what_the_sources_have() -> None:
    sources = {file.name: file.read_bytes() for file in (ROOT / "src/main/python/tandem").glob("*.py")}
    files = distribution("tandem-spark").files or []
    packed = {file.name: file.read_binary() for file in files if file.parent.name == "tandem" and file.suffix == ".py"}
    assert packed == sources
