"""Computes updates of PPO, A2C, REINFORCE and TRPO in PyTorch, independently of the library, and prints them as a Swift
file.

    python3 torch_on_policy.py > TorchOnPolicy.swift

Each begins at the same networks and sees the same samples, for Gaussians and for choices: standardized advantages, an
entropy bonus (for Gaussians through the floor under the deviations) and a value loss. REINFORCE takes its advantages from
the rewards of whole episodes. TRPO's step is found by conjugate gradients over products with the divergence's second
derivative, which autograd computes, and shortened by a line search. Double precision, so that what differs is ours.
"""

import math

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)

ROWS, INPUTS, HIDDEN, ACTIONS, CHOICES = 24, 3, 5, 2, [3, 2]
CLIP, PENALTY, VALUE_CLIP, ENTROPY, VALUE, NORM, RATE, STEPS, MIN_STD = 0.1, 1.5, 0.15, 0.01, 0.5, 0.4, 0.01, 3, 0.05
DISCOUNT, EPISODE = 0.9, 8
TARGET_KL, DAMPING, ITERATIONS, BACKTRACKING, VALUE_EPOCHS = 0.3, 0.1, 6, 0.7, 4
FLOOR = math.log(MIN_STD)
KINDS = ["gaussian", "categorical"]


def rounded(*shape, scale=1.0):
    """Numbers that single precision holds exactly, so that both sides start from the same."""
    return (torch.randn(*shape) * scale * 1024).round() / 1024


def network(outputs):
    return [rounded(INPUTS, HIDDEN, scale=0.6), rounded(HIDDEN, scale=0.2),
            rounded(HIDDEN, outputs, scale=0.6), rounded(outputs, scale=0.2)]


def forward(net, x):
    return torch.tanh(x @ net[0] + net[1]) @ net[2] + net[3]


class Several:
    """What a policy gives for each row: independent distributions, one an action."""

    def __init__(self, policy, x):
        outputs = forward(policy[:4], x)
        self.outputs = outputs
        if len(policy) > 4:
            std = torch.exp(FLOOR + torch.nn.functional.softplus(policy[4] - FLOOR))
            self.parts = [torch.distributions.Normal(outputs[:, i], std[i].expand(len(x))) for i in range(ACTIONS)]
        else:
            self.parts = [torch.distributions.Categorical(logits=part) for part in outputs.split(CHOICES, 1)]

    def log_prob(self, actions):
        return sum(part.log_prob(actions[:, i]) for i, part in enumerate(self.parts))

    def entropy(self):
        return sum(part.entropy() for part in self.parts)

    def divergence_from(self, old):
        """The mean of KL(old ‖ this)."""
        pairs = zip(old.parts, self.parts)
        return sum(torch.distributions.kl_divergence(a, b) for a, b in pairs).mean()


x = rounded(ROWS, INPUTS)
value_before = network(1)
advantages, targets, rewards = rounded(ROWS), rounded(ROWS), rounded(ROWS)
with torch.no_grad():
    values = forward(value_before, x)[:, 0]
policies_before = {"gaussian": network(ACTIONS) + [torch.tensor([-0.75, -2.5])], "categorical": network(sum(CHOICES))}
old, actions = {}, {}
for kind in KINDS:
    old[kind] = Several(policies_before[kind], x)
    if kind == "gaussian":
        noise = rounded(ROWS, ACTIONS)
        actions[kind] = torch.stack([(p.loc + p.scale * noise[:, i]) for i, p in enumerate(old[kind].parts)], 1)
        actions[kind] = (actions[kind] * 1024).round() / 1024
    else:
        actions[kind] = torch.stack([p.sample() for p in old[kind].parts], 1)


