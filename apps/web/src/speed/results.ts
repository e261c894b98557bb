/** Rows of a benchmark as they come in, or as a file holds them, by network. */
import type { LayerRow, ModelRow } from '@hetconv/bench';
import { type BenchResult, layerSection, layerTitle, modelSection, modelTitle } from '@hetconv/report';
import type { Savable } from '../app/save.ts';

type Environment = BenchResult<unknown>['environment'];

export interface SpeedResults {
  readonly environment: Environment;
  readonly models: readonly ModelRow[];
  readonly layers: readonly LayerRow[];
}

/** One network, or a list of layers, drawn. */
export interface Drawing {
  readonly title: string;
  /** Trusted: made by @hetconv/report, which escapes what comes from data. */
  readonly body: string;
}

export function drawings({ environment, models, layers }: SpeedResults): Drawing[] {
  const names = [...new Set(models.map(({ model }) => model))];
  const byModel = names.map((name): Drawing => {
    const result = { environment, rows: models.filter(({ model }) => model === name) };
    return { title: modelTitle(result), body: modelSection(result, document) };
  });
  if (layers.length === 0) return byModel;
  const result = { environment, rows: layers };
  return [...byModel, { title: layerTitle(result), body: layerSection(result, document) }];
}

/** Two documents, as the command's `bench model` and `bench layer` write them. */
export function savables({ environment, models, layers }: SpeedResults, drawn: readonly Drawing[]): Savable[] {
  const bodyOf = (own: readonly Drawing[]): string =>
    own.length === 1 ? own[0].body : own.map(({ title, body }) => `<h2>${title}</h2>\n${body}`).join('\n');
  const files: Savable[] = [];
  const ofLayers = layers.length === 0 ? [] : drawn.slice(-1);
  const ofModels = drawn.slice(0, drawn.length - ofLayers.length);
  if (models.length > 0) {
    const title = ofModels.length === 1 ? ofModels[0].title : 'HetConv networks beside their standard twins';
    files.push({ name: 'bench-model', title, json: { environment, rows: models }, body: bodyOf(ofModels) });
  }
  if (layers.length > 0) {
    const [{ title }] = ofLayers;
    files.push({ name: 'bench-layer', title, json: { environment, rows: layers }, body: bodyOf(ofLayers) });
  }
  return files;
}

/** @returns undefined where the document is none of a benchmark */
export function parseResults(document: unknown): SpeedResults | undefined {
  if (!isRecord(document) || !isRecord(document.environment) || !Array.isArray(document.rows)) return undefined;
  const rows = document.rows as unknown[];
  const { environment } = document;
  if (rows.length === 0 || !rows.every(isComparison)) return undefined;
  if (rows.every((row) => typeof row.model === 'string')) {
    return { environment, models: rows as unknown as ModelRow[], layers: [] };
  }
  if (rows.every((row) => typeof row.kernel === 'number')) {
    return { environment, models: [], layers: rows as unknown as LayerRow[] };
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the drawing of every row needs. */
function isComparison(row: unknown): row is Record<string, unknown> {
  const numbers = ['macRatio', 'speedup', 'speedupLow', 'speedupHigh', 'medianMs'];
  return isRecord(row) && typeof row.backend === 'string' && numbers.every((name) => typeof row[name] === 'number');
}
