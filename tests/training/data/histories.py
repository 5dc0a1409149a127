"""Writes histories.json: three small nets with their first weights and data, and the histories that Keras 3 (torch backend, float64) trains.

pip install keras torch; python tests/training/data/histories.py
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"
import keras  # noqa: E402
import numpy  # noqa: E402

keras.config.set_floatx("float64")
rng = numpy.random.default_rng(29)


def data(n, width, classes=0):
    x = rng.normal(size=(n, width)).round(3)
    if classes:
        y = rng.integers(0, classes, n)
        x[numpy.arange(n), y] += 1.2
        return x.round(3), y
    y = (x @ rng.normal(size=(width, 1)) + 0.3 * rng.normal(size=(n, 1))).round(3)
    return x, y


def run(name, model, x, y, compiled, **options):
    # Weights of few digits, so that the file is small.
    model.set_weights([weight if weight.ndim == 1 else weight.round(3) for weight in model.get_weights()])
    first = [weight.tolist() for weight in model.get_weights()]
    model.compile(**compiled)
    rates = []
    note = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: rates.append(float(model.optimizer.learning_rate)))
    callbacks = [*options.pop("callbacks", []), note]
    history = model.fit(x, y, verbose=0, shuffle=False, callbacks=callbacks, **options).history
    history = {key: values for key, values in history.items() if key != "learning_rate"}
    last = [weight.tolist() for weight in model.get_weights()]
    evaluated = [float(value) for value in model.evaluate(x, y, verbose=0)]
    predicted = model.predict(x[:3], verbose=0).tolist()
    result = {"x": x.tolist(), "y": y.tolist(), "first": first, "last": last, "rates": rates}
    return name, {**result, "history": history, "evaluated": evaluated, "predicted": predicted}


layers = keras.layers
keras.utils.set_random_seed(29)

classifier = keras.Sequential(
    [layers.Input((5,)), layers.Dense(8, activation="tanh"), layers.Dense(3, activation="softmax")]
)
x, y = data(60, 5, classes=3)
one = run(
    "classifier",
    classifier,
    x,
    y,
    {"optimizer": keras.optimizers.Adam(0.01), "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
    epochs=6,
    batch_size=8,
    validation_split=0.25,
    class_weight={0: 1.0, 1: 3.0, 2: 0.5},
)

regression = keras.Sequential([layers.Input((4,)), layers.Dense(6, activation="relu"), layers.Dense(1)])
x, y = data(50, 4)
weights = rng.uniform(0.2, 2, 50).round(3)
two = run(
    "regression",
    regression,
    x,
    y,
    {
        "optimizer": keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True),
        "loss": "mse",
        "metrics": ["mae"],
    },
    epochs=40,
    batch_size=16,
    validation_split=0.2,
    sample_weight=weights,
    callbacks=[
        keras.callbacks.LearningRateScheduler(lambda epoch, _: 0.02 * 0.8**epoch),
        keras.callbacks.EarlyStopping(
            monitor="val_loss", patience=2, min_delta=0.002, restore_best_weights=True, start_from_epoch=1
        ),
    ],
)
two[1]["weights"] = weights.tolist()

convolution = keras.Sequential(
    [
        layers.Input((1, 6, 6)),
        layers.Conv2D(4, 3, data_format="channels_first"),
        layers.BatchNormalization(axis=1),
        layers.Activation("relu"),
        layers.MaxPooling2D(2, data_format="channels_first"),
        layers.Flatten(),
        layers.Dense(1, activation="sigmoid"),
    ]
)
images = rng.normal(size=(40, 1, 6, 6)).round(2)
y = rng.integers(0, 2, 40)
images[y == 1, :, 1:4, 1:4] += 0.7
three = run(
    "convolution",
    convolution,
    images.round(2),
    y.reshape(-1, 1),
    {
        "optimizer": keras.optimizers.RMSprop(0.01, momentum=0.5),
        "loss": "binary_crossentropy",
        "metrics": ["accuracy"],
    },
    epochs=5,
    batch_size=10,
    validation_split=0.3,
)

file = pathlib.Path(__file__).with_suffix(".json")
made = {"keras": keras.__version__, **dict([one, two, three])}
file.write_text(json.dumps(made) + "\n")
print({name: {key: values[-1] for key, values in case["history"].items()} for name, case in [one, two, three]})
print(len(two[1]["history"]["loss"]))
