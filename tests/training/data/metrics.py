"""Writes metrics.json: scores and targets by a seed, and what scikit-learn says of them.

pip install numpy scikit-learn; python tests/training/data/metrics.py
"""
import json
import pathlib

import numpy
import sklearn
from sklearn import metrics as m

rng = numpy.random.default_rng(27)


def scores(n, classes, skill):
    """Scores that are right more often than by chance; of the classes one never occurs and is never answered."""
    truth = rng.integers(0, classes, n)
    given = rng.normal(size=(n, classes)).round(3)
    given[numpy.arange(n), truth] += skill
    return truth, given


cases = []
for n, classes, skill in [(40, 3, 1.0), (57, 6, 0.5), (30, 2, 0.7)]:
    truth, given = scores(n, classes, skill)
    if classes == 6:
        # Class 5 is neither true nor answered; class 4 is answered, but never true.
        truth[truth == 5] = 0
        truth[truth == 4] = 1
        given[:, 5] = -9
    answer = given.argmax(1)
    expected = {
        "accuracy": m.accuracy_score(truth, answer),
        "confusion": m.confusion_matrix(truth, answer, labels=range(classes)).tolist(),
    }
    for average in ["macro", "micro", "weighted"] + (["binary"] if classes == 2 else []):
        options = {"average": average, "zero_division": 0}
        expected[f"f1 {average}"] = m.f1_score(truth, answer, **options)
        expected[f"precision {average}"] = m.precision_score(truth, answer, **options)
        expected[f"recall {average}"] = m.recall_score(truth, answer, **options)
    if classes > 2:
        for k in [2, 3][: classes - 2]:
            expected[f"topK {k}"] = m.top_k_accuracy_score(truth, given, k=k, labels=range(classes))
    cases.append({"scores": given.tolist(), "truth": truth.tolist(), "expected": expected})

binary = []
ones, probabilities = rng.integers(0, 2, 33), rng.uniform(size=33).round(3)
for threshold in [0.5, 0.2]:
    answer = (probabilities > threshold).astype(int)
    binary.append(
        {
            "threshold": threshold,
            "accuracy": m.accuracy_score(ones, answer),
            "f1": m.f1_score(ones, answer),
            "confusion": m.confusion_matrix(ones, answer).tolist(),
        }
    )

regression = []
for shape, offset in [((41,), 0), ((23, 3), 0), ((50,), 1e4)]:
    truth = (rng.normal(size=shape) + offset).round(4)
    output = (truth + rng.normal(size=shape) / 2).round(4)
    regression.append(
        {
            "output": output.tolist(),
            "truth": truth.tolist(),
            "mae": m.mean_absolute_error(truth, output),
            "mse": m.mean_squared_error(truth, output),
            "rmse": float(numpy.sqrt(m.mean_squared_error(truth.reshape(-1), output.reshape(-1)))),
            "r2": m.r2_score(truth, output),
        }
    )

file = pathlib.Path(__file__).with_suffix(".json")
made = {
    "sklearn": sklearn.__version__,
    "cases": cases,
    "binary": {"scores": probabilities.tolist(), "truth": ones.tolist(), "cases": binary},
    "regression": regression,
}
file.write_text(json.dumps(made) + "\n")
