"""Writes linear_algebra.json: what NumPy, SciPy and PyTorch give for linear algebra and products.

    python3 generate_linear_algebra.py    # needs numpy, scipy and torch; rewrites the file beside it

The form is that of cases.py. Where signs are free (eigenvectors, singular vectors)
the file holds absolute values. Results for float32 are computed in float64 and rounded.
"""
import numpy as np
import scipy.linalg
import torch

from cases import Cases

rng = np.random.default_rng(7)
reference = Cases()


def normal(*shape):
    return np.round(rng.normal(0, 1, shape), 2)


def case(op, inputs, output, *arguments, single=True):
    inputs = inputs if isinstance(inputs, list) else [inputs]
    inputs = [np.asarray(x) for x in inputs]
    reference.add(op, inputs, output, *arguments)
    if single:
        # Inputs have few digits, so their float32 values are close to, but not, the float64 ones.
        inputs = [x.astype(np.float32) if x.dtype == np.float64 else x for x in inputs]
        output = np.asarray(output)
        output = output.astype(np.float32) if output.dtype == np.float64 else output
        reference.add(op, inputs, output, *arguments)


def t(x):
    return torch.tensor(x)


def upperlower(x):
    return np.swapaxes(x, -2, -1)


shapes = [(3, 3), (1, 1), (2, 4, 4), (2, 1, 2, 2)]
empty = [(0, 0), (2, 0, 0), (0, 3, 3)]

# Factors.
for shape in shapes + empty:
    x = normal(*shape)
    a = x @ upperlower(x) + np.eye(shape[-1])
    single = shape != (2, 4, 4)
    case("cholesky", a, np.linalg.cholesky(a), 0, single=single)
    case("cholesky", a, upperlower(np.linalg.cholesky(a)), 1, single=single)
    values, vectors = np.linalg.eigh(a)
    case("eighValues", a, values, single=single)
    case("eighVectors", a, np.abs(vectors), single=single)
    case("eigenvaluesSymmetric", a, values, single=single)
case("cholesky", np.array([[4.0, 99], [2, 5]]), np.array([[2.0, 0], [1, 2]]), 0)
case("cholesky", np.array([[4.0, 2], [99, 5]]), np.array([[2.0, 1], [0, 2]]), 1)
case("eighValues", np.array([[2.0, 99], [1, 2]]), np.array([1.0, 3]))

for shape in [(3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1), (0, 0), (3, 0), (0, 3), (0, 2, 2), (2, 0, 3)]:
    a = normal(*shape)
    p, l, u = (x.numpy() for x in torch.linalg.lu(t(a)))
    case("luP", a, p)
    case("luL", a, l)
    case("luU", a, u)
    q, r = (x.numpy() for x in torch.linalg.qr(t(a)))
    case("qrQ", a, q, 0)
    case("qrR", a, r, 0)
    case("qrR", a, torch.linalg.qr(t(a), mode="complete")[1].numpy(), 1)
    # Additional columns are free up to rotation: compare their projection.
    q = torch.linalg.qr(t(a), mode="complete")[0].numpy()
    k = min(a.shape[-2:])
    case("qrOthers", a, q[..., k:] @ upperlower(q[..., k:]))
    u, s, vh = (x.numpy() for x in torch.linalg.svd(t(a), full_matrices=False))
    case("singularValues", a, s)
    case("svdU", a, np.abs(u))
    case("svdV", a, np.abs(vh))
    u, s, vh = (x.numpy() for x in torch.linalg.svd(t(a)))
    case("svdOthersU", a, u[..., k:] @ upperlower(u[..., k:]))
    case("svdOthersV", a, upperlower(vh[..., k:, :]) @ vh[..., k:, :])
    case("pseudoInverse", a, np.linalg.pinv(a))
    if a.size:
        case("matrixRank", a, np.int64(np.linalg.matrix_rank(a)))
        for index, kind in enumerate(["fro", "nuc", 2, 1, np.inf]):
            case("matrixNorm", a, np.linalg.norm(a, kind, axis=(-2, -1)), index)
            if kind == 2 or a.shape[-1] == a.shape[-2]:
                case("conditionNumber", a, np.linalg.cond(a, kind), index)
    case("trace", a, np.trace(a, axis1=-2, axis2=-1))
case("trace", np.arange(12).reshape(2, 2, 3), np.array([4, 16]))
case("trace", np.arange(6, dtype=np.uint8).reshape(2, 3), np.int64(4))
flat = np.outer([1.0, 2, 3], [1.0, -1])
case("pseudoInverse", flat, np.linalg.pinv(flat))
case("matrixRank", flat, np.int64(1))
case("matrixRank", np.zeros((2, 3, 3)), np.zeros(2, np.int64))
case("conditionNumber", np.diag([1.0, 0]), np.float64(np.inf), 2)
case("conditionNumber", np.diag([1.0, 0]), np.float64(np.inf), 3)

