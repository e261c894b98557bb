/** From an architecture and options to a model. */
import { input, type LayersModel, model } from '@tensorflow/tfjs-layers';
import type { Architecture } from './architecture.ts';
import { planNetwork } from './network-plan.ts';
import type { ClassificationOptions } from './options.ts';
import { TensorNetwork } from './tensor-network.ts';

/**
 * A model `[batch, height, width, channels]` to class probabilities `[batch, classes]`, with initial weights. Its metadata say
 * what it is (`getUserDefinedMetadata().hetconv`).
 *
 * ```ts
 * const model = buildNetwork(withSqueezeExcitation(classificationModel('resnet20-cifar'), 4), { part: 8 });
 * ```
 *
 * @throws InvalidArgumentError before anything is built
 */
export function buildNetwork(architecture: Architecture, options: ClassificationOptions = {}): LayersModel {
  const plan = planNetwork(architecture, options);
  const { name, reduction } = architecture;
  const { convKind, part, classes, inputShape, seed } = plan;
  const net = new TensorNetwork(plan);
  const image = input({ shape: [...inputShape], name: 'image' });
  const outputs = net.classify(architecture.features(net, image));
  const built = model({ inputs: image, outputs, name });
  const description = { model: name, convKind, part, classes, inputShape, seed };
  built.setUserDefinedMetadata({ hetconv: reduction === undefined ? description : { ...description, reduction } });
  return built;
}
