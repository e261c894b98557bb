/** The layer whose kernels are drawn. */
import { linkQuery, type LinkReader } from './link.ts';

export interface LatticeSettings {
  /** M */
  readonly inChannels: number;
  /** N */
  readonly filters: number;
  /** P, at most M. */
  readonly part: number;
  /** K */
  readonly kernel: number;
  /** Height and width of the output. */
  readonly side: number;
  /** The filter that is told of in words. */
  readonly filter: number;
}

const DEFAULTS: LatticeSettings = { inChannels: 16, filters: 16, part: 4, kernel: 3, side: 16, filter: 1 };

/** What each may be; P and the filter are bounded by M and N besides. */
export const LATTICE_LIMITS: Readonly<Record<keyof LatticeSettings, readonly [least: number, most: number]>> = {
  inChannels: [1, 4096],
  filters: [1, 4096],
  part: [1, 4096],
  kernel: [1, 11],
  side: [1, 1024],
  filter: [0, 4095],
};

const NAMES: Readonly<Record<keyof LatticeSettings, string>> = {
  inChannels: 'M',
  filters: 'N',
  part: 'P',
  kernel: 'K',
  side: 'side',
  filter: 'filter',
};

export function readLatticeSettings(link: LinkReader): LatticeSettings {
  const read = (key: keyof LatticeSettings): number => link.integer(NAMES[key], ...LATTICE_LIMITS[key], DEFAULTS[key]);
  return within({
    inChannels: read('inChannels'),
    filters: read('filters'),
    part: read('part'),
    kernel: read('kernel'),
    side: read('side'),
    filter: read('filter'),
  });
}

/** P is at most M: a larger one would leave filters without any KxK kernel. */
export function within(settings: LatticeSettings): LatticeSettings {
  const { inChannels, filters, part, filter } = settings;
  return { ...settings, part: Math.min(part, inChannels), filter: Math.min(filter, filters - 1) };
}

export function latticeLink(settings: LatticeSettings): string {
  return linkQuery(texts(settings), texts(DEFAULTS));
}

function texts(settings: LatticeSettings): Record<string, string> {
  const keys = Object.keys(NAMES) as (keyof LatticeSettings)[];
  return Object.fromEntries(keys.map((key) => [NAMES[key], String(settings[key])]));
}
