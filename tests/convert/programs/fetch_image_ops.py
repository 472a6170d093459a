"""Images through the session: resize, crop, flip, colours, encoded and decoded."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(123)
image_np = rs.randint(0, 255, (10, 12, 3)).astype(np.uint8)

raw = tf.placeholder(tf.uint8, [None, None, 3])
image = tf.image.convert_image_dtype(raw, tf.float32)
batch = tf.expand_dims(image, 0)

ops = [
    ('bilinear', tf.image.resize_bilinear(batch, [5, 7])),
    ('nearest', tf.image.resize_nearest_neighbor(batch, [15, 5])),
    ('corners', tf.image.resize_images(batch, [20, 20], align_corners=True)),
    ('crop', tf.image.resize_image_with_crop_or_pad(image, 8, 16)),
    ('central', tf.image.central_crop(image, 0.5)),
    ('flip', tf.image.flip_left_right(image)[:, 0]),
    ('gray', tf.image.rgb_to_grayscale(image)),
    ('bright', tf.image.adjust_brightness(image, 0.1)),
    ('contrast', tf.image.adjust_contrast(image, 1.5)),
    ('standard', tf.image.per_image_standardization(image)),
    ('patches', tf.extract_image_patches(batch, [1, 3, 3, 1], [1, 3, 3, 1], [1, 1, 1, 1], 'VALID')),
]
png = tf.image.encode_png(raw)
decoded = tf.image.decode_png(png, channels=3)

with tf.Session() as sess:
    for name, op in ops:
        v = sess.run(op, feed_dict={raw: image_np})
        print('%-9s %s mean %.6f std %.6f' % (name, v.shape, v.mean(), v.std()))
    print('png', bool((sess.run(decoded, {raw: image_np}) == image_np).all()))
    both = sess.run([op for _, op in ops[:2]], {raw: image_np[:6]})
    print('both', [b.shape for b in both])
