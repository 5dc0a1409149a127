"""Writes data/scikit-learn.json: what scikit-learn makes of a small table. Needs scikit-learn and PyTorch:

    python tests/classic/trees/scikit_learn.py

Values are multiples of 1/1024, which scikit-learn's float32 holds as they are, and no two cuts of the trees below are equally
good: every tree is grown from eight seeds, which decide between equals, and must come out the same. Rows are drawn and columns
shuffled by PyTorch's generator, which gradlab's repeats.
"""

import json
import pathlib

import numpy as np
import sklearn
import torch
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

rng = np.random.default_rng(7)
n, d = 120, 5
X = rng.permuted(np.tile(np.arange(1024) / 1024, (d, 1)), axis=1)[:, :n].T.copy()
y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2 + 10 * X[:, 3] + rng.normal(size=n)
y = np.round(y * 1024) / 1024
labels = np.digitize(y, np.quantile(y, [0.33, 0.66])) * 2 + 3  # 3, 5, 7
pair = (y > np.median(y)).astype(int)
weights = np.where(rng.random(n) < 0.2, 0, rng.integers(1, 5000, size=n) / 1024)


def tree_of(fitted):
    t = fitted.tree_
    return {
        "feature": [int(f) if f >= 0 else -1 for f in t.feature],
        "threshold": [float(v) if f >= 0 else 0 for f, v in zip(t.feature, t.threshold)],
        "childrenLeft": t.children_left.tolist(),
        "childrenRight": t.children_right.tolist(),
        "value": t.value[:, 0, :].ravel().tolist(),
        "impurity": t.impurity.tolist(),
        "nNodeSamples": t.n_node_samples.tolist(),
        "weightedNNodeSamples": t.weighted_n_node_samples.tolist(),
    }


def same_for_all_seeds(make, fit):
    models = [fit(make(seed)) for seed in range(8)]
    trees = [tree_of(model) for model in models]
    for tree in trees:  # but for the last bits, which depend on the order of the rows
        same = tree["feature"] == trees[0]["feature"] and np.allclose(tree["threshold"], trees[0]["threshold"], atol=0)
        assert same, "two cuts are equally good"
    return models[0]


def tree(model, options, target, weight=None):
    fitted = same_for_all_seeds(
        lambda seed: model(random_state=seed, **options), lambda m: m.fit(X, target, sample_weight=weight)
    )
    return {
        **tree_of(fitted),
        "depth": int(fitted.get_depth()),
        "featureImportances": fitted.feature_importances_.tolist(),
        "predicted": fitted.predict(X).tolist(),
        "score": float(fitted.score(X, target)),
    }


def bag(options):
    """Bagging by hand: rows of torch.randint, counted as weights of scikit-learn's trees."""
    g = torch.Generator().manual_seed(3)
    said, sums, votes, samples = [], np.zeros(n), np.zeros(n), []
    for _ in range(25):
        rows = torch.randint(0, n, (n,), generator=g).numpy()
        times = np.bincount(rows, minlength=n)
        fitted = same_for_all_seeds(
            lambda seed: DecisionTreeRegressor(random_state=seed, **options),
            lambda m: m.fit(X, y, sample_weight=times),
        )
        out = times == 0
        said.append(fitted.predict(X))
        sums[out] += said[-1][out]
        votes += out
        samples.append(rows[:5].tolist())
    oob = sums / votes
    return {
        "predicted": np.mean(said, axis=0).tolist(),
        "oobPrediction": oob.tolist(),
        "oobScore": float(1 - ((y - oob) ** 2).sum() / ((y - y.mean()) ** 2).sum()),
        "firstRows": samples,
    }


def permutation(fitted):
    g = torch.Generator().manual_seed(11)
    whole = fitted.score(X, y)
    drops = []
    for j in range(d):
        row = []
        for _ in range(4):
            shuffled = X.copy()
            shuffled[:, j] = X[torch.randperm(n, generator=g).numpy(), j]
            row.append(float(whole - fitted.score(shuffled, y)))
        drops.append(row)
    return drops


def boosted(model, options, target, staged):
    models = [model(random_state=seed, **options).fit(X, target) for seed in range(8)]
    results = [list(getattr(fitted, staged)(X)) for fitted in models]
    assert all(np.allclose(result, results[0]) for result in results), "two cuts are equally good"
    fitted, stages = models[0], results[0]
    return {
        "featureImportances": fitted.feature_importances_.tolist(),
        "trainScore": fitted.train_score_.tolist(),
        "first": np.asarray(stages[0]).tolist(),
        "last": np.asarray(stages[-1]).tolist(),
    }


small = {"max_depth": 4, "min_samples_leaf": 5}
steps = {"n_estimators": 30, "max_depth": 2, "min_samples_leaf": 5}
result = {
    "scikit-learn": sklearn.__version__,
    "X": X.tolist(),
    "y": y.tolist(),
    "labels": labels.tolist(),
    "pair": pair.tolist(),
    "weights": weights.tolist(),
    "regressor": tree(DecisionTreeRegressor, small, y),
    "weighted": tree(DecisionTreeRegressor, small, y, weights),
    "gini": tree(DecisionTreeClassifier, small, labels, weights),
    "entropy": tree(DecisionTreeClassifier, {"criterion": "entropy", **small}, labels, weights),
    "stopped": tree(
        DecisionTreeRegressor, {"min_impurity_decrease": 0.4, "min_samples_split": 30}, y
    ),
    "bagging": bag(small),
    "permutation": permutation(DecisionTreeRegressor(random_state=0, **small).fit(X, y)),
    "squaredError": boosted(GradientBoostingRegressor, {"learning_rate": 0.3, **steps}, y, "staged_predict"),
    "absoluteError": boosted(
        GradientBoostingRegressor,
        {"loss": "absolute_error", "learning_rate": 0.3, **steps, "max_depth": 1, "n_estimators": 30},  # signs: two cuts would be equal
        y,
        "staged_predict",
    ),
    "pairLoss": boosted(GradientBoostingClassifier, steps, pair, "staged_predict_proba"),
    "labelLoss": boosted(GradientBoostingClassifier, steps, labels, "staged_predict_proba"),
}
folder = pathlib.Path(__file__).parent / "data"
(folder / "scikit-learn.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
