"""Receivers: what the file shows of an object, and how sure that is."""

from __future__ import annotations

import pytest

from tests.names.places import last, uses

TF = "import tensorflow as tf\n"

#: Each last line calls a method; with the class whose method it is, and "?" where it is only likely.
RECEIVERS = [
    # sessions
    ("sess = tf.Session()\nsess.run(x)", "tf.Session.run"),
    ("sess = tf.InteractiveSession()\nsess.run(x)", "tf.InteractiveSession.run"),
    ("with tf.Session() as sess: sess.run(x)", "tf.Session.run"),
    ("with tf.Graph().as_default(), tf.Session() as sess:\n    sess.run(x)", "tf.Session.run"),
    ("with tf.train.MonitoredTrainingSession() as s:\n    s.run(x)", "tf.train.MonitoredSession.run"),
    ("sv = tf.train.Supervisor()\nwith sv.managed_session() as s:\n    s.run(x)", "tf.Session.run"),
    ("sess = tf.Session()\nwith sess.as_default() as s:\n    s.run(x)", "tf.Session.run"),
    ("tf.get_default_session().run(x)", "tf.Session.run"),
    ("from keras import backend as K\nK.get_session().run(x)", "tf.Session.run"),
    ("s = tf.Session() if a else tf.InteractiveSession()\ns.run(x)", "tf.Session.run"),
    ("s = a or tf.Session()\ns.run(x)", "tf.Session.run?"),
    ("Session = tf.Session\nSession().run(x)", "tf.Session.run"),
    ("s = getattr(tf, 'Session')()\ns.run(x)", "tf.Session.run"),
    # savers, writers, graphs, operations
    ("s = tf.train.Saver()\ns.save(a, b)", "tf.train.Saver.save"),
    ("s = tf.train.import_meta_graph(f)\ns.restore(a, b)", "tf.train.Saver.restore"),
    ("w = tf.summary.FileWriter(d)\nw.add_summary(s)", "tf.summary.FileWriter.add_summary"),
    ("with tf.Graph().as_default() as g:\n    g.get_tensor_by_name('a')", "tf.Graph.get_tensor_by_name"),
    ("tf.global_variables_initializer().run()", "tf.Operation.run"),
    ("op = tf.train.AdamOptimizer().minimize(x)\nop.run()", "tf.Operation.run"),
    # optimizers
    ("o = tf.train.AdamOptimizer()\no.minimize(x)", "tf.train.Optimizer.minimize"),
    ("tf.train.MomentumOptimizer(1, 2).apply_gradients(x)", "tf.train.Optimizer.apply_gradients"),
    ("o = tf.contrib.estimator.clip_gradients_by_norm(x, 3)\no.minimize(x)", "tf.train.Optimizer.minimize"),
    # data
    ("d = tf.data.Dataset.range(3).map(f).batch(2)\nd.make_one_shot_iterator()", "tf.data.Dataset.make_one_shot_iterator"),
    ("d = tf.data.TFRecordDataset(x).repeat()\nd.make_one_shot_iterator()", "tf.data.Dataset.make_one_shot_iterator"),
    ("i = tf.data.Dataset.range(3).make_initializable_iterator()\ni.get_next()", "tf.data.Iterator.get_next"),
    ("i = x.make_one_shot_iterator()\ni.get_next()", "tf.data.Iterator.get_next?"),
    ("i = tf.data.Iterator.from_structure(x)\ni.get_next()", "tf.data.Iterator.get_next"),
    # tensors and variables
    ("x = tf.placeholder(tf.float32)\nx.eval()", "tf.Tensor.eval"),
    ("x = tf.zeros(3)\ny = 1 - x * 2\ny.eval()", "tf.Tensor.eval"),
    ("x = tf.zeros(3)\n(-x[0]).eval()", "tf.Tensor.eval"),
    ("x = tf.zeros(3)\n(x < 3).eval()", "tf.Tensor.eval"),
    ("x += tf.zeros(3)\nx.eval()", "tf.Tensor.eval"),
    ("x, y = tf.split(z, 2)\ny.eval()", "tf.Tensor.eval"),
    ("a, *b = tf.split(z, 2)\na.eval()", "tf.Tensor.eval"),
    ("d = tf.layers.Dense(3)\nd(x).eval()", "tf.Tensor.eval"),
    ("tf.layers.dense(x, 3).eval()", "tf.Tensor.eval"),
    ("v = tf.Variable(3)\nv.eval()", "tf.Variable.eval"),
    ("v = tf.Variable(3)\nv.initialized_value().eval()", "tf.Tensor.eval"),
    ("v = tf.get_variable('v', [3])\nv.load(x)", "tf.Variable.load"),
    ("for v in tf.trainable_variables():\n    v.eval()", "tf.Variable.eval"),
    ("tf.global_variables()[0].eval()", "tf.Variable.eval"),
    ("c = tf.nn.rnn_cell.LSTMCell(3)\nc.zero_state(1, 2)", "tf.nn.rnn_cell.RNNCell.zero_state"),
    ("c = tf.contrib.rnn.GRUCell(3)\nc.zero_state(1, 2)", "tf.nn.rnn_cell.RNNCell.zero_state"),
    ("o, s = tf.nn.dynamic_rnn(c, x)\no.eval()", "tf.Tensor.eval"),
    # shapes
    ("s = tf.zeros(3).shape\ns[0].value", "tf.Dimension.value"),
    ("x = tf.zeros(3)\n[d.value for d in x.shape]", "tf.Dimension.value"),
    ("h, w = tf.zeros(3).get_shape()\nh.value", "tf.Dimension.value"),
    ("h, w = tf.zeros(3).get_shape()[1:3]\nw.value", "tf.Dimension.value"),
    ("s = tf.zeros(3).shape\nfor d in s.dims: d.value", "tf.Dimension.value"),
    ("s = tf.zeros(3).shape.with_rank(2)\ns[0].value", "tf.Dimension.value"),
    ("s = tf.zeros(3).shape\nfor i, d in enumerate(s): d.value", "tf.Dimension.value"),
    ("def f(x):\n    s = x.get_shape()\n    s[-1].value", "tf.Dimension.value?"),
    ("def f(x):\n    x.shape[-1].value", "tf.Dimension.value?"),
    # estimators
    ("e = tf.estimator.Estimator(f)\ne.train(g)", "tf.estimator.Estimator.train"),
    ("e = tf.estimator.DNNClassifier(f)\ne.predict(g)", "tf.estimator.Estimator.predict"),
    # functions of the file
    ("def get():\n    return tf.Session()\nget().run(x)", "tf.Session.run"),
    ("def get():\n    s = tf.get_default_session()\n    if s is None:\n        s = tf.InteractiveSession()\n    return s\n"
     "get().run(x)", "tf.Session.run"),
    ("def get(n):\n    return get(n - 1) if n else tf.Session()\nget(3).run(x)", "tf.Session.run"),
    ("def get() -> tf.Session:\n    return foo()\nget().run(x)", "tf.Session.run"),
    ("def get() -> 'tf.Session': ...\nget().run(x)", "tf.Session.run"),
    ("def get():\n    return tf.Session(), tf.train.Saver()\ns, v = get()\ns.run(v)", "tf.Session.run"),
    ("def get():\n    return tf.Session(), tf.train.Saver()\n(a, b), c = get(), 3\nb.save(s, a)", "tf.train.Saver.save"),
    ("@contextmanager\ndef get():\n    with tf.Session() as s:\n        yield s\nwith get() as s: s.run(x)", "tf.Session.run"),
    ("def get():\n    yield tf.Session(), 3\nfor s, n in get(): s.run(x)", "tf.Session.run"),
    ("s = None\ndef init():\n    global s\n    s = tf.Session()\ndef f(): s.run(x)", "tf.Session.run"),
    ("def f():\n    s = None\n    def g():\n        nonlocal s\n        s = tf.Session()\n    s.run(x)", "tf.Session.run"),
    # classes of the file
    ("class A:\n    def __init__(self): self.b()\n    def b(self): self.s = tf.Session()\n"
     "    def f(self): self.s.run(x)", "tf.Session.run"),
    ("class A:\n    s = None\n    def b(this): this.s = tf.Session()\nA().s.run(x)", "tf.Session.run"),
    ("class A:\n    def f(self):\n        with tf.Session() as self.s: pass\nclass B(A):\n    def g(self): self.s.run(x)",
     "tf.Session.run"),
    ("class A:\n    @property\n    def s(self): return tf.Session()\n    @s.setter\n    def s(self, v): pass\nA().s.run(x)",
     "tf.Session.run"),
    ("class A:\n    def __init__(self): self.s = tf.Session()\n    @classmethod\n    def new(cls): return cls()\nA.new().s.run(x)",
     "tf.Session.run"),
    ("class R:\n    def __init__(self): self.std = tf.get_variable('s')\nr = R()\nr.std.eval()", "tf.Variable.eval"),
    ("class R:\n    def __init__(self): self.std: tf.Variable = foo()\nr = R()\nr.std.eval()", "tf.Variable.eval"),
    ("class A(tf.train.AdamOptimizer):\n    def f(self): self.compute_gradients(x)", "tf.train.Optimizer.compute_gradients"),
    ("class A(tf.train.AdamOptimizer): pass\nclass B(A): pass\nB().minimize(x)", "tf.train.Optimizer.minimize"),
    ("class A(tf.train.AdamOptimizer):\n    def minimize(self, x): pass\nA().minimize(x)", "tf.train.Optimizer.minimize?"),
    ("class A(tf.train.AdamOptimizer):\n    def minimize(self, x): super().minimize(x)", "tf.train.Optimizer.minimize"),
    ("class A(tf.train.AdamOptimizer):\n    def minimize(self, x): super(A, self).minimize(x)", "tf.train.Optimizer.minimize"),
    ("class T(tf.test.TestCase):\n    def test(self):\n        with self.test_session() as s:\n            s.run(x)",
     "tf.Session.run"),
    ("class T(tf.test.TestCase):\n    def test(self):\n        with self.cached_session(use_gpu=True) as s:\n            s.run(x)",
     "tf.Session.run"),
    # containers
    ("ws = [tf.summary.FileWriter(a), tf.summary.FileWriter(b)]\nfor w in ws: w.add_summary(x)",
     "tf.summary.FileWriter.add_summary"),
    ("ws = [tf.summary.FileWriter(a) for a in b]\nfor w in ws: w.add_summary(x)", "tf.summary.FileWriter.add_summary"),
    ("ws = (tf.Session(), 3)\nws[0].run(x)", "tf.Session.run"),
    ("ws = [tf.Session() for a in b]\nfor i, (w, z) in enumerate(zip(ws, y)): w.run(x)", "tf.Session.run"),
    ("d = {'a': tf.Session(), 'b': 3}\nd['a'].run(x)", "tf.Session.run"),
    ("d = {a: tf.Session() for a in b}\nfor k, s in d.items(): s.run(x)", "tf.Session.run"),
    ("d = dict()\nd = {'a': tf.Session()}\n[s.run(x) for s in d.values()]", "tf.Session.run"),
    # annotations
    ("def f(s: tf.Session): s.run(x)", "tf.Session.run"),
    ("def f(s: 'tf.Session'): s.run(x)", "tf.Session.run"),
    ("def f(s: Optional['tf.Session'] = None): s.run(x)", "tf.Session.run"),
    ("def f(s: tf.Session | None): s.run(x)", "tf.Session.run"),
    ("def f(l: List[tf.Session]): l[0].run(x)", "tf.Session.run"),
    ("def f(d: Dict[str, tf.Tensor]): d['a'].eval()", "tf.Tensor.eval"),
    ("s: tf.Session\ns.run(x)", "tf.Session.run"),
    # likely ones, by name or call
    ("def f(sess): sess.run(x)", "tf.Session.run?"),
    ("def f(self): self._sess.run(x)", "tf.Session.run?"),
    ("def f(sess1): sess1.run(x)", "tf.Session.run?"),
    ("sess = U.make_session(3)\nsess.run(x)", "tf.Session.run?"),
    ("make_session().run(x)", "tf.Session.run?"),
    ("def f(m): m.run(x, feed_dict={})", "tf.Session.run?"),
    ("def f(saver): saver.restore(s, x)", "tf.train.Saver.restore?"),
    ("def f(w): w.add_summary(s)", "tf.summary.FileWriter.add_summary?"),
    ("def f(optimizer): optimizer.minimize(x)", "tf.train.Optimizer.minimize?"),
    ("def f(opt_d, optA): optA.minimize(x)", "tf.train.Optimizer.minimize?"),
    ("def f(o): o.compute_gradients(x)", "tf.train.Optimizer.compute_gradients?"),
    ("def f(x): x.eval(session=s)", "tf.Tensor.eval?"),
]  # fmt: skip


