/** HetConv on this GPU against the float64 oracle: the whole CI set. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceReport } from '@hetconv/conformance';
import { reasonOf } from '../process.ts';
import type { Stage } from '../stage.ts';

export const conformanceStage: Stage = {
  name: 'conformance',
  title: 'Conformance',
  async run({ run, program, out, quick }) {
    const json = join(out, 'conformance.json');
    const reports = ['--report', json, '--report', join(out, 'conformance.html')];
    const families = quick ? ['--families', 'fused'] : [];
    const finished = await run([...program('hetconv'), 'conformance', '--backends', 'cuda', ...families, ...reports]);
    if (!existsSync(json)) return { status: 'failed', lines: [reasonOf(finished)] };
    const report = JSON.parse(readFileSync(json, 'utf8')) as ConformanceReport;
    const { cuda } = report.backends;
    const { passed, failed, skipped, worstRatio } = cuda;
    return {
      status: finished.code === 0 ? 'passed' : 'failed',
      lines: [
        `${passed} passed, ${failed} failed, ${skipped} skipped; worst r = ${worstRatio?.toFixed(2) ?? 'none'}`,
        ...(finished.code === 0 ? [] : [reasonOf(finished), ...report.problems]),
        ...Object.entries(cuda.variants)
          .filter(([, { passed: count }]) => count > 0) // --quick does not come to all of them
          .map(
            ([name, variant]) => `${name}: ${variant.passed} passed, r = ${variant.worstRatio?.toFixed(2) ?? 'none'}`,
          ),
      ],
      figures: { passed, failed, skipped, worstRatio, variants: cuda.variants },
    };
  },
};
