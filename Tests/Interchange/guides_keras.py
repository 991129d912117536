"""The Python code of the article ComingFromKeras; the comments are what it prints."""
import numpy as np
import tensorflow as tf
import keras
from keras import ops

x = ops.convert_to_tensor([[1.0, 2, 3], [4, 5, 6]])
print(x.shape, x[1, -1].numpy(), ops.mean(x, axis=1).numpy().tolist())  # (2, 3) 6.0 [2.0, 5.0]
print(ops.concatenate([x, x], axis=0).shape, ops.expand_dims(x, 0).shape)  # (4, 3) (1, 2, 3)

w = tf.Variable([1.0, 2, 3])
with tf.GradientTape() as tape:
    value = ops.sum(ops.square(w))
print(tape.gradient(value, w).numpy().tolist())  # [2.0, 4.0, 6.0]

rng = np.random.default_rng(1)
points = rng.uniform(-1, 1, (512, 2)).astype("float32")
labels = (np.square(points).sum(1) < 0.5).astype("int64")

keras.utils.set_random_seed(1)
model = keras.Sequential([
    keras.layers.Input((2,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(2, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy",
    metrics=["accuracy"])
history = model.fit(
    points, labels, batch_size=32, epochs=20, validation_split=0.25, verbose=0,
    callbacks=[keras.callbacks.EarlyStopping(patience=20)])
print(sorted(history.history))  # ['accuracy', 'loss', 'val_accuracy', 'val_loss']
print(history.history["val_accuracy"][-1] > 0.85)  # True
print(model.predict(points[:4], verbose=0).shape)  # (4, 2)

class Scale(keras.layers.Layer):
    def build(self, shape):
        self.gain = self.add_weight(shape=(shape[-1],), initializer="ones", name="gain")

    def call(self, x, training=False):
        return x * self.gain * (2.0 if training else 1.0)

scale = Scale()
print(scale(x).numpy().sum(), scale(x, training=True).numpy().sum())  # 21.0 42.0

inner = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
sgd = keras.optimizers.SGD(0.1)
for _ in range(50):
    with tf.GradientTape() as tape:
        loss = ops.mean(ops.square(inner(points)[:, 0] - points[:, 0]))
    slopes = tape.gradient(loss, inner.trainable_variables)
    sgd.apply_gradients(zip(slopes, inner.trainable_variables))
print(float(loss) < 0.01)  # True

dense = keras.layers.Dense(2)
dense.build((None, 3))
dense.set_weights([np.array([[1, 2], [3, 4], [5, 6]], "float32"), np.array([0.5, -0.5], "float32")])
print(dense(x).numpy().tolist())  # [[22.5, 27.5], [49.5, 63.5]]
np.savez("dense.npz", kernel=dense.kernel, bias=dense.bias)

print(keras.layers.BatchNormalization().momentum, keras.layers.BatchNormalization().epsilon)
# 0.99 0.001
print(keras.optimizers.Adam().epsilon)  # 1e-07
