# SPDX-License-Identifier: Apache-2.0
"""ocio_apply.py CUBE IN OUT: applies a .cube with OpenColorIO, tetrahedral, to raw 16-bit RGB."""
import sys

import numpy
import PyOpenColorIO as ocio

cube, source, target = sys.argv[1:]
pixels = numpy.ascontiguousarray(numpy.fromfile(source, "<u2").astype(numpy.float32) / 65535)
transform = ocio.FileTransform(cube, interpolation=ocio.INTERP_TETRAHEDRAL)
ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor().applyRGB(pixels)
(numpy.clip(pixels, 0, 1) * 65535 + 0.5).astype("<u2").tofile(target)
