/** Several reports as one: a process and a browser, or the machines of a CI matrix. */
import { InvalidArgumentError } from '@hetconv/core';
import { FAMILIES } from '../cases/case.ts';
import { environmentName } from './environment-name.ts';
import type { BackendReport, ConformanceReport } from './report.ts';

/**
 * Every backend keeps its own environment. Backends of the same name in several reports are told apart by it:
 * `cpu (Node 24.21.0 on linux x64)`.
 *
 * @throws InvalidArgumentError for no report
 */
export function joinReports(reports: readonly ConformanceReport[]): ConformanceReport {
  if (reports.length === 0) throw new InvalidArgumentError('joinReports', 'reports', [], 'at least one report');
  const [first] = reports;
  if (reports.length === 1) return first;
  const all = reports.flatMap(({ environment, backends }) =>
    Object.entries(backends).map(([name, backend]) => ({
      name,
      backend: { ...backend, environment: backend.environment ?? environment },
    })),
  );
  const backends: Record<string, BackendReport> = {};
  for (const { name, backend } of all) {
    const isShared = all.filter((other) => other.name === name).length > 1;
    backends[freeName(backends, isShared ? `${name} (${environmentName(backend.environment)})` : name)] = backend;
  }
  return {
    ...first,
    families: FAMILIES.filter((family) => reports.some(({ families }) => families.includes(family))),
    cases: Math.max(...reports.map(({ cases }) => cases)),
    backends,
    ok: reports.every(({ ok }) => ok),
    problems: reports.flatMap(({ problems }) => problems),
  };
}

/** The same backend twice in the same environment: counted. */
function freeName(taken: Readonly<Record<string, unknown>>, name: string): string {
  let free = name;
  for (let count = 2; free in taken; count++) free = `${name} #${count}`;
  return free;
}
