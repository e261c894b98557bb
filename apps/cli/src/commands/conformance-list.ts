/** `hetconv conformance --list`: which cases there are, without running any. */
import { buildCases, type CaseSet, type ConformanceCase, FAMILIES, type Family } from '@hetconv/conformance';
import type { BackendProvider } from '@hetconv/core';
import { distinctLayers } from '@hetconv/zoo-classification';
import { emitJson, note, print } from '../output/emit.ts';
import { renderTable } from '../output/table.ts';

/** What the cases are built from; as `runConformance` takes it. */
export interface ListOptions {
  readonly families?: readonly Family[];
  readonly set?: CaseSet;
  readonly seed?: number;
}

/** Ids on stdout, each once; the counts a family and backend on stderr (with `json`, both in one document). */
export function listCases(providers: readonly BackendProvider[], options: ListOptions, json: boolean): void {
  const layers = distinctLayers();
  const cases = providers.map((provider) => buildCases({ ...options, layers, kernels: provider.kernels() }));
  const rows = (options.families ?? FAMILIES).map((family) => ({
    family,
    counts: cases.map((ofBackend) => countOf(ofBackend, family)),
  }));
  const ids = [...new Set(cases.flatMap((ofBackend) => ofBackend.map(({ id }) => id)))];
  if (json) {
    const counts = rows.map(({ family, counts: all }) => [
      family,
      Object.fromEntries(providers.map(({ name }, i) => [name, all[i]])),
    ]);
    emitJson({ families: Object.fromEntries(counts), cases: ids });
    return;
  }
  for (const id of ids) print(id);
  const columns = providers.map(({ name }, i) => ({
    title: name,
    cell: ({ counts }: (typeof rows)[number]) => String(counts[i]),
  }));
  note(renderTable(rows, [{ title: 'family', align: 'left', cell: (row) => row.family }, ...columns]));
  note(`${ids.length} cases`);
}

function countOf(cases: readonly ConformanceCase[], family: Family): number {
  return cases.filter((one) => one.family === family).length;
}
