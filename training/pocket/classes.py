"""ImageNet's 1,000 classes as the teacher knows them: names, and the read-out in the components of extract.py."""

import numpy as np


class Classes:
    def __init__(self, teacher_folder: str, basis_file: str):
        """`weight` [1000,components] and `bias` [1000] give logits of the mean over the places."""
        with open(f'{teacher_folder}/labels.txt') as file:
            lines = [line.strip().lower() for line in file][1:]
        self.names = [[name.strip() for name in line.split(',')] for line in lines]
        weights = np.load(f'{teacher_folder}/mobilenet_v2.npz')
        rows = (weights['c52_q'].reshape(1001, -1).astype(np.float32) * weights['c52_s'][:, None])[1:]
        kept = np.load(basis_file)
        back = np.linalg.pinv(kept['basis'])
        self.weight = (rows @ back).astype(np.float32)
        self.bias = (rows @ kept['centre'] + weights['c52_b'][1:]).astype(np.float32)
