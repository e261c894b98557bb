/**
 * What one core can do at most in this engine: chains of fused multiply-adds on registers alone, no memory. The share of it that a
 * kernel reaches is GFLOP/s of `layers.ts` over this: node bench/peak.ts
 */
import { median } from '@hetconv/bench';
import { Scope, repeat, sequence } from '../src/assembler/control.ts';
import { f32x4, i32, v128 } from '../src/assembler/instructions.ts';
import { assemble, MEMORY_IMPORT } from '../src/assembler/module.ts';

const CHAINS = 12; // independent sums: enough to hide the latency of two pipes
const PER_TURN = 8;
const TURNS = 2_000_000;

const scope = new Scope(['i32', 'f32']);
const [turns, seed] = scope.arguments();
const chains = scope.many('v128', CHAINS);
const factor = scope.local('v128');
const step = sequence(...chains.map((sum) => sum.set(f32x4.relaxedMadd(sum.get, factor.get, factor.get))));
const keep = sequence(...chains.map((sum, i) => v128.store(i32.constant(16 * i), sum.get))); // else V8 drops the loop
const fill = sequence(factor.set(f32x4.splat(seed.get)), ...chains.map((sum) => sum.set(f32x4.splat(seed.get))));
const body = sequence(fill, repeat(turns, sequence(...Array.from({ length: PER_TURN }, () => step))), keep);
const code = assemble([{ scope, body, name: 'run' }], false);
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
const { run } = new WebAssembly.Instance(new WebAssembly.Module(code), {
  [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory },
}).exports;

const samples = Array.from({ length: 25 }, () => {
  const start = performance.now();
  (run as (turns: number, seed: number) => void)(TURNS, 0.5);
  return (2 * 4 * CHAINS * PER_TURN * TURNS) / (performance.now() - start) / 1e6;
}).slice(5);
process.stdout.write(`${median(samples).toFixed(1)} GFLOP/s, best ${Math.max(...samples).toFixed(1)}\n`);
