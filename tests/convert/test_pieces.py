"""The pieces against what TensorFlow 1.15.5 returned for the same cases."""

import json

import numpy as np
import pytest

from tests.convert import pieces as cases

tf = pytest.importorskip("tensorflow", minversion="2.0")

from flake8_tf2.convert.pieces import mnist, optimizers, rnn  # noqa: E402


def recorded(name):
    return json.loads((cases.GOLDEN / f"{name}.json").read_text("utf-8"))


def difference(got, wanted):
    """The largest difference of two arrays, as a part of what is wanted where that is above one."""
    got, wanted = np.asarray(got, np.float64), np.asarray(wanted, np.float64)
    assert got.shape == wanted.shape
    return float(np.max(np.abs(got - wanted) / np.maximum(1, np.abs(wanted)), initial=0))


@pytest.fixture(scope="module")
def worst_of():
    """The worst differences, by test; `pytest -s` shows them."""
    found = {}
    yield found
    print()
    for name, worst in sorted(found.items(), key=lambda item: item[1]):
        print(f"{worst:.1e} {name}")


OPTIMIZERS = recorded("optimizers")
RNNS = recorded("rnn")
MNIST = recorded("mnist")


@pytest.mark.parametrize("mode", ["eager", "function", "jit"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers(name, mode, worst_of):
    case, kind = name.split("/")
    if kind == "float64" and mode != "function":
        pytest.skip("one mode is enough for the casts")
    cls, arguments = cases.OPTIMIZERS[case]
    variable = tf.Variable(cases.start_of(kind), name="scope/w")
    global_step = tf.Variable(0, dtype=tf.int64)
    if cls == "AdagradDAOptimizer":
        arguments = dict(arguments, global_step=global_step)
    optimizer = getattr(optimizers, cls)(**arguments)

    def step(gradient, rows):
        if rows is not None:
            gradient = tf.IndexedSlices(gradient, rows)
        optimizer.apply_gradients([(gradient, variable), (None, global_step)], global_step)

    if mode != "eager":
        step = tf.function(step, jit_compile=mode == "jit")
    worst = 0.0
    for number, wanted in enumerate(OPTIMIZERS[name]):
        gradient, rows = cases.gradient_of(number, kind)
        step(tf.constant(gradient), None if rows is None else tf.constant(rows, tf.int64))
        got = {"scope/w": variable, **optimizer.slots}
        assert got.keys() == wanted.keys()
        assert all(v.name == k + ":0" for k, v in got.items())
        worst = max([worst, *(difference(got[key].numpy(), wanted[key]) for key in wanted)])
    worst_of[f"{name} {mode}"] = worst
    assert global_step.numpy() == cases.STEPS
    assert worst < 1e-6


def test_optimizers_know_variables_apart():
    """Also those of one name, and those of Keras layers; a slot is made at first use, inside a function as well."""
    one, two = tf.Variable([1.0], name="w"), tf.Variable([1.0], name="w")
    dense = tf.keras.layers.Dense(1, name="dense")
    dense.build([1, 1])
    optimizer = optimizers.MomentumOptimizer(1.0, 0.5)

    @tf.function
    def step(rate):
        optimizer.learning_rate.assign(rate)
        with tf.name_scope("scope"):
            optimizer.apply_gradients([([1.0], one), ([2.0], two), ([[4.0]], dense.kernel), (None, dense.bias)])

    step(1.0)
    step(2.0)
    assert list(optimizer.slots) == ["w/Momentum", "w_1/Momentum", "dense/kernel/Momentum"]
    assert [float(tf.squeeze(v)) for v in optimizer.slots.values()] == [1.5, 3.0, 6.0]
    assert [float(v[0]) for v in (one, two)] == [1 - 1 - 3, 1 - 2 - 6]


def test_optimizers_are_saved(tmp_path):
    def make():
        variable = tf.Variable([1.0], name="w")
        optimizer = optimizers.AdamOptimizer(0.5)
        return variable, optimizer, tf.train.Checkpoint(variable=variable, optimizer=optimizer)

    variable, optimizer, checkpoint = make()
    optimizer.apply_gradients([([1.0], variable)])
    path = checkpoint.write(str(tmp_path / "model"))
    optimizer.apply_gradients([([1.0], variable)])
    other, again, checkpoint = make()
    status = checkpoint.read(path)
    again.apply_gradients([([1.0], other)])  # makes the slots, and restores them first
    status.assert_consumed()
    assert other.numpy() == variable.numpy()


def test_no_gradient_at_all():
    with pytest.raises(ValueError, match="No gradients"):
        optimizers.AdamOptimizer().apply_gradients([(None, tf.Variable(1.0))])


@pytest.mark.parametrize("mode", ["eager", "function", "unknown shape", "jit"])
@pytest.mark.parametrize("name", RNNS)
def test_rnn(name, mode, worst_of):
    case, wanted = cases.RNNS[name], RNNS[name]
    if "dropout" in name and mode in ("eager", "jit"):
        pytest.skip("masks are the same only where one op draws all of them")
    cells = case["make"](rnn, tf)
    variables = []

    def compute(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs, state = case["run"](rnn, tf, cells, x)
            tensors = [outputs, *tf.nest.flatten(state)]
            loss = cases.loss_of(tf, [tf.ensure_shape(t, np.shape(w)) for t, w in zip(tensors, wanted["results"])])
        variables[:] = tape.watched_variables()
        return tensors, tape.gradient(loss, [x, *variables])

    x = tf.constant(cases.numbers(cases.BATCH, cases.TIME, cases.SIZE, seed=40))
    tf.random.set_seed(11)
    if mode == "eager":
        compute(x)
    else:
        known = not (mode == "unknown shape")
        signature = tf.TensorSpec(
            x.shape if known else [None, None if "static" not in name else cases.TIME, cases.SIZE]
        )
        compute = tf.function(compute, input_signature=[signature], jit_compile=mode == "jit")
        compute.get_concrete_function()
    for variable in variables:
        variable.assign(cases.weights_of(variable.name[:-2], variable.shape))
    tensors, gradients = compute(x)
    assert {v.name[:-2] for v in variables} | {"inputs"} == set(wanted["gradients"])
    worst = [difference(got, w) for got, w in zip(tensors, wanted["results"], strict=True)]
    for key, got in zip(["inputs", *(v.name[:-2] for v in variables)], gradients, strict=True):
        worst.append(difference(got, wanted["gradients"][key]))
    worst_of[f"{name} {mode}"] = max(worst)
    assert max(worst) < 2e-6


@pytest.mark.parametrize("name", MNIST)
def test_mnist(name, monkeypatch):
    monkeypatch.setattr(tf.keras.datasets.mnist, "load_data", cases.tiny_mnist)
    assert cases.read_mnist(mnist.read_data_sets, cases.READS[name]) == MNIST[name]


def test_mnist_has_no_fakes():
    with pytest.raises(ValueError, match="fake"):
        mnist.read_data_sets(fake_data=True)
