"""KServe's own server over a pack's exported encoders: python kserve_server.py PORT NAME=image.onnx NAME=text.onnx"""

import sys

import numpy as np
import onnxruntime
import uvicorn

# KServe listens on every address and has no setting for it.
original = uvicorn.Config.__init__


def on_loopback(self, *args, **options):
    original(self, *args, **{**options, "host": "127.0.0.1"})


uvicorn.Config.__init__ = on_loopback

from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer  # noqa: E402
from kserve.utils.numpy_codec import from_np_dtype  # noqa: E402


class Encoder(Model):
    def __init__(self, name: str, path: str):
        super().__init__(name)
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self.ready = True

    def predict(self, request: InferRequest, headers=None, response_headers=None) -> InferResponse:
        feeds = {tensor.name: tensor.as_numpy() for tensor in request.inputs}
        names = [output.name for output in self.session.get_outputs()]
        outputs = []
        for name, value in zip(names, self.session.run(names, feeds)):
            output = InferOutput(name=name, shape=list(value.shape), datatype=from_np_dtype(value.dtype))
            output.set_data_from_numpy(np.ascontiguousarray(value), binary_data=True)
            outputs.append(output)
        return InferResponse(
            request.id, self.name, outputs, requested_outputs=request.request_outputs, use_binary_outputs=True
        )


if __name__ == "__main__":
    port, *models = sys.argv[1:]
    encoders = [Encoder(*model.split("=", 1)) for model in models]
    ModelServer(http_port=int(port), enable_grpc=False, workers=1).start(encoders)