def returns(baseline):
    """The discounted sum of rewards to the end of each step's episode, and how much more that is than `baseline`."""
    result = torch.zeros(ROWS)
    for row in range(ROWS):
        end = (row // EPISODE + 1) * EPISODE
        result[row] = sum(DISCOUNT ** (later - row) * rewards[later] for later in range(row, end))
    return result, result - baseline


def standardized(a):
    return (a - a.mean()) / a.std()


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors])


def copies(tensors):
    return [t.detach().clone().requires_grad_() for t in tensors]


def clipped(kind, new, a):
    ratio = torch.exp(new.log_prob(actions[kind]) - old[kind].log_prob(actions[kind]))
    return -torch.min(ratio * a, torch.clamp(ratio, 1 - CLIP, 1 + CLIP) * a).mean()


def penalized(kind, new, a):
    ratio = torch.exp(new.log_prob(actions[kind]) - old[kind].log_prob(actions[kind]))
    return -(ratio * a).mean() + PENALTY * new.divergence_from(old[kind])


def score(kind, new, a):
    return -(new.log_prob(actions[kind]) * a).mean()


def descend(kind, objective, optimizer, advantages=advantages, targets=targets, value=VALUE, value_clip=0.0):
    """Some steps over all samples.

    Returns the parameters after them and the means over the steps of the policy's loss and of the gradient's norm, and the
    divergence before the last step."""
    policy, critic = copies(policies_before[kind]), copies(value_before)
    steps = optimizer(policy + critic)
    losses, norms = [], []
    for _ in range(STEPS):
        new = Several(policy, x)
        loss = objective(kind, new, standardized(advantages))
        losses.append(loss.item())
        v = forward(critic, x)[:, 0]
        error = (v - targets) ** 2
        if value_clip > 0:
            limited = values + torch.clamp(v - values, -value_clip, value_clip)
            error = torch.max(error, (limited - targets) ** 2)
        divergence = new.divergence_from(old[kind]).item()
        steps.zero_grad()
        (loss + value * error.mean() - ENTROPY * new.entropy().mean()).backward()
        norms.append(torch.nn.utils.clip_grad_norm_(policy + critic, NORM).item())
        steps.step()
    return flat(policy + critic), sum(losses) / STEPS, sum(norms) / STEPS, divergence


def adam(parameters):
    return torch.optim.Adam(parameters, lr=RATE, eps=1e-8)


def rmsprop(parameters):
    return torch.optim.RMSprop(parameters, lr=RATE, alpha=0.99, eps=1e-5)


def trust_region(kind):
    """One step of the policy and a fit of the value network.

    Returns the parameters after them, the divergence and the share of the longest step that was taken."""
    policy, critic = copies(policies_before[kind]), copies(value_before)
    a = standardized(advantages)

    def surrogate(policy):
        new = Several(policy, x)
        ratio = torch.exp(new.log_prob(actions[kind]) - old[kind].log_prob(actions[kind]))
        return -(ratio * a).mean() - ENTROPY * new.entropy().mean()

    gradient = flat(torch.autograd.grad(surrogate(policy), policy))
    by_parameters = torch.autograd.grad(Several(policy, x).divergence_from(old[kind]), policy, create_graph=True)
    slopes = torch.cat([g.reshape(-1) for g in by_parameters])

    def product(vector):
        return flat(torch.autograd.grad(slopes @ vector, policy, retain_graph=True)) + DAMPING * vector

    solution, residual = torch.zeros_like(gradient), gradient.clone()
    direction = residual.clone()
    for _ in range(ITERATIONS):
        image = product(direction)
        length = (residual @ residual) / (direction @ image)
        solution = solution + length * direction
        smaller = residual - length * image
        direction = smaller + (smaller @ smaller) / (residual @ residual) * direction
        residual = smaller
    longest = torch.sqrt(2 * TARGET_KL / (solution @ product(solution)))
    share, before = 1.0, surrogate(policy).item()
    start = flat(policy)
    with torch.no_grad():
        while True:
            moved = start - share * longest * solution
            for t, part in zip(policy, moved.split([t.numel() for t in policy])):
                t.copy_(part.reshape(t.shape))
            divergence = Several(policy, x).divergence_from(old[kind]).item()
            if divergence <= TARGET_KL and surrogate(policy).item() < before:
                break
            share *= BACKTRACKING
    optimizer = adam(critic)
    for _ in range(VALUE_EPOCHS):
        optimizer.zero_grad()
        ((forward(critic, x)[:, 0] - targets) ** 2).mean().backward()
        optimizer.step()
    return flat(policy + critic), divergence, share


