/** What the network of the playground sees on its first sample, computed in this process. */
import { backend } from '@hetconv/backend-cpu';
import { fitPictures, fitShape, imagesToTensor, selectImages } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { fileSystem } from '@hetconv/layers/node';
import { stampOf } from '@hetconv/train';
import { findTrained } from '@hetconv/weights';
import { trainedFolder } from '@hetconv/weights/node';
import { setBackend, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';

/** The three best classes as a card of the page says them. */
export async function topClasses(): Promise<string[]> {
  await backend.prepare();
  await setBackend(backend.name);
  const [network] = findTrained({ model: 'resnet20-cifar', kind: 'hetconv', part: 4, dataset: 'fashion-mnist' });
  const model = await loadLayersModel(fileSystem(trainedFolder(network)));
  const stamp = stampOf(model);
  const boot = selectImages(fitShape(await fashionMnistSample(), [28, 28, 3]), [0]);
  const x = imagesToTensor(fitPictures(boot, [32, 32, 3], stamp?.imageShape), stamp?.normalization);
  const output = model.predict(x) as Tensor;
  const probabilities = [...(await output.data())];
  for (const each of [x, output, model]) each.dispose();
  return probabilities
    .map((probability, index) => ({ probability, index }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, 3)
    .map(({ probability, index }) => `${stamp?.classNames[index]} ${(100 * probability).toFixed(1)} %`);
}
