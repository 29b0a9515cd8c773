"""Prints what Benchmarks/compare-sb3 measured as Markdown tables.

    python3 Benchmarks/sb3_table.py FOLDER
"""

import json
import pathlib
import statistics
import sys


def rates(folder):
    """The update and training's speed, each side at its better number of threads."""
    runs = [json.loads(path.read_text()) for path in sorted(folder.glob("ours-*.json"))]

    def ours(name):
        values = [[row["value"] for run in runs for row in run["rows"] if row["name"] == f"{name}, {threads}"]
                  for threads in ("1 thread", "2 threads")]
        return max(statistics.median(v) for v in values if v)

    def theirs(name):
        values = [[float(path.read_text()) for path in folder.glob(f"{name}-{threads}-*")] for threads in (1, 2)]
        return max((statistics.median(v) for v in values if v), default=None)

    print(f"{runs[0]['machine']}; medians of {len(runs)} turns, each side at its better number of threads\n")
    print("| | unit | Stable-Baselines3 | ppo-robot | ratio |")
    print("|---|---|---|---|---|")
    for label, unit, name, our_name in [
        ("update, 64-64, minibatch 64", "sample-epochs/s", "update-64", "update, 64-64, minibatch 64"),
        ("update, 64-64, minibatch 256", "sample-epochs/s", "update-256", "update, 64-64, minibatch 256"),
        ("training: Walker2d-v5, 8 envs / biped", "env steps/s", "speed", "training"),
    ]:
        if (a := theirs(name)) is not None:
            b = ours(our_name)
            print(f"| {label} | {unit} | {a:,.0f} | {b:,.0f} | {b / a:.1f} |")


def walk(folder):
    """The time of whole trainings; the ratio is against the median of theirs."""
    theirs = {path.name.rsplit("-", 1)[1]: path.read_text().split() for path in sorted(folder.glob("walk-theirs-*"))}
    median = statistics.median(float(seconds) for seconds, _ in theirs.values()) if theirs else None
    print("| seed | Stable-Baselines3, Walker2d-v5: s | return | ppo-robot, biped until it walks: s | solved | ratio |")
    print("|---|---|---|---|---|---|")
    for run in sorted(folder.glob("walk-ours-*")):
        seed = run.name.rsplit("-", 1)[1]
        their_seconds, their_return = theirs.get(seed, (None, None))
        ours = float((run / "seconds").read_text())
        solved = json.loads((run / "summary.json").read_text())["solved"]
        cells = [
            seed,
            f"{float(their_seconds):.1f}" if their_seconds else "",
            f"{float(their_return):,.0f}" if their_return else "",
            f"{ours:.1f}",
            "yes" if solved else "no",
            f"{ours / median:.3f}" if median else "",
        ]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    results = pathlib.Path(sys.argv[1])
    if any(results.glob("ours-*.json")):
        rates(results)
        print()
    if any(results.glob("walk-ours-*")):
        walk(results)
