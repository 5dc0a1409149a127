"""Random arrays to NumPy and safetensors and back, and states to PyTorch's modules and optimizers. By hand:

    pip install numpy torch safetensors
    npm run build && python tests/io/fuzz.py [runs] [seed]
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import load_file, save, save_file

runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
rng = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
root = Path(__file__).resolve().parents[2]
folder = Path(tempfile.mkdtemp())
kept = ["<f4", "<f8", "<i4", "u1", "?"]
widened = {"<f2": "<f4", "i1": "<i4", "<i2": "<i4", "<u2": "<i4", "<i8": "<i4", "<u8": "<i4", "<u4": "<i4"}


def array(dtype):
    shape = tuple(rng.integers(0, 5, rng.integers(0, 5)))
    raw = rng.integers(-(2**31), 2**31, shape) if np.dtype(dtype).kind in "iub" else rng.normal(size=shape) * 10.0 ** rng.integers(-5, 5)
    if dtype[-2:] in ("u8", "u4"):
        raw = np.abs(raw) % 2**31
    x = np.asarray(raw).astype(dtype)
    if np.dtype(dtype).kind == "f" and x.size and rng.random() < 0.3:
        x.flat[0] = rng.choice([np.nan, np.inf, -np.inf, -0.0])
    return x


def mixed(x):
    """The same numbers, in another order of memory or of bytes."""
    how = rng.integers(4)
    if how == 1:
        x = np.asfortranarray(x)
    if how == 2:
        x = x.astype(x.dtype.newbyteorder(">"))
    return x.T if how == 3 else x


def name():
    return "".join(rng.choice(list("abcXYZ09_ üß漢😀'\"{}"), rng.integers(1, 12)))


script = """
const { io } = require(process.argv[1]);
const { readFileSync } = require('node:fs');
(async () => {
  for (const [kind, from, to] of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
    if (kind === 'npy') await io.saveNpy(to, await io.loadNpy(from));
    else if (kind === 'safetensors') await io.saveSafetensors(to, await io.loadSafetensors(from));
    else await io.saveNpz(to, await io.loadNpz(from), { compressed: kind === 'packed' });
  }
})().catch((error) => { console.error(error); process.exit(1); });
"""


def node(program, *args):
    subprocess.run(["node", "-e", program, str(root), *map(str, args)], check=True)


jobs, expected = [], []
for i in range(runs):
    known = rng.random() < 0.5
    dtypes = kept if known else kept + list(widened)
    x = mixed(array(rng.choice(dtypes)))
    np.save(folder / f"{i}.npy", x)
    jobs.append(["npy", f"{folder}/{i}.npy", f"{folder}/{i}.out.npy"])
    expected.append({"": x})
    xs = {name(): mixed(array(rng.choice(dtypes))) for _ in range(rng.integers(0, 5))}
    kind = rng.choice(["stored", "packed"])
    (np.savez if rng.random() < 0.5 else np.savez_compressed)(folder / f"{i}.npz", **xs)
    jobs.append([kind, f"{folder}/{i}.npz", f"{folder}/{i}.out.npz"])
    expected.append(xs)
    xs = {name(): np.ascontiguousarray(array(rng.choice(kept if known else kept + list(widened)))) for _ in range(rng.integers(0, 5))}
    save_file(xs, folder / f"{i}.safetensors")
    jobs.append(["safetensors", f"{folder}/{i}.safetensors", f"{folder}/{i}.out.safetensors"])
    expected.append(xs)
(folder / "jobs.json").write_text(json.dumps(jobs))
node(script, folder / "jobs.json")

same = 0
for (kind, source, out), xs in zip(jobs, expected):
    got = {"": np.load(out)} if kind == "npy" else load_file(out) if kind == "safetensors" else dict(np.load(out))
    assert got.keys() == xs.keys(), (source, got.keys(), xs.keys())
    wanted = {}
    for key, x in xs.items():
        code = x.dtype.newbyteorder("<").str.replace("|", "").replace("b1", "?")
        wanted[key] = np.ascontiguousarray(x.astype(widened.get(code, code))).reshape(x.shape)
        assert got[key].dtype == wanted[key].dtype and got[key].shape == x.shape, (source, key, got[key].dtype, x.dtype)
        assert got[key].tobytes() == wanted[key].tobytes(), (source, key)
    if kind == "safetensors":
        same += Path(out).read_bytes() == save(wanted)
    elif kind == "npy":
        again = Path(out + ".np.npy")
        np.save(again, wanted[""])
        same += Path(out).read_bytes() == again.read_bytes()
    elif kind == "stored":
        again = Path(out + ".np.npz")
        np.savez(again, **wanted)
        same += Path(out).read_bytes() == again.read_bytes()
    else:
        same += 1
print(f"{len(jobs)} files came back with the same numbers, {same} of them with the same bytes")
assert same == len(jobs)

# States that gradlab writes: PyTorch's optimizers take them, and go on as gradlab's.
trained = """
const { io, nn, optim, tensor, manualSeed } = require(process.argv[1]);
(async () => {
  const results = {};
  for (const name of ['SGD', 'Adam', 'AdamW', 'NAdam', 'RAdam', 'Adamax', 'Adagrad', 'Adadelta', 'RMSprop', 'Rprop', 'ASGD', 'LBFGS']) {
    manualSeed(0);
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.BatchNorm1d(3), new nn.Linear(3, 1));
    const x = tensor([[1, 2], [3, -1], [0.5, 0], [-2, 1]]);
    const optimizer = new optim[name](net.parameters(), name === 'SGD' ? { lr: 0.05, momentum: 0.9 } : {});
    const three = () => {
      for (let i = 0; i < 3; i++)
        optimizer.step(() => { optimizer.zeroGrad(); const loss = net(x).sub(1).pow(2).mean(); loss.backward(); return loss; });
    };
    three();
    const copies = Object.fromEntries(Object.entries(net.stateDict()).map(([n, t]) => [n, t.clone()]));
    const before = io.toPytorch({ net: copies, optimizer: optimizer.stateDict() });
    await io.save(process.argv[2] + '/' + name + '.safetensors', before);
    three();
    net.eval();
    results[name] = net(x).flatten().tolist();
  }
  console.log(JSON.stringify(results));
})();
"""
out = subprocess.run(["node", "-e", trained, str(root), str(folder)], check=True, capture_output=True, text=True)
for optimizer_name, outputs in json.loads(out.stdout).items():
    with safe_open(folder / f"{optimizer_name}.safetensors", "pt") as f:
        there = lambda d: f.get_tensor(d["$tensor"]) if "$tensor" in d else float(d["$number"]) if "$number" in d else d
        run = json.loads(f.metadata()["tree"], object_hook=there)
    nn = torch.nn
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.BatchNorm1d(3), nn.Linear(3, 1))
    net.load_state_dict(run["net"])
    optimizer = getattr(torch.optim, optimizer_name)(net.parameters())
    steps = run["optimizer"]
    steps["state"] = {int(k): v for k, v in steps["state"].items()}
    optimizer.load_state_dict(steps)
    x = torch.tensor([[1, 2], [3, -1], [0.5, 0], [-2, 1]])

    def closure():
        optimizer.zero_grad()
        loss = (net(x) - 1).pow(2).mean()
        loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(closure)
    net.eval()
    off = (net(x).flatten() - torch.tensor(outputs)).abs().max().item()
    print(f"{optimizer_name}: outputs differ by {off:.1e}")
    assert off < 1e-4
