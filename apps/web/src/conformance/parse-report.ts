/** Whether a document is a report of the conformance suite, as `hetconv conformance --json` writes it. */
import type { ConformanceReport } from '@hetconv/conformance';

/** @returns undefined where it is none */
export function parseReport(document: unknown): ConformanceReport | undefined {
  if (!isRecord(document) || !Array.isArray(document.families) || !isRecord(document.backends)) return undefined;
  const isWhole = Object.values(document.backends).every(
    (backend) =>
      isRecord(backend) &&
      typeof backend.available === 'boolean' &&
      typeof backend.passed === 'number' &&
      isRecord(backend.families) &&
      isRecord(backend.variants) &&
      Array.isArray(backend.failures) &&
      Array.isArray(backend.skips),
  );
  return isWhole ? (document as unknown as ConformanceReport) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
