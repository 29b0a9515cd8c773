"""Computes a gated recurrent unit and its gradient in PyTorch and prints them as a Swift file.

    python3 torch_gru.py > TorchGRU.swift

Three sequences of 5, 4 and 2 steps start with memories of their own; in the first one an episode starts at its fourth
step. Double precision, so that what differs is ours.
"""

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)

INPUTS, WIDTH, LENGTHS, START = 3, 4, [5, 4, 2], (0, 3)


def rounded(*shape, scale=1.0):
    """Numbers that single precision holds exactly, so that both sides start from the same."""
    return (torch.randn(*shape) * scale * 1024).round() / 1024


unit = torch.nn.GRUCell(INPUTS, WIDTH)
with torch.no_grad():
    for parameter in unit.parameters():
        parameter.copy_(rounded(*parameter.shape, scale=0.6))
inputs = [rounded(length, INPUTS) for length in LENGTHS]
starts = [rounded(WIDTH, scale=0.4) for _ in LENGTHS]
slopes = [rounded(length, WIDTH) for length in LENGTHS]

memories, loss = [], 0
for sequence, (x, memory, slope) in enumerate(zip(inputs, starts, slopes)):
    steps = []
    for step in range(len(x)):
        if (sequence, step) == START:
            memory = torch.zeros(WIDTH)
        memory = unit(x[step], memory)
        loss = loss + (slope[step] * memory).sum()
        steps.append(memory)
    memories.append(torch.stack(steps))
loss.backward()


def packed(sequences):
    """Rows ordered by time, then sequence."""
    longest = max(len(s) for s in sequences)
    return torch.stack([s[t] for t in range(longest) for s in sequences if t < len(s)])


def flat(*tensors):
    """Weights input-major, then biases, first for the input, then for the memory."""
    weight_ih, weight_hh, bias_ih, bias_hh = tensors
    return torch.cat([weight_ih.T.reshape(-1), bias_ih, weight_hh.T.reshape(-1), bias_hh])


def array(name, tensor):
    numbers = [f"{v:.9g}" for v in tensor.detach().reshape(-1).tolist()]
    lines, line = [], "   "
    for number in numbers:
        if len(line) + len(number) + 2 > 116:
            lines.append(line)
            line = "   "
        line += f" {number},"
    return f"  static let {name}: [Float] = [\n" + "\n".join(lines + [line]) + "\n  ]\n"


print("/// A gated recurrent unit as PyTorch computes it; `torch_gru.py` wrote this file.")
print("enum TorchGRU {")
print(f"  static let inputs = {INPUTS}\n  static let width = {WIDTH}\n  static let lengths = {LENGTHS}")
print(f"  /// The sequence and the step at which an episode starts.\n  static let start = {START}")
print(array("parameters", flat(*unit.parameters())), end="")
print(array("input", packed(inputs)), end="")
print(array("before", torch.stack(starts)), end="")
print(array("memory", packed(memories)), end="")
print(array("memoryGradient", packed(slopes)), end="")
print(array("gradient", flat(*[p.grad for p in unit.parameters()])), end="")
print("}")
