/**
 * The lattice as SVG: a column a channel, a row a filter. It repeats every P rows and columns, so a tile of P x P cells as a
 * fill pattern draws any size with P shapes; colours come from the style sheet.
 */
import { nothing, svg, type SVGTemplateResult } from 'lit-html';
import type { LatticeSettings } from '../settings/lattice-settings.ts';

/** Channels and filters that are drawn at most; of larger layers the first ones. */
export const MOST_DRAWN = 96;

/** Drawing units: the width that the cells share, and what a cell is at most. */
const WIDTH = 672;
const LARGEST_CELL = 42;
/** Cells from this size on show the taps of their kernel. */
const LEAST_DETAILED = 15;

export interface Drawn {
  readonly channels: number;
  readonly filters: number;
  readonly cell: number;
}

export function drawn({ inChannels, filters }: Pick<LatticeSettings, 'inChannels' | 'filters'>): Drawn {
  const channels = Math.min(inChannels, MOST_DRAWN);
  return {
    channels,
    filters: Math.min(filters, MOST_DRAWN),
    cell: Math.min(LARGEST_CELL, Math.floor(WIDTH / channels)),
  };
}

export function latticePicture(settings: LatticeSettings, label: string): SVGTemplateResult {
  const { part, kernel, filter } = settings;
  const { channels, filters, cell } = drawn(settings);
  const [width, height] = [channels * cell, filters * cell];
  const tile = part * cell;
  const spatial = Array.from({ length: Math.min(part, MOST_DRAWN) }, (_, i) => kernelPath(i * cell, cell, kernel)).join(
    '',
  );
  return svg`
    <svg class="lattice" viewBox="-1 -1 ${width + 2} ${height + 2}" width=${width + 2} height=${height + 2} role="img" aria-label=${label}>
      <defs>
        <pattern id="pointwise-kernels" width=${cell} height=${cell} patternUnits="userSpaceOnUse">
          <path class="pointwise" d=${centerPath(cell, kernel)}></path>
        </pattern>
        <pattern id="spatial-kernels" width=${tile} height=${tile} patternUnits="userSpaceOnUse">
          <path class="ground" d=${Array.from({ length: Math.min(part, MOST_DRAWN) }, (_, i) => square(i * cell, i * cell, cell)).join('')}></path>
          <path class="spatial" d=${spatial}></path>
        </pattern>
      </defs>
      <rect class="ground" width=${width} height=${height}></rect>
      <rect width=${width} height=${height} fill="url(#pointwise-kernels)"></rect>
      <rect width=${width} height=${height} fill="url(#spatial-kernels)"></rect>
      ${filter < filters ? svg`<rect class="chosen" y=${filter * cell} width=${width} height=${cell}></rect>` : nothing}
    </svg>`;
}

function square(x: number, y: number, side: number): string {
  return `M${x} ${y}h${side}v${side}h${-side}z`;
}

/** A KxK kernel on the diagonal cell at `at`: its taps where there is room, a filled cell where there is not. */
function kernelPath(at: number, cell: number, kernel: number): string {
  const gap = cell < 6 ? 0 : Math.max(1, Math.round(cell / 10));
  const inner = cell - 2 * gap;
  const tap = Math.floor(inner / kernel);
  if (cell < LEAST_DETAILED || tap < 3) return square(at + gap, at + gap, inner);
  const start = at + (cell - tap * kernel) / 2;
  let path = '';
  for (let y = 0; y < kernel; y++) {
    for (let x = 0; x < kernel; x++) path += square(start + x * tap, start + y * tap, tap - 1);
  }
  return path;
}

/** The single tap of a 1x1 kernel, in the middle of its cell. */
function centerPath(cell: number, kernel: number): string {
  const side = Math.max(1, Math.floor((cell * 0.8) / Math.max(kernel, 3)) - 1);
  const start = (cell - side) / 2;
  return square(start, start, side);
}
