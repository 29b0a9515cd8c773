"""Measures the policies that ship and writes what it finds into the documents.

    python3 Models/report.py measure [--robustness] COMMAND [ROBOT...]   # into Models/results.json
    python3 Models/report.py pictures COMMAND [ROBOT...]                 # stills and strips of them
    python3 Models/report.py write                                       # from the results into the documents
    python3 Models/report.py check                                       # do the documents say what it holds?

COMMAND is the program, such as .build/release/ppo-robot. Nothing in the documents' tables is typed by hand: what is
between `<!-- NAME -->` and `<!-- end -->` is written here.
"""

import json
import pathlib
import re
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "Models/results.json"
SEED = 424242
EPISODES = {"pendulum": 1000, "pendulum-hidden": 1000, "arm": 200}

# Every robot in the catalog's order, what it is, and what of its figures the two tables say.
# A figure in braces is a metric's mean; after a bar follows how it is written (see `written`).
ROBOTS = {
    "pendulum": ("Gymnasium's Pendulum-v1, without a physics engine", "mean return {return|.1}", ""),
    "pendulum-hidden": (
        "the same without its speed, which a policy with a memory (GRU) finds out",
        "mean return {return|.1}",
        "",
    ),
    "cartpole": ("a pole on a cart, as InvertedPendulum-v5", "{lasted} balance to the end", "lean {lean_deg|.2}°"),
    "cartpole-discrete": (
        "Gymnasium's CartPole-v1, pushed left or right",
        "{lasted} balance to the end, return {return|.0}",
        "",
    ),
    "inverted-double-pendulum": (
        "two poles on a cart, as InvertedDoublePendulum-v5",
        "{lasted} balance to the end",
        "return {return|,.0}",
    ),
    "reacher": (
        "two joints in a plane, as Reacher-v5",
        "{final_error_m|mm} from the target",
        "{success|%} within 1 cm",
    ),
    "hopper": (
        "one leg in a plane, as Hopper-v5",
        "{lasted} last 1,000 steps, {speed_m_s|.2} m/s, on contacts hard and soft",
        "{stride_hz|.1} hops a second, flight {flight|%}",
    ),
    "walker2d": (
        "two legs in a plane, as Walker2d-v5",
        "{lasted} last 1,000 steps, {speed_m_s|.2} m/s",
        "flight {flight|%}: it hops, both legs together",
    ),
    "half-cheetah": (
        "gallops in a plane, as HalfCheetah-v5",
        "{speed_m_s|.2} m/s",
        "pitch {pitch_deg|.0}°, flight {flight|%}",
    ),
    "ant": (
        "four legs, eight joints, as Ant-v5",
        "{lasted} last 1,000 steps, {speed_m_s|.2} m/s",
        "drift {drift_m|.1} m, roll {roll_deg|.1}°, pitch {pitch_deg|.1}°",
    ),
    "biped": ("1.4 m, {mass} kg, eight actuated axes; walks a line at 1 m/s for 20 s", "walk", "gait"),
    "biped-imu": ("the same with nothing to go by but an IMU and its joints", "walk", "gait"),
    "biped-commanded": (
        "the same, at a commanded 0 to 1.2 m/s, pushed in training",
        "{lasted} last 20 s; speed error {speed_error_m_s|.2} m/s",
        "stance left : right {stance_left_right|.2}, stride {stride_hz|.2} Hz, flight {flight|%.1}, "
        "clearance {clearance_m|cm}, pitch {pitch_deg|.1}°, cost of transport {cost_of_transport|.2}",
    ),
    "humanoid": ("1.70 m, {mass} kg, eighteen actuated axes; walks a line at 1 m/s for 20 s", "walk", "gait"),
    "humanoid-imu": ("the same with nothing to go by but an IMU and its joints", "walk", "gait"),
    "quadruped": (
        "12 joints, Go1-like; goes forward and sideways within ±1 m/s and turns within ±1 rad/s as commanded",
        "{lasted} last 20 s; speed error {speed_error_m_s|.2} m/s and {turn_error_rad_s|.2} rad/s",
        "stride {stride_hz|.2} Hz, flight {flight|%.1}, clearance {clearance_m|cm}, "
        "cost of transport {cost_of_transport|.2}",
    ),
    "hexapod": (
        "18 joints; follows velocity commands",
        "{lasted} last 20 s; speed error {speed_error_m_s|.2} m/s and {turn_error_rad_s|.2} rad/s",
        "stride {stride_hz|.2} Hz, flight {flight|%.1}, clearance {clearance_m|cm}, "
        "cost of transport {cost_of_transport|.2}",
    ),
    "arm": (
        "six joints; brings its tip to a point of its workspace and holds it",
        "{final_error_m|mm} from the target, {within_3cm|%} within 3 cm",
        "",
    ),
    "arm7": (
        "seven joints, as KUKA's iiwa; brings its hand to a position and orientation",
        "{reached|%} within 2 cm and 0.15 rad",
        "final error {final_error_m|mm} and {final_angle_rad|.2} rad",
    ),
    "pusher": (
        "three joints push a box along the ground to a goal",
        "{within_5cm|%} within 5 cm",
        "final error {final_error_m|mm}",
    ),
}
WALK = "{lasted} last 20 s; {distance_m|.1} m, {drift_m|.2} m off the line, cost of transport {cost_of_transport|.2}"
GAIT = (
    "{speed_m_s|.2} m/s, stride {stride_hz|.2} Hz, flight {flight|%.1}, double support {double_support|%}, "
    "stance left : right {stance_left_right|.2}, clearance {clearance_m|cm}, roll {roll_deg|.1}°, pitch {pitch_deg|.1}°"
)

