"""What the symbols of TensorFlow 1 are in a program: what makes state, what is run, what only computes."""

from __future__ import annotations

import enum

from flake8_tf2.names.table import SymbolTable


class Role(enum.Enum):
    """What a call of a symbol makes."""

    HOST = "host"  # nothing of the graph
    TENSOR = "tensor"  # computed anew at each run
    PLACEHOLDER = "placeholder"
    VARIABLE = "variable"
    DROPOUT = "dropout"  # a layer without state
    LAYER = "layer"  # the result of a layer: state and a tensor
    MODULE = "module"  # an object with state that is called: a Keras layer, an RNN cell
    AVERAGES = "averages"  # an object with state that is applied: a moving average
    OPTIMIZER = "optimizer"
    WRAPPER = "wrapper"  # an object around others, without state of its own
    GRADIENTS = "gradients"
    OP = "op"  # something that is run for its effect
    NOTHING = "nothing"  # an op that has no effect in TF2: initializers
    SESSION = "session"
    SCOPE = "scope"  # a context that TF2 does not need
    VARIABLE_SCOPE = "variable scope"
    DEVICE = "device"
    ORDER = "order"  # control_dependencies
    DATASET = "dataset"
    ITERATOR = "iterator"
    SAVER = "saver"
    WRITER = "writer"
    SUMMARY = "summary"
    CONFIG = "config"
    GRAPH = "graph"
    VARIABLES = "variables"  # a list of variables that TF1 kept
    UNKNOWN = "unknown"  # the program is left


_ROLES: dict[Role, str] = {
    Role.PLACEHOLDER: "placeholder placeholder_with_default",
    Role.VARIABLE: """Variable get_variable train.get_or_create_global_step train.create_global_step
        train.get_global_step""",
    Role.LAYER: """layers.dense layers.conv1d layers.conv2d layers.conv3d layers.conv2d_transpose
        layers.conv3d_transpose
        layers.separable_conv2d layers.batch_normalization contrib.layers.fully_connected contrib.layers.conv2d
        contrib.layers.linear contrib.layers.batch_norm contrib.layers.conv2d_transpose""",
    Role.DROPOUT: "layers.dropout contrib.layers.dropout",
    Role.WRAPPER: """nn.rnn_cell.DropoutWrapper nn.rnn_cell.ResidualWrapper nn.rnn_cell.MultiRNNCell
        nn.rnn_cell.LSTMStateTuple""",
    Role.OPTIMIZER: """train.GradientDescentOptimizer train.MomentumOptimizer train.AdamOptimizer train.AdagradOptimizer
        train.AdadeltaOptimizer train.RMSPropOptimizer train.FtrlOptimizer train.AdagradDAOptimizer
        train.ProximalGradientDescentOptimizer train.ProximalAdagradOptimizer""",
    Role.GRADIENTS: "gradients",
    Role.TENSOR: "distributions.Normal",
    Role.AVERAGES: "train.ExponentialMovingAverage",
    Role.OP: "assign assign_add assign_sub group no_op Assert scatter_update scatter_add scatter_sub",
    Role.NOTHING: """global_variables_initializer initialize_all_variables local_variables_initializer
        tables_initializer
        initialize_local_variables variables_initializer initialize_variables initialize_all_tables
        keras.backend.set_session""",
    Role.SESSION: "Session InteractiveSession get_default_session keras.backend.get_session",
    Role.SCOPE: "name_scope Graph.as_default op_scope",
    Role.VARIABLE_SCOPE: "variable_scope",
    Role.DEVICE: "device",
    Role.ORDER: "control_dependencies",
    Role.SAVER: "train.Saver",
    Role.WRITER: "summary.FileWriter train.SummaryWriter summary.create_file_writer",
    Role.SUMMARY: """summary.scalar summary.histogram summary.image summary.audio summary.text summary.merge
        summary.merge_all""",
    Role.CONFIG: "ConfigProto GPUOptions OptimizerOptions GraphOptions RunOptions",
    Role.GRAPH: "Graph get_default_graph reset_default_graph",
    Role.VARIABLES: "trainable_variables global_variables all_variables get_collection local_variables",
}
#: Namespaces, and names, that have nothing to do with the graph.
_HOST = """keras.preprocessing contrib.keras.preprocessing contrib.keras.utils train.get_checkpoint_state
    train.checkpoint_exists Summary examples train.global_step io.TFRecordWriter
    contrib.training contrib.layers.l1_l2_regularizer gfile io.gfile logging flags app python_io test
    compat.as_str compat.as_bytes compat.as_text sysconfig errors resource_loader VERSION version TensorShape
    Dimension keras.datasets keras.utils keras.initializers keras.losses train.Example
    train.Features train.Feature train.Int64List train.FloatList train.BytesList set_random_seed
    random.set_seed random.set_random_seed train.latest_checkpoint random_normal_initializer
    keras.regularizers truncated_normal_initializer random_uniform_initializer constant_initializer
    zeros_initializer ones_initializer glorot_uniform_initializer glorot_normal_initializer
    variance_scaling_initializer orthogonal_initializer initializers contrib.layers.xavier_initializer
    contrib.layers.xavier_initializer_conv2d contrib.layers.variance_scaling_initializer
    contrib.layers.l2_regularizer contrib.layers.l1_regularizer as_dtype DType contrib.training.HParams
    TensorSpec config enable_eager_execution debugging.set_log_device_placement autograph AUTO_REUSE
    keras.optimizers.schedules GraphKeys get_variable_scope""".split()
