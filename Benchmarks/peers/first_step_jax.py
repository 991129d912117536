"""From the start of the process to the end of the first training step of the lab's model, in JAX."""
import jax, jax.numpy as jnp, numpy as np, optax
r = np.random.default_rng(0); sizes = [784, 256, 128, 10]
p = [(jnp.array(r.normal(size=(i, o)) * .05, jnp.float32), jnp.zeros(o)) for i, o in zip(sizes, sizes[1:])]
opt = optax.adam(1e-3); st = opt.init(p)
def loss(p, x, y, key):
    for j, (w, b) in enumerate(p):
        x = x @ w + b
        if j < 2: key, k = jax.random.split(key); x = jnp.where(jax.random.bernoulli(k, .8, x.shape), jax.nn.relu(x) / .8, 0)
    return optax.softmax_cross_entropy_with_integer_labels(x, y).mean()
@jax.jit
def step(p, st, x, y, key): l, g = jax.value_and_grad(loss)(p, x, y, key); u, st = opt.update(g, st, p); return optax.apply_updates(p, u), st, l
p, st, l = step(p, st, jnp.array(r.normal(size=(128, 784)), jnp.float32), jnp.array(r.integers(10, size=128)), jax.random.PRNGKey(0)); print(float(l))
