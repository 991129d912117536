"""The Python code of the article ComingFromPyTorch; the comments are what it prints."""
import torch

x = torch.tensor([[1.0, 2, 3], [4, 5, 6]])
print(x.shape, x.dtype)  # torch.Size([2, 3]) torch.float32
print(x[1, -1].item(), x[:, 1:].tolist())  # 6.0 [[2.0, 3.0], [5.0, 6.0]]
print(x[x > 2].tolist(), x[..., None].shape)  # [3.0, 4.0, 5.0, 6.0] torch.Size([2, 3, 1])
print(x.mean(dim=1, keepdim=True).tolist())  # [[2.0], [5.0]]
y = x.clone()
y[0] = 0
print(torch.cat([x, y]).shape, x.view(3, 2).shape)  # torch.Size([4, 3]) torch.Size([3, 2])

w = torch.tensor([1.0, 2, 3], requires_grad=True)
loss = (w**2).sum()
loss.backward()
print(w.grad.tolist())  # [2.0, 4.0, 6.0]
(g,) = torch.autograd.grad((w**3).sum(), w, create_graph=True)
print(torch.autograd.grad(g.sum(), w)[0].tolist())  # [6.0, 12.0, 18.0]
print(torch.func.grad(lambda v: (v**2).sum())(w).tolist())  # [2.0, 4.0, 6.0]

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(2, 16)
        self.drop = torch.nn.Dropout(0.1)
        self.output = torch.nn.Linear(16, 2)

    def forward(self, x):
        return self.output(self.drop(torch.tanh(self.hidden(x))))

torch.manual_seed(1)
points = torch.rand(256, 2) * 2 - 1
labels = (points.square().sum(1) < 0.5).long()
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
net.train()
for step in range(200):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(points), labels)
    loss.backward()
    optimizer.step()
net.eval()
with torch.no_grad():
    print(((net(points).argmax(1) == labels).float().mean() > 0.9).item())  # True

class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2

a = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
print(torch.autograd.gradcheck(Cube.apply, a))  # True

import safetensors.torch

contents = safetensors.torch.save(net.state_dict())  # save_file writes them into a file
print(sorted(safetensors.torch.load(contents)))
# ['hidden.bias', 'hidden.weight', 'output.bias', 'output.weight']

z = torch.tensor([1.0, 3.0, 3.0], requires_grad=True)
z.max(dim=0).values.backward()
print(z.grad.tolist(), z[0:99].shape)  # [0.0, 1.0, 0.0] torch.Size([3])
print((torch.ones(2) + torch.ones(2, dtype=torch.float64)).dtype)  # torch.float64
