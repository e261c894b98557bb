/** What all residual networks share (He et al., CVPR 2016): stages of blocks, each with a shortcut around it. */
import type { ConvWindow, Network } from './architecture.ts';

export interface ResidualStages {
  /** Filters of the 3x3 convolutions of each stage; every stage but the first starts with stride 2. */
  readonly widths: readonly number[];
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  /** Two 3x3 convolutions, or a 3x3 between two 1x1, the last of them four times as wide. */
  readonly block: 'basic' | 'bottleneck';
  /** Where the shape changes: nothing but zeros for new channels (option A), or a 1x1 convolution (option B). */
  readonly shortcut: 'sample' | 'projection';
}

/** The blocks `stage1_block1`, ..., their convolutions `stage1_block1_conv1`, ... */
export function residualStages<X>(net: Network<X>, image: X, stages: ResidualStages): X {
  let x = image;
  for (const [stage, filters] of stages.widths.entries()) {
    for (let index = 0; index < stages.blocks[stage]; index++) {
      const name = `stage${stage + 1}_block${index + 1}`;
      const strides = stage > 0 && index === 0 ? 2 : 1;
      const branch =
        stages.block === 'basic' ? basic(net, x, name, filters, strides) : bottleneck(net, x, name, filters, strides);
      const around = shortcut(net, x, name, { filters: net.channels(branch), strides }, stages.shortcut);
      x = net.join(net.excite(branch, name), around, name);
    }
  }
  return x;
}

function basic<X>(net: Network<X>, x: X, name: string, filters: number, strides: number): X {
  const y = net.conv(x, `${name}_conv1`, { filters, strides });
  return net.conv(y, `${name}_conv2`, { filters, relu: false });
}

/** The stride stands in the 3x3: in the 1x1 before it, as first published, three of four pixels would never be seen. */
function bottleneck<X>(net: Network<X>, x: X, name: string, filters: number, strides: number): X {
  const narrow = net.conv(x, `${name}_conv1`, { filters, kernelSize: 1 });
  const y = net.conv(narrow, `${name}_conv2`, { filters, strides });
  return net.conv(y, `${name}_conv3`, { filters: 4 * filters, kernelSize: 1, relu: false });
}

function shortcut<X>(
  net: Network<X>,
  x: X,
  name: string,
  window: Required<Pick<ConvWindow, 'filters' | 'strides'>>,
  kind: ResidualStages['shortcut'],
): X {
  if (window.strides === 1 && net.channels(x) === window.filters) return x;
  if (kind === 'sample') return net.sample(x, `${name}_shortcut`, window);
  return net.conv(x, `${name}_shortcut`, { ...window, kernelSize: 1, relu: false });
}
