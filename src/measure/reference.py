# SPDX-License-Identifier: Apache-2.0
# The measures written once more in numpy, straight from their definitions. Prints "name value" lines.
# Arguments: width, height, then files: picture a, picture b (bytes, RGB), 16-bit pictures a and b, directions of colors (float32).
import sys

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

w, h = int(sys.argv[1]), int(sys.argv[2])
a8, b8 = (np.fromfile(p, np.uint8).reshape(h, w, 3).astype(np.float64) for p in sys.argv[3:5])
a16, b16 = (np.fromfile(p, np.uint16).reshape(h, w, 3) / 65535.0 for p in sys.argv[5:7])
directions = np.fromfile(sys.argv[7], np.float32).reshape(-1, 3).astype(np.float64)

print("psnr", 10 * np.log10(255**2 / np.mean((a8 - b8) ** 2)))


def ssim(p, q, peak):
    g = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    along = lambda x: sum(g[i] / g.sum() * x[i : len(x) - 10 + i] for i in range(11))
    f = lambda x: along(along(x).T).T
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    mp, mq = f(p), f(q)
    vp, vq, vpq = f(p * p) - mp**2, f(q * q) - mq**2, f(p * q) - mp * mq
    return np.mean((2 * mp * mq + c1) * (2 * vpq + c2) / ((mp**2 + mq**2 + c1) * (vp + vq + c2)))


luma = lambda x: x @ np.array([0.299, 0.587, 0.114])
print("ssim_luma", ssim(luma(a8), luma(b8), 255))
print("ssim_rgb", np.mean([ssim(a8[..., c], b8[..., c], 255) for c in range(3)]))


def fold(x):
    f = max(1, int(np.floor(min(h, 3 * w) / 256 + 0.5)))
    center = (f + 1) // 2 - 1
    y = np.zeros_like(x)
    padded = np.pad(x, ((f, f), (f, f), (0, 0)), mode="symmetric")
    for j in range(f):
        for i in range(f):
            y += padded[f + j - center : f + j - center + h, f + i - center : f + i - center + w] / f**2
    return np.concatenate([y[..., 0], y[..., 1], y[..., 2]], axis=1)[::f, ::f]


print("ssim_fivek", ssim(fold(a8), fold(b8), 255))


def pool(x):
    f = max(1, int(np.floor(min(h, w) / 256 + 0.5)))
    return x[: h // f * f, : w // f * f].reshape(h // f, f, w // f, f, 3).mean((1, 3))


print("ssim_pooled", np.mean([ssim(pool(a8)[..., c], pool(b8)[..., c], 255) for c in range(3)]))


def edges(x):
    y = luma(x / 255)
    y = 0.5 + 0.2 * (y - y.mean()) / y.std()
    s = sliding_window_view(y, (3, 3))
    k = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4
    return np.hypot(np.einsum("yxij,ij->yx", s, k), np.einsum("yxij,ij->yx", s, k.T))


print("edge_ssim", ssim(edges(a8), edges(b8), 1))

cdfs = [[np.cumsum(np.bincount(x[..., c].astype(int).ravel(), minlength=256)) / (w * h) for c in range(3)] for x in (a8, b8)]
print("cdf_distance", np.mean(np.abs(np.array(cdfs[0]) - np.array(cdfs[1]))))

curve = lambda t: np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)


def lab(xyz, white):
    fx, fy, fz = (curve(xyz[..., i] / white[i]) for i in range(3))
    return np.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], -1)


def srgb_lab(v):
    linear = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    m = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
    return lab(linear @ m.T, m.sum(1))


def prophoto_lab(v):
    m = np.array([[0.7976749, 0.1351917, 0.0313534], [0.2880402, 0.7118741, 0.0000857], [0, 0, 0.8252100]])
    bradford = np.array([[0.9555766, -0.0230393, 0.0631636], [-0.0282895, 1.0099416, 0.0210077], [0.0122982, -0.0204830, 1.3299098]])
    return lab(v**1.8 @ m.T @ bradford.T, [0.95047, 1.0, 1.08883])


l2 = lambda p, q: np.mean(np.sqrt(((p - q) ** 2).sum(-1)))
print("delta_e_76", l2(srgb_lab(a8 / 255), srgb_lab(b8 / 255)))
print("delta_e_76_16bit", l2(srgb_lab(a16), srgb_lab(b16)))
print("prophoto", l2(prophoto_lab(a16), prophoto_lab(b16)))


def mean_distance(p, q, steps):
    at = np.linspace(0, 1, steps)
    return np.mean(np.abs(np.quantile(p, at) - np.quantile(q, at)))


if w * h < 10000:
    print("color", 255 * np.mean([mean_distance(a8.reshape(-1, 3) / 255 @ d, b8.reshape(-1, 3) / 255 @ d, 257) for d in directions]))
