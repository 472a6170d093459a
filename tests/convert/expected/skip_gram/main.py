import corpus
from word2vec import SkipGramModel

BATCH_SIZE = 8
NUM_TRAIN_STEPS = 12
SKIP_STEP = 4


def train_model(model, batch_gen, num_train_steps):
    total_loss = 0.0
    for index in range(num_train_steps):
        centers, targets = next(batch_gen)
        feed_dict = dict(center_words=centers, target_words=targets)
        loss_batch = model.train_step(**feed_dict).numpy()
        total_loss += loss_batch
        if (index + 1) % SKIP_STEP == 0:
            print('Average loss at step {}: {:5.4f}'.format(index, total_loss / SKIP_STEP))
            total_loss = 0.0
    final_embed_matrix = model.embed_matrix.numpy()
    print(final_embed_matrix[:2], model.global_step.numpy())


def main():
    model = SkipGramModel(len(corpus.VOCABULARY), 4, BATCH_SIZE, 3, 0.5)
    model.build_graph()
    train_model(model, corpus.batches(BATCH_SIZE), NUM_TRAIN_STEPS)


if __name__ == '__main__':
    main()
