/** What travels with trained weights. */
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { descriptionOf, stampModel, stampOf, type TrainingStamp } from '../src/index.ts';

it('a stamp is read back, describes no model, and leaves nothing of the one before', () => {
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
  model.setUserDefinedMetadata({ hetconv: { model: 'dense' } });
  expect(stampOf(model)).toBeUndefined();
  const normalization = { mean: [0.5], std: [0.25] };
  const set: TrainingStamp = { dataset: 'mnist', classNames: ['a', 'b'], normalization, imageShape: [28, 28, 1] };
  stampModel(model, set);
  expect(stampOf(model)).toEqual(set);
  const folder: TrainingStamp = { dataset: 'pictures', classNames: ['c', 'd'], normalization };
  stampModel(model, folder);
  expect(stampOf(model)).toEqual(folder);
  expect(descriptionOf(model)).toEqual({ model: 'dense' });
  model.dispose();
});
