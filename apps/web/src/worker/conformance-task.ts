/** The conformance suite in the page: the same cases, seeds and report as `hetconv conformance --json`. */
import { type ConformanceReport, runConformance } from '@hetconv/conformance';
import { distinctLayers } from '@hetconv/zoo-classification';
import type { ConformanceEvent, ConformanceRequest } from './protocol.ts';
import { prepareBackends } from './providers.ts';

export async function checkConformance(
  { backends, families, seed }: ConformanceRequest,
  report: (event: ConformanceEvent) => void,
): Promise<ConformanceReport> {
  const absent: string[] = [];
  const providers = await prepareBackends(backends, (message) => absent.push(message));
  if (providers.length === 0) throw new Error(`None of the chosen backends runs here. ${absent.join('; ')}`);
  return runConformance({
    providers,
    layers: distinctLayers(),
    seed,
    ...(families === undefined ? {} : { families }),
    onProgress: ({ stage, family, loaded, total, failed }) =>
      report({ type: 'progress', stage: `${stage}: ${family}`, backend: stage, family, loaded, total, failed }),
  });
}
