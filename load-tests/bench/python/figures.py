"""Figures of many runs: medians, what is kept of them between calls, and the tables made of them."""

import json
import pathlib
import statistics
import textwrap
from collections.abc import Iterable

from measure import Run
from runners import LOAD_TESTS, RUNNERS
from scenarios import SCENARIOS, Scenario

KEPT = LOAD_TESTS / "results.json"
RESULTS = LOAD_TESTS / "RESULTS.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
BARE = "bare"


def summary(pages: int, runs: dict[str, list[Run]]) -> dict:
    """Of one scenario, as it is kept. Spread is the range of wall times."""
    return {
        "pages": pages,
        "rounds": max(map(len, runs.values())),
        "runners": {
            name: {
                "wall": round(statistics.median(run.wall for run in each), 3),
                "cpu": round(statistics.median(run.cpu for run in each), 3),
                "rss": round(statistics.median(run.rss for run in each)),
                "spread": [round(min(run.wall for run in each), 2), round(max(run.wall for run in each), 2)],
            }
            for name, each in runs.items()
        },
    }


def load() -> dict:
    return json.loads(KEPT.read_text()) if KEPT.is_file() else {"conditions": "", "scenarios": {}}


def keep(kept: dict) -> None:
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


def title_of(runner: str) -> str:
    return RUNNERS[runner].title if runner in RUNNERS else runner


def table(scenario: Scenario, figures: dict) -> str:
    """Markdown: a line for each crawler, fastest first; Colly's by its ratio where it is known."""
    pages, runners = figures["pages"], figures["runners"]
    bare = runners.get(BARE)
    ideal = f", at least {scenario.ideal:.1f} s" if scenario.ideal else ""
    lines = [
        f"**{scenario.title}**: {pages:,} pages, {scenario.in_flight:,} in flight, medians of {figures['rounds']} "
        f"interleaved rounds{ideal}",
        "",
        "| | wall, s | spread | CPU, s | CPU ms a page | peak RSS, MB | pages/s | wall to bare loop | CPU to bare loop "
        "|",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    rows = [(each["wall"], _row(name, each, pages, bare)) for name, each in runners.items()]
    if scenario.colly and bare:
        wall = scenario.colly * bare["wall"]
        rows.append((wall, f"| Colly, by its ratio | ({wall:.2f}) | | | | | ({pages / wall:,.0f}) | "
                     f"{scenario.colly:.2f} | |"))
    return "\n".join(lines + [row for _, row in sorted(rows)])


def _row(name: str, each: dict, pages: int, bare: dict | None) -> str:
    title = f"**{title_of(name)}**" if name == "ours" else title_of(name)
    ratios = [f"{each[what] / bare[what]:.2f}" if bare else "" for what in ("wall", "cpu")]
    low, high = each["spread"]
    cells = [
        title,
        f"{each['wall']:.2f}",
        f"{low:.2f}–{high:.2f}" if low < high else "one run",
        f"{each['cpu']:.2f}",
        f"{each['cpu'] * 1000 / pages:.2f}",
        f"{each['rss']:.0f}",
        f"{pages / each['wall']:,.0f}",
        *ratios,
    ]
    return f"| {' | '.join(cells)} |"


def tables(kept: dict) -> str:
    known = [name for name in SCENARIOS if name in kept["scenarios"]]
    parts = [kept["conditions"], *(table(SCENARIOS[name], kept["scenarios"][name]) for name in known)]
    if kept.get("promises"):
        parts.append(promises_table(kept["promises"]))
    return "\n".join(_wrapped(line) for line in "\n\n".join(parts).split("\n"))


def _wrapped(line: str) -> str:
    """The line in several of at most 120 columns, unless it is a row of a table."""
    return line if line.startswith("|") else textwrap.fill(line, 120, break_long_words=False, break_on_hyphens=False)


def promises_table(kept: dict[str, list[dict[str, str]]]) -> str:
    rows = [f"| {row['what']} | {row['value']} | {row['aim']} |" for each in kept.values() for row in each]
    return "\n".join(["| | measured | aim |", "|---|---:|---:|", *rows])


def between(text: str, begin: str, end: str, replacement: str) -> str:
    """The text with what stands between two marks replaced."""
    before, rest = text.split(begin, 1)
    _, after = rest.split(end, 1)
    return f"{before}{begin}\n\n{replacement}\n\n{end}{after}"


def write_tables(kept: dict) -> None:
    RESULTS.write_text(between(RESULTS.read_text(), BEGIN, END, tables(kept)))


def ratio(figures: dict, what: str, runner: str = "ours", to: str = BARE) -> float:
    return figures["runners"][runner][what] / figures["runners"][to][what]


def by_round(runs: dict[str, list[Run]], what: str, runner: str, to: str) -> Iterable[float]:
    return (getattr(mine, what) / getattr(other, what) for mine, other in zip(runs[runner], runs[to]))
