"""Computes one PPO update in PyTorch, independently of the library, and prints it as a Swift file.

    python3 torch_update.py > TorchUpdate.swift

Three epochs over one minibatch: normalised advantages, a clipped ratio, clipped values, an entropy bonus through the
floor under the deviations, the joint gradient norm cut, Adam. Double precision, so that what differs is ours.
"""

import math

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)

ROWS, INPUTS, HIDDEN, ACTIONS = 24, 3, 5, 2
CLIP, VALUE_CLIP, ENTROPY, VALUE, NORM, RATE, EPOCHS, MIN_STD = 0.1, 0.15, 0.01, 0.5, 0.4, 0.01, 3, 0.05
FLOOR = math.log(MIN_STD)


def rounded(*shape, scale=1.0):
    """Numbers that single precision holds exactly, so that both sides start from the same."""
    return (torch.randn(*shape) * scale * 1024).round() / 1024


def network(outputs):
    return [rounded(INPUTS, HIDDEN, scale=0.6), rounded(HIDDEN, scale=0.2),
            rounded(HIDDEN, outputs, scale=0.6), rounded(outputs, scale=0.2)]


def forward(net, x, activation):
    return activation(x @ net[0] + net[1]) @ net[2] + net[3]


def distribution(policy, raw, x):
    std = torch.exp(FLOOR + torch.nn.functional.softplus(raw - FLOOR))
    return torch.distributions.Normal(forward(policy, x, torch.tanh), std.expand(x.shape[0], -1))


x = rounded(ROWS, INPUTS)
policy, value = network(ACTIONS), network(1)
raw = torch.tensor([-0.75, -2.5])
with torch.no_grad():
    old = distribution(policy, raw, x)
    actions = ((old.loc + old.scale * rounded(ROWS, ACTIONS)) * 1024).round() / 1024
    old_mean = old.loc
    old_log = old.log_prob(actions).sum(1)
    values = forward(value, x, torch.tanh)[:, 0]
advantages = rounded(ROWS)
targets = rounded(ROWS)


def flat(net):
    return torch.cat([t.detach().reshape(-1) for t in net])


before = [flat(policy), raw.clone(), flat(value)]
parameters = [t.requires_grad_() for t in policy + [raw] + value]
optimizer = torch.optim.Adam(parameters, lr=RATE, eps=1e-8)
norms, clipped = [], []
for _ in range(EPOCHS):
    new = distribution(policy, raw, x)
    a = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    ratio = torch.exp(new.log_prob(actions).sum(1) - old_log)
    surrogate = torch.min(ratio * a, torch.clamp(ratio, 1 - CLIP, 1 + CLIP) * a).mean()
    v = forward(value, x, torch.tanh)[:, 0]
    limited = values + torch.clamp(v - values, -VALUE_CLIP, VALUE_CLIP)
    error = torch.max((v - targets) ** 2, (limited - targets) ** 2).mean()
    loss = -surrogate + VALUE * error - ENTROPY * new.entropy().sum(1).mean()
    optimizer.zero_grad()
    loss.backward()
    norms.append(torch.nn.utils.clip_grad_norm_(parameters, NORM).item())
    clipped.append(((ratio - 1).abs() > CLIP).double().mean().item())
    optimizer.step()
after = [flat(policy), raw.detach(), flat(value)]
divergence = torch.distributions.kl_divergence(torch.distributions.Normal(old_mean, old.scale), new).sum(1).mean().item()


def literal(name, numbers, kind):
    numbers = numbers.tolist() if hasattr(numbers, "tolist") else numbers
    lines, line = [], "   "
    for n in numbers:
        text = f" {n:.9g},"
        if len(line) + len(text) > 118:
            lines.append(line)
            line = "   "
        line += text
    lines.append(line)
    print(f"  static let {name}: [{kind}] = [\n" + "\n".join(lines) + "\n  ]")


print("/// A PPO update as PyTorch computes it; `torch_update.py` wrote this file.")
print("enum TorchUpdate {")
for name, number in [("inputs", INPUTS), ("hidden", HIDDEN), ("epochs", EPOCHS)]:
    print(f"  static let {name} = {number}")
for name, number in [("clip", CLIP), ("valueClip", VALUE_CLIP), ("entropyCoefficient", ENTROPY),
                     ("valueCoefficient", VALUE), ("maxGradientNorm", NORM), ("learningRate", RATE),
                     ("minStd", MIN_STD), ("divergence", divergence), ("clipFraction", sum(clipped) / EPOCHS),
                     ("gradientNorm", sum(norms) / EPOCHS)]:
    print(f"  static let {name} = {number:.12g}")
for name, numbers in [("observations", x.reshape(-1)), ("actions", actions.reshape(-1)),
                      ("oldMeans", old_mean.reshape(-1)), ("advantages", advantages), ("targets", targets),
                      ("oldValues", values)]:
    literal(name, numbers, "Float")
literal("oldLogProbabilities", old_log, "Double")
for when, parts in [("Before", before), ("After", after)]:
    for name, numbers in zip(["policy", "rawLogStd", "value"], parts):
        literal(name + when, numbers, "Float")
print("}")
