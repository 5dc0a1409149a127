"""Writes data/optuna.npz: what Optuna 5.0.0 suggests, trial by trial, for tests/tuner/optuna.test.ts, and data/quantiles.json: how good its
best of 100 trials is. By hand, in an environment with optuna 5.0.0 and numpy 2:

    NPY_DISABLE_CPU_FEATURES="X86_V4" python tests/tuner/make.py                   # suggestions, a minute, with AVX2
    NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4" python tests/tuner/make.py portable   # data/optuna-portable.npz
    NPY_DISABLE_CPU_FEATURES="X86_V4" python tests/tuner/make.py quantiles         # minutes

What comes first among equal numbers depends on NumPy's sort, and with it what TPE suggests for whole numbers: with AVX2 NumPy sorts by
vectors, without it by its portable quicksort. data/argsort.json has hashes of both orders.
"""

import json
import math
import os
import pathlib
import sys
import warnings

import numpy as np
import optuna

data = pathlib.Path(__file__).parent / "data"
optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
assert optuna.__version__ == "5.0.0"
isPortable = sys.argv[1:] == ["portable"]
assert os.environ.get("NPY_DISABLE_CPU_FEATURES") == ("X86_V3 X86_V4" if isPortable else "X86_V4"), "see above"

A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = 1e-4 * np.array(
    [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]
)
choices = {"act": ["relu", "tanh", "sigmoid"], "optimizer": ["sgd", "adam"], "size": [16, 32, 64]}


def sphere(t):
    return sum(t.suggest_float(f"x{i}", -5, 5) ** 2 for i in range(5))