DISTURBANCES = [
    ("pushes, m/s", ["push"]),
    ("friction", ["friction"]),
    ("masses", ["less_mass", "more_mass"]),
    ("motors", ["motor_strength"]),
    ("latency, ms", ["latency"]),
    ("contacts' stiffness", ["softer_contacts", "harder_contacts"]),
]


# MARK: Measuring


def run(command, *arguments):
    result = subprocess.run([command, *arguments, "--json"], stdout=subprocess.PIPE, check=False, text=True)
    if not result.stdout:
        sys.exit(f"{command} {' '.join(arguments)} prints nothing")
    return json.loads(result.stdout)


def metadata(robot):
    """What the policy file says of itself."""
    contents = (ROOT / f"Models/{robot}.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", contents[:8])
    return json.loads(contents[8 : 8 + length])["__metadata__"]


def brief(distribution):
    return {key: distribution[key] for key in ("mean", "std", "ci95")}


def preset_steps(command, robot):
    settings = subprocess.run(
        [command, "train", "--robot", robot, "--print-config"], stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    return int(re.search(r"^steps: (\d+)", settings, re.MULTILINE)[1])


def training_seed(robot):
    """The seed, with a mark where the build that trained it drew minibatches otherwise: it knew a single learner."""
    settings = metadata(robot)["settings"]
    seed = re.search(r"^seed: (\d+)", settings, re.MULTILINE)[1]
    return seed if re.search(r"^learner:", settings, re.MULTILINE) else f"{seed} †"


def mass(robot):
    """The robot's mass in kg, by its fingerprint."""
    masses = re.findall(r"^\tmass\t([\d.e-]+)", metadata(robot).get("fingerprint", ""), re.MULTILINE)
    return round(sum(map(float, masses)), 3) if masses else None


def measure(command, robots, robustness):
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for robot in robots:
        print(robot, file=sys.stderr)
        episodes = EPISODES.get(robot, 100)
        found = run(command, "evaluate", "--robot", robot, "--episodes", str(episodes), "--seed", str(SEED))
        result = results.setdefault(robot, {})
        result |= {
            "preset_steps": preset_steps(command, robot),
            "steps": int(metadata(robot)["steps"]),
            "training_seed": training_seed(robot),
            "mass_kg": mass(robot),
            "episodes": episodes,
            "seed": SEED,
            "lasted": found["endings"]["truncated"],
            "success": found["success"],
            "return": brief(found["return"]),
            "metrics": {name: brief(value) for name, value in found["metrics"].items()},
        }
        if found.get("physics"):
            result["physics"] = {name: value["max"] for name, value in found["physics"].items()}
            half = run(command, "check", robot, "--policy", "trained", "--episodes", "100", "--seed", str(SEED))
            changes = [figure["change"] for figure in half["half_step"]["figures"] if figure["change"] is not None]
            result["half_step_change"] = max(changes, default=None)
        if robustness and found.get("success"):
            table = run(command, "evaluate", "--robot", robot, "--robustness", "--episodes", "50", "--seed", "77")
            result["robustness"] = {entry["disturbance"]: entry["holds_90"] for entry in table["robustness"]}
        RESULTS.write_text(json.dumps({name: results[name] for name in ROBOTS if name in results}, indent=1) + "\n")


# MARK: Pictures

# From which second, and what else, where it is not the third.
VIEWS = {
    "pendulum": {"still": ["--from", "0.6"], "strip": ["--from", "0.2"]},
    "reacher": {"still": ["--from", "0.1", "--elevation", "60"], "strip": ["--from", "0"]},
    **{arm: {"still": ["--from", "0.6"], "strip": ["--from", "0.2"]} for arm in ("arm", "arm7", "pusher")},
}


def draw(command, robots):
    for robot in robots:
        view = VIEWS.get(robot, {"still": ["--from", "3"], "strip": ["--from", "3"]})
        for kind, out in (("still", f"stills/{robot}.png"), ("strip", f"{robot}.png")):
            size = ["--size", "240x200"] if kind == "still" else ["--strip", "4", "--size", "220x180"]
            arguments = ["render", "--robot", robot, *view[kind], *size, "--out", str(ROOT / "Models" / out)]
            subprocess.run([command, *arguments], check=True, stderr=subprocess.DEVNULL)
    if "biped" in robots:
        film = str(ROOT / "Models/biped.gif")
        subprocess.run(
            [command, "render", "--robot", "biped", "--from", "3", "--loop", "--out", film],
            check=True,
            stderr=subprocess.DEVNULL,
        )


# MARK: Writing


def written(value, style):
    """A number as text: `.2` decimals, `,.0` thousands as well, `%` a percentage, `mm` and `cm` of meters."""
    if value is None:
        return "–"
    if style.startswith("%"):
        text = f"{100 * value:{style[1:] or '.0'}f} %"
    elif style == "mm":
        text = f"{1000 * value:.1f} mm" if value < 0.01 else f"{1000 * value:.0f} mm"
    elif style == "cm":
        text = f"{100 * value:.1f} cm"
    else:
        text = f"{value:{style}f}"
    return text.replace("-", "−")


def filled(template, result, interval=False):
    def figure(match):
        name, _, style = match[1].partition("|")
        if name == "lasted":
            return f"{result['lasted']} of {result['episodes']}"
        if name == "success":
            return written(result["success"]["share"], style)
        distribution = result["return"] if name == "return" else result["metrics"][name]
        text = written(distribution["mean"], style)
        if interval and style in (".1", ".2", ",.0") and distribution["mean"] is not None:
            low, high = (written(end, style) for end in distribution["ci95"])
            text += f" [{low}, {high}]"
        return text

    return re.sub(r"\{([^}]+)\}", figure, template)


def short(robot, result):
    template = ROBOTS[robot][1]
    return filled(WALK if template == "walk" else template, result)


def full(robot, result):
    _, first, rest = ROBOTS[robot]
    parts = [WALK if first == "walk" else first, GAIT if rest == "gait" else rest]
    return filled("; ".join(part for part in parts if part), result, interval=True)


def readme_table(results):
    rows = ["| robot | what it does | default training, steps | result |", "|---|---|---|---|"]
    for robot, result in results.items():
        what = ROBOTS[robot][0].replace("{mass}", f"{result['mass_kg'] or 0:g}")
        rows.append(f"| `{robot}` | {what} | {result['preset_steps']:,} | {short(robot, result)} |")
    return rows


def stills_table(results):
    names = list(results)
    rows = ["|" + " |" * 6, "|---" * 6 + "|"]
    for start in range(0, len(names), 6):
        cells = [f"![{name}](Models/stills/{name}.png)" for name in names[start : start + 6]]
        rows.append("| " + " | ".join(cells + [""] * (6 - len(cells))) + " |")
    return rows


def strips_table(results):
    rows = ["| | |", "|---|---|"]
    return rows + [f"| `{name}` | ![{name}, four moments of an episode]({name}.png) |" for name in results]


def models_table(results):
    rows = [
        "| policy | seed | steps | episodes | figures | half the physics step | joint gap |",
        "|---|---|---|---|---|---|---|",
    ]
    for robot, result in results.items():
        change, physics = result.get("half_step_change"), result.get("physics")
        gap = f"{1000 * physics['joint_gap_m']:.2f} mm" if physics else ""
        rows.append(
            f"| `{robot}` | {result['training_seed']} | {result['steps']:,} | {result['episodes']:,} | {full(robot, result)} | "
            f"{'' if change is None else written(change, '%.1')} | {gap} |"
        )
    return rows


def robustness_table(results):
    rows = ["| robot | " + " | ".join(title for title, _ in DISTURBANCES) + " |", "|---" * (len(DISTURBANCES) + 1) + "|"]
    for robot, result in results.items():
        levels = result.get("robustness")
        if levels:
            rows.append(f"| `{robot}` | " + " | ".join(cell(title, names, levels) for title, names in DISTURBANCES) + " |")
    return rows


def cell(title, names, levels):
    """How far a disturbance can go; a dash where even the least that is tried is too much, or does not apply."""
    values = [levels.get(name) for name in names]
    if title.startswith(("pushes", "latency")):
        return f"{(1000 if 'ms' in title else 1) * values[0]:g}" if values[0] else "–"
    if all(value in (None, 1) for value in values):
        return "–"
    return " … ".join("1" if value in (None, 1) else f"× {value:g}" for value in values)


BLOCKS = {
    "README.md": {"stills": stills_table, "robots": readme_table},
    "Models/README.md": {"policies": models_table, "robustness": robustness_table, "strips": strips_table},
}


def stated_masses(results):
    """Robots whose source states another mass than was measured."""
    for robot, result in results.items():
        path = ROOT / "Robots" / ("".join(word.capitalize() for word in robot.split("-")) + ".swift")
        stated = path.exists() and re.search(r"^/// An? .*? ([\d.]+) kg\b(?!/)", path.read_text(), re.MULTILINE)
        if stated and float(stated[1]) != round(result["mass_kg"] or 0):
            yield f"{path.name} says {stated[1]} kg; the robot has {result['mass_kg']} kg"


def documents(results):
    """Every document's path with the text that it should have."""
    for name, blocks in BLOCKS.items():
        path = ROOT / name
        text = path.read_text()
        for block, table in blocks.items():
            pattern = re.compile(rf"(<!-- {block} -->\n).*?(<!-- end -->)", re.DOTALL)
            if not pattern.search(text):
                sys.exit(f"{name} has no block '{block}'")
            text = pattern.sub(lambda match: match[1] + "\n".join(table(results)) + "\n" + match[2], text)
        yield path, text


def main(arguments):
    match arguments:
        case ["measure", *rest]:
            command, *robots = [item for item in rest if item != "--robustness"]
            measure(command, robots or list(ROBOTS), "--robustness" in rest)
        case ["pictures", command, *robots]:
            draw(command, robots or list(ROBOTS))
        case ["write"]:
            for path, text in documents(json.loads(RESULTS.read_text())):
                path.write_text(text)
        case ["check"]:
            results = json.loads(RESULTS.read_text())
            wrong = list(stated_masses(results))
            if wrong:
                sys.exit("\n".join(wrong))
            stale = [str(path) for path, text in documents(results) if path.read_text() != text]
            if stale:
                sys.exit(f"{', '.join(stale)}: figures differ from Models/results.json; run Models/report.py write")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
