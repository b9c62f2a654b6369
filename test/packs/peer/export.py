"""CLIPs of open_clip's architectures with random weights, exported as the public exports are.

    python export.py FOLDER MODEL SHAPE [SEED]

MODEL is `small-resnet`, `small-vit`, or a name that open_clip knows (RN50x4, ViT-B-32). SHAPE:
  A1       Immich, 2023: opset 17, open batch, normalised
  A2       Immich, 2024: opset 19, batch fixed at 1, one output `embedding`, normalised
  B        Immich v2: the dynamo exporter, opset 23 with Attention, uint8 pixels, weights in model.safetensors
  M        mlunar, 2022: opset 16, `input` -> `output`, not normalised
  generic  names of its own, pictures in float32, tokens in int64

Writes what the exporter would have uploaded, and expected/: raw float32 of what PyTorch computes in float64 for
pictures.bin (uint8 [n,side,side,3]) and tokens.bin (int32 [n,77]), and in shape.json how far its own float32 is from
that: a large ResNet sums so much that float32 loses more than 1e-4.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

# torchvision's binary need not fit this PyTorch; open_clip only needs it to be importable.
operators = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    operators.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import open_clip  # noqa: E402
from torch import nn  # noqa: E402

folder, model_name, shape = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
gelu = shape.endswith("-gelu")
shape = shape.removesuffix("-gelu")

MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]
small_text = {"context_length": 77, "vocab_size": 600, "width": 32, "heads": 2, "layers": 2}
small = {
    "small-resnet": {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 96, "layers": [1, 1, 1, 2], "width": 2, "head_width": 16, "patch_size": None},
        "text_cfg": small_text,
    },
    "small-vit": {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 32, "layers": 3, "width": 32, "head_width": 8, "patch_size": 8},
        "text_cfg": small_text,
    },
}

torch.manual_seed(seed)
torch.backends.mha.set_fastpath_enabled(False)
config = small.get(model_name) or open_clip.get_model_config(model_name)
model = open_clip.CLIP(
    embed_dim=config["embed_dim"],
    vision_cfg=open_clip.CLIPVisionCfg(**config["vision_cfg"]),
    text_cfg=open_clip.CLIPTextCfg(**config["text_cfg"]),
    quick_gelu=not gelu,
)
with torch.no_grad():
    # Statistics and scales as they are after training: neither 0 nor 1.
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.7, 1.4)
            module.weight.uniform_(0.7, 1.2)
            module.bias.normal_(0, 0.1)
        if isinstance(module, nn.LayerNorm):
            module.weight.uniform_(0.8, 1.2)
        if isinstance(module, (nn.LayerNorm, nn.Linear)) and module.bias is not None:
            module.bias.normal_(0, 0.1)
        if isinstance(module, nn.MultiheadAttention):
            module.in_proj_bias.normal_(0, 0.1)


def patches(side, count):
    """uint8 [count,side,side,3]: waves and patches rather than noise, whose activations would be alike everywhere."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 5, 5, 3)).astype(np.float32)
    pictures = nn.functional.interpolate(
        torch.from_numpy(coarse).permute(0, 3, 1, 2), size=(side, side), mode="bilinear"
    )
    return pictures.permute(0, 2, 3, 1).round().to(torch.uint8)


def normal(pictures, dtype=torch.float32):
    mean, std = torch.tensor(MEAN, dtype=dtype), torch.tensor(STD, dtype=dtype)
    return ((pictures.to(dtype) / 255 - mean) / std).permute(0, 3, 1, 2).contiguous()


# Each layer has the statistics of what it sees, or a picture would be lost among the biases on its way up.
normalisations = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
for module in normalisations:
    module.momentum = 1.0
model.train()
with torch.no_grad():
    model.visual(normal(patches(config["vision_cfg"]["image_size"], 8)))
    for module in normalisations:
        module.running_var.mul_(torch.empty_like(module.running_var).uniform_(0.8, 1.25))
model.eval()
for parameter in model.parameters():
    parameter.requires_grad_(False)

