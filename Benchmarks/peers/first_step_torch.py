"""From the start of the process to the end of the first training step of the lab's model, in PyTorch."""
import torch, torch.nn as nn, torch.nn.functional as F
m = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Dropout(.2), nn.Linear(256, 128), nn.ReLU(), nn.Dropout(.2), nn.Linear(128, 10))
o = torch.optim.Adam(m.parameters(), fused=True); x = torch.randn(128, 784); y = torch.randint(10, (128,))
l = F.cross_entropy(m(x), y); l.backward(); o.step(); print(l.item())
