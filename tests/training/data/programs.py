"""Writes programs.json: twelve programs with first weights and data, and the histories that Keras 3 (torch backend, float64) trains.

pip install keras torch; python tests/training/data/programs.py
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"
import keras  # noqa: E402
import numpy  # noqa: E402

keras.config.set_floatx("float64")
keras.utils.set_random_seed(53)
rng = numpy.random.default_rng(53)
layers, callbacks, optimizers, losses = keras.layers, keras.callbacks, keras.optimizers, keras.losses


def numbers(*shape):
    return rng.normal(size=shape).round(2)


def plane(n, width, noise=0.3):
    x = numbers(n, width)
    return x, (x @ numbers(width, 1) + noise * numbers(n, 1)).round(2)


def classes(n, width, count):
    x, y = numbers(n, width), rng.integers(0, count, n)
    x[numpy.arange(n), y] += 1.2
    return x.round(2), y


def dense(width, *units, last=None):
    hidden = [layers.Dense(unit, activation="tanh") for unit in units[:-1]]
    return [layers.Input((width,)), *hidden, layers.Dense(units[-1], activation=last)]


def program(name, parts, x, y, optimizer, loss, metrics=(), calls=(), **options):
    model = keras.Sequential(parts)
    model.set_weights([weight.round(3) for weight in model.get_weights()])
    first = [weight.tolist() for weight in model.get_weights()]
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    rates = []
    note = callbacks.LambdaCallback(on_epoch_end=lambda *_: rates.append(float(model.optimizer.learning_rate)))
    history = model.fit(x, y, verbose=0, shuffle=False, callbacks=[*calls, note], **options).history
    history = {key: values for key, values in history.items() if key != "learning_rate"}
    predicted = model.predict(x[:4], verbose=0).tolist()
    evaluated = [float(value) for value in numpy.atleast_1d(model.evaluate(x, y, verbose=0))]
    given = {"x": x.tolist(), "y": y.tolist(), "first": first}
    return name, {**given, "history": history, "rates": rates, "predicted": predicted, "evaluated": evaluated}


def one_hot(y, count):
    return numpy.eye(count)[y]


made = []
x, y = plane(30, 3)
made.append(program("gradient descent, rows left over", dense(3, 4, 1), x, y, optimizers.SGD(0.05), "mse", epochs=6, batch_size=8))

x, y = plane(16, 2)
reduce = callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1)
made.append(program("a rate too high, reduced at once", dense(2, 1), x, y, optimizers.SGD(1.6), "mse", calls=[reduce], epochs=9, batch_size=16))

x, y = plane(40, 3, 1)
reduce = callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=2, min_delta=0.02, cooldown=2, min_lr=0.01)
made.append(
    program(
        "reduced with a cooldown and a least rate", dense(3, 5, 1), x, y, optimizers.SGD(0.3, momentum=0.8), "mse", ["mae"],
        calls=[reduce], epochs=24, batch_size=10, validation_split=0.3,
    )
)

x, y = plane(30, 3)
made.append(
    program(
        "Adam with AMSGrad, each gradient clipped", dense(3, 4, 1), x, 5 * y,
        optimizers.Adam(0.02, amsgrad=True, clipnorm=0.5), "mae", epochs=8, batch_size=10,
    )
)

x, y = plane(30, 3)
made.append(
    program(
        "centered RMSprop, all gradients clipped", dense(3, 4, 1), x, 5 * y,
        optimizers.RMSprop(0.02, rho=0.8, centered=True, global_clipnorm=0.7), losses.Huber(), epochs=8, batch_size=10,
    )
)

x, y = classes(36, 4, 3)
made.append(
    program(
        "momentum, elements clipped, classes weighted", dense(4, 6, 3, last="softmax"), x, one_hot(y, 3),
        optimizers.SGD(0.1, momentum=0.9, clipvalue=0.02), "categorical_crossentropy", ["accuracy"],
        epochs=8, batch_size=9, class_weight={0: 1.0, 1: 2.0, 2: 0.5},
    )
)

x, y = plane(32, 4)
made.append(
    program(
        "AdamW and layer normalization",
        [layers.Input((4,)), layers.Dense(6), layers.LayerNormalization(), layers.Activation("relu"), layers.Dense(1)],
        x, y, optimizers.AdamW(0.01), "mse", epochs=8, batch_size=8, validation_split=0.25,
    )
)

x = numbers(24, 5, 2)
y = x[:, :, :1].sum(axis=1).round(2)
made.append(
    program(
        "LSTM", [layers.Input((5, 2)), layers.LSTM(4), layers.Dense(1)], x, y,
        optimizers.Adam(0.02), "mse", epochs=6, batch_size=8,
    )
)

x = numbers(24, 5, 2)
y = (x[:, :, 0].sum(axis=1) > 0).astype("int64")
made.append(
    program(
        "GRU", [layers.Input((5, 2)), layers.GRU(4), layers.Dense(2, activation="softmax")], x, y,
        optimizers.RMSprop(0.02), "sparse_categorical_crossentropy", ["accuracy"], epochs=6, batch_size=8,
    )
)

x = rng.integers(0, 7, (30, 4))
y = (x.sum(axis=1) > 12).astype("float64").reshape(-1, 1)
made.append(
    program(
        "embedded words, the best accuracy comes back",
        [layers.Input((4,), dtype="int32"), layers.Embedding(7, 3), layers.GlobalAveragePooling1D(), layers.Dense(1, activation="sigmoid")],
        x, y, optimizers.Adam(0.05), "binary_crossentropy", ["accuracy"],
        calls=[callbacks.EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True)],
        epochs=20, batch_size=6, validation_split=0.2,
    )
)

images = numbers(24, 1, 4, 4)
y = rng.integers(0, 2, 24)
images[y == 1, :, 1:3, 1:3] += 1
weights = rng.uniform(0.5, 1.5, 24).round(2)
first = dict(data_format="channels_first")
name, found = program(
    "convolutions there and back, rows weighted",
    [
        layers.Input((1, 4, 4)), layers.Conv2D(3, 3, padding="same", **first), layers.BatchNormalization(axis=1),
        layers.Activation("elu"), layers.AveragePooling2D(2, **first), layers.Conv2DTranspose(2, 2, strides=2, **first),
        layers.LeakyReLU(), layers.Flatten(), layers.Dense(1, activation="sigmoid"),
    ],
    images.round(2), y.reshape(-1, 1).astype("float64"), optimizers.SGD(0.05, momentum=0.5, nesterov=True), "binary_crossentropy",
    ["accuracy"], epochs=6, batch_size=7, validation_split=0.25, sample_weight=weights,
)
made.append((name, {**found, "weights": weights.tolist()}))

x, y = plane(30, 2, 1)
made.append(
    program(
        "stopped where nothing improves by enough", dense(2, 5, 1), x, y, optimizers.Adam(0.03), "mse", ["mae"],
        calls=[
            callbacks.EarlyStopping(monitor="val_mae", min_delta=0.03, patience=2, baseline=3, start_from_epoch=2, restore_best_weights=True)
        ],
        epochs=40, batch_size=8, validation_split=0.4,
    )
)

file = pathlib.Path(__file__).with_suffix(".json")
file.write_text(json.dumps({"keras": keras.__version__, **dict(made)}) + "\n")
for name, case in made:
    print(name, len(case["history"]["loss"]), {key: [round(v, 4) for v in values[-2:]] for key, values in case["history"].items()}, [round(r, 4) for r in case["rates"]])
