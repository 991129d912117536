"""Writes transforms.json: what JAX gives for the transforms of functions (vjp, jvp, Jacobians ...).

    python3 generate_transforms.py   # needs numpy and jax; rewrites transforms.json beside this file

The format is that of cases.py. Everything is float64.
"""
import jax
import jax.numpy as jnp
import numpy as np

from cases import Cases

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(2025)
reference = Cases()
case = reference.add


def normal(*shape):
    """Random numbers with few digits: they keep the file small."""
    return np.round(rng.normal(0, 1, shape), 3)


# The functions are written down again in TransformValuesTests.swift.
def layer(x, w, b):
    return jax.nn.softmax(jnp.tanh(x @ w) + b)


def energy(x, w):
    return jax.nn.logsumexp(x @ w) + jnp.sum(jnp.sin(x) * x ** 3) / jnp.sum(w ** 2)


def tall(x):
    points = jnp.linspace(0, 2, 12)
    return jnp.exp(-points * x[0]) * jnp.cos(points * x[1])


x, w, b = normal(2, 3), normal(3, 4), normal(4)
g, tangents = normal(2, 4), [normal(2, 3), normal(3, 4), normal(4)]
for index, found in enumerate(jax.vjp(layer, x, w, b)[1](jnp.array(g))):
    case("vjp", [x, w, b, g], found, index)
case("jvp", [x, w, b, *tangents], jax.jvp(layer, (x, w, b), tuple(tangents))[1])
for index in range(3):
    case("jacobian", [x, w, b], jax.jacrev(layer, index)(x, w, b), index)
    case("jacobian", [x[:1], w[:, :1], b[:1]], jax.jacrev(layer, index)(x[:1], w[:, :1], b[:1]), index)

x, w = normal(3), normal(3, 2)
vectors = [normal(3), normal(3, 2)]
for i in range(2):
    product = 0
    for j in range(2):
        block = jax.jacfwd(jax.jacrev(energy, i), j)(x, w)
        case("hessian", [x, w], block, i, j)
        product = product + np.tensordot(block, vectors[j], vectors[j].ndim)
    case("hessianVectorProduct", [x, w, *vectors], product, i)

x = normal(2)
case("jacobian of 12 results for 2 inputs", [x], jax.jacfwd(tall)(x))
case("jacobian of a jacobian", [x], jax.jacfwd(jax.jacfwd(tall))(x))

w, b, x = normal(3, 4), normal(4), normal(5, 3)
t = np.array(jax.nn.softmax(normal(5, 4)))
loss = lambda w, b, x, t: -jnp.sum(t * jnp.log(layer(x, w, b)))
for index, found in enumerate(jax.vmap(jax.grad(loss, (0, 1)), (None, None, 0, 0))(w, b, x, t)):
    case("perExampleGradients", [w, b, x, t], found, index)

reference.write("transforms.json")
