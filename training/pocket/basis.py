"""Fits basis.npz: the directions in which the teacher's places differ most over photographs, whitened.

    python3 basis.py --photos PHOTOS --teacher $TEACHER/mobilenet_v2.onnx --out $T/basis.npz

`basis` [256,channels] and `centre` [channels]: basis @ (place - centre) has about unit variance in each component.
"""

import argparse
import random

import numpy as np
import onnxruntime
from photos import centre_crop, decode, read_photos
from progress import progress

PHOTOGRAPHS, TARS = 2600, ['train-01.tar', 'train-04.tar']
SIDE, BATCH, COMPONENTS = 160, 32, 256


class Covariance:
    """Of rows that come in parts."""

    def __init__(self, channels: int):
        self.count, self.total, self.products = 0, np.zeros(channels), np.zeros((channels, channels))

    def add(self, rows: np.ndarray) -> None:
        self.count += len(rows)
        self.total += rows.sum(0, dtype=np.float64)
        self.products += rows.T.astype(np.float64) @ rows

    def mean(self) -> np.ndarray:
        return self.total / self.count

    def __call__(self) -> np.ndarray:
        return (self.products - self.count * np.outer(self.mean(), self.mean())) / (self.count - 1)


def components(covariance: np.ndarray) -> tuple[np.ndarray, float]:
    """The first COMPONENTS, whitened, and the share of the variance that they keep.

    The variance of the first that is left out is added to each, so that weak ones are not blown up.
    """
    variances, directions = np.linalg.eigh(covariance)
    variances, directions = variances[::-1], directions[:, ::-1]
    scale = np.sqrt(variances[:COMPONENTS] + variances[COMPONENTS])
    return (directions[:, :COMPONENTS] / scale).T, variances[:COMPONENTS].sum() / variances.sum()


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('photos', 'teacher', 'out'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--photographs', type=int, default=PHOTOGRAPHS)
    options = parser.parse_args()
    photos = read_photos(options.photos, TARS)
    random.Random(0).shuffle(photos)
    photos = photos[: options.photographs]
    session = onnxruntime.InferenceSession(options.teacher)
    covariance = None
    for start in progress(range(0, len(photos), BATCH), f'batches of {BATCH} photographs'):
        pictures = np.stack([centre_crop(decode(photo), SIDE) for photo in photos[start : start + BATCH]])
        images = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1)
        features = session.run(['features'], {'input': images})[0]
        covariance = covariance or Covariance(features.shape[1])
        covariance.add(features.reshape(*features.shape[:2], -1).transpose(0, 2, 1).reshape(-1, features.shape[1]))
    basis, kept = components(covariance())
    np.savez(options.out, basis=basis.astype(np.float32), centre=covariance.mean().astype(np.float32))
    print(f'{COMPONENTS} of {len(covariance.total)} components keep {kept:.1%} of the variance')


if __name__ == '__main__':
    main()
