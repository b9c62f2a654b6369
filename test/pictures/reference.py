"""CLIP's reference preprocessing up to the pixels (torchvision's Resize and CenterCrop over PIL), on white.

reference.py SIDE FOLDER: writes the square of each file of the folder beside it as raw RGB, NAME.rgb.
"""
import os
import sys

from PIL import Image, ImageOps

side, folder = int(sys.argv[1]), sys.argv[2]
for name in os.listdir(folder):
    picture = ImageOps.exif_transpose(Image.open(os.path.join(folder, name)))
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    picture = picture.convert("RGB")
    width, height = picture.size
    if width <= height:
        size = (side, int(side * height / width))
    else:
        size = (int(side * width / height), side)
    picture = picture.resize(size, Image.BICUBIC)
    left, top = int(round((size[0] - side) / 2.0)), int(round((size[1] - side) / 2.0))
    picture = picture.crop((left, top, left + side, top + side))
    with open(os.path.join(folder, name + ".rgb"), "wb") as file:
        file.write(picture.tobytes())
