/** Side effect on import: registers the HetConv kernels of the tfjs backend 'tensorflow', which is to be loaded before. */
import { register } from './index.ts';

register();
