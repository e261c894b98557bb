/** Side effect on import: registers the tfjs backend 'cuda' and its kernels; the cpu backend comes with it, for those it lacks. */
import '@tensorflow/tfjs-backend-cpu';
import { register } from './index.ts';

register();
