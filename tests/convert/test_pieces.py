"""The pieces against what TensorFlow 1.15.5 returned for the same cases."""

import json
import re

import numpy as np
import pytest

from tests.convert import pieces as cases

tf = pytest.importorskip("tensorflow", minversion="2.0")

from flake8_tf2.convert.pieces import mnist, optimizers, rnn, savers, seq2seq  # noqa: E402


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
LOSSES = recorded("sequence_loss")


def in_modes(names, eager, jit):
    """Every case in a function; some eagerly and by XLA, which take long."""
    modes = {"function": names, "eager": names & eager, "jit": names & jit}
    return [pytest.param(name, mode, id=f"{name}-{mode}") for mode, some in modes.items() for name in sorted(some)]


@pytest.mark.parametrize(
    ("name", "mode"),
    in_modes(
        OPTIMIZERS.keys(),
        eager={name for name in OPTIMIZERS if name.endswith("sparse")},
        jit={name for name in OPTIMIZERS if not name.endswith("float64")},
    ),
)
def test_optimizers(name, mode, worst_of):
    case, kind = name.split("/")
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

    optimizer.build([one])
    assert list(optimizer.slots) == ["w/Momentum"]
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


@pytest.mark.parametrize(
    "old, new",
    [
        ("AdamOptimizer(0.1)", "Adam(0.1, epsilon=1e-8)"),
        ("MomentumOptimizer(0.1, 0.9)", "SGD(0.1, momentum=0.9)"),
        ("AdadeltaOptimizer(0.5)", "Adadelta(0.5, epsilon=1e-8)"),
    ],
)
def test_checkpoints_of_tf1_are_restored_with_their_optimizers(old, new, tmp_path):
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(3)
        kernel = v1.get_variable("fc/kernel", [2, 1], use_resource=True)
        bias = v1.Variable([0.5], name="fc/bias", use_resource=True)
        loss = tf.reduce_sum(tf.square(tf.matmul([[1.0, 2.0]], kernel) + bias))
        train = eval(f"v1.train.{old}").minimize(loss)
        session.run(v1.global_variables_initializer())
        for _ in range(3):
            session.run(train)
        path = v1.train.Saver().save(session, str(tmp_path / "model"))
        expected = [session.run([train, loss])[1] for _ in range(4)]
    layer = tf.keras.layers.Dense(1, name="fc")
    layer.build((None, 2))
    optimizer = eval(f"tf.keras.optimizers.{new}")
    variables = [layer.kernel, layer.bias]
    optimizer.build(variables)
    savers.TrainingSaver(lambda: variables, [optimizer]).restore(path)
    found = []
    for _ in range(4):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(layer(tf.constant([[1.0, 2.0]]))))
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        found.append(loss.numpy())
    assert found == pytest.approx(expected, rel=1e-4)


class Read(dict):
    """Values by the keys of a checkpoint."""

    def get_variable_to_shape_map(self):
        return {key: np.shape(value) for key, value in self.items()}

    def get_tensor(self, key):
        return np.float32(self[key])


def taken(saver, values):
    """What a saver takes from a checkpoint with values, by name, and the keys."""
    named = saver.by_name()
    sources = saver.of_tf1(named, Read(values)).items()
    return {name: (keys, value(*map(Read(values).get_tensor, keys))) for name, (keys, value) in sources}


def counts(found):
    """What the optimizers have counted. Keras 3.3 gives two of them one name."""
    return [count for name, (_, count) in found.items() if re.search(r"/iteration(_\d+)?$", name)]


def adams(count, **options):
    """A variable with so many optimizers, and a saver of all."""
    variable = tf.Variable([1.0], name="w")
    found = [tf.keras.optimizers.Adam(0.1, epsilon=1e-8, **options) for _ in range(count)]
    for adam in found:
        adam.build([variable])
    return savers.TrainingSaver(lambda: [variable], found)


