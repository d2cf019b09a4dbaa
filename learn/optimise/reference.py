# SPDX-License-Identifier: Apache-2.0
# Style transfer by optimization once more in PyTorch, with its own autograd. Prints the loss before each step.
# Arguments: weights (safetensors of a VGG-19), distance, optimizer, steps, width, height, then files of planar float32
# RGB: content, style.
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

path, distance, optimizer, steps, width, height, content, style = sys.argv[1:]
steps, width, height = int(steps), int(width), int(height)
torch.set_num_threads(2)
blob = open(path, "rb").read()
length = struct.unpack("<Q", blob[:8])[0]
header = json.loads(blob[8 : 8 + length])
is_caffe = header.get("__metadata__", {}).get("input", "").startswith("BGR")


def tensor(name):
    t = header[name]
    a, b = t["data_offsets"]
    return torch.from_numpy(np.frombuffer(blob[8 + length + a : 8 + length + b], np.float32).reshape(t["shape"]).copy())


def image(p):
    return torch.from_numpy(np.fromfile(p, np.float32).reshape(1, 3, height, width))


def features(x):
    if is_caffe:
        x = x.flip(1) * 255 - torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
    else:
        x = (x - torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)) / torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    found, index = {}, 0
    for block, convs in enumerate([2, 2, 4, 4, 4], 1):
        for i in range(1, convs + 1):
            if f"features.{index}.weight" not in header:
                return found
            w, b = tensor(f"features.{index}.weight"), tensor(f"features.{index}.bias")
            x = F.relu(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), w, b) if index == 0 else F.conv2d(x, w, b, padding=1))
            found[f"relu{block}_{i}"] = x
            index += 2
        x = F.max_pool2d(x, 2)
        index += 1
    return found


recipes = {
    "gaussian": ([256 / 341, 64 / 341, 16 / 341, 4 / 341, 1 / 341], 0.015, 2.0, not is_caffe or 1 / (255 * 0.226)),
    "gram": ([100] * 5, 5, 0.0, is_caffe or 255 * 0.226),
    "paper": ([200] * 5, 1, 0.0, is_caffe or 255 * 0.226),
}
weights, content_weight, smoothness, magnitude = recipes[distance]
maps = lambda x: {k: v * float(magnitude) for k, v in features(x).items()}
target, wanted = maps(image(content)), maps(image(style))
content_layer = next(l for l in ["relu4_2", "relu4_1", "relu3_3", "relu3_2", "relu2_2", "relu1_2"] if l in target)
flat = lambda x: x[0].flatten(1)


def gaussian(f, s):
    def parts(x):
        m = x.mean(1)
        return m, torch.cov(x, correction=0) + 1e-4 * torch.eye(len(x))

    (m, b), (t, a) = parts(f), parts(s)
    w, v = torch.linalg.eigh(a.double())
    r = v @ torch.diag(w.clamp_min(0).sqrt()) @ v.T
    mixed = torch.linalg.eigvalsh(r @ b.double() @ r).clamp_min(2.5e-9).sqrt().sum().float()
    return ((m - t) ** 2).mean() + (a.trace() + b.trace() - 2 * mixed) / len(f)


def gram(f, s):
    g = lambda x: x @ x.T / x.numel()
    return F.mse_loss(g(f), g(s))


def paper(f, s):
    n, m = f.shape
    return ((f @ f.T - s @ s.T) ** 2).sum() / (4 * n**2 * m**2)


def loss(x):
    f = maps(x)
    difference = (f[content_layer] - target[content_layer]) ** 2
    total = content_weight * (difference.sum() / 2 if distance == "paper" else difference.mean())
    for i, w in enumerate(weights, 1):
        if f"relu{i}_1" in f:
            total = total + w * globals()[distance](flat(f[f"relu{i}_1"]), flat(wanted[f"relu{i}_1"]))
    p = F.pad(x, (1, 1, 1, 1), mode="replicate")
    d = lambda dy, dx: ((x - p[:, :, 1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]) ** 2).mean()
    return total + smoothness * 2 * ((d(0, 1) + d(1, 0)) / 3 + (d(1, 1) + d(-1, 1)) / 12)


target = {k: v.detach() for k, v in target.items()}
wanted = {k: v.detach() for k, v in wanted.items()}
x = image(content).clone().requires_grad_(True)
if optimizer == "adam":
    o = torch.optim.Adam([x], lr=0.02, betas=(0.9, 0.99), eps=1e-8)
else:
    o = torch.optim.LBFGS([x], lr=1, max_iter=1, history_size=10, tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe")
for _ in range(steps):
    first = []

    def closure():
        o.zero_grad()
        value = loss(x)
        first.append(value.item())
        value.backward()
        return value

    if optimizer == "adam":
        closure()
        o.step()
        with torch.no_grad():
            x.clamp_(0, 1)
    else:
        o.step(closure)
    print(first[0])
