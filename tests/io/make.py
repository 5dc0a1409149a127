"""Files as NumPy, safetensors and PyTorch write them, and what PyTorch computes with them: tests/io/data.

    pip install numpy torch safetensors
    python tests/io/make.py
"""

import copy
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save as save_tensors
from torch import nn

here = Path(__file__).parent / "data"
files = {}


def npy(name, array, **options):
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asanyarray(array), **options)
    files[f"{name}.npy"] = out.getvalue()


grid = np.array([[1.5, -2, 0], [np.inf, np.nan, 3e38]])
npy("float32", grid.astype("<f4"))
npy("float64", np.array([[1.5, -2, 0.1], [np.inf, -np.inf, 1e300]]))
npy("int32", np.array([-(2**31), 0, 2**31 - 1], "<i4"))
npy("uint8", np.arange(256, dtype="u1").reshape(2, 2, 64))
npy("bool", np.array([[True, False], [False, True]]))
npy("scalar", np.float64(0.1))
npy("empty", np.zeros((3, 0, 2), "<f4"))
npy("none", np.zeros(0, "<f4"))
npy("large-first", np.zeros((123456, 0), "<f4"))
npy("float16", np.array([1, -1.5, 6e-8, 65504, np.inf, 2**-14, 0.1], "<f2"))
npy("int64", np.array([-(2**31), -1, 0, 2**31 - 1], "<i8"))
npy("int64-wide", np.array([2**53 - 1, -(2**40), 5], "<i8"))
npy("int16", np.array([-32768, 32767], "<i2"))
npy("int8", np.array([-128, 127], "i1"))
npy("uint16", np.array([0, 65535], "<u2"))
npy("uint32", np.array([7, 2**31 - 1], "<u4"))
npy("uint64", np.array([7, 2**31 - 1], "<u8"))
npy("big-float32", grid.astype(">f4"))
npy("big-float64", np.array([0.1, -1e-300], ">f8"))
npy("big-int64", np.array([-5, 70000], ">i8"))
npy("big-float16", np.array([0.1, -2], ">f2"))
npy("fortran", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
npy("fortran-big", np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)))
npy("version2", np.arange(3, dtype="<f4"), version=(2, 0))
npy("version3", np.arange(3, dtype="<f4"), version=(3, 0))
npy("complex", np.array([1 + 2j]))
npy("object", np.array([{"a": 1}, None], object), allow_pickle=True)
npy("text", np.array(["ab", "ü"]))
npy("bytes", np.array([b"ab"]))
npy("dates", np.array(["2020-01-01"], "M8[D]"))
npy("structured", np.array([(1, 2.0)], [("größe", "<i4"), ("b", "<f8")]), version=(3, 0))
npy("longdouble", np.array([1], np.longdouble))


def npz(name, save, **arrays):
    out = io.BytesIO()
    save(out, **arrays)
    files[f"{name}.npz"] = out.getvalue()


arrays = {"x": np.arange(6, dtype="<f4").reshape(2, 3), "größe": np.array([True]), "layer/w": np.array(7, "<i4")}
npz("stored", np.savez, **arrays)
npz("packed", np.savez_compressed, **arrays, zeros=np.zeros((100, 100)))
# As beyond 2 GB, with little: lengths and places in 64 bits, of some files and of all.
for limit in (170, 500, 0):
    kept, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, limit
    npz(f"beyond-{limit}", np.savez, **arrays, zeros=np.zeros(30))
    zipfile.ZIP64_LIMIT = kept


