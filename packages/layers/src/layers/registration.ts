/** The classes of this package that a saved model may name. */
import { serialization } from '@tensorflow/tfjs-core';
import { SeededVarianceScaling } from '../initializers/seeded.ts';
import { DualConv2D } from './dual-conv2d.ts';
import { GroupedConv2D } from './grouped-conv2d.ts';
import { HetConv2D } from './het-conv2d.ts';
import { IdentityShortcut } from './identity-shortcut.ts';

/**
 * Makes `tf.loadLayersModel` and `tf.models.modelFromJSON` know the layers of this package. Idempotent. Importing
 * '@hetconv/layers/register' does the same; a layer that was constructed in this process is known already.
 */
export function registerHetConvLayers(): void {
  serialization.registerClass(HetConv2D);
  serialization.registerClass(GroupedConv2D);
  serialization.registerClass(DualConv2D);
  serialization.registerClass(IdentityShortcut);
  serialization.registerClass(SeededVarianceScaling);
}
