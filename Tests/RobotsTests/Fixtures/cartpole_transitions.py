"""Records transitions of Gymnasium's own CartPole-v1 and prints them as a Swift file.

    pip install gymnasium
    python3 cartpole_transitions.py > CartPoleTransitions.swift

Starts lie all over the track and the angles at which an episode goes on, and beyond them.
"""

import gymnasium
import numpy as np

STARTS = [
    (0.0, 0.0, 0.0, 0.0), (0.03, -0.02, 0.04, -0.05), (2.39, 1.5, 0.1, -0.5), (-2.39, -1.5, -0.1, 0.5),
    (1.0, 0.5, 0.2, 1.0), (-0.5, 2.0, -0.2, -1.0), (0.0, 0.0, 0.209, 0.0),
]
PUSHES = [1, 0, 0, 1, 1, 1, 0, 1]

env = gymnasium.make("CartPole-v1").unwrapped
print(f"/// What Gymnasium {gymnasium.__version__} does; `cartpole_transitions.py` wrote this file.")
print("enum CartPoleTransitions {")
print("  struct Trajectory {")
print("    var start: [Double]")
print("    /// The push, then what followed: the state, and whether the episode was terminated.")
print("    var steps: [[Double]]")
print("  }")
print()
print("  static let all = [")
for number, start in enumerate(STARTS):
    env.reset(seed=0)
    env.state = np.array(start)
    print("    Trajectory(")
    print(f"      start: [{', '.join(repr(x) for x in start)}],")
    print("      steps: [")
    for step in range(len(PUSHES)):
        push = PUSHES[(step + number) % len(PUSHES)]
        _, reward, terminated, _, _ = env.step(push)
        assert reward == 1
        values = [float(push)] + [float(x) for x in env.state] + [float(terminated)]
        print(f"        [{', '.join(repr(x) for x in values)}],")
        if terminated:
            break
    print("      ]),")
print("  ]")
print("}")