@pytest.mark.parametrize("beta1", [0.9, 0.5, 0.0])
@pytest.mark.parametrize("steps", [0, 1, 100, 5000])
def test_steps_of_adam(beta1, steps):
    powers = [np.float32(beta1), np.float32(0.999)]
    for _ in range(steps):
        powers = [powers[0] * np.float32(beta1), powers[1] * np.float32(0.999)]  # the first is lost some time
    values = {"w": [1.0], "w/Adam": [0.0], "w/Adam_1": [0.0], "beta1_power": powers[0], "beta2_power": powers[1]}
    found = taken(adams(1, beta_1=beta1), values)
    keys, count = next(value for name, value in found.items() if name.endswith("/iteration"))
    assert keys == ["beta1_power", "beta2_power"] and count == steps


def test_after_very_many_steps_both_powers_are_gone():
    steps = savers.TrainingSaver.steps((0.0, 0.0), tf.keras.optimizers.Adam())
    assert np.float32(0.999) ** np.float32(steps) < 1e-37


def test_optimizers_of_one_variable_have_slots_of_their_own():
    slots = ["w/Adam", "w/Adam_1", "w/Adam_2", "w/Adam_3"]
    values = {"w": [1.0], **{slot: [number] for number, slot in enumerate(slots)}}
    values |= {"beta1_power": 0.9, "beta2_power": 0.999, "beta1_power_1": 0.81, "beta2_power_1": 0.998001}
    found = taken(adams(2), values)
    assert [name for name in found if name.startswith("w/")] == slots
    assert [found[slot] for slot in slots] == [([slot], [number]) for number, slot in enumerate(slots)]
    assert counts(found) == [0, 1]


def test_slots_below_a_scope():
    values = {f"train/{name}": [0.5] for name in ("w/Adam", "w/Adam_1")}
    values |= {"w": [1.0], "train/beta1_power": 0.81, "train/beta2_power": 0.998001}
    found = taken(adams(1), values)
    assert [found[name][0] for name in ("w/Adam", "w/Adam_1")] == [["train/w/Adam"], ["train/w/Adam_1"]]
    assert counts(found) == [1]


def test_layers_of_contrib_had_other_names():
    layer = tf.keras.layers.Dense(1, name="fc")
    layer.build((None, 2))
    values = {"fc/weights": [[1.0], [2.0]], "fc/biases": [3.0]}
    found = taken(savers.Saver(lambda: layer.variables), values)
    assert {name: keys for name, (keys, _) in found.items()} == {"fc/kernel": ["fc/weights"], "fc/bias": ["fc/biases"]}


def test_whose_steps_are_counted_must_be_known():
    slots = {f"w/Adam{number}": [0.0] for number in ("", "_1", "_2", "_3")}
    values = {"w": [1.0], **slots, "a/beta1_power": 0.9, "a/beta2_power": 0.999}
    alike = {**values, "b/beta1_power": 0.9, "b/beta2_power": 0.999}
    assert counts(taken(adams(2), alike)) == [0, 0]
    with pytest.raises(ValueError, match="a/beta1_power and b/beta1_power is not known"):
        taken(adams(2), {**values, "b/beta1_power": 0.81, "b/beta2_power": 0.998001})


def test_no_gradient_at_all():
    with pytest.raises(ValueError, match="No gradients"):
        optimizers.AdamOptimizer().apply_gradients([(None, tf.Variable(1.0))])


