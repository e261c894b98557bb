/** Which network looks at the picture, and where. The picture itself is no setting: it stays on the person's machine. */
import type { ConvKind } from '@hetconv/layers';
import { findTrained, TRAINED, type TrainedNetwork } from '@hetconv/weights';
import { BACKEND_NAMES, type BackendName } from '../backend-names.ts';
import type { Catalogue } from './catalogue.ts';
import { linkQuery, type LinkReader } from './link.ts';
import { type PartName, partText } from './part.ts';

export interface PlaygroundSettings {
  readonly model: string;
  readonly kind: ConvKind;
  readonly part: PartName;
  /** A data set that the weights were trained on, `UNTRAINED`, or '' for what suits the samples best. */
  readonly weights: string;
  readonly backends: readonly BackendName[] | 'all';
  readonly seed: string;
}

/** Seeded weights, in links and requests. */
export const UNTRAINED = 'untrained';

/** The data set that the samples of the page are of. */
export const SAMPLES_OF = 'fashion-mnist';

const DEFAULTS: PlaygroundSettings = {
  model: 'resnet20-cifar',
  kind: 'hetconv',
  part: 4,
  weights: '',
  backends: 'all',
  seed: '0',
};

export function readPlaygroundSettings(link: LinkReader, { models, kinds }: Catalogue): PlaygroundSettings {
  const names = models.map(({ name }) => name);
  const kindNames: ConvKind[] = ['standard', ...kinds.map(({ name }) => name)];
  return {
    model: link.choice('model', names, DEFAULTS.model),
    kind: link.choice('kind', kindNames, DEFAULTS.kind),
    part: link.parts('part', [DEFAULTS.part])[0],
    weights: link.choice('weights', [UNTRAINED, ...new Set(TRAINED.map(({ dataset }) => dataset))], DEFAULTS.weights),
    backends: link.choices('backends', BACKEND_NAMES, DEFAULTS.backends),
    seed: link.text('seed', DEFAULTS.seed),
  };
}

export function playgroundLink(settings: PlaygroundSettings): string {
  return linkQuery(texts(settings), texts(DEFAULTS));
}

/**
 * The trained weights that are meant: those of the data set that was chosen; where this network has none of it, those that know the
 * samples, else the first. Undefined: untrained.
 */
export function weightsOf({ model, kind, part, weights }: PlaygroundSettings): TrainedNetwork | undefined {
  if (weights === UNTRAINED) return undefined;
  const offered = findTrained({ model, kind, part });
  const of = (name: string): TrainedNetwork | undefined => offered.find(({ dataset }) => dataset === name);
  return of(weights) ?? of(SAMPLES_OF) ?? offered[0];
}

function texts({ model, kind, part, weights, backends, seed }: PlaygroundSettings): Record<string, string> {
  return { model, kind, part: partText(part), weights, backends: String(backends), seed };
}
