"""Tells whether two run directories hold the same, to the bit, but for what a clock had a say in.

    python3 Benchmarks/same-run.py RUN RUN
"""

import csv
import json
import struct
import sys


def tensors(path):
    """The tensors of a safetensors file: dtype, shape and bytes by name."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        found[name] = (entry["dtype"], entry["shape"], data[start:end])
    return found


def rows(path):
    """The rows of a CSV file without its columns of seconds."""
    with open(path, newline="") as file:
        table = list(csv.reader(file))
    header = table[0]
    for number, row in enumerate(table):
        if len(row) != len(header):
            sys.exit(f"{path}, line {number + 1}: {len(row)} cells where the header has {len(header)}")
    kept = [i for i, name in enumerate(header) if not name.endswith("seconds") and name != "steps_per_second"]
    return [[row[i] for i in kept] for row in table]


differences = []
for name, read in [
    ("checkpoints/last.safetensors", tensors),
    ("checkpoints/best.safetensors", tensors),
    ("progress.csv", rows),
    ("evaluations.csv", rows),
]:
    one, two = (read(f"{run}/{name}") for run in sys.argv[1:3])
    if one != two:
        keys = sorted(key for key in one if one[key] != two.get(key)) if isinstance(one, dict) else ""
        differences.append(f"{name} {keys}")
if differences:
    sys.exit("\n".join(differences))