@pytest.mark.parametrize(
    ("name", "mode"),
    # Without XLA the shapes are not known. Dropout: the masks are the same only where one op draws them all.
    in_modes(
        RNNS.keys(),
        eager={"basic_lstm_lengths", "from_state", "static_lengths", "bidirectional_lengths", "called"},
        jit={"basic_lstm_lengths", "basic_lstm_no_length", "lstm_all", "layers", "static_lengths", "bidirectional"},
    ),
)
def test_rnn(name, mode, worst_of):
    case, wanted = cases.RNNS[name], RNNS[name]
    modules = cases.Modules(rnn, seq2seq)
    cells = case["make"](modules, tf)
    variables = []

    def compute(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs, state = case["run"](modules, tf, cells, x)
            tensors = [outputs, *tf.nest.flatten(state)]
            loss = cases.loss_of(tf, tensors, [np.shape(w) for w in wanted["results"]])
        variables[:] = tape.watched_variables()
        return tensors, tape.gradient(loss, [x, *variables])

    x = tf.constant(cases.numbers(cases.BATCH, cases.TIME, cases.SIZE, seed=40))
    tf.random.set_seed(11)
    if mode == "eager":
        compute(x)
    else:
        time = cases.TIME if "static" in name else None
        signature = tf.TensorSpec(x.shape if mode == "jit" else [None, time, cases.SIZE])
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


def test_wrappers_may_be_made_in_the_function():
    """Only the innermost cells have variables: what is around them may take a keep_prob that is fed."""
    inner = [rnn.BasicLSTMCell(4), rnn.GRUCell(2)]

    @tf.function(input_signature=[tf.TensorSpec([None, None, 3]), tf.TensorSpec([])])
    def compute(x, keep_prob):
        layers = [rnn.DropoutWrapper(cell, output_keep_prob=keep_prob) for cell in inner]
        return rnn.dynamic_rnn(rnn.MultiRNNCell(layers), x, dtype=tf.float32)

    x = tf.constant(cases.numbers(2, 6, 3))
    outputs, state = compute(x, 1.0)
    assert isinstance(state[0], rnn.LSTMStateTuple)
    plain, _ = rnn.dynamic_rnn(rnn.MultiRNNCell(inner), x)
    assert difference(outputs, plain) < 1e-6
    dropped, _ = compute(x, 0.5)
    assert 0 < np.mean(dropped == 0) < 1
    assert np.any(compute(x, 0.5)[0] != dropped)  # drawn anew
    names = [f"rnn/multi_rnn_cell/{name}:0" for name in ("cell_0/basic_lstm_cell/kernel", "cell_1/gru_cell/gates/bias")]
    assert {v.name for cell in inner for v in cell.trainable_variables} > set(names)


def test_cells_can_be_built_before():
    cell = rnn.MultiRNNCell([rnn.LSTMCell(4, initializer=tf.ones_initializer())])
    cell.build(3, scope="rnn/multi_rnn_cell")
    kernel, bias = sorted(cell.trainable_variables, key=lambda v: -len(v.shape))
    assert kernel.name == "rnn/multi_rnn_cell/cell_0/lstm_cell/kernel:0"
    assert np.all(kernel.numpy() == 1) and np.all(bias.numpy() == 0)
    before = kernel.numpy()
    rnn.dynamic_rnn(cell, tf.zeros([1, 2, 3]))
    assert cell.trainable_variables and np.all(kernel.numpy() == before)


def test_one_mask_for_all_steps_is_refused():
    with pytest.raises(NotImplementedError):
        rnn.DropoutWrapper(rnn.GRUCell(2), 0.5, variational_recurrent=True, input_size=3, dtype=tf.float32)


@pytest.mark.parametrize("name", LOSSES)
def test_sequence_loss(name):
    logits, compute = cases.sequence_loss(seq2seq, tf, cases.LOSSES[name])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = compute()
    assert difference(loss, LOSSES[name][0]) < 1e-6
    assert difference(tape.gradient(loss, logits), LOSSES[name][1]) < 1e-6


def test_a_decoder_with_a_layer():
    """The layer is built before the loop, and gives what a projection of the cell's outputs gives."""
    cell, layer = rnn.GRUCell(4), tf.keras.layers.Dense(6)

    @tf.function
    def compute(x):
        helper = seq2seq.TrainingHelper(x, [3, 2])
        decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), layer)
        return seq2seq.dynamic_decode(decoder)[0]

    x = tf.constant(cases.numbers(2, 3, 3))
    outputs = compute(x)
    assert outputs.rnn_output.shape == (2, 3, 6)
    assert difference(outputs.rnn_output, layer(rnn.dynamic_rnn(cell, x)[0])) < 1e-6
    assert np.array_equal(outputs.sample_id, np.argmax(outputs.rnn_output, -1))
