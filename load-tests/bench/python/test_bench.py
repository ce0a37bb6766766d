"""What the figures and the chart say, checked on figures made for it. Run here: python3 -B -m unittest"""

import json
import pathlib
import sys
import tempfile
import unittest
from xml.etree import ElementTree

import chart
import figures
import measure
import promises
import runners
import scenarios

KEPT = {
    "conditions": "On this machine.",
    "scenarios": {
        "python3-doc": {
            "pages": 500,
            "rounds": 3,
            "runners": {
                "bare": {"wall": 2.0, "cpu": 4.0, "rss": 200, "spread": [1.9, 2.2]},
                "ours": {"wall": 1.0, "cpu": 1.5, "rss": 150, "spread": [0.9, 1.2]},
            },
        }
    },
}


class PercentileTest(unittest.TestCase):
    def test_it_is_the_smallest_value_than_which_so_many_of_a_hundred_are_not_larger(self):
        hundred = [float(n) for n in range(100, 0, -1)]
        self.assertEqual([99.0, 50.0, 100.0], [promises.percentile(hundred, share) for share in (99, 50, 100)])
        self.assertEqual([5.0, 5.0], [promises.percentile([5.0], share) for share in (0, 99)])


class FiguresTest(unittest.TestCase):
    def test_a_summary_has_medians_and_the_range(self):
        runs = {"bare": [measure.Run(3, 5, 100), measure.Run(1, 9, 300), measure.Run(2, 7, 200)]}
        self.assertEqual(
            {"pages": 7, "rounds": 3, "runners": {"bare": {"wall": 2, "cpu": 7, "rss": 200, "spread": [1, 3]}}},
            figures.summary(7, runs),
        )

    def test_a_table_is_sorted_by_wall_time_and_gives_ratios(self):
        rows = figures.table(scenarios.SCENARIOS["python3-doc"], KEPT["scenarios"]["python3-doc"]).splitlines()[4:]
        self.assertEqual(["Colly, by its ratio", "**fanout-scraper**", "bare loop (OkHttp, jsoup)"],
                         [row.split(" | ")[0][2:] for row in rows])
        self.assertIn("(0.54)", rows[0])
        self.assertEqual(["1.00", "0.90–1.20", "1.50", "3.00", "150", "500", "0.50", "0.38 |"],
                         rows[1].split(" | ")[1:])

    def test_only_what_stands_between_the_marks_is_replaced(self):
        self.assertEqual("a <b>\n\nnew\n\n<e> c", figures.between("a <b> old <e> c", "<b>", "<e>", "new"))

    def test_results_and_chart_are_those_of_the_kept_figures(self):
        kept = figures.load()
        text = figures.RESULTS.read_text()
        self.assertEqual(text, figures.between(text, figures.BEGIN, figures.END, figures.tables(kept)))
        self.assertEqual((runners.LOAD_TESTS / "bench.svg").read_text(), chart.chart(kept))

    def test_a_scenario_without_latency_has_no_ideal(self):
        self.assertIsNone(scenarios.SCENARIOS["synthetic-20k"].ideal)

    def test_pages_must_be_found_before_they_are_asked_for(self):
        self.assertAlmostEqual(8.0, scenarios.SCENARIOS["latency-1000ms-5000"].ideal, delta=0.01)
        self.assertAlmostEqual(4.6, scenarios.SCENARIOS["latency-200ms-1000"].ideal, delta=0.21)
        self.assertAlmostEqual(20_000 / 64, scenarios.SCENARIOS["latency-1000ms-64"].ideal, delta=4)


class ChartTest(unittest.TestCase):
    def test_bars_are_as_long_as_their_seconds(self):
        svg = ElementTree.fromstring(chart.chart(KEPT))
        bars = [each for each in svg.iter("{http://www.w3.org/2000/svg}rect") if each.get("class")]
        self.assertEqual(["bar colly", "bar ours", "bar"], [bar.get("class") for bar in bars])
        longest = float(bars[-1].get("width"))
        self.assertAlmostEqual(longest / 2, float(bars[1].get("width")), delta=0.1)


class MeasureTest(unittest.TestCase):
    def test_a_run_is_measured_and_a_failed_one_says_what_it_said(self):
        with tempfile.TemporaryDirectory() as folder:
            said = pathlib.Path(folder) / "said"
            work = "sum(range(3_000_000)); block = bytearray(60_000_000)"
            run = measure.run(runners.Command([sys.executable, "-c", work]), said)
            self.assertGreater(run.rss, 57)
            self.assertTrue(0 < run.cpu < 30 and run.wall > 0)
            with self.assertRaisesRegex(measure.RunFailed, "ended with 3:\noops"):
                measure.run(runners.Command([sys.executable, "-c", "import sys; print('oops'); sys.exit(3)"]), said)

    def test_only_pages_that_were_got_count(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "pages.jsonl"
            out.write_text("\n".join(json.dumps({"url": url, "status": status}) for url,
                                     status in (("a", 200), ("b", 404), ("c", None))))
            self.assertEqual({"a"}, runners.pages_in(out))


if __name__ == "__main__":
    unittest.main()
