"""Computes gradient steps of DDPG, TD3 and SAC in PyTorch, independently of the library, and prints them as a Swift file.

    python3 torch_off_policy.py > TorchOffPolicy.swift

Minibatches and noise come from the library's generator (xoshiro256++ seeded through SplitMix64, normal numbers by the
inverse of the distribution function), written here once more. Double precision, so that what differs is ours.
"""

import statistics

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)

BUFFER, ROWS, INPUTS, HIDDEN, ACTIONS, STEPS = 40, 24, 3, 5, 2, 4
RATE, TAU, SCALE, NOISE, CLIP, DELAY, TEMPERATURE, TARGET = 0.01, 0.05, 0.5, 0.2, 0.3, 2, 0.4, -0.7
SEED = 9
WORD = (1 << 64) - 1
NORMAL = statistics.NormalDist()


class Random:
    def __init__(self, seed, stream):
        def mix(state):
            while True:
                state = (state + 0x9E3779B97F4A7C15) & WORD
                z = state
                z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WORD
                z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WORD
                yield z ^ z >> 31
        key = next(mix(seed))
        words = mix(key ^ (stream * 0xD1B54A32D192ED03 & WORD))
        self.s = [next(words) for _ in range(4)]

    def next(self):
        def turn(x, k):
            return (x << k | x >> 64 - k) & WORD
        s = self.s
        result = (turn((s[0] + s[3]) & WORD, 23) + s[0]) & WORD
        t = s[1] << 17 & WORD
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = turn(s[3], 45)
        return result

    def index(self, bound):
        return self.next() * bound >> 64

    def normals(self, rows):
        return torch.tensor([[NORMAL.inv_cdf(((self.next() >> 12) + 0.5) * 2.0**-52) for _ in range(ACTIONS)]
                             for _ in range(rows)])


def rounded(*shape, scale=1.0):
    """Numbers that single precision holds exactly, so that both sides start from the same."""
    return (torch.randn(*shape) * scale * 1024).round() / 1024


def network(inputs, outputs):
    return [rounded(inputs, HIDDEN, scale=0.6), rounded(HIDDEN, scale=0.2),
            rounded(HIDDEN, outputs, scale=0.6), rounded(outputs, scale=0.2)]


def forward(net, *parts):
    return torch.relu(torch.cat(parts, 1) @ net[0] + net[1]) @ net[2] + net[3]


def copy(net):
    return [t.detach().clone() for t in net]


def flat(net):
    return torch.cat([t.detach().reshape(-1) for t in net])


def follow(targets, net):
    with torch.no_grad():
        for t, p in zip(targets, net):
            t += TAU * (p - t)


shown, taken = rounded(BUFFER, INPUTS), (torch.rand(BUFFER, ACTIONS) * 2048).round() / 1024 - 1
rewards, following = rounded(BUFFER), rounded(BUFFER, INPUTS)
weights = torch.where(torch.rand(BUFFER) < 0.2, 0.0, 0.875)


def squashed(policy, x, noise):
    mean, log_std = forward(policy, x).chunk(2, 1)
    normal = torch.distributions.Normal(mean, torch.exp(log_std.clamp(-20, 2)))
    u = mean + normal.scale * noise
    action = torch.tanh(u)
    return action, (normal.log_prob(u) - torch.log(1 - action**2)).sum(1)


