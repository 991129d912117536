"""The Python code of the article SavingAndLoading; the comments are what it prints."""
import torch
from safetensors.torch import load_file, save_file

net = torch.nn.Sequential(
    torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 3))
print(sorted(net.state_dict())[:3])  # ['0.bias', '0.weight', '2.bias']
save_file(net.state_dict(), "net.safetensors")
net.load_state_dict(load_file("net.safetensors"))