def branin(t):
    x, y = t.suggest_float("x", -5, 10), t.suggest_float("y", 0, 15)
    return (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann(t):
    x = np.array([t.suggest_float(f"x{i}", 0, 1) for i in range(6)])
    return -float(np.array([1, 1.2, 3, 3.2]) @ np.exp(-(A * (x - P) ** 2).sum(1)))


def mixed(t):
    rate = t.suggest_float("rate", 1e-5, 1, log=True)
    width = t.suggest_int("width", 4, 128)
    act = t.suggest_categorical("act", choices["act"])
    return (math.log10(rate) + 2) ** 2 / 4 + ((width - 48) / 48) ** 2 + {"relu": 0, "tanh": 0.1, "sigmoid": 0.4}[act]


def conditional(t):
    rate = t.suggest_float("rate", 1e-4, 1, log=True)
    optimizer = t.suggest_categorical("optimizer", choices["optimizer"])
    if optimizer == "sgd":
        return (math.log10(rate) + 1) ** 2 + (t.suggest_float("momentum", 0, 0.99) - 0.9) ** 2
    return (math.log10(rate) + 3) ** 2 + abs(t.suggest_float("beta", 0.9, 0.9999) - 0.999) + 0.1 * t.suggest_int("warmup", 0, 5)


def steps(t):
    layers = t.suggest_int("layers", 1, 300, log=True)
    drop = t.suggest_float("drop", 0, 0.9, step=0.1)
    units = t.suggest_int("units", 8, 512, step=8)
    size = t.suggest_categorical("size", choices["size"])
    only = t.suggest_int("only", 3, 3)
    return abs(math.log(layers) - 2) + (drop - 0.3) ** 2 + abs(units - 200) / 100 + abs(size - 32) / 64 + 0 * only


functions = {f.__name__: f for f in (sphere, branin, hartmann, mixed, conditional, steps)}
names = {
    "sphere": [f"x{i}" for i in range(5)],
    "branin": ["x", "y"],
    "hartmann": [f"x{i}" for i in range(6)],
    "mixed": ["rate", "width", "act"],
    "conditional": ["rate", "optimizer", "momentum", "beta", "warmup"],
    "steps": ["layers", "drop", "units", "size", "only"],
}
samplers = {
    "multivariate": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "univariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False),
    "group": lambda seed: optuna.samplers.TPESampler(seed=seed, group=True),
    "spare": lambda seed: optuna.samplers.TPESampler(seed=seed, n_startup_trials=4, n_ei_candidates=7, constant_liar=False),
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}


def row(name, trial):
    """Parameters as numbers: of a choice its place, NaN for what a trial lacks."""
    values = [trial.params.get(one) for one in names[name]]
    return [math.nan if v is None else float(choices[n].index(v)) if n in choices else float(v) for n, v in zip(names[name], values)]


def plain(name, sampler, seed, trials):
    study = optuna.create_study(sampler=samplers[sampler](seed))
    study.optimize(functions[name], n_trials=trials)
    return study


def crowded(name, sampler, seed, trials):
    """Four trials at once, told in another order than asked, maximized, some failed, pruned or infeasible: as the test does."""
    study = optuna.create_study(direction="maximize", sampler=samplers[sampler](seed))
    running = []

    def tell():
        trial, value = running.pop(-1 if len(study.trials) % 3 == 0 else 0)
        n = trial.number
        if n % 8 == 3:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        elif n % 5 == 2:
            for step in range(n % 4):
                trial.report(value + n % 3 - step, step)
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            if n % 7 == 5:
                trial.set_constraint("memory", 1 / n)
                trial.set_constraint("time", -1.0)
            study.tell(trial, value)

    for _ in range(trials):
        if len(running) == 4:
            tell()
        trial = study.ask()
        running.append((trial, -functions[name](trial)))
    return study


medians = [{}, {"n_startup_trials": 2, "n_warmup_steps": 3, "interval_steps": 3}, {"n_startup_trials": 0, "n_min_trials": 4}]


def stops(options, direction):
    """At which step the median pruner stops each of 60 trials of up to ten steps, -1 where it does not; each third reports every other step."""
    study = optuna.create_study(direction=direction, sampler=optuna.samplers.RandomSampler(seed=0), pruner=optuna.pruners.MedianPruner(**options))
    found = []
    for n in range(60):
        trial = study.ask()
        stop = -1
        for step in range(0, 10, 2 if n % 3 == 0 else 1):
            value = (n * 7919 % 101) / 101 + (n * 31 + step * 17) % 13 / 13 / (step + 1)
            trial.report(value, step)
            if trial.should_prune():
                stop = step
                break
        if stop < 0:
            study.tell(trial, value)
        else:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        found.append(stop)
    return found


if sys.argv[1:] == ["quantiles"]:
    table = {}
    for name in ("sphere", "branin", "hartmann", "mixed"):
        for sampler in ("random", "multivariate", "univariate"):
            best = sorted(plain(name, sampler, seed, 100).best_value for seed in range(15))
            table[f"{name}/{sampler}"] = {"median": float(np.median(best)), "90 %": float(np.quantile(best, 0.9))}
            print(name, sampler, table[f"{name}/{sampler}"], flush=True)
    (data / "quantiles.json").write_text(json.dumps(table, indent=2) + "\n")
else:
    arrays = {}
    for seed in range(5):
        for name in ("sphere", "branin", "hartmann", "mixed"):
            for sampler in ("multivariate", "univariate"):
                arrays[f"plain/{name}/{sampler}/{seed}"] = plain, 60
    for name in ("mixed", "steps", "conditional"):
        arrays[f"plain/{name}/random/7"] = plain, 60
    for name, sampler in (("conditional", "multivariate"), ("conditional", "univariate"), ("conditional", "group"), ("steps", "multivariate"), ("steps", "univariate")):
        for seed in (1, 2):
            arrays[f"plain/{name}/{sampler}/{seed}"] = plain, 60
            if sampler != "group":
                arrays[f"crowded/{name}/{sampler}/{seed}"] = crowded, 60
    for name in ("mixed", "steps"):
        arrays[f"crowded/{name}/spare/3"] = crowded, 60
    arrays["plain/steps/multivariate/300"] = plain, 300
    # More than 256 numbers are parted by vectors before they are sorted.
    arrays["plain/steps/univariate/301"] = plain, 340
    found = {}
    for key, (way, trials) in arrays.items():
        _, name, sampler, seed = key.split("/")
        if isPortable and (sampler == "random" or name not in ("mixed", "steps", "conditional")):
            continue
        found[key] = np.array([row(name, t) for t in way(name, sampler, int(seed), trials).trials])
    if not isPortable:
        found |= {f"median/{i}/{way}": np.array(stops(options, way)) for i, options in enumerate(medians) for way in ("minimize", "maximize")}
    file = data / ("optuna-portable.npz" if isPortable else "optuna.npz")
    np.savez_compressed(file, **found)
    orders = data / "argsort.json"
    hashes = json.loads(orders.read_text()) if orders.exists() else {}
    hashes["portable" if isPortable else "vector"] = {}
    for n in (2, 3, 5, 16, 17, 64, 100, 200, 256, 257, 258, 260, 272, 300, 513, 700, 1000, 1500, 3000):
        for m in (2, 5, 11, 50, 1000):
            order = 0
            for k in np.argsort(np.array([(i * i * 7919 + i * n) % (10 * m + 7) % m for i in range(n)], float)):
                order = (order ^ int(k)) * 16777619 & 0xFFFFFFFF
            hashes["portable" if isPortable else "vector"][f"{n}/{m}"] = order
    orders.write_text(json.dumps(hashes) + "\n")
    print(len(found), "arrays,", file.stat().st_size, "bytes")