side = config["vision_cfg"]["image_size"]
vocabulary = config["text_cfg"]["vocab_size"]
resnet = isinstance(config["vision_cfg"]["layers"], list)


class Picture(nn.Module):
    def __init__(self, normalise):
        super().__init__()
        self.visual, self.normalise = model.visual, normalise

    def forward(self, image):
        features = self.visual(image)
        return nn.functional.normalize(features, dim=-1) if self.normalise else features


class Text(nn.Module):
    def __init__(self, normalise):
        super().__init__()
        self.clip, self.normalise = model, normalise

    def forward(self, text):
        return self.clip.encode_text(text, normalize=self.normalise)


class Pixels(nn.Module):
    """Std is folded into the first convolution; the last block of a transformer sees the class token alone."""

    def __init__(self):
        super().__init__()
        self.visual = model.visual
        self.register_buffer("shift", 255 * torch.tensor(MEAN))
        weight = model.visual.conv1.weight
        weight.copy_(weight / (255 * torch.tensor(STD))[None, :, None, None])

    def forward(self, image):
        pixels = (image.to(torch.float32) - self.shift).permute(0, 3, 1, 2)
        features = self.visual(pixels) if resnet else self.transformer(pixels)
        return nn.functional.normalize(features, dim=-1)

    def transformer(self, pixels):
        visual = self.visual
        x = visual._embeds(pixels)
        *blocks, last = visual.transformer.resblocks
        for block in blocks:
            x = block(x)
        y = last.ln_1(x)
        x = x[:, :1] + last.attn(y[:, :1], y, y, need_weights=False)[0]
        x = x + last.mlp(last.ln_2(x))
        return visual.ln_post(x)[:, 0] @ visual.proj


def expected():
    """Before the graphs are written: exporting B changes a weight."""
    random = np.random.default_rng(seed)
    pictures = patches(side, 4)
    tokens = torch.zeros(4, 77, dtype=torch.int32)
    for row in range(4):
        length = 3 + 5 * row
        tokens[row, 0] = vocabulary - 2
        tokens[row, 1 : length - 1] = torch.from_numpy(random.integers(1, vocabulary - 2, length - 2))
        tokens[row, length - 1] = vocabulary - 1
    taps = {}

    def keep(name, tensor):
        # A copy: the ReLU behind it works in place.
        taps[name] = tensor.detach().clone()

    if resnet:
        act = model.visual.layer4[-1].act3
        act.register_forward_pre_hook(lambda module, inputs: keep("sum", inputs[0]))
    else:
        for block in (-2, -1):
            layer = model.visual.transformer.resblocks[block].mlp.c_fc
            layer.register_forward_hook(lambda module, inputs, output, block=block: keep(f"block {block}", output))
    with torch.no_grad():
        single = {"embedding": nn.functional.normalize(model.visual(normal(pictures)), dim=-1), **taps}
        # There and back is exact.
        model.double()
        embedding = nn.functional.normalize(model.visual(normal(pictures, torch.float64)), dim=-1)
        text = model.encode_text(tokens, normalize=True)
        model.float()
        double = {"embedding": embedding, **taps}
        assert not torch.allclose(*embedding[:2], rtol=1e-2), "pictures make no difference"
        # With the end-of-text token as padding too, as transformers pads.
        padded = torch.where(torch.arange(77)[None] <= tokens.argmax(-1)[:, None], tokens, vocabulary - 1)
        assert torch.allclose(text.float(), model.encode_text(padded, normalize=True), atol=1e-5)
    home = folder / "expected"
    home.mkdir(parents=True, exist_ok=True)
    grid = None if resnet else side // config["vision_cfg"]["patch_size"]
    for name, tensor in {
        "pictures": pictures, "tokens": tokens, "embedding": embedding.float(), "text": text.float()
    }.items():  # fmt: skip
        (home / f"{name}.bin").write_bytes(tensor.contiguous().numpy().tobytes())
    for name, tensor in taps.items():
        if not resnet:
            tensor = tensor[:, 1:].permute(0, 2, 1).reshape(len(tensor), -1, grid, grid)
        name = {"sum": "activations", "block -1": "activations", "block -2": "activations-before-last"}[name]
        (home / f"{name}.bin").write_bytes(tensor.float().contiguous().numpy().tobytes())
        map_shape = list(tensor.shape)
    facts = {"side": side, "map": map_shape, "dimensions": config["embed_dim"], "vocabulary": vocabulary}
    facts["float32"] = {
        "activations" if name in ("sum", "block -1") else name: float(
            (single[name] - wanted).abs().max() / wanted.abs().max()
        )
        for name, wanted in double.items()
    }
    (home / "shape.json").write_text(json.dumps(facts))


