"""Skip-gram word vectors over a toy text, with a full softmax."""
import collections

import numpy as np
import tensorflow as tf

text = """the miller has a mill and the mill has a wheel the river turns the wheel
and the wheel turns the mill the baker buys flour from the miller and the miller buys
bread from the baker the river feeds the mill and the baker feeds the miller"""
words = text.split()

# Build the dictionary
counts = collections.Counter(words)
vocabulary = sorted(counts, key=lambda w: (-counts[w], w))
word2id = {w: i for i, w in enumerate(vocabulary)}
ids = [word2id[w] for w in words]
vocabulary_size = len(vocabulary)

window = 2
pairs = []
for i, center in enumerate(ids):
    for j in range(max(0, i - window), min(len(ids), i + window + 1)):
        if j != i:
            pairs.append((center, ids[j]))
pairs = np.array(pairs)
print("words:", vocabulary_size, "pairs:", len(pairs))

# Parameters
embedding_size = 8
batch_size = 32
num_steps = 20


embeddings = tf.Variable(tf.random.uniform([vocabulary_size, embedding_size], -1.0, 1.0))

softmax_w = tf.Variable(tf.random.truncated_normal([embedding_size, vocabulary_size], stddev=0.3))
softmax_b = tf.Variable(tf.zeros([vocabulary_size]))

optimizer = tf.keras.optimizers.SGD(1.0)


@tf.function(input_signature=[
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.int32),
])
def train_step(train_inputs, train_labels):
    with tf.GradientTape() as tape:
        embed = tf.nn.embedding_lookup(embeddings, train_inputs)
        logits = tf.matmul(embed, softmax_w) + softmax_b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            logits=logits, labels=train_labels))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function
def compute_normalized():
    # Cosine similarity between all words
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
    normalized = embeddings / norm
    return normalized


@tf.function(input_signature=[tf.TensorSpec([2], tf.int32)])
def compute_similarity(query):
    # Cosine similarity between all words
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
    normalized = embeddings / norm
    similarity = tf.matmul(tf.nn.embedding_lookup(normalized, query), normalized, transpose_b=True)
    return similarity


average_loss = 0
for step in range(1, num_steps + 1):
    start = (step * batch_size) % (len(pairs) - batch_size)
    batch = pairs[start:start + batch_size]
    loss_val = train_step(train_inputs=batch[:, 0], train_labels=batch[:, 1]).numpy()
    average_loss += loss_val
    if step % 5 == 0:
        print("Average loss at step", step, ": %.5f" % (average_loss / 5))
        average_loss = 0

sim = compute_similarity(query=[word2id["mill"], word2id["baker"]]).numpy()
for row, w in zip(sim, ["mill", "baker"]):
    nearest = (-row).argsort()[1:4]
    print("Nearest to %s:" % w, ", ".join("%s %.4f" % (vocabulary[k], row[k]) for k in nearest))
final_embeddings = compute_normalized().numpy()
print("sum %.5f" % final_embeddings.sum())
