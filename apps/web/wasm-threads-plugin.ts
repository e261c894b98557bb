/**
 * Vite plugin: keeps the threads of tfjs's wasm backend alive in a minified page. tfjs starts its threads from the source text of a
 * function that asks `typeof _scriptDir`, a variable around it which the threads do not have. A minifier sees the declaration, drops
 * the question, and every thread dies of a ReferenceError. Without the declaration the question stays; its answer is not needed,
 * because tfjs says where its files are.
 */
import type { Plugin } from 'vite';

const MODULE = /tfjs-backend-wasm-threaded-simd\.js$/;
const DECLARATION = /var _scriptDir = .*\n.*_scriptDir = .*\n/;

export function wasmThreadsPlugin(): Plugin {
  return {
    name: 'hetconv-wasm-threads',
    apply: 'build',
    enforce: 'pre',
    transform: {
      filter: { id: MODULE },
      handler(code) {
        if (!DECLARATION.test(code)) this.error('tfjs has changed: its threaded wasm module declares no _scriptDir.');
        return { code: code.replace(DECLARATION, ''), map: null };
      },
    },
  };
}
