"""Reads a run directory with what the field reads it with: tensorboard, safetensors and pandas.

Usage: read_run.py RUN. Says what it found, or fails with the first thing that is not as it should be.
"""

import glob
import json
import sys

import numpy
import pandas
from safetensors import safe_open
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

run = sys.argv[1]


def check(holds, what):
    if not holds:
        sys.exit(f"readers: {what}")


def table(name):
    """A CSV file all of whose columns are numbers and whose steps rise."""
    rows = pandas.read_csv(f"{run}/{name}")
    check(len(rows) > 1, f"{name} has {len(rows)} rows")
    for column in rows:
        check(pandas.api.types.is_numeric_dtype(rows[column]), f"{name}: {column} is {rows[column].dtype}")
    check(rows["steps"].is_monotonic_increasing and rows["steps"].is_unique, f"{name}: its steps do not rise")
    return rows


def same(scalars, steps, values, what):
    """Whether TensorBoard shows the defined ones of `values`, to the precision of its 32 bits."""
    defined = values.notna()
    check([s.step for s in scalars] == list(steps[defined]), f"{what}: TensorBoard has other steps")
    shown = numpy.array([s.value for s in scalars], dtype=numpy.float32)
    check(numpy.array_equal(shown, values[defined].to_numpy(numpy.float32)), f"{what}: TensorBoard has other values")


def tag_of(column, tags):
    """A column's tag: the column itself where it names its group, else the column behind a group."""
    found = [t for t in tags if t == column or t.split("/", 1)[1] == column]
    check(len(found) == 1, f"column {column} has the tags {found}")
    return found[0]


progress = table("progress.csv")
evaluations = table("evaluations.csv")
for column in ["iteration", "return", "kl", "explained_variance", "steps_per_second", "training_seconds"]:
    check(column in progress, f"progress.csv lacks {column}")

files = glob.glob(f"{run}/*tfevents*")
check(len(files) == 1, f"there are {len(files)} files of events")
events = EventAccumulator(run, size_guidance={"scalars": 0})
events.Reload()
tags = events.Tags()["scalars"]
evaluation_tags = {t for t in tags if t.startswith("evaluation/")}
seen = set()
for rows, present in [(progress, set(tags) - evaluation_tags), (evaluations, evaluation_tags)]:
    for column in rows.columns[rows.notna().any()]:
        tag = tag_of(column, present)
        same(events.Scalars(tag), rows["steps"], rows[column], tag)
        seen.add(tag)
check(seen == set(tags), f"TensorBoard has {set(tags) - seen}, which no table has")

counts = []
for name in ["best", "last"]:
    with safe_open(f"{run}/checkpoints/{name}.safetensors", framework="np") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}
        metadata = file.metadata()
    for key, tensor in tensors.items():
        check(tensor.dtype.kind != "f" or numpy.isfinite(tensor).all(), f"{name}: {key} is not finite")
    for key in ["robot", "spec", "settings", "steps"]:
        check(metadata.get(key), f"{name}: its metadata lack {key}")
    check(f"robot: {metadata['robot']}" in metadata["settings"], f"{name}: its settings are another robot's")
    networks = {"policy": "layers", "value": "value_layers"} if name == "last" else {"policy": "layers"}
    for network, widths in networks.items():
        widths = json.loads(metadata[widths])
        for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            for key, shape in [("weight", (outputs, inputs)), ("bias", (outputs,))]:
                found = tensors[f"{network}.{i}.{key}"].shape
                check(found == shape, f"{name}: {network}.{i}.{key} has the shape {found}, not {shape}")
    spec = json.loads(metadata["spec"])
    check(len(tensors["policy.raw_log_std"]) == len(spec["actions"]), f"{name}: not one deviation an action")
    counts.append(len(tensors))

print(f"readers: {len(progress)} iterations, {len(evaluations)} evaluations, {len(tags)} scalars, "
      f"{counts[0]} and {counts[1]} tensors")
