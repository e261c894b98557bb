/** Side effect on import: registers the HetConv kernels of the tfjs webgl backend. */
import { register } from './index.ts';

register();
