/** Speaks the protocol of bench/peer.ts in PyTorch's place; its times are made up. `--imprecise`: float32 that is none; `--mortal`: ends at a layer. */
import { createInterface } from 'node:readline';

const isImprecise = process.argv.includes('--imprecise');
const isMortal = process.argv.includes('--mortal');

const answers: Readonly<Record<string, (question: { runs: number; tf32: boolean }) => object>> = {
  hello: () => ({ device: 'none', torch: '0', cudnn: '0' }),
  layer: () => {
    if (isMortal) throw new Error('out of breath');
    return {};
  },
  prepare: ({ tf32 }) => ({ format: 'nhwc', relativeError: tf32 || isImprecise ? 1e-3 : 1e-7 }),
  time: ({ runs }) => ({ ms: Array.from({ length: runs }, (_, i) => 1000 + i) }),
  release: () => ({}),
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as { do: string; runs: number; tf32: boolean };
  process.stdout.write(`${JSON.stringify({ ok: true, ...answers[question.do](question) })}\n`);
}
