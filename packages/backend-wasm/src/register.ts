/** Side effect on import: registers the HetConv kernels of the tfjs wasm backend. */
import { register } from './index.ts';

register();
