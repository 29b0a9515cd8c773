"""Prints what Benchmarks/learning found as a Markdown table, a row a figure, a column a seed.

    python3 Benchmarks/table.py RUNS ROBOT...
"""

import json
import pathlib
import sys


def figure(distribution):
    """A distribution's mean with its 95 % interval."""
    if distribution["mean"] is None:
        return "–"
    low, high = distribution["ci95"]
    return f"{distribution['mean']:.4g} [{low:.4g}, {high:.4g}]"


def main(folder, robots):
    for robot in robots:
        # "biped-commanded-1" is no run of "biped".
        runs = sorted(run for run in pathlib.Path(folder).glob(f"{robot}-*") if run.name[len(robot) + 1 :].isdigit())
        evaluations = [json.loads((run / "evaluation.json").read_text()) for run in runs]
        summaries = [json.loads((run / "summary.json").read_text()) for run in runs]
        seeds = [run.name.rsplit("-", 1)[1] for run in runs]
        print(f"\n### {robot}\n")
        print("| | " + " | ".join(f"seed {seed}" for seed in seeds) + " |")
        print("|---" * (len(runs) + 1) + "|")
        rows = [
            ("steps", [f"{s['steps']:,}" for s in summaries]),
            ("episodes", [str(e["episodes"]) for e in evaluations]),
            ("distinct starts", [str(e["distinct_starts"]) for e in evaluations]),
            ("lasted to the end", [str(e["endings"].get("truncated", 0)) for e in evaluations]),
            ("return", [figure(e["return"]) for e in evaluations]),
        ]
        for name in evaluations[0]["metrics"]:
            rows.append((f"`{name}`", [figure(e["metrics"][name]) for e in evaluations]))
        for name, cells in rows:
            print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