# Systems.
for sa, sb in [((3, 3), (3, 2)), ((3, 3), (3,)), ((2, 3, 3), (3,)), ((2, 3, 3), (3, 1)),
               ((3, 3), (2, 3, 2)), ((2, 1, 2, 2), (3, 2, 4)), ((1, 1), (1, 1)), ((0, 0), (0, 2)),
               ((3, 3), (3, 0)), ((0, 2, 2), (2, 1))]:
    a, b = normal(*sa) + 4 * np.eye(sa[-1]), normal(*sb)
    column = b[:, None] if b.ndim == 1 else b

    def back(x):
        return x[..., 0] if b.ndim == 1 else x

    case("solve", [a, b], back(np.linalg.solve(a, column)))
    for lower in (True, False):
        factor = np.tril(a) if lower else np.triu(a)
        case("choleskySolve", [a, b], back(np.linalg.solve(
            factor @ upperlower(factor) if lower else upperlower(factor) @ factor, column)), int(not lower))
        for transposed in (False, True):
            for unit in (False, True):
                used = factor - factor * np.eye(sa[-1]) + np.eye(sa[-1]) if unit else factor
                used = upperlower(used) if transposed else used
                flags = [int(not lower), int(transposed), int(unit)]
                case("triangularSolve", [a, b], back(np.linalg.solve(used, column)), *flags, 0, single=False)
                if b.ndim > 1:
                    case("triangularSolve", [a, upperlower(b)], upperlower(np.linalg.solve(
                        upperlower(used), b)), *flags, 1, single=False)
for shape in shapes + empty:
    a = normal(*shape) + 2.5 * np.eye(shape[-1])
    case("inverse", a, np.linalg.inv(a))
    case("determinant", a, np.linalg.det(a))
    sign, logarithm = np.linalg.slogdet(a)
    case("slogSign", a, sign)
    case("slogLogarithm", a, logarithm)
    for exponent in (0, 1, 2, 5, -1, -3):
        case("matrixPower", a, np.linalg.matrix_power(a, exponent), exponent, single=exponent > 0)
    values, vectors = np.linalg.eig(a)
    case("eigReal", a, values.real)
    case("eigImaginary", a, values.imag)
    case("eigVectors", a, np.abs(vectors))
singular = np.array([[1.0, 2], [2, 4]])
case("determinant", singular, np.float64(0))
case("slogSign", singular, np.float64(0))
case("slogLogarithm", singular, np.float64(-np.inf))
for sa, sb in [((4, 2), (4, 3)), ((2, 4), (2, 3)), ((4, 2), (4,)), ((3, 3), (3, 1)), ((2, 4, 2), (4, 1)),
               ((0, 2), (0, 1)), ((2, 0), (2, 1))]:
    a, b = normal(*sa), normal(*sb)
    column = b[:, None] if b.ndim == 1 else b
    x = np.linalg.pinv(a) @ column
    case("leastSquares", [a, b], x[..., 0] if b.ndim == 1 else x)
case("leastSquares", [flat, np.array([1.0, 0, 2])], np.linalg.lstsq(flat, np.array([1.0, 0, 2]), rcond=None)[0])

# Exponentials, of small and large norm.
for shape in shapes + empty:
    for scale in (0.01, 1, 5):
        a = np.round(normal(*shape) * scale, 4)
        case("matrixExponential", a, scipy.linalg.expm(a) if a.size else a + 0.0, single=scale < 5)
nilpotent = np.array([[0.0, 1, 2], [0, 0, 3], [0, 0, 0]])
case("matrixExponential", nilpotent, scipy.linalg.expm(nilpotent))
case("matrixExponential", np.diag([-700.0, 0, 2]), np.diag(np.exp([-700.0, 0, 2])), single=False)

reflectors, tau = normal(4, 3), np.array([0.5, 1.25])
case("householderProduct", [reflectors, tau], torch.linalg.householder_product(t(reflectors), t(tau)).numpy())

# Products.
for n in (4, 1, 0):
    a, b = normal(n), normal(n)
    case("dot", [a, b], np.dot(a, b))
    c = normal(3)
    case("outer", [a, c], np.outer(a, c))
case("outer", [np.array([1, 2]), np.array([3, 4, 5])], np.outer([1, 2], [3, 4, 5]))
for sa, sb in [((3,), (3,)), ((2, 3), (4, 3)), ((2, 5, 3), (3,)), ((2, 0), (3, 0)), ((0, 3), (2, 3))]:
    a, b = normal(*sa), normal(*sb)
    case("inner", [a, b], np.inner(a, b))
for sa, sb, axes in [((2, 3, 4), (3, 4, 5), 2), ((2, 3), (2, 4), 0), ((2, 3), (3, 4), 1), ((3,), (3,), 1)]:
    a, b = normal(*sa), normal(*sb)
    case("tensordot", [a, b], np.tensordot(a, b, axes), axes)
