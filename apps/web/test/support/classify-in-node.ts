/** What the network of the playground sees on its first sample, computed in this process. */
import { backend } from '@hetconv/backend-cpu';
import { fitShape, imagesToTensor, resizeImages, selectImages } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { classificationModel } from '@hetconv/zoo-classification';
import { setBackend, type Tensor } from '@tensorflow/tfjs-core';

/** The three best classes as a card of the page says them. */
export async function topClasses(): Promise<string[]> {
  await backend.prepare();
  await setBackend(backend.name);
  const boot = selectImages(fitShape(await fashionMnistSample(), [28, 28, 3]), [0]);
  const x = imagesToTensor(resizeImages(boot, { height: 32, width: 32, mode: 'cover' }));
  const model = classificationModel('resnet20-cifar').build({ part: 4, seed: '0' });
  const output = model.predict(x) as Tensor;
  const probabilities = [...(await output.data())];
  for (const each of [x, output, model]) each.dispose();
  return probabilities
    .map((probability, index) => ({ probability, index }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, 3)
    .map(({ probability, index }) => `class ${index} ${(100 * probability).toFixed(1)} %`);
}
