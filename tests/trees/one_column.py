"""Writes data/one-column.json: how scikit-learn cuts 1500 tables of one column. Needs scikit-learn:

    python tests/trees/one_column.py

The tables are drawn by a small generator that one-column.test.ts repeats. A tree of one column is said by the number of rows on the left of
each cut, 0 for a leaf, from the root on, those on the left first.
"""

import json
import pathlib

import sklearn
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

state = 53


def draw(n):
    """A whole number from 0 to below n."""
    global state
    state = state * 48271 % 2147483647
    return state % n


def table():
    n = 3 + draw(40)
    spread = (4, 30, 1000, 4, 30, 1000, 8, 0)[draw(8)]
    # Close ones differ by 5e-8 or so, which scikit-learn does not tell apart.
    x = [draw(spread) / 8 if spread else draw(3) / 2 + draw(3) * 5e-8 for _ in range(n)]
    of_classes = draw(2) == 1
    levels = 2 + draw(3) if of_classes or draw(2) else 100003
    y = [draw(levels) if levels < 9 else draw(levels) / 1000 for _ in range(n)]
    kind = draw(4)
    weights = None if kind < 2 else [draw(3) if kind == 2 else max(0, draw(1000) - 300) / 700 for _ in range(n)]
    if weights and not any(weights):
        weights[0] = 1
    options = {"criterion": ("gini", "entropy")[draw(2)] if of_classes else "squared_error"}
    if draw(3) == 0:
        options["max_depth"] = 1 + draw(4)
    if draw(3) == 0:
        options["min_samples_leaf"] = 1 + draw(4)
    if draw(4) == 0:
        options["min_samples_split"] = 2 + draw(8)
    return x, y, weights, options, of_classes


def cuts():
    x, y, weights, options, of_classes = table()
    model = (DecisionTreeClassifier if of_classes else DecisionTreeRegressor)(random_state=0, **options)
    tree = model.fit([[value] for value in x], y, sample_weight=weights).tree_
    return [int(tree.n_node_samples[left]) if left >= 0 else 0 for left in tree.children_left]


result = {"scikit-learn": sklearn.__version__, "cuts": [cuts() for _ in range(1500)]}
(pathlib.Path(__file__).parent / "data" / "one-column.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
