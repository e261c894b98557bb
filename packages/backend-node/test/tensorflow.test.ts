/**
 * The whole suite on TensorFlow itself, where an addon is named: HETCONV_TFJS_ADDON, a file that `tools/build-addon.ts` made or
 * that came with tfjs-node.
 */
import '@hetconv/backend-node/restore-util';
import { runConformance } from '@hetconv/conformance';
import { backend } from '@hetconv/backend-node';
import { expect, it } from 'vitest';
import { giveAddon } from './addon.ts';

it('HetConv runs on TensorFlow', { timeout: 600_000 }, async (context) => {
  const addon = process.env.HETCONV_TFJS_ADDON;
  if (addon === undefined) {
    context.skip('HETCONV_TFJS_ADDON names no native addon of tfjs-node');
    return;
  }
  giveAddon('@tensorflow/tfjs-node-gpu', addon);
  const { tensorflow: report } = (await runConformance({ providers: [backend] })).backends;
  expect(report).toMatchObject({ available: true, failures: [] });
});
