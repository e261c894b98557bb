/** Every stock kernel of tfjs that runs on the device. What is not here runs on the CPU: see fallback.ts. */
import { batchNormKernels } from './batch-norm.ts';
import { binaryKernels } from './binary.ts';
import { complexKernels } from './complex.ts';
import { convolutionKernels } from './conv2d.ts';
import { depthwiseKernels } from './depthwise.ts';
import { gatherKernels } from './gather.ts';
import { matmulKernels } from './matmul.ts';
import { moveKernels } from './move.ts';
import type { NativeKernel } from './native.ts';
import { poolKernels } from './pool.ts';
import { reduceKernels } from './reduce.ts';
import { shapeKernels } from './shape.ts';
import { unaryKernels } from './unary.ts';

export const nativeKernels: readonly NativeKernel[] = [
  ...unaryKernels,
  ...binaryKernels,
  ...shapeKernels,
  ...moveKernels,
  ...gatherKernels,
  ...reduceKernels,
  ...matmulKernels,
  ...convolutionKernels,
  ...depthwiseKernels,
  ...poolKernels,
  ...batchNormKernels,
  ...complexKernels,
];
