"""A bar chart of requests per second, as an SVG that can be read on light and on dark ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

LABELS, PANEL, GAP, ROW, TOP = 122, 200, 26, 24, 74
BAR = 14
STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.head { font-weight: 600 }
.note { font-size: 11px; fill: #57606a }
.own { fill: #0f766e }
.peer { fill: #8c959f }
.axis { stroke: #8c959f; stroke-width: 1 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .note { fill: #9198a1 }
  .own { fill: #2dd4bf }
  .peer { fill: #6e7681 }
}
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One group of bars: a value for each label, None where there is no number."""

    title: str
    values: Sequence[float | None]


def draw(title: str, note: str, labels: Sequence[str], panels: Sequence[Panel], own: int | None) -> str:
    """Draw the panels side by side over shared labels; the bar at `own` is set off."""
    width = LABELS + len(panels) * (PANEL + GAP)
    height = TOP + len(labels) * ROW + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>',
        f"<style>{STYLE}</style>",
        _text(0, 18, title, "title"),
        _text(0, 36, note, "note"),
    ]
    for row, label in enumerate(labels):
        parts.append(_text(LABELS - 10, TOP + row * ROW + 15, label, "head" if row == own else "", "end"))
    for column, panel in enumerate(panels):
        parts += _panel(LABELS + column * (PANEL + GAP), panel, own)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(x: int, panel: Panel, own: int | None) -> list[str]:
    bottom = TOP + len(panel.values) * ROW
    most = max((value for value in panel.values if value), default=1.0)
    room = PANEL - 52  # for the number behind the longest bar
    parts = [
        _text(x, TOP - 10, panel.title, "head"),
        f'<line class="axis" x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}"/>',
    ]
    for row, value in enumerate(panel.values):
        y = TOP + row * ROW
        if value is None:
            parts.append(_text(x + 6, y + 15, "no number", "note"))
            continue
        length = max(value / most * room, 1)
        kind = "own" if row == own else "peer"
        parts.append(f'<rect class="{kind}" x="{x}" y="{y + 4}" width="{length:.1f}" height="{BAR}" rx="2"/>')
        parts.append(_text(x + length + 6, y + 15, f"{value:,.0f}", "head" if row == own else ""))
    return parts


def _text(x: float, y: float, content: str, kind: str = "", anchor: str = "") -> str:
    extra = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{x:.1f}" y="{y:.1f}"{extra}>{escape(content)}</text>'
