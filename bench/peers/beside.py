"""The operations of workloads/beside.mjs in PyTorch, by the same names: answers each line with seconds and a sum."""

import json
import sys

import torch
from torch import nn
from torch.nn import functional as F

from pytorch import filled, labels, timed

x = filled((1000, 1000), 3, -3, 3)
other = filled((1000, 1000), 4, -3, 3)
above = filled((1000, 1000), 5, 0.01, 8)
row = filled((1000,), 6)
column = filled((1000, 1), 7)
mask = x > 0
places = labels(1000, 1000, 8)
many = labels(1_000_000, 1000, 9)
many32 = many.to(torch.int32)
matrix_of_places = many.reshape(1000, 1000)
images = filled((64, 16, 32, 32), 10)


def square(n, seed):
    return filled((n, n), seed)


def symmetric(n, seed):
    a = square(n, seed)
    return a + a.T


def positive(n, seed):
    a = square(n, seed)
    return a @ a.T + torch.eye(n)


def set_weights(module, scale=0.1):
    with torch.no_grad():
        for seed, p in enumerate(module.parameters(), 500):
            p.copy_(filled(tuple(p.shape), seed, -scale, scale))
    return module


def training(module, loss):
    optimizer = torch.optim.Adam(module.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad()
        value = loss(module)
        value.backward()
        optimizer.step()
        return value

    return step


def with_operands(action, *operands):
    return lambda: action(*operands)


def small_net():
    inputs, target = filled((64, 20), 31), labels(64, 3, 32)
    net = set_weights(nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 3)))
    return training(net, lambda m: F.cross_entropy(m(inputs), target))


def cnn():
    inputs, target = filled((32, 1, 28, 28), 33), labels(32, 10, 34)
    layers = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1568, 10)]
    return training(set_weights(nn.Sequential(*layers)), lambda m: F.cross_entropy(m(inputs), target))


def lstm():
    inputs = filled((32, 20, 32), 35)
    net = set_weights(nn.LSTM(32, 64, batch_first=True))
    return training(net, lambda m: m(inputs)[0].pow(2).mean())


def transformer():
    inputs = filled((16, 64, 64), 39)
    net = set_weights(nn.TransformerEncoderLayer(64, 4, dim_feedforward=128, dropout=0, batch_first=True))
    return training(net, lambda m: m(inputs).pow(2).mean())


