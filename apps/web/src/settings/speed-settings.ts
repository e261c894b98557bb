/** What the benchmark measures. */
import type { ConvKind } from '@hetconv/layers';
import { BACKEND_NAMES, type BackendName } from '../backend-names.ts';
import type { Catalogue } from './catalogue.ts';
import { linkQuery, type LinkReader } from './link.ts';
import { type PartName, partText } from './part.ts';

export interface SpeedSettings {
  readonly models: readonly string[];
  readonly kinds: readonly ConvKind[];
  readonly parts: readonly PartName[];
  readonly backends: readonly BackendName[] | 'all';
  /** Times that everything is made anew and measured: more blocks, narrower intervals. */
  readonly blocks: number;
  /** After so many seconds a row gets no further round. */
  readonly seconds: number;
  readonly seed: string;
  /** Whether normalisation and activations are folded into the convolutions, as for deployment. */
  readonly folded: boolean;
  readonly perLayer: boolean;
}

const DEFAULTS: SpeedSettings = {
  models: ['resnet20-cifar'],
  kinds: ['hetconv'],
  parts: [2, 4, 8],
  backends: 'all',
  blocks: 5,
  seconds: 3,
  seed: '0',
  folded: false,
  perLayer: false,
};

export function readSpeedSettings(link: LinkReader, { models, kinds }: Catalogue): SpeedSettings {
  const names = models.map(({ name }) => name);
  const kindNames = kinds.map(({ name }) => name);
  return {
    models: link.choices('models', names, DEFAULTS.models),
    kinds: link.choices('kinds', kindNames, DEFAULTS.kinds),
    parts: link.parts('parts', DEFAULTS.parts),
    backends: link.choices('backends', BACKEND_NAMES, DEFAULTS.backends),
    blocks: link.integer('blocks', 2, 50, DEFAULTS.blocks),
    seconds: link.integer('seconds', 1, 600, DEFAULTS.seconds),
    seed: link.text('seed', DEFAULTS.seed),
    folded: link.flag('folded'),
    perLayer: link.flag('layers'),
  };
}

export function speedLink(settings: SpeedSettings): string {
  return linkQuery(texts(settings), texts(DEFAULTS));
}

function texts(settings: SpeedSettings): Record<string, string> {
  return {
    models: settings.models.join(','),
    kinds: settings.kinds.join(','),
    parts: settings.parts.map(partText).join(','),
    backends: String(settings.backends),
    blocks: String(settings.blocks),
    seconds: String(settings.seconds),
    seed: settings.seed,
    folded: settings.folded ? '1' : '0',
    layers: settings.perLayer ? '1' : '0',
  };
}