def legacy(module, arguments, path, inputs, outputs, opset, axes):
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        module, arguments, str(path), input_names=inputs, output_names=outputs, opset_version=opset,
        dynamic_axes=axes, dynamo=False,
    )  # fmt: skip


def modern(module, argument, path, inputs, outputs):
    import onnx_ir as ir

    path.parent.mkdir(parents=True, exist_ok=True)
    batch = torch.export.Dim("batch", min=1, max=64)
    program = torch.onnx.export(
        module, (argument,), input_names=inputs, output_names=outputs, opset_version=23,
        dynamic_shapes=({0: batch},), dynamo=True, verbose=False,
    )  # fmt: skip
    program.optimize()
    for value in program.model.graph.initializers.values():
        value.const_value.name = value.name
    ir.save_safetensors(program.model, str(path))


def immich_files():
    resize = {"size": side, "mode": "RGB", "mean": MEAN, "std": STD, "interpolation": "bicubic", "fill_color": 0}
    (folder / "visual").mkdir(parents=True, exist_ok=True)
    if shape == "B":
        resize["size"] = [side, side]
        resize["resize_mode"] = "shortest"
    (folder / "visual" / "preprocess_cfg.json").write_text(json.dumps(resize))
    (folder / "config.json").write_text(json.dumps(config))


expected()
image, text = torch.randn(1, 3, side, side), torch.ones(1, 77, dtype=torch.int32)
if shape == "A1":
    for module, argument, path, name in (
        (Picture(True), image, folder / "visual" / "model.onnx", "image"),
        (Text(True), text, folder / "textual" / "model.onnx", "text"),
    ):
        legacy(module, (argument,), path, [name], [f"{name}_embedding"], 17, {name: {0: "batch_size"}})
    immich_files()
elif shape == "A2":
    legacy(Picture(True), (image,), folder / "visual" / "model.onnx", ["image"], ["embedding"], 19, None)
    legacy(Text(True), (text,), folder / "textual" / "model.onnx", ["text"], ["embedding"], 19, None)
    immich_files()
elif shape == "B":
    modern(Text(True), torch.ones(2, 77, dtype=torch.int32), folder / "textual" / "model.onnx", ["text"], ["text_embedding"])
    pixels = torch.randint(0, 255, (2, side, side, 3), dtype=torch.uint8)
    modern(Pixels(), pixels, folder / "visual" / "model.onnx", ["image"], ["image_embedding"])
    immich_files()
elif shape == "M":
    axes = {"input": {0: "batch_size"}, "output": {0: "batch_size"}}
    for module, argument, kind in ((Picture(False), image, "visual"), (Text(False), text, "textual")):
        legacy(module, (argument,), folder / f"{kind}.onnx", ["input"], ["output"], 16, axes)
elif shape == "generic":
    axes = {0: "n"}
    legacy(Picture(False), (image,), folder / "vision.onnx", ["pixel_values"], ["image_embeds"], 18,
           {"pixel_values": axes, "image_embeds": axes})  # fmt: skip
    legacy(Text(False), (text.long(),), folder / "text.onnx", ["input_ids"], ["text_embeds"], 18,
           {"input_ids": axes, "text_embeds": axes})  # fmt: skip
else:
    sys.exit(f"there is no shape {shape}")
