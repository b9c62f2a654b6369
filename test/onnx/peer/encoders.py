"""Small CLIP image encoders with random weights, exported by PyTorch, with PyTorch's gradient towards a picture.

Takes a folder, the kind (`resnet` or `vit`) and an operator set; writes model.onnx with an open batch, and as raw
float32 image.bin, upstream.bin, embedding.bin and gradient.bin. The architectures are those of openai/CLIP (MIT).
"""

import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import multi_head_attention_forward

folder, kind, opset = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.manual_seed(1)


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.conv3 = nn.Conv2d(planes, planes * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes * 4)
        self.aside = nn.Sequential(
            nn.AvgPool2d(stride), nn.Conv2d(inputs, planes * 4, 1, bias=False), nn.BatchNorm2d(planes * 4)
        )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        return torch.relu(self.bn3(self.conv3(self.pool(y))) + self.aside(x))


class AttentionPool(nn.Module):
    """One query, the mean over all places, attends to all places."""

    def __init__(self, side, width, heads, out):
        super().__init__()
        self.positional = nn.Parameter(torch.randn(side**2 + 1, width) / width**0.5)
        self.k, self.q, self.v = (nn.Linear(width, width) for _ in range(3))
        self.c = nn.Linear(width, out)
        self.heads = heads

    def forward(self, x):
        x = x.flatten(start_dim=2).permute(2, 0, 1)
        x = torch.cat([x.mean(dim=0, keepdim=True), x], dim=0)
        x = x + self.positional[:, None, :].to(x.dtype)
        x, _ = multi_head_attention_forward(
            query=x[:1], key=x, value=x, embed_dim_to_check=x.shape[-1], num_heads=self.heads,
            q_proj_weight=self.q.weight, k_proj_weight=self.k.weight, v_proj_weight=self.v.weight,
            in_proj_weight=None, in_proj_bias=torch.cat([self.q.bias, self.k.bias, self.v.bias]),
            bias_k=None, bias_v=None, add_zero_attn=False, dropout_p=0,
            out_proj_weight=self.c.weight, out_proj_bias=self.c.bias,
            use_separate_proj_weight=True, training=False, need_weights=False,
        )  # fmt: skip
        return x.squeeze(0)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.AvgPool2d(2)
        )
        self.blocks = nn.Sequential(Bottleneck(8, 8, 1), Bottleneck(32, 16, 2))
        self.pool = AttentionPool(4, 64, 4, 24)

    def forward(self, x):
        return self.pool(self.blocks(self.stem(x)))


class QuickGELU(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads)
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, width * 4), QuickGELU(), nn.Linear(width * 4, width))

    def forward(self, x):
        y = self.ln1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln2(x))


class VisionTransformer(nn.Module):
    def __init__(self, side=32, patch=8, width=32, out=24):
        super().__init__()
        self.conv = nn.Conv2d(3, width, patch, patch, bias=False)
        self.token = nn.Parameter(torch.randn(width) / width**0.5)
        self.positional = nn.Parameter(torch.randn((side // patch) ** 2 + 1, width) / width**0.5)
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.blocks = nn.Sequential(Block(width, 4), Block(width, 4))
        self.projection = nn.Parameter(torch.randn(width, out) / width**0.5)

    def forward(self, x):
        x = self.conv(x)
        x = x.reshape(x.shape[0], x.shape[1], -1).permute(0, 2, 1)
        first = self.token + torch.zeros(x.shape[0], 1, x.shape[-1])
        x = torch.cat([first, x], dim=1) + self.positional
        x = self.blocks(self.before(x).permute(1, 0, 2)).permute(1, 0, 2)
        x = self.after(x[:, 0, :]) @ self.projection
        return x / x.norm(dim=-1, keepdim=True)


model = {"resnet": ResNet, "vit": VisionTransformer}[kind]()
side = {"resnet": 32, "vit": 32}[kind]
with torch.no_grad():
    # Statistics as they are after training: neither 0 nor 1.
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
            module.weight.uniform_(0.5, 1.5)
            module.bias.normal_(0, 0.2)
model.eval()

image = torch.randn(2, 3, side, side, requires_grad=True)
torch.onnx.export(
    model,
    image,
    str(folder / "model.onnx"),
    opset_version=opset,
    input_names=["image"],
    output_names=["embedding"],
    dynamic_axes={"image": {0: "batch"}, "embedding": {0: "batch"}},
    # Batch norm stays a node of its own instead of being folded into the convolution before it.
    training=torch.onnx.TrainingMode.PRESERVE,
)
embedding = model(image)
upstream = torch.randn_like(embedding)
(embedding * upstream).sum().backward()
for name, tensor in {"image": image, "upstream": upstream, "embedding": embedding, "gradient": image.grad}.items():
    (folder / f"{name}.bin").write_bytes(tensor.detach().numpy().tobytes())
