/** Whether a document is a report of the conformance suite, as `hetconv conformance --json` writes it. */
import type { ConformanceReport } from '@hetconv/conformance';

export function isReport(document: unknown): document is ConformanceReport {
  if (!isRecord(document) || !Array.isArray(document.families) || !Array.isArray(document.problems)) return false;
  if (!isRecord(document.environment) || !isRecord(document.backends)) return false;
  return Object.values(document.backends).every(
    (backend) =>
      isRecord(backend) &&
      typeof backend.available === 'boolean' &&
      typeof backend.passed === 'number' &&
      isRecord(backend.families) &&
      isRecord(backend.variants) &&
      Array.isArray(backend.failures) &&
      Array.isArray(backend.skips) &&
      Array.isArray(backend.knownGaps),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