class Pipe(io.RawIOBase):
    """Cannot go back, so that the lengths follow each file."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


pipe = Pipe()
np.savez_compressed(pipe, **arrays)
files["piped.npz"] = pipe.bytes

t = torch.tensor
files["kinds.safetensors"] = save_tensors(
    {
        "f64": t([0.1, float("inf")], dtype=torch.float64),
        "f32": t([[1.5, -2.0]]),
        "f16": t([1.5, 6e-8], dtype=torch.float16),
        "bf16": t([1.5, -3e38], dtype=torch.bfloat16),
        "i64": t([-1, 2**31 - 1]),
        "i32": t([-(2**31)], dtype=torch.int32),
        "i16": t([-32768], dtype=torch.int16),
        "i8": t([-128, 127], dtype=torch.int8),
        "u16": t([65535], dtype=torch.uint16),
        "u8": t([0, 255], dtype=torch.uint8),
        "bool": t([True, False]),
        "scalar": t(3.0),
        "empty": torch.zeros(2, 0),
        'näme "quoted"\n': t([1.0]),
    }
)
# What gradlab writes as well, so the bytes can be compared.
files["ours.safetensors"] = save_tensors(
    {
        "b.weight": t([[1.0, 2.0], [3.0, 4.0]]),
        "a.weight": t([0.5], dtype=torch.float64),
        "ä": t([1.0]),
        "a": t(3, dtype=torch.int32),
        "mask": t([True, False, True]),
        "bytes": t([1, 2, 3, 4, 5], dtype=torch.uint8),
        "B": torch.zeros(0),
    },
    {"note": 'ä "1"'},
)
files["float8.safetensors"] = save_tensors({"x": t([1.0]).to(torch.float8_e4m3fn)})
files["wide.safetensors"] = save_tensors({"x": t([2**40])})


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.word_table = nn.Embedding(5, 4)
        self.first_conv = nn.Conv1d(4, 6, 3, padding=1)
        self.norm = nn.BatchNorm1d(6)
        self.memory = nn.LSTM(6, 4, num_layers=2, batch_first=True, bidirectional=True)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layer_norm = nn.LayerNorm(8)
        self.gate = nn.PReLU(8)
        self.head = nn.Sequential(nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 3))

    def forward(self, words):
        x = self.norm(self.first_conv(self.word_table(words).transpose(1, 2))).transpose(1, 2)
        x, _ = self.memory(x)
        a, _ = self.attention(x, x, x)
        x = self.layer_norm(x + a)
        return self.head(self.gate(x.transpose(1, 2)).mean(2))


def checkpoint(value):
    """The bytes that io.load reads: tensors, and the tree in which they stand."""
    tensors = {}

    def put(tensor):
        tensors[str(len(tensors))] = tensor.contiguous()
        return {"$tensor": str(len(tensors) - 1)}

    tree = json.dumps(value, default=put)
    return save_tensors(tensors, {"tree": tree})


torch.manual_seed(0)
net = Net()
words = torch.randint(0, 5, (4, 7))
labels = t([0, 2, 1, 1])


def train(optimizer, steps):
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(words), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


results = {"words": words.tolist(), "labels": labels.tolist()}
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
train(optimizer, 3)
files["net.safetensors"] = save_tensors(net.state_dict())
files["run.safetensors"] = checkpoint({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3})
net.eval()
results["output"] = net(words).tolist()
net.train()
results["losses"] = train(optimizer, 3)
files["results.json"] = json.dumps(results).encode()


# Each optimizer after three steps, and where three more lead: half the sum of squares, weighted.
weights = t([[1.0, 2.0], [3.0, 0.5]])
states = {}
for name, options in {
    "SGD": {"lr": 0.1, "momentum": 0.9, "nesterov": True},
    "Adam": {"lr": 0.1, "amsgrad": True},
    "AdamW": {"lr": 0.1},
    "NAdam": {"lr": 0.1},
    "RAdam": {"lr": 0.1},
    "Adamax": {"lr": 0.1},
    "Adagrad": {"lr": 0.1},
    "Adadelta": {"lr": 1.0},
    "RMSprop": {"lr": 0.1, "momentum": 0.5, "centered": True},
    "Rprop": {"lr": 0.1},
    "ASGD": {"lr": 0.1},
    "LBFGS": {"lr": 0.5, "max_iter": 2},
}.items():
    p = t([[1.0, -2.0], [0.5, 3.0]], requires_grad=True)
    optimizer = getattr(torch.optim, name)([p], **options)

    def closure():
        optimizer.zero_grad()
        loss = (weights * p**2).sum() / 2 + (p**4).sum() / 10
        loss.backward()
        return loss

    def three():
        for _ in range(3):
            optimizer.step(closure)
        return p.detach().clone()

    states[name] = {"before": three(), "options": options, "state": copy.deepcopy(optimizer.state_dict()), "after": three()}
files["optimizers.safetensors"] = checkpoint(states)

here.mkdir(exist_ok=True)
for name, content in files.items():
    (here / name).write_bytes(content)
print(sum(map(len, files.values())), "bytes in", len(files), "files")
