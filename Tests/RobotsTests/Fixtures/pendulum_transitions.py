"""Records transitions of Gymnasium's own Pendulum-v1 and prints them as a Swift file.

    pip install gymnasium
    python3 pendulum_transitions.py > PendulumTransitions.swift

Starts lie all around the circle and several turns away from it, at rest and at the speed limit; torques lie within
their limits and beyond. Each trajectory goes on from where the last step led.
"""

import math

import gymnasium
import numpy as np

STARTS = [(0.0, 0.0), (math.pi, 0.0), (-3.1, -1.0), (1.5, 7.9), (-1.5, -7.9), (9.0, 2.0), (-20.0, 0.5)]
# All exact in single precision, in which Gymnasium takes its actions.
TORQUES = [0.5, -2.0, 2.0, 3.5, -10.0, 0.0, 1.25, -0.75]

env = gymnasium.make("Pendulum-v1").unwrapped
print(f"/// What Gymnasium {gymnasium.__version__} does; `pendulum_transitions.py` wrote this file.")
print("enum PendulumTransitions {")
print("  struct Trajectory {")
print("    var angle: Double")
print("    var speed: Double")
print("    /// Torque, then what followed: cosine, sine and speed observed, and the reward.")
print("    var steps: [[Double]]")
print("  }")
print()
print("  static let all = [")
for number, (angle, speed) in enumerate(STARTS):
    env.reset(seed=0)
    env.state = np.array([angle, speed])
    print(f"    Trajectory(")
    print(f"      angle: {angle!r}, speed: {speed!r},")
    print("      steps: [")
    for step in range(len(TORQUES)):
        torque = TORQUES[(step + number) % len(TORQUES)]
        observation, reward, terminated, truncated, _ = env.step(np.array([torque], dtype=np.float32))
        assert not terminated and not truncated
        # The state itself, in double precision, not the observation rounded to single.
        theta, omega = (float(x) for x in env.state)
        values = [torque, math.cos(theta), math.sin(theta), omega, float(reward)]
        assert np.allclose(observation, values[1:4], atol=1e-6)
        print("        [" + ", ".join(f"{x:.12g}" for x in values) + "],")
    print("      ]),")
print("  ]")
print("}")
