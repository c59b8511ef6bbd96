"""Training steps of the models in PeerSteps.java in PyTorch, captured in a CUDA graph. One line of JSON each."""
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
DEVICE = "cuda"


def stack(sizes, activation, last=False):
    layers = []
    for n, (i, o) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(i, o))
        if last or n < len(sizes) - 2:
            layers.append(activation())
    return nn.Sequential(*layers)


class Vae(nn.Module):
    def __init__(self, batch):
        super().__init__()
        self.x = torch.rand(batch, 784, device=DEVICE)
        self.encoder = stack((784, 400, 400), nn.Tanh, last=True)
        self.mean, self.log_variance = nn.Linear(400, 20), nn.Linear(400, 20)
        self.decoder = stack((20, 400, 400, 784), nn.Tanh)

    def forward(self):
        h = self.encoder(self.x)
        mu, lv = self.mean(h), self.log_variance(h)
        z = mu + torch.exp(0.5 * lv) * torch.randn_like(mu)
        fit = F.binary_cross_entropy_with_logits(self.decoder(z), self.x, reduction="sum")
        return (fit + 0.5 * (lv.exp() + mu * mu - 1 - lv).sum()) / self.x.shape[0]


class Flow(nn.Module):
    def __init__(self, batch, dims=10, context=32, width=128, layers=6):
        super().__init__()
        self.half = dims // 2
        self.x = torch.randn(batch, dims, device=DEVICE)
        self.c = torch.randn(batch, context, device=DEVICE)
        self.nets = nn.ModuleList(
            stack((self.half + context, width, width, 2 * self.half), nn.ReLU) for _ in range(layers)
        )

    def forward(self):
        x, log_det = self.x, 0.0
        for net in self.nets:
            kept, moved = x[:, : self.half], x[:, self.half :]
            o = net(torch.cat([kept, self.c], 1))
            s = torch.tanh(o[:, self.half :])
            log_det = log_det + s.sum(1)
            x = torch.cat([moved * s.exp() + o[:, : self.half], kept], 1)
        return (0.5 * (x * x).sum(1) - log_det).mean()


class Small(nn.Module):
    def __init__(self, batch):
        super().__init__()
        self.x = torch.randn(batch, 2, device=DEVICE)
        self.net = stack((2, 64, 64, 2), nn.Tanh)

    def forward(self):
        return (self.net(self.x) ** 2).mean()


class Recurrent(nn.Module):
    def __init__(self, batch):
        super().__init__()
        self.x = torch.randn(50, batch, 16, device=DEVICE)
        self.gru, self.out = nn.GRU(16, 64), nn.Linear(64, 8)

    def forward(self):
        return (self.out(self.gru(self.x)[0]) ** 2).mean()


def measure(name, model):
    model = model.to(DEVICE)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, capturable=True, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        model().backward()
        optimizer.step()

    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    optimizer.zero_grad(set_to_none=True)
    with torch.cuda.graph(graph):
        model().backward()
        optimizer.step()
    times = []
    for k in range(-2, 7):
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(200):
            graph.replay()
        torch.cuda.synchronize()
        if k >= 0:
            times.append((time.perf_counter() - start) / 200 * 1e6)
    print(json.dumps({"peer": "torch graph", "step": name, "us": round(statistics.median(times), 1)}), flush=True)


if __name__ == "__main__":
    torch.manual_seed(0)
    measure("vae128", Vae(128))
    measure("vae4096", Vae(4096))
    measure("flow256", Flow(256))
    measure("flow16384", Flow(16384))
    measure("mlp64", Small(64))
    measure("gru32", Recurrent(32))
