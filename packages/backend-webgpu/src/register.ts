/** Side effect on import: registers the HetConv kernels of the tfjs webgpu backend. */
import { register } from './index.ts';

register();
