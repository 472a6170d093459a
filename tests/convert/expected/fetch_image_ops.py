"""Images through the session: resize, crop, flip, colours, encoded and decoded."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(123)
image_np = rs.randint(0, 255, (10, 12, 3)).astype(np.uint8)


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_bilinear(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    batch = tf.expand_dims(image, 0)
    bilinear = tf.raw_ops.ResizeBilinear(images=batch, size=[5, 7])
    return bilinear


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_nearest(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    batch = tf.expand_dims(image, 0)
    nearest = tf.raw_ops.ResizeNearestNeighbor(images=batch, size=[15, 5])
    return nearest


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_corners(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    batch = tf.expand_dims(image, 0)
    corners = tf.raw_ops.ResizeBilinear(images=batch, size=[20, 20], align_corners=True)
    return corners


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_crop(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    crop = tf.image.resize_with_crop_or_pad(image, 8, 16)
    return crop


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_central(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    central = tf.image.central_crop(image, 0.5)
    return central


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_flip(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    flip = tf.image.flip_left_right(image)[:, 0]
    return flip


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_gray(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    gray = tf.image.rgb_to_grayscale(image)
    return gray


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_bright(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    bright = tf.image.adjust_brightness(image, 0.1)
    return bright


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_contrast(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    contrast = tf.image.adjust_contrast(image, 1.5)
    return contrast


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_standard(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    standard = tf.image.per_image_standardization(image)
    return standard


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_patches(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    batch = tf.expand_dims(image, 0)
    patches = tf.image.extract_patches(batch, [1, 3, 3, 1], [1, 3, 3, 1], [1, 1, 1, 1], 'VALID')
    return patches


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def run(raw):
    image = tf.image.convert_image_dtype(raw, tf.float32)
    batch = tf.expand_dims(image, 0)
    bilinear = tf.raw_ops.ResizeBilinear(images=batch, size=[5, 7])
    nearest = tf.raw_ops.ResizeNearestNeighbor(images=batch, size=[15, 5])
    corners = tf.raw_ops.ResizeBilinear(images=batch, size=[20, 20], align_corners=True)
    crop = tf.image.resize_with_crop_or_pad(image, 8, 16)
    central = tf.image.central_crop(image, 0.5)
    flip = tf.image.flip_left_right(image)[:, 0]
    gray = tf.image.rgb_to_grayscale(image)
    bright = tf.image.adjust_brightness(image, 0.1)
    contrast = tf.image.adjust_contrast(image, 1.5)
    standard = tf.image.per_image_standardization(image)
    patches = tf.image.extract_patches(batch, [1, 3, 3, 1], [1, 3, 3, 1], [1, 1, 1, 1], 'VALID')
    ops = [
        ('bilinear', bilinear),
        ('nearest', nearest),
        ('corners', corners),
        ('crop', crop),
        ('central', central),
        ('flip', flip),
        ('gray', gray),
        ('bright', bright),
        ('contrast', contrast),
        ('standard', standard),
        ('patches', patches),
    ]
    return [op for _, op in ops[:2]]


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def compute_decoded(raw):
    png = tf.image.encode_png(raw)
    decoded = tf.image.decode_png(png, channels=3)
    return decoded


v = compute_bilinear(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('bilinear', v.shape, v.mean(), v.std()))
v = compute_nearest(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('nearest', v.shape, v.mean(), v.std()))
v = compute_corners(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('corners', v.shape, v.mean(), v.std()))
v = compute_crop(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('crop', v.shape, v.mean(), v.std()))
v = compute_central(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('central', v.shape, v.mean(), v.std()))
v = compute_flip(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('flip', v.shape, v.mean(), v.std()))
v = compute_gray(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('gray', v.shape, v.mean(), v.std()))
v = compute_bright(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('bright', v.shape, v.mean(), v.std()))
v = compute_contrast(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('contrast', v.shape, v.mean(), v.std()))
v = compute_standard(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('standard', v.shape, v.mean(), v.std()))
v = compute_patches(raw=image_np).numpy()
print('%-9s %s mean %.6f std %.6f' % ('patches', v.shape, v.mean(), v.std()))
print('png', bool((compute_decoded(raw=image_np).numpy() == image_np).all()))
both = tf.nest.map_structure(lambda value: value.numpy(), run(raw=image_np[:6]))
print('both', [b.shape for b in both])
