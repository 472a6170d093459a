import numpy as np

WORDS = "a rose is a rose is a rose and a thorn is a thorn not a rose".split()
VOCABULARY = sorted(set(WORDS))


def batches(batch_size, window=1):
    """Endless batches of a word and one beside it."""
    ids = [VOCABULARY.index(word) for word in WORDS]
    pairs = [(ids[i], ids[j]) for i in range(len(ids))
             for j in range(max(i - window, 0), min(i + window + 1, len(ids))) if i != j]
    at = 0
    while True:
        chosen = [pairs[(at + k) % len(pairs)] for k in range(batch_size)]
        at += batch_size
        center, target = np.array(chosen, np.int32).T
        yield center, target[:, np.newaxis]
