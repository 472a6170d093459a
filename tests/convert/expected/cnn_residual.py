"""A residual net: a list of blocks, strides, separable and depthwise convolutions, global pooling."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
import re


class State:
    """Variables and layers with TF1's names: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self.listed = []
        self._scopes, self._places = [], []
        self._counts, self._numbers = [{}], {}
        self._contexts = []
        self._rules = {}

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._scopes.append(name)
        # With a slash TensorFlow takes the name as it is: entered again, it would get a number.
        return self._enter(name, tf.name_scope(self._full("")))

    def label(self, name):
        """A context that tells apart what has no name of its own; it is no part of names."""
        self._scopes.append("")
        return self._enter(f"{name}:", contextlib.nullcontext())

    def _enter(self, place, context):
        self._places.append(place)
        self._counts.append({})
        self._contexts.append(context)
        context.__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._contexts.pop().__exit__(*error)
        self._scopes.pop()
        self._places.pop()
        self._counts.pop()

    def get(self, name, make, *inputs, **options):
        """What has this name; of a layer, what it makes of inputs."""
        return self._called(self._find(self._full(name), make), inputs, options)

    def new(self, name, make, *inputs, **options):
        """The next of this kind: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        made = self._find((*self._places, name, count), lambda: make(self._unique(name)))
        return self._called(made, inputs, options)

    def keep(self, *objects):
        """List variables, and those of layers and cells, that the program made itself."""
        self.listed += [o for o in tf.nest.flatten(objects) if not any(o is other for other in self.listed)]

    def variables(self, scope="", trainable=False):
        """All variables, or those that are trained, whose names begin with a scope, in the order of TF1."""
        found = {}
        for made in self.listed:
            for v in [made] if isinstance(made, tf.Variable) else made.variables:
                v = v if isinstance(v, tf.Variable) else v.value  # those of Keras hold one
                if re.match(scope or "", v.name) and (v.trainable or not trainable):
                    found[v.ref()] = v
        return list(found.values())

    def regularize(self, variable, regularizer):
        """Note that a variable has a regularizer; gives back the variable."""
        self._rules.setdefault(variable.ref(), (variable, regularizer))
        return variable

    def regularizers(self, scope=""):
        """The regularization losses of what was made below a scope, as functions."""
        found = dict(self._rules)
        for made in self.listed:
            for v in [] if isinstance(made, tf.Variable) else made.variables:
                if getattr(v, "regularizer", None) is not None:
                    found[v.value.ref()] = (v.value, v.regularizer)
        rules = [(v, rule) for v, rule in found.values() if rule is not None and re.match(scope or "", v.name)]
        return [functools.partial(rule, v) for v, rule in rules]

    def _full(self, name):
        return "/".join([*filter(None, self._scopes), name])

    def _find(self, key, make):
        if key not in self.made:
            with tf.init_scope():
                self.made[key] = make()
            self.listed += [m for m in [self.made[key]] if hasattr(m, "variables") or isinstance(m, tf.Variable)]
        return self.made[key]

    @staticmethod
    def _called(made, inputs, options):
        return made(*inputs, **options) if inputs else made

    def _unique(self, name):
        number = self._numbers.get(self._full(name), 0)
        self._numbers[self._full(name)] = number + 1
        return f"{name}_{number}" if number else name


state = State()


np.random.seed(73)
x_np = np.random.rand(24, 12, 12, 3).astype(np.float32)
y_np = np.random.randint(0, 3, 24)
for i in range(24):
    x_np[i, :, :, y_np[i]] += 0.3


def residual_block(x, out_channels, stride, name):
    in_channels = x.shape.as_list()[-1]
    with state.scope(name):
        with state.scope('a'):
            w = state.get('w', lambda: tf.Variable(tf.random_normal_initializer(stddev=np.sqrt(2.0 / 9 / out_channels))([3, 3, in_channels, out_channels]), name='w'))
            y = tf.nn.relu(tf.nn.conv2d(x, w, [1, stride, stride, 1], 'SAME'))
        with state.scope('b'):
            w = state.get('w', lambda: tf.Variable(tf.random_normal_initializer(stddev=np.sqrt(2.0 / 9 / out_channels))([3, 3, out_channels, out_channels]), name='w'))
            y = tf.nn.conv2d(y, w, [1, 1, 1, 1], 'SAME')
        if stride != 1:
            x = tf.nn.avg_pool(x, [1, stride, stride, 1], [1, stride, stride, 1], 'VALID')
        if in_channels != out_channels:
            extra = (out_channels - in_channels) // 2
            x = tf.pad(x, [[0, 0], [0, 0], [0, 0], [extra, out_channels - in_channels - extra]])
        return tf.nn.relu(x + y)


init = tf.keras.layers.Conv2D(4, 3, padding='same', name='init')
depth_w = tf.Variable(tf.keras.initializers.GlorotUniform()([3, 3, 8, 1]), name='depth_w')
net_layer = tf.keras.layers.SeparableConv2D(6, 3, padding='same', activation=tf.nn.relu6, name="separable_conv2d")
logits_layer = tf.keras.layers.Dense(3, name="dense")


@tf.function(input_signature=[tf.TensorSpec([None, 12, 12, 3], tf.float32)])
def build(images):
    net = init(images)
    state.keep(init)
    for i, (channels, stride) in enumerate([(4, 1), (8, 2), (8, 1)]):
        net = residual_block(net, channels, stride, 'block%d' % i)
    state.keep(depth_w)
    net = tf.nn.depthwise_conv2d(net, depth_w, strides=[1, 1, 1, 1], padding='SAME')
    net = net_layer(net)
    state.keep(net_layer)
    net = tf.nn.lrn(net, 2, bias=1.0, alpha=0.001, beta=0.75)
    pooled = tf.reduce_mean(net, [1, 2])
    logits = logits_layer(pooled)
    state.keep(logits_layer)


build.get_concrete_function()  # makes the variables of its layers and optimizer


def forward(images):
    net = init(images)
    for i, (channels, stride) in enumerate([(4, 1), (8, 2), (8, 1)]):
        net = residual_block(net, channels, stride, 'block%d' % i)
    net = tf.nn.depthwise_conv2d(net, depth_w, strides=[1, 1, 1, 1], padding='SAME')
    net = net_layer(net)
    net = tf.nn.lrn(net, 2, bias=1.0, alpha=0.001, beta=0.75)
    pooled = tf.reduce_mean(net, [1, 2])
    logits = logits_layer(pooled)
    return pooled, logits


@tf.function(input_signature=[tf.TensorSpec([None, 12, 12, 3], tf.float32)])
def compute_pooled_and_logits(images):
    pooled, logits = forward(images)
    return pooled, logits


trained_variables = state.variables(trainable=True)
costs = [tf.nn.l2_loss(v) for v in trained_variables if v.name.split(":")[0].find('w') > 0]
optimizer = tf.keras.optimizers.SGD(0.02, momentum=0.9)


@tf.function(input_signature=[
    tf.TensorSpec([None, 12, 12, 3], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step(images, labels):
    with tf.GradientTape() as tape:
        _, logits = forward(images)
        xent = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels))
        costs = [tf.nn.l2_loss(v) for v in trained_variables if v.name.split(":")[0].find('w') > 0]
        cost = xent + 1e-4 * tf.add_n(costs)
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return cost


for step in range(8):
    b = slice(step % 2 * 12, step % 2 * 12 + 12)
    c = train_step(images=x_np[b], labels=y_np[b]).numpy()
    if step % 3 == 0:
        print('step %d cost %.5f' % (step, c))
p, l = (value.numpy() for value in compute_pooled_and_logits(images=x_np))
print('pooled %.5f logits %.5f, %d weights' % (p.sum(), l.sum(), len(costs)))
