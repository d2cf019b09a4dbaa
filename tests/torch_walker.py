# SPDX-License-Identifier: Apache-2.0
# Computes networks from the JSON of their NetSpec with torch.nn.functional: an outside witness for src/net.
# Argument: how many; reads net0, inputs0 ... and writes wanted0 ..., all safetensors.
import json, math, struct, sys
import numpy as np, torch
import torch.nn.functional as F
torch.set_num_threads(1)
torch.backends.mkldnn.enabled = False
def load(path):
    b = open(path, "rb").read()
    n, = struct.unpack("<Q", b[:8])
    h = json.loads(b[8:8 + n])
    meta = h.pop("__metadata__", {})
    t = lambda e: torch.from_numpy(np.frombuffer(b[8 + n + e["data_offsets"][0]:8 + n + e["data_offsets"][1]], "<f4").copy().reshape(e["shape"]))
    return {k: t(e) for k, e in h.items()}, meta
def same(size, k, s):
    total = max((-(-size // s) - 1) * s + k - size, 0)
    return total // 2, total - total // 2
def walk(spec, w, values):
    for n in spec["nodes"]:
        a = lambda key, default: n.get(key, default)
        x = [values[i] for i in n["inputs"]]
        p = a("parameters", n["name"])
        kind, k, s, d, pad, g = n["kind"], a("kernel", 1), a("stride", 1), a("dilation", 1), a("pad", 0), a("groups", 1)
        weight, bias = w.get(p + ".weight"), w.get(p + ".bias") if a("bias", True) else None
        y = x[0]
        H, W = y.shape[2:]
        if kind == "conv":
            if a("same", False):
                (t, b), (l, r) = same(H, (k - 1) * d + 1, s), same(W, (k - 1) * d + 1, s)
                y = F.pad(y, (l, r, t, b))
            elif pad:
                y = F.pad(y, (pad,) * 4, mode="reflect" if a("pad_mode", "zero") == "reflect" else "constant")
            y = F.conv2d(y, weight, bias, s, 0, d, g)
        elif kind == "conv_transposed":
            if a("same", False):
                (t, b), (l, r) = same(H * s, k, s), same(W * s, k, s)
                y = F.conv_transpose2d(y, weight, bias, s, 0, 0, g, d)
                y = y[:, :, t:y.shape[2] - b, l:y.shape[3] - r]
            else:
                y = F.conv_transpose2d(y, weight, bias, s, pad, a("output_pad", 0), g, d)
        elif kind == "batch_norm": y = F.batch_norm(y, w[p + ".running_mean"], w[p + ".running_var"], weight, bias, False, 0, a("epsilon", 1e-5))
        elif kind == "instance_norm": y = F.instance_norm(y, None, None, *((weight, bias) if a("affine", True) else (None, None)), True, 0, a("epsilon", 1e-5))
        elif kind == "group_norm": y = F.group_norm(y, g, *((weight, bias) if a("affine", True) else (None, None)), a("epsilon", 1e-5))
        elif kind == "relu": y = F.relu(y)
        elif kind == "leaky_relu": y = F.leaky_relu(y, a("slope", 0.01))
        elif kind == "tanh": y = torch.tanh(y)
        elif kind == "sigmoid": y = torch.sigmoid(y)
        elif kind == "sqrt": y = torch.sqrt(y)
        elif kind == "max_pool": y = F.max_pool2d(y, k, s, pad, 1, a("ceil", False))
        elif kind == "average_pool": y = F.avg_pool2d(y, k, s, pad, a("ceil", False), a("count_pad", True))
        elif kind == "global_average_pool": y = F.adaptive_avg_pool2d(y, 1)
        elif kind == "global_deviation": y = (y.flatten(2).var(2) + a("epsilon", 1e-5)).sqrt()[:, :, None, None]
        elif kind == "resize":
            mode = dict(mode=a("mode", "nearest")) if a("mode", "nearest") == "nearest" else dict(mode="bilinear", align_corners=False)
            if len(x) == 2: y = F.interpolate(y, size=x[1].shape[2:], **mode)
            elif "factor" in n: y = F.interpolate(y, scale_factor=n["factor"], **mode)
            else: y = F.interpolate(y, size=(n["height"], n["width"]), **mode)
        elif kind == "add": y = x[0] + x[1]
        elif kind == "mul": y = x[0] * x[1]
        elif kind == "concat": y = torch.cat(x, 1)
        elif kind == "linear": y = F.linear(y[:, :, 0, 0], weight, bias)[:, :, None, None]
        elif kind == "flatten": y = y.flatten(1)[:, :, None, None]
        elif kind == "scale_shift":
            if "order" in n: y = y[:, n["order"]]
            if "scale" in n: y = y * torch.tensor(n["scale"])[None, :, None, None]
            if "shift" in n: y = y + torch.tensor(n["shift"])[None, :, None, None]
        else: sys.exit("unknown kind " + kind)
        values[n["name"]] = y
    return [values[o] for o in spec["outputs"]]
def save(tensors, path):
    header, data = {}, b""
    for k, v in tensors.items():
        b = v.contiguous().numpy().astype("<f4").tobytes()
        header[k] = {"dtype": "F32", "shape": list(v.shape), "data_offsets": [len(data), len(data) + len(b)]}
        data += b
    h = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(h)) + h + data)
with torch.no_grad():
    for i in range(int(sys.argv[1])):
        weights, meta = load("net%d" % i)
        inputs, _ = load("inputs%d" % i)
        outputs = walk(json.loads(meta["net"]), weights, inputs)
        save({"out%d" % j: y for j, y in enumerate(outputs)}, "wanted%d" % i)
