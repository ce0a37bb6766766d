"""The chart of wall times, as SVG: a panel for each scenario, a bar for each crawler, its length in seconds."""

from html import escape

from figures import BARE, title_of
from scenarios import SCENARIOS

SHOWN = ("python3-doc", "synthetic-20k", "jdk-docs", "rust-doc", "synthetic-100k", "latency-1000ms-5000")
WIDTH, COLUMNS, GAP = 840, 2, 28
LABEL, BAR, PITCH, HEAD = 140, 14, 20, 40
SHORT = {
    "bare": "OkHttp + jsoup",
    "ours": "fanout-scraper",
    "go": "net/http + goquery",
    "webmagic": "webmagic",
    "crawlee": "Crawlee",
    "scrapy": "Scrapy",
    "wget2": "wget2 (no titles)",
    "colly": "Colly (by ratio)",
}
STYLE = """
  text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #57606a; }
  .title { font-size: 13px; font-weight: 600; fill: #1f2328; }
  .ours { font-weight: 600; fill: #1f2328; }
  .bar { fill: #c4ccd4; } .bar.ours { fill: #1a7f64; } .bar.colly { fill: #fff; stroke: #c4ccd4; stroke-dasharray: 3 2; }
""".strip("\n")


def chart(kept: dict) -> str:
    """Of the scenarios shown that have figures; empty panels do not appear."""
    panels = [(SCENARIOS[name], walls(name, kept)) for name in SHOWN if name in kept["scenarios"]]
    rows = [panels[i : i + COLUMNS] for i in range(0, len(panels), COLUMNS)]
    width = (WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
    body, top = [], 30
    for row in rows:
        for column, (scenario, bars) in enumerate(row):
            body += panel(scenario.title, bars, column * (width + GAP), top, width)
        top += HEAD + PITCH * max(len(bars) for _, bars in row) + 12
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
            f'role="img">',
            "<title>Seconds of wall time for a crawl, start and end of the process included; shorter is better</title>",
            f"<style>\n{STYLE}\n</style>",
            f'<rect width="{WIDTH}" height="{top}" fill="#fff"/>',
            '<text x="0" y="14">Seconds for a whole crawl, start and end of the process included: shorter is '
            'better.</text>',
            *body,
            "</svg>\n",
        ]
    )


def walls(name: str, kept: dict) -> list[tuple[str, float]]:
    """Crawlers and their seconds, fastest first."""
    runners = kept["scenarios"][name]["runners"]
    bars = {each: runners[each]["wall"] for each in runners if each in SHORT}
    colly = SCENARIOS[name].colly
    if colly and BARE in runners:
        bars["colly"] = colly * runners[BARE]["wall"]
    return sorted(bars.items(), key=lambda bar: bar[1])


def panel(title: str, bars: list[tuple[str, float]], left: float, top: float, width: float) -> list[str]:
    longest = max(wall for _, wall in bars)
    room = width - LABEL - 48
    lines = [f'<text class="title" x="{left:.0f}" y="{top + 14:.0f}">{escape(title)}</text>']
    for i, (runner, wall) in enumerate(bars):
        y = top + 26 + i * PITCH
        mark = f" {runner}" if runner in ("ours", "colly") else ""
        text = ' class="ours"' if runner == "ours" else ""
        length = max(1.0, room * wall / longest)
        lines += [
            f'<text{text} x="{left + LABEL - 8:.0f}" y="{y + 11}" '
            f'text-anchor="end">{escape(SHORT.get(runner, title_of(runner)))}</text>',
            f'<rect class="bar{mark}" x="{left + LABEL:.0f}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>',
            f'<text{text} x="{left + LABEL + length + 6:.1f}" y="{y + 11}">{wall:.1f}</text>',
        ]
    return lines
