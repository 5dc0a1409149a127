"""The workloads in PyTorch, on one thread or BENCH_THREADS: python bench/peers/pytorch.py [W1 …]."""

import gc
import json
import os
import resource
import sys
import time

import numpy as np
import torch
from torch import nn

torch.set_num_threads(int(os.environ.get("BENCH_THREADS", "1")))
clock = time.perf_counter if os.environ.get("BENCH_CLOCK") == "wall" else time.process_time


def report(name, value):
    print(json.dumps({"name": name, "value": value}), flush=True)


def numbers(count, seed, low=-1.0, high=1.0):
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed * 0x85EBCA6B & 0xFFFFFFFF)
        for _ in range(2):
            h = (h ^ (h >> np.uint32(16))) * np.uint32(0x45D9F3B)
        h ^= h >> np.uint32(16)
    return (low + (high - low) * (h / 2.0**32)).astype(np.float32)


def filled(shape, seed, low=-1.0, high=1.0):
    return torch.from_numpy(numbers(int(np.prod(shape)), seed, low, high)).reshape(shape)


def labels(count, classes, seed):
    return torch.from_numpy(np.minimum(classes - 1, np.floor(numbers(count, seed, 0, classes))).astype(np.int64))


def checksum(x):
    values = x.detach().contiguous().numpy().astype(np.float64).ravel()
    return float((values * (np.arange(values.size) % 7 + 1)).sum())


def timed(action, budget=float(os.environ.get("BENCH_SECONDS", "0.5"))):
    start, calls = clock(), 0
    while clock() - start < 0.4 * budget or calls == 0:
        action()
        calls += 1
    batch = max(1, round(0.005 * calls / (clock() - start)))
    times, begin = [], clock()
    while clock() - begin < budget or len(times) < 3:
        before = clock()
        for _ in range(batch):
            action()
        times.append((clock() - before) / batch)
    return sorted(times)[len(times) // 2]


def linear(inputs, outputs, seed, bias=True):
    layer = nn.Linear(inputs, outputs, bias=bias)
    bound = 1 / np.sqrt(inputs)
    with torch.no_grad():
        layer.weight.copy_(filled((inputs, outputs), seed, -bound, bound).T)
        if bias:
            layer.bias.zero_()
    return layer


def training(net, optimizer, batch):
    criterion, steps = nn.CrossEntropyLoss(), [0]

    def step():
        x, y = batch(steps[0])
        steps[0] += 1
        (optimizer or net).zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        if optimizer:
            optimizer.step()
        return loss

    return step


def after(steps, step):
    for _ in range(steps - 1):
        step()
    return step().item()


def chain(x):
    y = x
    for _ in range(50):
        y = y.mul(0.99).add(0.01)
    return y


def W1():
    for n in (32, 64, 128, 256, 512, 1024):
        a, b = filled((n, n), 1), filled((n, n), 2)
        report(f"W1 check {n}", checksum(a @ b))
        report(f"W1 {n}", 2e-9 * n**3 / timed(lambda: a @ b))
    a, b = filled((256, 256), 1), filled((256, 256), 2)
    report("W1 256 transposed", 2e-9 * 256**3 / timed(lambda: a.T @ b.T))


def W2():
    x, row = filled((1000, 1000), 3, -3, 3), filled((1000,), 4)
    operations = {
        "exp": lambda: x.exp(),
        "tanh": lambda: x.mul(2).add(1).tanh(),
        "softmax": lambda: x.softmax(1),
        "broadcast": lambda: x.add(row),
        "rows": lambda: x.sum(1),
        "columns": lambda: x.sum(0),
    }
    for name, run in operations.items():
        report(f"W2 check {name}", checksum(run()))
        report(f"W2 {name}", 1e3 * timed(run))


def W3():
    a, b = filled((4,), 5), filled((4,), 6)
    report("W3 add", 1e6 * timed(lambda: a + b))
    report("W3 check add", checksum(a + b))
    x = filled((4,), 5).requires_grad_()

    def both():
        x.grad = None
        chain(x).sum().backward()

    both()
    report("W3 check chain", checksum(x.grad))
    report("W3 chain", 1e4 * timed(both))
    with torch.no_grad():
        report("W3 chain without grad", 1e4 * timed(lambda: chain(a)))


def W4():
    x = torch.from_numpy(np.linspace(-np.pi, np.pi, 2000).astype(np.float32))
    y = torch.sin(x)

    def fit():
        return [torch.tensor(value, requires_grad=True) for value in (0.5, -0.3, 0.2, 0.1)]

    def step(parameters):
        a, b, c, d = parameters
        loss = (a + b * x + c * x.pow(2) + d * x.pow(3) - y).pow(2).sum()
        loss.backward()
        with torch.no_grad():
            for p in parameters:
                p -= p.grad * 1e-6
                p.grad = None
        return loss

    first, again = fit(), fit()
    report("W4 check", after(2000, lambda: step(first)))
    report("W4", 1e6 * timed(lambda: step(again)))


def W5():
    x, y = filled((500, 20), 7, -2, 2), labels(500, 3, 8)
    net = nn.Sequential(
        linear(20, 13, 11, False), nn.ReLU(), linear(13, 8, 12, False), nn.Sigmoid(), linear(8, 3, 13)
    )
    step = training(net, torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9), lambda i: (x, y))
    report("W5 check", after(50, step))
    report("W5", 1e6 * timed(step))


