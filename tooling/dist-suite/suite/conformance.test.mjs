// The conformance suite as a consumer runs it: from the packed packages, on every packed backend.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { runConformance } from '@hetconv/conformance';

const backends = readdirSync('node_modules/@hetconv').filter((name) => name.startsWith('backend-'));

test('there are packed backends', () => assert.notEqual(backends.length, 0));

for (const name of backends) {
  test(`@hetconv/${name} passes`, async (context) => {
    const { backend } = await import(`@hetconv/${name}`);
    const report = await runConformance({ providers: [backend] });
    const result = report.backends[backend.name];
    if (!result.available) {
      context.skip(result.reason);
      return;
    }
    assert.deepEqual(report.problems, []);
    assert.ok(result.passed > 1000, `${result.passed} cases passed`);
  });
}