def literal(name, numbers, kind="Float"):
    lines, line = [], "   "
    for n in numbers.detach().reshape(-1).tolist():
        text = f" {n:.9g},"
        if len(line) + len(text) > 118:
            lines.append(line)
            line = "   "
        line += text
    lines.append(line)
    print(f"  static let {name}: [{kind}] = [\n" + "\n".join(lines) + "\n  ]")


print("/// Updates of on-policy learners as PyTorch computes them; `torch_on_policy.py` wrote this file.")
print("enum TorchOnPolicy {")
for name, number in [("inputs", INPUTS), ("hidden", HIDDEN), ("choices", CHOICES), ("steps", STEPS), ("episode", EPISODE),
                     ("cgIterations", ITERATIONS), ("valueEpochs", VALUE_EPOCHS), ("clip", CLIP), ("penalty", PENALTY),
                     ("valueClip", VALUE_CLIP), ("entropyCoefficient", ENTROPY), ("valueCoefficient", VALUE),
                     ("maxGradientNorm", NORM), ("learningRate", RATE), ("minStd", MIN_STD), ("discount", DISCOUNT),
                     ("targetKL", TARGET_KL), ("damping", DAMPING), ("backtracking", BACKTRACKING)]:
    print(f"  static let {name} = {number}")
for name, numbers in [("observations", x), ("advantages", advantages), ("targets", targets), ("values", values),
                      ("rewards", rewards)]:
    literal(name, numbers)
for kind in KINDS:
    literal(f"{kind}Actions", actions[kind])
    literal(f"{kind}Outputs", old[kind].outputs)
    literal(f"{kind}LogProbabilities", old[kind].log_prob(actions[kind]), "Double")
    literal(f"{kind}Before", flat(policies_before[kind] + value_before))
print("  /// Parameters after an update by name and distribution, and what its report says of it.")
print("  static let updates: [String: (after: [Float], figures: [String: Double])] = [")


def update(name, after, **figures):
    print(f'    "{name}": (\n      after: [')
    line = "       "
    for n in after.tolist():
        text = f" {n:.9g},"
        if len(line) + len(text) > 118:
            print(line)
            line = "       "
        line += text
    print(line + "\n      ],")
    print("      figures: [" + ", ".join(f'"{key}": {number:.12g}' for key, number in figures.items()) + "]\n    ),")


for kind in KINDS:
    for name, objective in [("clip", clipped), ("penalty", penalized)]:
        after, loss, norm, divergence = descend(kind, objective, adam, value_clip=VALUE_CLIP)
        update(f"ppo {name} {kind}", after, surrogate_loss=loss, gradient_norm=norm, kl=divergence)
    for name, optimizer in [("adam", adam), ("rmsprop", rmsprop)]:
        after, loss, norm, _ = descend(kind, score, optimizer)
        update(f"a2c {name} {kind}", after, policy_loss=loss, gradient_norm=norm)
    for name, baseline, value in [("value", values, VALUE), ("none", 0, 0.0)]:
        goals, gains = returns(baseline)
        after, loss, norm, _ = descend(kind, score, adam, gains, goals, value)
        update(f"reinforce {name} {kind}", after, policy_loss=loss, gradient_norm=norm)
    after, divergence, share = trust_region(kind)
    update(f"trpo {kind}", after, kl=divergence, step_share=share)
print("  ]\n}")