@pytest.mark.parametrize("source, symbol", RECEIVERS)
def test_receiver(source, symbol):
    cls = symbol.rpartition(".")[0]
    found = [r.partition(" -> ")[2] for r in last(TF + source)]
    assert [s for s in found if s.rpartition(".")[0] == cls and s.rstrip("?") != cls + ".get_shape"] == [symbol]
    method = symbol.rstrip("?").rpartition(".")[2]
    assert [s for s in found if s.rstrip("?").endswith(f".{method}")] == [symbol]


PLAIN = """
class Plain:
    def minimize(self): return self.compute_gradients(x, var_list=1)
    def compute_gradients(self, x): return self.run(feed_dict={})
    def run(self, **k): return self.get_shape()[0].value
    def get_shape(self): return [3]
    def eval(self, session): return self.eval(session=3)
    def save(self): pass
    def add_summary(self): pass
"""


@pytest.mark.parametrize("source", [
    PLAIN,
    PLAIN + "p = Plain()\np.minimize(global_step=3); p.compute_gradients(x); p.run(feed_dict={}); p.get_shape()\n",
    PLAIN + "sess = Plain()\nsess.run(x)\nsaver = Plain()\nsaver.save(x)\nwriter = Plain()\nwriter.add_summary(x)\n",
    PLAIN + "optimizer = Plain()\noptimizer.minimize(x)\n",
    "model.eval()\nmodel.train()\nmodel.run(x)\nmodel.save('a')\nmodel.load('b')\n",
    "from scipy import optimize\noptimize.minimize(f, x)\n",
    "subprocess.run(x)\nassess.run(x)\nlayer.build(x)\nwriter.close()\nnp.zeros(3).close()\nnp.zeros(3).name\n",
    "for k, v in {'sess': tf.constant(3)}.items(): k.run(x)\n",
    "class S(tf.Session):\n    def __init__(self): self.graph = 3\nS().graph\n",
    "x = 3\nx.eval()\n",
])  # fmt: skip
def test_other_objects_are_left_alone(source):
    assert [u for u in uses(TF + source) if u.split(" -> ")[0] not in ("tf.constant", "tf.Session")] == []


