/** Networks of the paper, whole: VGG-16 and ResNet-20 for CIFAR-10 with P = 4 train on the device as on the cpu. */
import { classificationModel } from '@hetconv/zoo-classification';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, it } from 'vitest';
import { expectSameTraining } from './compare-training.ts';
import { skipFor, useEmulator } from './emulator.ts';

skipFor(await useEmulator({ strict: true }));

/** Two steps carry every gradient into every weight; more take minutes on the emulator. */
const STEPS = Number(process.env.HETCONV_TRAINING_STEPS ?? 2);

describe(`training, ${STEPS} steps`, () => {
  it.each(['resnet20-cifar', 'vgg16-cifar'])('%s', { timeout: 600_000 }, async (name) => {
    const make = (): LayersModel => classificationModel(name).build({ part: 4 });
    await expectSameTraining({ make, side: 32, batch: 2, steps: STEPS, classes: 10, perturbed: 1, fill: false });
  });
});
