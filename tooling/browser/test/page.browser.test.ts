/** What the other browser tests take for granted of their page. */
import { describe, expect, it } from 'vitest';

describe('the page', () => {
  it('is not isolated: what most sites are', () => expect(crossOriginIsolated).toBe(false));

  it('has WebGL 2 with float32 render targets', () => {
    const gl = document.createElement('canvas').getContext('webgl2');
    expect(gl?.getExtension('EXT_color_buffer_float')).toBeTruthy();
  });
});
