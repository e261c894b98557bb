"""Convolutions of cuDNN through PyTorch, timed on the device. Asked and answering in lines of JSON: the protocol is in peer.ts."""

import json
import sys

try:
    import torch
    import torch.nn.functional as F

    missing = None if torch.cuda.is_available() else "torch is there, but finds no CUDA device"
except ImportError as error:
    missing = f"{error} (python is {sys.executable})"

# Runs of each memory format before the faster one is chosen. The first run lets cuDNN choose its algorithm.
WARM_UP = 3
TRIES = 5


class Contender:
    """A convolution in one memory format."""

    def __init__(self, run, tf32, format):
        self.run, self.tf32, self.format = run, tf32, format


class Peer:
    def __init__(self):
        self.layer = None
        self.inputs = {}
        self.contenders = {}
        self.buffer = None

    def answer(self, question):
        if missing is not None:
            raise RuntimeError(missing)
        return getattr(self, "do_" + question.pop("do"))(**question)

    def do_hello(self):
        return {
            "device": torch.cuda.get_device_name(),
            "torch": torch.__version__,
            "cudnn": str(torch.backends.cudnn.version()),
        }

    def do_layer(self, layer, flushBytes):
        self.do_release()
        self.layer = layer
        torch.manual_seed(1)
        image = torch.rand(1, layer["in"], layer["height"], layer["width"], device="cuda") * 2 - 1
        x = image.repeat(layer["batch"], 1, 1, 1)
        self.inputs = {"nchw": x, "nhwc": x.contiguous(memory_format=torch.channels_last)}
        if self.buffer is None or self.buffer.numel() != flushBytes:
            self.buffer = torch.empty(flushBytes, dtype=torch.int8, device="cuda")
        return {}

    def do_prepare(self, name, kind, groups, tf32):
        layer = self.layer
        size, stride = layer["kernel"], layer["stride"]
        channels, filters = layer["in"], layer["out"]
        weight = torch.randn(filters, channels // groups, size, size, device="cuda") / size
        pointwise = torch.randn(filters, channels, 1, 1, device="cuda") if kind == "sum" else None

        def make(format):
            layout = torch.channels_last if format == "nhwc" else torch.contiguous_format
            w = weight.contiguous(memory_format=layout)
            p = None if pointwise is None else pointwise.contiguous(memory_format=layout)

            def run(x):
                y = F.conv2d(x, w.to(x.dtype), None, stride, size // 2, 1, groups)
                return y if p is None else y.add_(F.conv2d(x, p.to(x.dtype), None, stride))

            return Contender(run, tf32, format)

        candidates = [make(format) for format in self.inputs]
        for candidate in candidates:
            self.measure(candidate, WARM_UP)
        times = [sorted(self.measure(candidate, TRIES))[TRIES // 2] for candidate in candidates]
        best = candidates[times.index(min(times))]
        self.contenders[name] = best
        return {"format": best.format, "relativeError": self.error(best)}

    def do_time(self, name, runs):
        return {"ms": self.measure(self.contenders[name], runs)}

    def do_release(self):
        self.inputs, self.contenders = {}, {}
        torch.cuda.empty_cache()
        return {}

    def measure(self, contender, runs):
        """Each run behind a write that empties the cache and lets the host be ahead, as device-clock.ts does it."""
        torch.backends.cudnn.allow_tf32 = contender.tf32
        x = self.inputs[contender.format]
        marks = []
        for i in range(runs):
            self.buffer.fill_(i % 100)
            start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            start.record()
            y = contender.run(x)
            end.record()
            del y
            marks.append((start, end))
        torch.cuda.synchronize()
        return [start.elapsed_time(end) for start, end in marks]

    def error(self, contender):
        """Of the first image, beside float64, relative to the largest value."""
        torch.backends.cudnn.allow_tf32 = contender.tf32
        x = self.inputs[contender.format][:1]
        exact = contender.run(x.double())
        return ((contender.run(x).double() - exact).abs().max() / exact.abs().max()).item()


def main():
    peer = Peer()
    if missing is None:
        torch.backends.cudnn.benchmark = True  # the fastest algorithm for each shape
        torch.set_grad_enabled(False)
    for line in sys.stdin:
        try:
            answer = {"ok": True, **peer.answer(json.loads(line))}
        except Exception as error:  # told to the asker; the next question may succeed
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