def train(kind):
    critic_count = 1 if kind == "ddpg" else 2
    policy = network(INPUTS, 2 * ACTIONS if kind == "sac" else ACTIONS)
    critics = [network(INPUTS + ACTIONS, 1) for _ in range(critic_count)]
    log_temperature = torch.tensor(TEMPERATURE).log()
    before = flat(policy + sum(critics, []))
    target_policy, target_critics = copy(policy), [copy(c) for c in critics]
    for t in policy + sum(critics, []) + [log_temperature]:
        t.requires_grad_()
    policy_adam = torch.optim.Adam(policy, lr=RATE)
    critic_adam = torch.optim.Adam(sum(critics, []), lr=RATE)
    temperature_adam = torch.optim.Adam([log_temperature], lr=RATE)
    random = Random(SEED, (1 << 62) + 1)
    critic_losses, policy_losses = [], []
    for step in range(1, STEPS + 1):
        rows = [random.index(BUFFER) for _ in range(ROWS)]
        x, a, r, w, y = shown[rows], taken[rows], rewards[rows], weights[rows], following[rows]
        temperature = log_temperature.exp().detach()
        with torch.no_grad():
            bonus = 0
            if kind == "sac":
                next_action, log_probability = squashed(policy, y, random.normals(ROWS))
                bonus = -temperature * log_probability
            else:
                next_action = torch.tanh(forward(target_policy, y))
                if kind == "td3":
                    noise = (NOISE * random.normals(ROWS)).clamp(-CLIP, CLIP)
                    next_action = (next_action + noise).clamp(-1, 1)
            least = torch.stack([forward(c, y, next_action)[:, 0] for c in target_critics]).amin(0)
            target = SCALE * r + w * (least + bonus)
        loss = sum(0.5 * ((forward(c, x, a)[:, 0] - target) ** 2).mean() for c in critics)
        critic_adam.zero_grad()
        loss.backward()
        critic_adam.step()
        critic_losses.append(loss.item())
        if kind == "td3" and step % DELAY != 0:
            continue
        if kind == "sac":
            action, log_probability = squashed(policy, x, random.normals(ROWS))
            value = torch.stack([forward(c, x, action)[:, 0] for c in critics]).amin(0)
            loss = (temperature * log_probability - value).mean()
        else:
            loss = -forward(critics[0], x, torch.tanh(forward(policy, x))).mean()
        policy_adam.zero_grad()
        loss.backward()
        policy_adam.step()
        policy_losses.append(loss.item())
        if kind == "sac":
            loss = -(log_temperature * (log_probability.detach() + ACTIONS * TARGET)).mean()
            temperature_adam.zero_grad()
            loss.backward()
            temperature_adam.step()
        else:
            follow(target_policy, policy)
        for targets, critic in zip(target_critics, critics):
            follow(targets, critic)
    after = [flat(policy + sum(critics, []))]
    if kind == "sac":
        before = torch.cat([before, torch.tensor([TEMPERATURE]).log()])
        after.append(log_temperature.detach().reshape(1))
    else:
        after.append(flat(target_policy))
    after.append(flat(sum(target_critics, [])))
    return before, torch.cat(after), sum(critic_losses) / len(critic_losses), sum(policy_losses) / len(policy_losses)


def literal(name, numbers):
    lines, line = [], "   "
    for n in numbers.tolist():
        text = f" {n:.9g},"
        if len(line) + len(text) > 118:
            lines.append(line)
            line = "   "
        line += text
    lines.append(line)
    print(f"  static let {name}: [Float] = [\n" + "\n".join(lines) + "\n  ]")


print("/// Gradient steps of off-policy learners as PyTorch computes them; `torch_off_policy.py` wrote this file.")
print("enum TorchOffPolicy {")
for name, number in [("inputs", INPUTS), ("hidden", HIDDEN), ("actions", ACTIONS), ("rows", ROWS), ("steps", STEPS),
                     ("policyDelay", DELAY), ("seed", SEED)]:
    print(f"  static let {name} = {number}")
for name, number in [("learningRate", RATE), ("targetRate", TAU), ("rewardScale", SCALE), ("targetNoise", NOISE),
                     ("targetNoiseClip", CLIP), ("temperature", TEMPERATURE), ("targetEntropy", TARGET)]:
    print(f"  static let {name} = {number}")
literal("transitions", torch.cat([shown, taken, rewards[:, None], weights[:, None], following], 1).reshape(-1))
for kind in ["ddpg", "td3", "sac"]:
    before, after, critic_loss, policy_loss = train(kind)
    literal(f"{kind}Before", before)
    literal(f"{kind}After", after)
    print(f"  static let {kind}CriticLoss = {critic_loss:.9g}")
    print(f"  static let {kind}PolicyLoss = {policy_loss:.9g}")
print("}")
