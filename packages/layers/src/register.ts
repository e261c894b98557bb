/** Side effect: `tf.loadLayersModel` knows the layers of this package from here on. */
import { registerHetConvLayers } from './layers/registration.ts';

registerHetConvLayers();
