# k-means by hand: two assign ops in one update, fetched until nothing changes
import numpy as np
import tensorflow as tf

K = 4
N = 200
MAX_ITERS = 20

rng = np.random.RandomState(42)
means = np.array([[0, 0], [4, 1], [1, 5], [6, 6]], dtype=np.float32)
points_np = (means[rng.randint(0, K, N)] + rng.randn(N, 2)).astype(np.float32)

points = tf.Variable(points_np, trainable=False)
cluster_assignments = tf.Variable(tf.zeros([N], dtype=tf.int64))

# Begin with the first K points
centroids = tf.Variable(tf.slice(points.read_value(), [0, 0], [K, 2]))


def forward():
    # Replicate to N copies of each centroid and K copies of each point,
    # then subtract and sum the squared distances.
    rep_centroids = tf.reshape(tf.tile(centroids, [N, 1]), [N, K, 2])
    rep_points = tf.reshape(tf.tile(points, [1, K]), [N, K, 2])
    sum_squares = tf.reduce_sum(tf.square(rep_points - rep_centroids),
                                axis=2)
    return sum_squares


@tf.function
def run():
    sum_squares = forward()
    return tf.reduce_sum(tf.reduce_min(sum_squares, 1))


def bucket_mean(data, bucket_ids, num_buckets):
    total = tf.math.unsorted_segment_sum(data, bucket_ids, num_buckets)
    count = tf.math.unsorted_segment_sum(tf.ones_like(data), bucket_ids, num_buckets)
    return total / count


# Do not write to the assigned clusters variable until after
# computing whether the assignments have changed


@tf.function
def evaluate():
    sum_squares = forward()
    # Use argmin to select the lowest-distance point
    best_centroids = tf.argmin(sum_squares, 1)
    did_assignments_change = tf.reduce_any(tf.not_equal(best_centroids,
                                                        cluster_assignments))
    new_means = bucket_mean(points, best_centroids, K)
    do_updates = tf.group(
        centroids.assign(new_means),
        cluster_assignments.assign(best_centroids))
    return did_assignments_change


changed = True
iters = 0

while changed and iters < MAX_ITERS:
    iters += 1
    changed = evaluate().numpy()

centers, assignments = centroids.numpy(), cluster_assignments.numpy()
print("Converged:", not changed, "after", iters, "iterations")
for c in centers:
    print("%.4f %.4f" % tuple(c))
print("sizes", np.bincount(assignments, minlength=K).tolist())
print("inertia %.4f" % run().numpy())
