/** Which part of the conformance suite is run, and where. */
import type { Family } from '@hetconv/conformance';
import { BACKEND_NAMES, type BackendName } from '../backend-names.ts';
import type { Catalogue } from './catalogue.ts';
import { linkQuery, type LinkReader } from './link.ts';

export interface ConformanceSettings {
  readonly families: readonly Family[] | 'all';
  readonly backends: readonly BackendName[] | 'all';
  readonly seed: number;
}

const DEFAULTS: ConformanceSettings = { families: 'all', backends: 'all', seed: 1 };

export function readConformanceSettings(link: LinkReader, { families }: Catalogue): ConformanceSettings {
  return {
    families: link.choices('families', families, DEFAULTS.families),
    backends: link.choices('backends', BACKEND_NAMES, DEFAULTS.backends),
    seed: link.integer('seed', 1, 2 ** 31 - 1, DEFAULTS.seed),
  };
}

export function conformanceLink(settings: ConformanceSettings): string {
  return linkQuery(texts(settings), texts(DEFAULTS));
}

function texts({ families, backends, seed }: ConformanceSettings): Record<string, string> {
  return { families: String(families), backends: String(backends), seed: String(seed) };
}
