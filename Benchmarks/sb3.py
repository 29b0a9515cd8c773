"""Figures of Stable-Baselines3 for Benchmarks/compare-sb3, one a call, on standard output.

    python3 sb3.py update BATCH THREADS   sample-epochs/s of PPO's update: 64-64 tanh, 8,192 samples, 41 observations, 8 actions
    python3 sb3.py speed THREADS          env steps/s of training on Walker2d-v5 with 8 envs
    python3 sb3.py walk SEED THREADS      seconds of training on it for 921,600 steps, and the last 100 episodes' mean return
"""

import statistics
import sys
import time

import gymnasium
import numpy
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

ENVS, STEPS, EPOCHS = 8, 1024, 3


class Still(gymnasium.Env):
    """As many observations and actions as the biped has, and nothing else."""

    observation_space = gymnasium.spaces.Box(-numpy.inf, numpy.inf, (41,), numpy.float32)
    action_space = gymnasium.spaces.Box(-1, 1, (8,), numpy.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.np_random.standard_normal(41, dtype=numpy.float32), {}

    def step(self, action):
        return self.np_random.standard_normal(41, dtype=numpy.float32), float(action[0]), False, False, {}


def update(batch):
    """Collects once, then times the update over the same samples again and again."""
    model = PPO("MlpPolicy", DummyVecEnv([Still] * ENVS), n_steps=STEPS, batch_size=batch, n_epochs=EPOCHS, device="cpu")
    model.learn(ENVS * STEPS)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        model.train()
        times.append(time.perf_counter() - start)
    return ENVS * STEPS * EPOCHS / sorted(times)[2]


def speed():
    """Trains for four rollouts; the first warms up."""
    model = PPO("MlpPolicy", make_vec_env("Walker2d-v5", n_envs=ENVS, seed=1), n_steps=512, batch_size=64, device="cpu")
    model.learn(ENVS * 512)
    start = time.perf_counter()
    model.learn(3 * ENVS * 512, reset_num_timesteps=False)
    return 3 * ENVS * 512 / (time.perf_counter() - start)


def walk(seed):
    """A whole training, without the start of the process; returns are those of training, before any normalisation."""
    envs = VecNormalize(make_vec_env("Walker2d-v5", n_envs=ENVS, seed=seed))
    model = PPO("MlpPolicy", envs, n_steps=512, batch_size=256, seed=seed, device="cpu")
    start = time.perf_counter()
    model.learn(921_600)
    taken = time.perf_counter() - start
    return f"{taken:.1f} {statistics.fmean(episode['r'] for episode in model.ep_info_buffer):.0f}"


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[-1]))
    figures = {"update": update, "speed": speed, "walk": walk}
    print(figures[sys.argv[1]](*map(int, sys.argv[2:-1])))
