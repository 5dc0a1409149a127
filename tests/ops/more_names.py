"""Writes data/more-names.json, with PyTorch 2.13 or newer: python tests/ops/more_names.py"""

import json
import re
from pathlib import Path

import torch
from torch import tensor
from torch.nn.utils.rnn import pad_sequence

x = tensor([[0.5, -1.0, 2.0, 3.0], [1.0, 4.0, -2.0, 0.25], [2.0, 2.5, 1.0, -1.0]], dtype=torch.float64)
counts = tensor([1, 2, 0, 3])
weights = tensor([0.5, 1.0, 2.0, 0.25], dtype=torch.float64)
nan, inf = float("nan"), float("inf")


def gradient(f):
    y = x.clone().requires_grad_()
    (f(y) * torch.arange(9.0).reshape(3, 3)).sum().backward()
    return y.grad


def attempt(f):
    try:
        return f()
    except RuntimeError as error:
        return str(error)


h = tensor([0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, -1.0, nan])
sequences = [
    tensor([[1.0, 2.0], [3.0, 4.0]]),
    tensor([[5.0, 6.0]]),
    tensor([[7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]),
]
values = {
    "cov": torch.cov(x),
    "cov0": torch.cov(x, correction=0),
    "covW": torch.cov(x, fweights=counts, aweights=weights),
    "covF": torch.cov(x, fweights=counts),
    "covA": torch.cov(x, aweights=weights, correction=2),
    "covA0": torch.cov(x, aweights=weights, correction=0),
    "cov1": torch.cov(x[0]),
    "covInt": torch.cov(tensor([[1, 2, 4], [3, 1, 0]])),
    "corr": torch.corrcoef(x),
    "corr1": torch.corrcoef(x[0]),
    "covGrad": gradient(lambda y: torch.cov(y, fweights=counts, aweights=weights)),
    "corrGrad": gradient(torch.corrcoef),
    "histc": torch.histc(h, bins=4, min=0, max=1),
    "histcAll": torch.histc(h[:-1], bins=5),
    "histcSame": torch.histc(tensor([2.0, 2.0]), bins=4),
    "histc10": torch.histc(torch.arange(0, 1.01, 0.1), bins=10, min=0, max=1),
    "histcEmpty": torch.histc(tensor([]), bins=2),
    "histcInf": attempt(lambda: torch.histc(tensor([1.0, inf]), bins=2)),
    "isin": torch.isin(tensor([[1.0, 2.0], [3.0, nan]]), tensor([3.0, 1.0, nan])),
    "isinInv": torch.isin(tensor([1, 2, 3]), tensor([2]), invert=True),
    "isinNum": torch.isin(tensor([0.1, 0.2]), 0.1),
    "isinFirst": torch.isin(2, tensor([1, 2])),
    "tril": torch.tril_indices(3, 4, offset=-1),
    "tril1": torch.tril_indices(3, 4, offset=1),
    "triu": torch.triu_indices(3, 4, offset=-1),
    "triu1": torch.triu_indices(3, 2, offset=1),
    "pad": pad_sequence(sequences),
    "padFirst": pad_sequence(sequences, batch_first=True, padding_value=-1.0),
    "padLeft": pad_sequence(sequences, batch_first=True, padding_side="left"),
    "argwhere": torch.argwhere(tensor([[0, 1], [2, 0]])),
    **{f"covAll{c}": attempt(lambda c=c: torch.cov(x, correction=c)) for c in (1, 4, 5)},
}
text = json.dumps({name: v.tolist() if isinstance(v, torch.Tensor) else v for name, v in values.items()})
# JSON has no word for these.
quoted = re.sub(r"-?(NaN|Infinity)", lambda found: f'"{found.group(0)}"', text)
Path(__file__).parent.joinpath("data", "more-names.json").write_text(quoted + "\n")
