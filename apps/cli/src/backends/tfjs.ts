/** Side effect on import: tfjs as the commands need it. */
import '@tensorflow/tfjs-backend-cpu'; // weights live somewhere from the start: every command has the cpu backend
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';

enableProdMode(); // without it tfjs greets on stderr at its first kernel
await setBackend('cpu'); // others, once imported, would outrank it
