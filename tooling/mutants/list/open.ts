/**
 * Mutants that no family catches yet, and the case that would. A campaign fails for every survivor that is not named here, and
 * for every one named here that is caught: then its line goes.
 */
export const OPEN: Readonly<Record<string, string>> = {
  'composed-gradient-of-no-weight':
    'special: NaN in a dy channel of a residue that is shorter than the others (today it stands in channel N/2 only, of residue 0)',
  'wasm-stale-partner': 'memory: one pointwise tensor in two layers with different spatial tensors',
  'wasm-stale-plan': 'memory: the same weight tensors on images of two sizes, strides or dilations',
  'wasm-first-block-only': 'layers: more than 256 KiB of weights (512 channels of VGG-16)',
  'wasm-second-block-of-images': 'layers: a batch of more than 2,048 output positions whose M and N differ',
  'wasm-restarted-sum': 'layers: more than 512 output positions (32 x 32 images)',
  'wasm-leaked-heap':
    'memory: bytes in use of the Wasm heap (heldBytes of the backend), over more weights than the cache holds',
  'wasm-kept-weights':
    'memory: bytes in use of the Wasm heap (heldBytes of the backend) after the weights are disposed',
};
