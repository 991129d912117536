"""The Python code of the article ComingFromJAX; the comments are what it prints."""
import jax
import jax.numpy as jnp
import numpy as np

x = jnp.array([[1.0, 2, 3], [4, 5, 6]])
print(x.shape, x.dtype, x[1, -1].item())  # (2, 3) float32 6.0
print(x[:, 1:].tolist(), x[x > 2].tolist())  # [[2.0, 3.0], [5.0, 6.0]] [3.0, 4.0, 5.0, 6.0]
y = x.at[0].set(0).at[1, 0].add(10)
print(y.tolist(), x.mean(1, keepdims=True).shape)  # [[0.0, 0.0, 0.0], [14.0, 5.0, 6.0]] (2, 1)

def f(v):
    return (jnp.sin(v) * v).sum()

v = jnp.array([1.0, 2.0])
value, slope = jax.value_and_grad(f)(v)
print(round(float(value), 4), [round(s, 4) for s in slope.tolist()])  # 2.6601 [1.3818, 0.077]
print(round(float(jax.grad(jax.grad(jnp.sin))(1.0)), 4))  # -0.8415
print(jax.hessian(f)(v).shape, jax.jacobian(jnp.sin)(v).shape)  # (2, 2) (2, 2)
primal, tangent = jax.jvp(jnp.sin, (v,), (jnp.ones(2),))
primal, pullback = jax.vjp(jnp.sin, v)
print([round(t, 4) for t in tangent.tolist()], len(pullback(jnp.ones(2))))  # [0.5403, -0.4161] 1

key = jax.random.key(1)
k1, k2, k3 = jax.random.split(key, 3)
points = jax.random.uniform(k1, (256, 2), minval=-1, maxval=1)
labels = (jnp.square(points).sum(1) < 0.5).astype(int)
params = {
    "w1": jax.random.normal(k2, (2, 16)) * 0.7, "b1": jnp.zeros(16),
    "w2": jax.random.normal(k3, (16, 2)) * 0.3, "b2": jnp.zeros(2),
}

def logits(p, x):
    return jnp.tanh(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]

@jax.jit
def step(p):
    def loss(p):
        rows = jax.nn.log_softmax(logits(p, points))
        return -rows[jnp.arange(256), labels].mean()

    return jax.tree.map(lambda a, g: a - 0.5 * g, p, jax.grad(loss)(p))

for _ in range(500):
    params = step(params)
print(bool((logits(params, points).argmax(1) == labels).mean() > 0.9))  # True

@jax.custom_vjp
def clipped(x):
    return x

clipped.defvjp(lambda x: (x, None), lambda _, g: (jnp.clip(g, -1, 1),))
print(jax.grad(lambda x: (clipped(x) ** 2).sum())(jnp.array([0.2, 3.0])).tolist())
# [0.4000000059604645, 1.0]

a, b = jax.random.split(jax.random.key(1))
print(bool((jax.random.normal(a, (3,)) == jax.random.normal(a, (3,))).all()))  # True

np.savez("network.npz", **params)
print(np.load("network.npz")["w1"].shape)  # (2, 16)

print(x[99, 0].item(), jax.grad(jnp.max)(jnp.array([1.0, 3, 3])).tolist())
# 4.0 [0.0, 0.5, 0.5]
