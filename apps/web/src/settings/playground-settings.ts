/** Which network looks at the picture, and where. The picture itself is no setting: it stays on the person's machine. */
import type { ConvKind } from '@hetconv/layers';
import { BACKEND_NAMES, type BackendName } from '../backend-names.ts';
import type { Catalogue } from './catalogue.ts';
import { linkQuery, type LinkReader } from './link.ts';
import { type PartName, partText } from './part.ts';

export interface PlaygroundSettings {
  readonly model: string;
  readonly kind: ConvKind;
  readonly part: PartName;
  readonly backends: readonly BackendName[] | 'all';
  readonly seed: string;
}

const DEFAULTS: PlaygroundSettings = { model: 'resnet20-cifar', kind: 'hetconv', part: 4, backends: 'all', seed: '0' };

export function readPlaygroundSettings(link: LinkReader, { models, kinds }: Catalogue): PlaygroundSettings {
  const names = models.map(({ name }) => name);
  const kindNames: ConvKind[] = ['standard', ...kinds.map(({ name }) => name)];
  return {
    model: link.choice('model', names, DEFAULTS.model),
    kind: link.choice('kind', kindNames, DEFAULTS.kind),
    part: link.parts('part', [DEFAULTS.part])[0],
    backends: link.choices('backends', BACKEND_NAMES, DEFAULTS.backends),
    seed: link.text('seed', DEFAULTS.seed),
  };
}

export function playgroundLink(settings: PlaygroundSettings): string {
  return linkQuery(texts(settings), texts(DEFAULTS));
}

function texts({ model, kind, part, backends, seed }: PlaygroundSettings): Record<string, string> {
  return { model, kind, part: partText(part), backends: String(backends), seed };
}
