#!/usr/bin/env python3
"""What 'train --watch' costs: a training with two viewers, who ask as the page does, beside the same training without.

  Benchmarks/watch.py PPO-ROBOT [--steps 500000] [--pairs 3] [--threads 1]

Prints the seconds of each pair's trainings, and how much processor time the server's threads took beside the training's.
The trainings take turns; the seconds mean something on a machine that does nothing else, the shares on any (Linux alone).
"""
import argparse, glob, json, os, re, statistics, subprocess, tempfile, threading, time, urllib.request

arguments = argparse.ArgumentParser()
arguments.add_argument("command")
arguments.add_argument("--steps", default="500000")
arguments.add_argument("--pairs", type=int, default=3)
arguments.add_argument("--threads", default="1")
arguments = arguments.parse_args()
tick = os.sysconf("SC_CLK_TCK")


def view(address, done):
    """One viewer: where the training stands every 2.5 s; curves and episode where they are new."""
    rows = policy = None
    while not done.is_set():
        try:
            ask = lambda path: urllib.request.urlopen(address + path, timeout=20).read()
            state = json.loads(ask("state"))
            if state.get("rows") != rows:
                rows = state.get("rows")
                ask("curves")
            if state.get("policy") != policy:
                policy = state["policy"]
                ask("episode")
        except OSError:
            return
        done.wait(2.5)


def processor_seconds(pid):
    """Of the server's threads, and of all others."""
    server = others = 0
    for path in glob.glob(f"/proc/{pid}/task/*/stat"):
        try:
            name, rest = re.match(r"\d+ \((.*)\) (.*)", open(path).read()).groups()
        except OSError:
            continue
        spent = sum(map(int, rest.split()[11:13])) / tick
        if "NIO" in name or name.startswith("TP-"):
            server += spent
        else:
            others += spent
    return server, others


def train(is_watched):
    with tempfile.TemporaryDirectory() as folder:
        command = [arguments.command, "train", "--robot", "biped", "--steps", arguments.steps, "--seed", "1",
                   "--threads", arguments.threads, "--quiet", "--run-dir", folder + "/run"]
        if is_watched:
            command += ["--watch", "0"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        done, spent = threading.Event(), (0, 0)
        if is_watched:
            address = process.stderr.readline().split()[1]
            for _ in range(2):
                threading.Thread(target=view, args=(address, done), daemon=True).start()
        while process.poll() is None:
            spent = max(spent, processor_seconds(process.pid))
            time.sleep(0.1)
        done.set()
        return json.load(open(folder + "/run/summary.json"))["training_seconds"], spent


pairs = []
for number in range(arguments.pairs):
    order = [False, True] if number % 2 == 0 else [True, False]
    results = {is_watched: train(is_watched) for is_watched in order}
    (alone, _), (watched, (server, others)) = results[False], results[True]
    pairs.append((watched / alone, server / others))
    print(f"alone {alone:.2f} s, watched {watched:.2f} s; ratio {watched / alone:.3f}; "
          f"the server took {server:.2f} s of processor time beside {others:.2f} s: {100 * server / others:.2f} %", flush=True)
print(f"medians: ratio {statistics.median(p[0] for p in pairs):.3f}, "
      f"share {100 * statistics.median(p[1] for p in pairs):.2f} %")
