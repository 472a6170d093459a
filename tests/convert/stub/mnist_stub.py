"""MNIST without its files: install() makes the tutorials' reader (TF1) and Keras' loader (TF1 and TF2) serve made-up digits.

The digits are the same in every process: 6,000 to train with, 1,000 to test, 28 x 28 pixels of uint8. With the reader's
validation_size of 5,000 that leaves 1,000 in `train`. The reader shuffles as the original did, with numpy's global generator, but does
not seed it anew from the system when nobody gave a seed. Runs on Python 3.7 and later, under TF 1.15 and TF 2.
"""
import collections
import importlib.abc
import importlib.machinery
import sys
import types

import numpy

TRAIN, TEST, CLASSES = 6000, 1000, 10
READER = "tensorflow.examples.tutorials.mnist.input_data"
PACKAGES = ("tensorflow.examples.tutorials", "tensorflow.examples.tutorials.mnist")
LOADERS = ("keras.src.datasets.mnist", "tensorflow_core.python.keras.datasets.mnist", "tensorflow.python.keras.datasets.mnist")

Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])


def digits():
    """(train images, train labels), (test images, test labels), as mnist.load_data returns them."""
    rng = numpy.random.RandomState(2718)
    shapes = numpy.zeros((CLASSES, 28, 28))
    for shape in shapes:  # four strokes in the middle, the rest is empty, as in the true digits
        for row, column in rng.randint(6, 17, (4, 2)):
            height, width = ((6, 2), (2, 6))[rng.randint(2)]
            shape[row:row + height, column:column + width] = 200
    labels = rng.randint(0, CLASSES, TRAIN + TEST).astype(numpy.uint8)
    images = shapes[labels]
    for shift in range(-2, 3):
        moved = rng.rand(len(images)) < 0.3
        images[moved] = numpy.roll(images[moved], (shift, rng.randint(-2, 3)), axis=(1, 2))
    images = images * rng.uniform(0.5, 1.2, images.shape) + (rng.rand(*images.shape) > 0.98) * 90
    images = images.astype(numpy.uint8)
    return (images[:TRAIN], labels[:TRAIN]), (images[TRAIN:], labels[TRAIN:])


def load_data(path="mnist.npz"):
    return digits()


class DataSet:
    def __init__(self, images, labels, dtype, reshape, seed):
        if seed is not None:
            numpy.random.seed(seed)
        if reshape:
            images = images.reshape(images.shape[0], -1)
        if getattr(dtype, "name", dtype) != "uint8":
            images = numpy.multiply(images.astype(numpy.float32), 1.0 / 255.0)
        self.images = images
        self.labels = labels
        self.num_examples = images.shape[0]
        self.epochs_completed = 0
        self._index = 0

    def _shuffle(self):
        order = numpy.arange(self.num_examples)
        numpy.random.shuffle(order)
        self.images, self.labels = self.images[order], self.labels[order]

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        start = self._index
        if self.epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self.num_examples:
            self._index = start + batch_size
            return self.images[start:self._index], self.labels[start:self._index]
        self.epochs_completed += 1
        images, labels = self.images[start:], self.labels[start:]
        if shuffle:
            self._shuffle()
        self._index = batch_size - len(images)
        return (numpy.concatenate((images, self.images[:self._index]), axis=0),
                numpy.concatenate((labels, self.labels[:self._index]), axis=0))


def read_data_sets(train_dir, fake_data=False, one_hot=False, dtype="float32", reshape=True, validation_size=5000, seed=None,
                   source_url=None):
    (train_x, train_y), (test_x, test_y) = digits()
    if one_hot:
        train_y, test_y = numpy.eye(CLASSES)[train_y], numpy.eye(CLASSES)[test_y]
    train_x, test_x = train_x[..., numpy.newaxis], test_x[..., numpy.newaxis]
    parts = ((train_x[validation_size:], train_y[validation_size:]), (train_x[:validation_size], train_y[:validation_size]),
             (test_x, test_y))
    return Datasets(*(DataSet(x, y, dtype, reshape, seed) for x, y in parts))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the reader's modules, and puts load_data into Keras' ones when they are imported."""

    def find_spec(self, name, path=None, target=None):
        if name in PACKAGES or name == READER:
            return importlib.machinery.ModuleSpec(name, self, is_package=name in PACKAGES)
        if name not in LOADERS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            module.load_data = load_data

        spec.loader.exec_module = exec_module
        return spec

    def create_module(self, spec):
        return types.ModuleType(spec.name)

    def exec_module(self, module):
        if module.__name__ == READER:
            module.read_data_sets = read_data_sets
        parent, _, name = module.__name__.rpartition(".")
        # TF 1.15 has each of its packages under two names, of which `import a.b.c as d` reads the second
        for package in (parent, parent.replace("tensorflow.", "tensorflow_core.", 1)):
            if package in sys.modules:
                setattr(sys.modules[package], name, module)


def install():
    for name, module in list(sys.modules.items()):
        if name.endswith("datasets.mnist") and "load_data" in vars(module):
            module.load_data = load_data
    sys.meta_path.insert(0, _Finder())
