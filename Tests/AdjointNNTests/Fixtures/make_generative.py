"""Writes vae.safetensors and gan.safetensors: two models trained by PyTorch for ten steps.

usage: python make_generative.py    (needs numpy, torch and safetensors)

Each file holds `data`, `noise` and `losses`, and the weights of the models at the start under the
names of PyTorch's state dict, after `start.`; those at the end follow on `end.`.
"""

import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)
random = np.random.default_rng(5)
folder = pathlib.Path(__file__).parent
STEPS, BATCH = 10, 8

# Strokes on a grid of 5 by 5: bars, vertical or horizontal, with blurred edges.
rows, columns = np.mgrid[0:5, 0:5]
along = np.where(np.arange(BATCH)[:, None, None] % 2 == 0, rows, columns)
distance = np.abs(along - random.integers(0, 5, BATCH)[:, None, None])
data = torch.tensor(np.clip(1.0 - 0.7 * distance, 0.02, 0.98).reshape(BATCH, 25))


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(25, 12)
        self.mean = nn.Linear(12, 3)
        self.logVariance = nn.Linear(12, 3)
        self.decoder = nn.Sequential(nn.Linear(3, 12), nn.ReLU(), nn.Linear(12, 25))

    def loss(self, x, noise):
        h = torch.relu(self.hidden(x))
        mean, log_variance = self.mean(h), self.logVariance(h)
        logits = self.decoder(mean + torch.exp(0.5 * log_variance) * noise)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return (reconstruction + divergence) / len(x)


class GAN(nn.Module):
    def __init__(self):
        super().__init__()
        self.generator = nn.Sequential(
            nn.Linear(4, 12), nn.ReLU(), nn.Linear(12, 25), nn.Sigmoid()
        )
        self.discriminator = nn.Sequential(nn.Linear(25, 12), nn.LeakyReLU(0.2), nn.Linear(12, 1))


def named(prefix, model):
    return {prefix + k: v.detach().clone() for k, v in model.state_dict().items()}


def train_vae():
    model = VAE()
    noise = torch.tensor(random.normal(size=(STEPS, BATCH, 3)))
    tensors = named("start.", model)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = model.loss(data, noise[step])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    save(model, tensors, noise, losses, "vae")


def train_gan():
    model = GAN()
    noise = torch.tensor(random.normal(size=(STEPS, BATCH, 4)))
    tensors = named("start.", model)
    settings = dict(lr=0.01, betas=(0.5, 0.999))
    first = torch.optim.Adam(model.generator.parameters(), **settings)
    second = torch.optim.Adam(model.discriminator.parameters(), **settings)
    cross_entropy = F.binary_cross_entropy_with_logits
    losses = []
    for step in range(STEPS):
        fake = model.generator(noise[step])
        real_logits = model.discriminator(data)
        fake_logits = model.discriminator(fake.detach())
        loss = cross_entropy(real_logits, torch.ones_like(real_logits))
        loss = loss + cross_entropy(fake_logits, torch.zeros_like(fake_logits))
        second.zero_grad()
        loss.backward()
        second.step()
        logits = model.discriminator(fake)
        deceived = cross_entropy(logits, torch.ones_like(logits))
        first.zero_grad()
        deceived.backward()
        first.step()
        losses.append([loss.item(), deceived.item()])
    save(model, tensors, noise, losses, "gan")


def save(model, tensors, noise, losses, name):
    tensors |= named("end.", model)
    tensors |= {"data": data, "noise": noise, "losses": torch.tensor(losses)}
    save_file(tensors, folder / f"{name}.safetensors")
    print(name, losses[0], losses[-1])


if __name__ == "__main__":
    train_vae()
    train_gan()
