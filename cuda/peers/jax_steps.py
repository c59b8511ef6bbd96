"""Training steps of the models in PeerSteps.java in JAX: one jitted step a call, and a scan of 50. One line of JSON each."""
import functools
import json
import statistics
import time

import jax
import jax.numpy as jnp

jax.config.update("jax_default_matmul_precision", "highest")


def linear(key, i, o):
    return jax.random.uniform(key, (i, o), minval=-1, maxval=1) / i**0.5, jnp.zeros(o)


def mlp(key, sizes):
    return [linear(jax.random.fold_in(key, n), i, o) for n, (i, o) in enumerate(zip(sizes, sizes[1:]))]


def apply(layers, x, activation):
    for w, b in layers[:-1]:
        x = activation(x @ w + b)
    w, b = layers[-1]
    return x @ w + b


def vae(batch):
    k = jax.random.split(jax.random.PRNGKey(1), 5)
    x = jax.random.uniform(k[4], (batch, 784))
    p = mlp(k[0], (784, 400, 400)), linear(k[1], 400, 20), linear(k[2], 400, 20), mlp(k[3], (20, 400, 400, 784))

    def loss(p, key):
        h = jnp.tanh(apply(p[0], x, jnp.tanh))
        mu, lv = (h @ w + b for w, b in p[1:3])
        z = mu + jnp.exp(0.5 * lv) * jax.random.normal(key, mu.shape)
        l = apply(p[3], z, jnp.tanh)
        return (jnp.sum(jax.nn.softplus(l) - l * x) + 0.5 * jnp.sum(jnp.exp(lv) + mu * mu - 1 - lv)) / batch

    return p, loss


def flow(batch, dims=10, context=32, width=128, layers=6):
    k = jax.random.split(jax.random.PRNGKey(2), 3)
    half = dims // 2
    data = jax.random.normal(k[0], (batch, dims))
    c = jax.random.normal(k[1], (batch, context))
    p = [mlp(jax.random.fold_in(k[2], i), (half + context, width, width, 2 * half)) for i in range(layers)]

    def loss(p, key):
        x, log_det = data, 0.0
        for net in p:
            kept, moved = x[:, :half], x[:, half:]
            o = apply(net, jnp.concatenate([kept, c], 1), jax.nn.relu)
            s = jnp.tanh(o[:, half:])
            log_det += s.sum(1)
            x = jnp.concatenate([moved * jnp.exp(s) + o[:, :half], kept], 1)
        return (0.5 * (x * x).sum(1) - log_det).mean()

    return p, loss


def small(batch):
    k = jax.random.split(jax.random.PRNGKey(3))
    x = jax.random.normal(k[0], (batch, 2))
    return mlp(k[1], (2, 64, 64, 2)), lambda p, key: jnp.mean(apply(p, x, jnp.tanh) ** 2)


def gru(batch, steps=50, inputs=16, hidden=64):
    k = jax.random.split(jax.random.PRNGKey(4), 4)
    xs = jax.random.normal(k[0], (steps, batch, inputs))
    p = linear(k[1], inputs, 3 * hidden), linear(k[2], hidden, 3 * hidden), linear(k[3], hidden, 8)

    def loss(p, key):
        (wx, bx), (wh, bh), (wo, bo) = p

        def cell(h, x):
            a, g = x @ wx + bx, h @ wh + bh
            r = jax.nn.sigmoid(a[:, :hidden] + g[:, :hidden])
            z = jax.nn.sigmoid(a[:, hidden : 2 * hidden] + g[:, hidden : 2 * hidden])
            n = jnp.tanh(a[:, 2 * hidden :] + r * g[:, 2 * hidden :])
            h = n + z * (h - n)
            return h, h

        _, hs = jax.lax.scan(cell, jnp.zeros((batch, hidden)), xs)
        return jnp.mean((hs @ wo + bo) ** 2)

    return p, loss


def measure(name, p, loss):
    zeros = jax.tree.map(jnp.zeros_like, p)
    state = p, zeros, zeros, jnp.float32(0), jax.random.PRNGKey(0)

    def step(s):
        p, m, v, t, key = s
        key, used = jax.random.split(key)
        value, g = jax.value_and_grad(loss)(p, used)
        t += 1
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
        p = jax.tree.map(
            lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), p, m, v
        )
        return (p, m, v, t, key), value

    @functools.partial(jax.jit, donate_argnums=0)
    def one(s):
        return step(s)

    @functools.partial(jax.jit, donate_argnums=0)
    def many(s):
        return jax.lax.scan(lambda s, _: step(s), s, None, length=50)

    def micros(call, n):
        nonlocal state
        times = []
        for k in range(-2, 7):
            start = time.perf_counter()
            for _ in range(n):
                state, value = call(state)
            jax.block_until_ready(state)
            if k >= 0:
                times.append((time.perf_counter() - start) / n * 1e6)
        return statistics.median(times)

    us, of_many = micros(one, 200), micros(many, 4) / 50
    print(json.dumps({"peer": "jax", "step": name, "us": round(us, 1), "us of 50": round(of_many, 1)}), flush=True)


if __name__ == "__main__":
    measure("vae128", *vae(128))
    measure("vae4096", *vae(4096))
    measure("flow256", *flow(256))
    measure("flow16384", *flow(16384))
    measure("mlp64", *small(64))
    measure("gru32", *gru(32))