for sa, sb, left, right in [((2, 3, 4), (5, 4, 3), [1, -1], [2, 1]), ((2, 3), (3, 2), [0], [-1]),
                            ((2, 2), (2, 2), [], []), ((2, 0), (0, 3), [1], [0])]:
    a, b = normal(*sa), normal(*sb)
    case("tensordotPairs", [a, b], np.tensordot(a, b, (left, right)), *left, *right)
for sa, sb in [((2, 3), (3, 2)), ((2,), (3,)), ((2, 2), (3,)), ((2,), (2, 1, 3)), ((), (2, 2)), ((0, 2), (2, 2))]:
    a, b = normal(*sa), normal(*sb)
    case("kron", [a, b], np.kron(a, b))
for dtype in (np.int64, np.int32, np.uint8):
    a, b = rng.integers(0, 5, (2, 2)).astype(dtype), rng.integers(0, 5, (1, 3)).astype(dtype)
    case("kron", [a, b], np.kron(a, b))
for sa, sb, axis in [((3,), (3,), 0), ((2, 3), (2, 3), -1), ((3, 4), (3, 4), 0), ((2, 1, 3), (4, 3), -1),
                     ((0, 3), (1, 3), 1)]:
    a, b = normal(*sa), normal(*sb)
    case("cross", [a, b], np.cross(a, b, axis=axis), axis)
case("cross", [np.array([1, 2, 3]), np.array([4, 5, 6])], np.cross([1, 2, 3], [4, 5, 6]), -1)
for sx, sy in [((5, 3), (5, 4)), ((3,), (4,)), ((2, 5, 3), (2, 5, 4)), ((0, 3), (0, 4))]:
    x, y, w = normal(*sx), normal(*sy), normal(2, 3, 4)
    case("bilinear", [x, y, w], np.einsum("...i,oij,...j->...o", x, w, y))
for chain in [[(2, 3), (3, 4)], [(3,), (3, 4), (4,)], [(10, 2), (2, 10), (10, 1)], [(2, 3)],
              [(2, 3), (3, 4), (4,)], [(2, 3), (3, 2), (2, 4), (4, 1), (1, 3), (3, 2), (2, 2), (2, 5)]]:
    factors = [normal(*shape) for shape in chain]
    value = factors[0]
    for factor in factors[1:]:
        value = value @ factor
    case("multiDot", factors, value)
for equation, *operands in [
        ("ij,jk->ik", (2, 3), (3, 4)), ("ij,kj", (2, 3), (4, 3)), ("ij,jk->ki", (2, 3), (3, 4)),
        ("ba", (2, 3)), ("ii", (3, 3)), ("ii->i", (3, 3)), ("iij->j", (2, 2, 3)), ("iijj->ij", (2, 2, 3, 3)),
        ("ij->", (2, 3)), ("ij->j", (2, 3)), ("i,j", (2,), (3,)), ("i,i", (3,), (3,)), (",ij->ij", (), (2, 3)),
        ("...ij,...jk->...ik", (2, 3, 4), (4, 5)), ("...ij,...jk", (2, 3, 4), (2, 4, 5)),
        ("i...,i...->...", (3, 2), (3, 1)), ("...,...->...", (2, 1), (3,)), ("...i->i...", (2, 3, 4)),
        ("a...b,b...c->a...c", (2, 5, 3), (3, 5, 4)), ("...", (2, 3)), ("...ii->...i", (2, 3, 3)),
        ("bi,oij,bj->bo", (5, 3), (2, 3, 4), (5, 4)), ("ab,bc,cd->ad", (2, 3), (3, 4), (4, 5)),
        ("a,ab,abc->abc", (2,), (2, 3), (2, 3, 4)), ("ab,cd,ef->acebdf", (1, 2), (2, 1), (2, 2)),
        ("ij,ij,ij->", (2, 3), (2, 3), (2, 3)), ("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4)),
        ("ab,bc,cd,de,ef,fg,gh->ah", (2, 3), (3, 2), (2, 3), (3, 2), (2, 3), (3, 2), (2, 3)),
        ("ij,jk->ik", (2, 0), (0, 3)), ("ij,jk->ik", (0, 2), (2, 3)), ("ij->", (0, 3)),
        ("aB,Bc->ac", (2, 3), (3, 2)), (" i j , j k -> i k ", (2, 3), (3, 4)), ("ijk,jil->kl", (2, 3, 4), (3, 2, 5)),
        ("ik,jk->ij", (2, 3), (4, 3)), ("b...,b->b...", (2, 3, 4), (2,))]:
    values = [normal(*shape) for shape in operands]
    case("einsum " + equation, values, np.einsum(equation, *values), single=False)

reference.write("linear_algebra.json")