operations = {
    "rand": lambda: lambda: torch.rand(1000, 1000),
    "randn": lambda: lambda: torch.randn(1000, 1000),
    "randn 100": lambda: lambda: torch.randn(100),
    "dropout": lambda: lambda: F.dropout(x, 0.3),
    "bernoulli": lambda: lambda: above.mul(0.12).bernoulli(),
    "randint": lambda: lambda: torch.randint(0, 100, (1_000_000,), dtype=torch.int32),
    "randperm": lambda: lambda: torch.randperm(100_000, dtype=torch.int32),
    "multinomial, with replacement": lambda: lambda: row.abs().multinomial(100_000, replacement=True),
    "multinomial, without": lambda: lambda: above.multinomial(10),
    "exponential": lambda: lambda: torch.empty(1000, 1000).exponential_(),
    "topk 5": lambda: lambda: x.topk(5).values,
    "topk 100 of a million": lambda: lambda: x.reshape(-1).topk(100).values,
    "kthvalue": lambda: lambda: x.kthvalue(300).values,
    "median of rows": lambda: lambda: x.median(1).values,
    "median of all": lambda: lambda: x.median(),
    "quantile": lambda: lambda: x.quantile(0.3, 1),
    "sort rows": lambda: lambda: x.sort().values,
    "sort a million": lambda: lambda: x.reshape(-1).sort().values,
    "sort columns": lambda: lambda: x.sort(0).values,
    "argsort": lambda: lambda: x.argsort(),
    "sort int32": lambda: lambda: many32.sort().values,
    "unique": lambda: lambda: many32.unique(),
    "unique float32": lambda: lambda: x.unique(),
    "argmax": lambda: lambda: x.argmax(1),
    "cumsum": lambda: lambda: x.cumsum(1),
    "exp": lambda: lambda: x.exp(),
    "log": lambda: lambda: above.log(),
    "sin": lambda: lambda: x.sin(),
    "tanh": lambda: lambda: x.tanh(),
    "sigmoid": lambda: lambda: x.sigmoid(),
    "gelu": lambda: lambda: F.gelu(x),
    "gelu tanh": lambda: lambda: F.gelu(x, approximate="tanh"),
    "erf": lambda: lambda: x.erf(),
    "lgamma": lambda: lambda: above.lgamma(),
    "atan2": lambda: lambda: x.atan2(other),
    "pow": lambda: lambda: above.pow(1.7),
    "relu": lambda: lambda: x.relu(),
    "add": lambda: lambda: x.add(other),
    "add a row": lambda: lambda: x.add(row),
    "add a column": lambda: lambda: x.add(column),
    "where": lambda: lambda: x.where(mask, other),
    "outer": lambda: lambda: torch.outer(row, row),
    "clamp": lambda: lambda: x.clamp(-1, 1),
    "greater than": lambda: lambda: x.gt(other),
    "gather rows": lambda: lambda: x.gather(1, matrix_of_places),
    "indexSelect": lambda: lambda: x.index_select(0, places),
    "rows by at": lambda: lambda: x[places],
    "embedding": lambda: lambda: F.embedding(places, x),
    "maskedSelect": lambda: lambda: x.masked_select(mask),
    "transpose, copied": lambda: lambda: x.t().contiguous(),
    "permute, copied": lambda: lambda: images.permute(0, 2, 3, 1).contiguous(),
    "last dimension first, copied": lambda: lambda: images.permute(3, 0, 1, 2).contiguous(),
    "cat": lambda: lambda: torch.cat([x, other], 1),
    "pad": lambda: lambda: F.pad(images, (1, 1, 1, 1)),
    "scatterAdd": lambda: lambda: x.scatter_add(1, matrix_of_places, other),
    "scatterAdd, rows": lambda: lambda: x.scatter_add(0, matrix_of_places, other),
    "indexAdd": lambda: lambda: x.index_add(0, places, other),
    "sum": lambda: lambda: x.sum(),
    "sum of rows": lambda: lambda: x.sum(1),
    "sum of columns": lambda: lambda: x.sum(0),
    "norm": lambda: lambda: x.norm(),
    "norm of rows": lambda: lambda: x.norm(2, 1),
    "norm of columns": lambda: lambda: x.norm(2, 0),
    "var": lambda: lambda: x.var(1),
    "softmax": lambda: lambda: x.softmax(1),
    "crossEntropy": lambda: lambda: F.cross_entropy(x, places),
    "layerNorm": lambda: lambda: F.layer_norm(x, (1000,)),
    "matmul 256": lambda: with_operands(torch.matmul, square(256, 11), square(256, 12)),
    "bmm": lambda: with_operands(torch.bmm, filled((32, 64, 64), 13), filled((32, 64, 64), 14)),
    "matrix times vector": lambda: lambda: x @ row,
    "cdist": lambda: with_operands(torch.cdist, filled((300, 64), 15), filled((300, 64), 16)),
    "cdist, p = 1": lambda: with_operands(torch.cdist, filled((300, 64), 15), filled((300, 64), 16), 1.0),
    "inv 50": lambda: with_operands(torch.linalg.inv, positive(50, 17)),
    "solve 50": lambda: with_operands(torch.linalg.solve, positive(50, 17), filled((50, 5), 18)),
    "svd 50": lambda: with_operands(lambda a: torch.linalg.svd(a)[1], square(50, 19)),
    "eigh 50": lambda: with_operands(lambda a: torch.linalg.eigh(a)[0], symmetric(50, 20)),
    "qr 50": lambda: with_operands(lambda a: torch.linalg.qr(a)[1], square(50, 21)),
    "cholesky 50": lambda: with_operands(torch.linalg.cholesky, positive(50, 17)),
    "small net, step": small_net,
    "CNN, step": cnn,
    "LSTM, step": lstm,
    "attention": lambda: with_operands(
        F.scaled_dot_product_attention, *(filled((8, 4, 64, 32), seed) for seed in (36, 37, 38))
    ),
    "transformer layer, step": transformer,
}

ready = {}
print(json.dumps(list(operations)), flush=True)
for line in sys.stdin:
    name = line.rstrip("\n")
    if name not in ready:
        torch.manual_seed(1)
        run = operations[name]()
        ready[name] = run, run().detach().to(torch.float64).abs().sum().item()
    run, check = ready[name]
    print(json.dumps({"seconds": timed(run), "check": check}), flush=True)
