/** The isolated page is isolated: Wasm threads need it. */
import { expect, it } from 'vitest';

it('may share memory', () => {
  expect(crossOriginIsolated).toBe(true);
  expect(new SharedArrayBuffer(8).byteLength).toBe(8);
});
