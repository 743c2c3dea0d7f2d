"""What the tour leaves behind: pictures, papers, the ledger, a summary, and one page to look at.

The page is plain HTML without script, so that it can be opened from the folder, mailed or printed.
"""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STYLE = """
body{font-family:"Noto Sans CJK SC","Microsoft YaHei UI",sans-serif;margin:0;background:#EFF2F1;
color:#13201C;font-size:17px}
header{background:#0E2B26;color:#fff;padding:20px 32px}h1{margin:0;font-size:28px}
main{padding:16px 32px;max-width:1400px}h2{font-size:24px;margin:28px 0 12px}
figure{margin:0 0 24px;background:#fff;border:1px solid #D3DAD7;border-radius:12px;padding:16px}
figure img{max-width:100%;display:block;border:1px solid #D3DAD7}
figcaption{margin-top:10px;color:#47564F}
.papers{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
.papers figure{margin:0}.papers img{width:auto;max-width:360px;background:#fff}
table{border-collapse:collapse;background:#fff}td,th{border:1px solid #D3DAD7;padding:6px 12px;
text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
pre{background:#fff;border:1px solid #D3DAD7;padding:16px;overflow:auto;font-size:15px}
"""


@dataclass(frozen=True, slots=True)
class PaperOut:
    """A paper that came out of a printer. codes: what a reader found on it."""

    file: str
    printer: str
    is_as_previewed: bool
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Album:
    """Everything that the tour collected."""

    title: str
    pictures: list[tuple[str, str]] = field(default_factory=list)
    papers: list[PaperOut] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write `summary.json` and `index.html`."""
        summary = json.dumps(self.summary, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "summary.json").write_text(summary + "\n", "utf-8")
        (folder / "index.html").write_text(self._page(summary), "utf-8")

    def _page(self, summary: str) -> str:
        shown = "".join(
            _figure(f"screens/{file}", f"{number}. {caption}")
            for number, (file, caption) in enumerate(self.pictures, start=1)
        )
        papers = "".join(
            _figure(f"papers/{paper.file}", _paper_words(paper)) for paper in self.papers
        )
        return (
            "<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'>"
            f"<title>{html.escape(self.title)}</title><style>{STYLE}</style></head><body>"
            f"<header><h1>{html.escape(self.title)}</h1></header><main>"
            f"<h2>一天下来</h2>{_figures(self.summary.get('figures', {}))}"
            f"<h2>屏幕</h2>{shown}<h2>打出来的纸</h2><div class='papers'>{papers}</div>"
            f"<h2>summary.json</h2><pre>{html.escape(summary)}</pre></main></body></html>"
        )


def _paper_words(paper: PaperOut) -> str:
    same = "和预览一点不差" if paper.is_as_previewed else "和预览不一样"
    codes = "，码：" + " ".join(paper.codes) if paper.codes else ""
    return f"{paper.printer}，{same}{codes}"


def _figure(source: str, caption: str) -> str:
    return (
        f"<figure><img src='{html.escape(source)}' alt='{html.escape(caption)}'>"
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def _figures(figures: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{html.escape(name)}</th><td class='n'>{html.escape(str(value))}</td>"
        "</tr>"
        for name, value in figures.items()
    )
    return f"<table>{rows}</table>"


def codes_on(pictures: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Return the codes that an independent reader finds on each picture; empty without a reader.

    The reader is a tool of the tests, not of the program: where it is not installed, the tour
    says nothing about codes rather than something untrue.
    """
    try:
        import zxingcpp
        from PIL import Image
    except ImportError:
        return {}
    found = {}
    for picture in pictures:
        with Image.open(picture) as image:
            read = zxingcpp.read_barcodes(image.convert("L"))
        found[picture.name] = tuple(sorted(code.text for code in read))
    return found