FLOW = [
    ("x = tf.zeros(3)\nx = foo()\nx.eval()", []),
    ("x = tf.zeros(3)\nif c:\n    x = foo()\nx.eval()", ["tf.Tensor.eval?"]),
    ("if c:\n    x = tf.zeros(3)\nelse:\n    x = foo()\nx.eval()", ["tf.Tensor.eval?"]),
    ("if c:\n    x = tf.zeros(3)\nelse:\n    x = tf.ones(3)\nx.eval()", ["tf.Tensor.eval"]),
    ("if c:\n    x = tf.zeros(3)\nelse:\n    x = tf.Variable(3)\nx.eval()", ["tf.Tensor.eval?", "tf.Variable.eval?"]),
    ("x = foo()\nwith tf.name_scope('a'):\n    x = tf.zeros(3)\nx.eval()", ["tf.Tensor.eval"]),
    ("x = None\nfor i in y:\n    if x is None:\n        x = tf.zeros(3)\n    x.eval()", ["tf.Tensor.eval"]),
    ("x = tf.zeros(3)\nwhile c:\n    for i in y: x.eval()\n    x = foo()", ["tf.Tensor.eval?"]),
    ("x = tf.zeros(3)\nwhile c:\n    x = tf.ones(3)\n    for i in y: x.eval()\n    x = foo()", ["tf.Tensor.eval"]),
    ("for i in y:\n    x = tf.zeros(3)\nelse:\n    x = foo()\nx.eval()", ["tf.Tensor.eval?"]),
    ("x = tf.zeros(3)\ndef f():\n    def g(): return lambda: x.eval()", ["tf.Tensor.eval"]),
    ("x = tf.zeros(3)\nclass A:\n    x.eval()\n    x = foo()", ["tf.Tensor.eval"]),
    ("x = tf.zeros(3)\nclass A:\n    x = foo()\n    x.eval()", []),
    ("x = tf.zeros(3)\nclass A:\n    x = foo()\n    def f(self): x.eval()", ["tf.Tensor.eval"]),
    ("x = tf.zeros(3)\ndel x\nx.eval()", []),
    ("x = tf.zeros(3)\n[x.eval() for x in y]", []),
    ("x = tf.zeros(3)\nx = x * 2; x.eval()", ["tf.Tensor.eval"]),
    ("try:\n    x = tf.zeros(3)\nexcept E:\n    x = foo()\nx.eval()", ["tf.Tensor.eval?"]),
    ("if a and (x := tf.zeros(3)):\n    x.eval()", ["tf.Tensor.eval"]),
    ("x = foo()\nif a:\n    y = (x := tf.zeros(3))\nx.eval()", ["tf.Tensor.eval?"]),
    ("x = x\nx.eval()", []),
    ("x = y\ny = x\nx.eval()", []),
    ("def f(): return f()\nf().eval()", []),
    ("class A(A): pass\nA().x.eval()", []),
]  # fmt: skip


@pytest.mark.parametrize("source, expected", FLOW)
def test_flow(source, expected):
    found = [u.partition(" -> ")[2] for u in uses(TF + source)]
    assert [s for s in found if s.rstrip("?").endswith(".eval")] == expected
