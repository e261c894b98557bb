/** What the commands that take a model have in common: its name, kind and P. */
import '../backends/tfjs.ts';
import { CONV_KINDS, type ConvKind } from '@hetconv/layers';
import { type ClassificationModel, classificationModel, type Notice } from '@hetconv/zoo-classification';
import { InvalidArgumentError } from '@hetconv/core';
import { note } from '../output/emit.ts';
import { oneOf } from '../output/choices.ts';
import { UsageError } from '../output/failure.ts';

export const modelArguments = {
  model: {
    type: 'positional',
    description: 'Name of a network of the zoo, e.g. vgg16-cifar, resnet20-cifar',
    required: true,
  },
  kind: { type: 'string', description: `Kind of convolution: ${CONV_KINDS.join(', ')}`, default: 'hetconv' },
} as const;

/** @throws UsageError listing the names */
export function findModel(name: string): ClassificationModel {
  try {
    return classificationModel(name);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** @throws UsageError listing the kinds */
export function findKind(kind: string): ConvKind {
  return oneOf('--kind', kind, CONV_KINDS);
}

/** A layer with fewer input channels than P. */
type Clamped = Pick<Notice, 'layer' | 'requested' | 'used'>;

/** Passes on what a network does differently from what was asked, once per message, gathered by layer. */
export function noticeCollector(): { readonly onNotice: (notice: Clamped) => void; flush(): void } {
  const notices: Clamped[] = [];
  return {
    onNotice: (notice) => notices.push(notice),
    flush() {
      const requests = new Set(notices.map(({ requested, used }) => `${requested}/${used}`));
      for (const request of requests) {
        const [requested, used] = request.split('/');
        const layers = new Set(
          notices.filter((one) => `${one.requested}/${one.used}` === request).map(({ layer }) => layer),
        );
        note(`note: P=${requested} is more than the ${used} input channels of ${layers.size} layers; there P=${used}.`);
      }
      notices.length = 0;
    },
  };
}