def W6():
    batches = [(filled((64, 784), 100 + i, 0, 1), labels(64, 10, 200 + i)) for i in range(16)]
    for kind in ("SGD", "Adam"):
        net = nn.Sequential(linear(784, 128, 21), nn.ReLU(), linear(128, 64, 22), nn.ReLU(), linear(64, 10, 23))
        optimizer = getattr(torch.optim, kind)(net.parameters(), lr=0.05 if kind == "SGD" else 1e-3)
        step = training(net, optimizer, lambda i: batches[i % 16])
        report(f"W6 check {kind}", after(20, step))
        report(f"W6 {kind}", 1e6 * timed(step))
    gc.collect()
    for _ in range(1000):
        step()
    report("W8 peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def W7():
    x, y = filled((64, 1, 28, 28), 31), labels(64, 10, 32)
    first, second = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
    with torch.no_grad():
        first.weight.copy_(filled((16, 1, 3, 3), 33, -0.3, 0.3))
        second.weight.copy_(filled((32, 16, 3, 3), 34, -0.08, 0.08))
        first.bias.zero_()
        second.bias.zero_()
    net = nn.Sequential(
        first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), linear(1568, 10, 35)
    )
    step = training(net, None, lambda i: (x, y))
    report("W7 check", step().item())
    report("W7 check gradient", first.weight.grad.abs().sum().item())
    report("W7 both", 1e3 * timed(step))
    with torch.no_grad():
        report("W7 forward", 1e3 * timed(lambda: net(x)))


def W10():
    x, y = filled((128, 12), 41), labels(128, 12, 42)
    layers = [layer for i in range(8) for layer in (linear(12, 12, 50 + i), nn.BatchNorm1d(12), nn.ReLU())]
    net = nn.Sequential(*layers)
    step = training(net, torch.optim.SGD(net.parameters(), lr=0.05), lambda i: (x, y))
    report("W10 check", after(20, step))
    report("W10", 1e6 * timed(step))


def W11():
    """scikit-learn, for trees."""
    from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor

    n, d = 10_000, 20
    x = numbers(n * d, 61, 0, 1).reshape(n, d)
    a, b, c, e, f = x[:, :5].astype(np.float64).T
    y = 10 * np.sin(np.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * e + 5 * f + numbers(n, 62)

    def seconds(name, model, target):
        start = clock()
        model.fit(x, target)
        report(name, clock() - start)
        return model

    seconds("W11 forest", RandomForestRegressor(oob_score=True), y)
    seconds("W11 classes", RandomForestClassifier(oob_score=True), (y > 14).astype(int))
    said = seconds("W11 boosting", GradientBoostingRegressor(), y).predict(x)
    report("W11 check", float((said * (np.arange(n) % 7 + 1)).sum()))


if __name__ == "__main__":
    for workload in sys.argv[1:] or ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W10", "W11"]:
        globals()[workload]()