#: Objects whose calls compute with state of their own.
_MODULES = "keras.layers. nn.rnn_cell. contrib.rnn. layers."
#: Classes, and an op, whose results are computed at each run.
_CAPITALS = {"SparseTensor", "IndexedSlices", "RaggedTensor", "TensorArray", "Print"}
#: What the converter has no way for: it says so at the place.
_UNKNOWN = """hessians sparse_placeholder sparse.placeholder make_template py_function train.start_queue_runners
    train.Coordinator train.import_meta_graph train.MonitoredTrainingSession train.MonitoredSession
    train.SingularMonitoredSession train.Supervisor train.Server train.ClusterSpec
    train.replica_device_setter train.string_input_producer train.batch train.shuffle_batch
    train.slice_input_producer train.range_input_producer train.input_producer estimator contrib.learn
    contrib.estimator contrib.slim.learning contrib.tpu FIFOQueue RandomShuffleQueue TextLineReader
    TFRecordReader WholeFileReader load_op_library import_graph_def map_defun
    metrics saved_model graph_util keras.models keras.Model keras.Sequential
    keras.estimator train.SyncReplicasOptimizer distribute nn.static_state_saving_rnn
    contrib.framework.arg_scope contrib.slim.arg_scope""".split()


class Roles:
    """Looks up the role of a symbol, by whatever name TF1 exports it."""

    def __init__(self, table: SymbolTable):
        self._table = table
        self._roles: dict[str, Role] = {}
        for role, names in _ROLES.items():
            for name in names.split():
                self._roles[table.canonical(f"tf.{name}")] = role
        self._prefixes = {f"tf.{name}": Role.HOST for name in _HOST} | {f"tf.{name}": Role.UNKNOWN for name in _UNKNOWN}
        for name in list(self._prefixes):
            self._prefixes.setdefault(table.canonical(name), self._prefixes[name])

    def of(self, symbol: str) -> Role:
        """The role of a call of a symbol in canonical spelling."""
        role = self._roles.get(symbol)
        if role is not None:
            return role
        name = symbol
        while name != "tf" and name:
            if name in self._prefixes:
                return self._prefixes[name]
            name = name.rpartition(".")[0]
        last = symbol.rpartition(".")[2]
        if symbol.startswith("tf.raw_ops."):
            return Role.TENSOR
        if symbol.startswith("tf.data."):
            return Role.DATASET
        if last[:1].isupper() and any(symbol.startswith(f"tf.{module}") for module in _MODULES.split()):
            return Role.MODULE
        if symbol.startswith("tf.keras."):
            return Role.TENSOR if last[:1].islower() else Role.UNKNOWN
        if last[:1].isupper():
            return Role.TENSOR if last in _CAPITALS else Role.UNKNOWN
        return Role.TENSOR
