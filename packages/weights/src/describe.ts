/** Trained weights in words, the same on the command line and in the page. */
import type { TrainedNetwork } from './trained-network.ts';

/** Which network it is: 'resnet20-cifar, hetconv, P=4, on fashion-mnist'. */
export function nameTrained({ model, kind, part, dataset }: TrainedNetwork): string {
  return `${model}, ${kind}${part === 'none' ? '' : `, P=${part}`}, on ${dataset}`;
}

/** How it was trained and how well: 'fashion-mnist, 30 epochs, seed 1: 93.05 % of 10000 test images'. */
export function describeTraining({ dataset, epochs, seed, accuracy, testImages }: TrainedNetwork): string {
  return `${dataset}, ${epochs} epochs, seed ${seed}: ${(100 * accuracy).toFixed(2)} % of ${testImages} test images`;
}
