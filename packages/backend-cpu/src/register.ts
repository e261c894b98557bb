/** Side effect on import: registers the HetConv kernels of the tfjs cpu backend. */
import { register } from './index.ts';

register();
