from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Optional

import pytest
from pyspark.sql import SparkSession

import tandem

TEXT = '<!DOCTYPE html>\n<p class="x">A & B < C "quoted" \u00e9 </p><script>1 < 2 && "</iframe>"</script>'


class Frames(HTMLParser):
    """The attributes of each iframe."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Optional[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
        if tag == "iframe":
            self.found.append(dict(attrs))


def test_report_is_one_frame_with_the_page_in_it(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(TEXT, encoding="utf-8")
    parser = Frames()
    parser.feed(tandem.report(tmp_path, height=432)._repr_html_())
    (frame,) = parser.found
    assert frame["srcdoc"] == TEXT
    assert "432px" in str(frame["style"])
    assert "allow-same-origin" not in str(frame["sandbox"]), "a page of somebody else's run"


def test_report_that_is_missing_is_one_sentence(tmp_path: Path, spark: SparkSession) -> None:
    sentence = f"{tmp_path} has no report.html; ./submit.sh summarize"
    with pytest.raises(tandem.TandemError, match=sentence):
        tandem.report(tmp_path)
    with pytest.raises(tandem.TandemError, match=sentence):
        tandem.report(tmp_path, spark=spark)
    with pytest.raises(tandem.TandemError, match="s3a://bucket/run is no folder of this machine.*spark=spark"):
        tandem.report("s3a://bucket/run")
