/** The picture of a benchmark: a bar for the measured speed-up, a mark where the multiplication count says it should end. */
import * as Plot from '@observablehq/plot';
import { asImage } from './as-image.ts';

export interface Bar {
  readonly backend: string;
  /** What the bar is of: `P=4`. */
  readonly label: string;
  /** Bars of a group stand together under its name; without one under that of the backend. */
  readonly group?: string;
  readonly speedup: number;
  readonly low: number;
  readonly high: number;
  readonly macRatio: number;
}

export interface BarsOptions {
  /** Of the picture, in CSS pixels; default 920. */
  readonly width?: number;
}

/** A line of the picture: a bar, or the name of a group. */
interface Line {
  readonly key: string;
  readonly bar?: Bar;
  readonly title?: string;
}

const LINE_HEIGHT = 28;
/** Pictures up to this width say less in words. */
const NARROW = 500;
/** Colours follow the page where it has them, see `styles`. */
const LOSS = 'var(--loss, #c0392b)';
const MEASURED = '#3b7dd8';
const PROMISED = '#e08a00';

/** Bars left of 1 are drawn in the colour of a loss. */
export function speedupBars(
  bars: readonly Bar[],
  document: Document,
  { width = 920 }: BarsOptions = {},
): SVGSVGElement | HTMLElement {
  const lines = linesOf(bars);
  const measured = lines.flatMap(({ key, bar }) => (bar === undefined ? [] : [{ key, ...bar }]));
  type Measured = (typeof measured)[number];
  const labels = new Map(measured.map(({ key, label }) => [key, label]));
  const isNarrow = width < NARROW;
  const fontSize = isNarrow ? 11 : 13;
  const longest = (texts: readonly string[]): number => 0.62 * fontSize * Math.max(...texts.map((text) => text.length));
  const figures = ({ speedup, macRatio }: Bar): string =>
    isNarrow ? `${speedup.toFixed(2)}x` : `${speedup.toFixed(2)}x of ${macRatio.toFixed(2)}x`;
  const marginLeft = 18 + longest(bars.map(({ label }) => label));
  const end = (bar: Bar): number => Math.max(bar.high, bar.macRatio);
  const last = Math.max(1, ...bars.map((bar) => Math.max(bar.speedup, bar.macRatio)));
  const within = (value: number): number => Math.min(value, 1.5 * last); // one wild interval must not shrink all bars
  const plot = Plot.plot({
    document,
    width,
    height: 52 + LINE_HEIGHT * lines.length,
    marginLeft,
    marginRight: 16 + longest(bars.map(figures)),
    marginTop: 4,
    marginBottom: 48,
    style: { fontSize: `${fontSize}px` },
    x: {
      label: isNarrow ? 'times as fast →' : 'times as fast as standard convolution on the same backend →',
      labelOffset: 42,
      domain: [0, within(Math.max(1, ...bars.map(end)))],
      ticks: isNarrow ? 4 : 8,
      grid: true,
    },
    y: {
      label: null,
      domain: lines.map(({ key }) => key),
      ticks: measured.map(({ key }) => key),
      tickFormat: (key: string) => labels.get(key) ?? '',
      tickSize: 0,
      padding: 0.3,
    },
    marks: [
      Plot.barX(measured, {
        x: 'speedup',
        y: 'key',
        fill: (bar: Measured) => (bar.speedup < 1 ? LOSS : MEASURED),
      }),
      Plot.ruleY(measured, {
        x1: 'low',
        x2: (bar: Measured) => within(bar.high),
        y: 'key',
        stroke: 'currentColor',
        strokeWidth: 1.5,
      }),
      Plot.tickX(measured, { x: 'macRatio', y: 'key', stroke: PROMISED, strokeWidth: 4 }),
      Plot.text(measured, {
        x: (bar: Measured) => within(end(bar)),
        y: 'key',
        text: figures,
        fill: (bar: Measured) => (bar.speedup < 1 ? LOSS : 'currentColor'),
        dx: 8,
        textAnchor: 'start',
      }),
      Plot.text(
        lines.filter(({ title }) => title !== undefined),
        {
          frameAnchor: 'left',
          y: 'key',
          text: 'title',
          dx: isNarrow ? 4 - marginLeft : 2,
          dy: 4,
          textAnchor: 'start',
          fontWeight: 600,
        },
      ),
      Plot.ruleX([1], { stroke: 'currentColor', strokeDasharray: '3,3' }),
      Plot.ruleX([0]),
    ],
  });
  return asImage(
    plot,
    `Speed-up of ${bars.length} rows beside their ratio of multiplications; the table has the figures`,
  );
}

function linesOf(bars: readonly Bar[]): Line[] {
  const nameOf = ({ group, backend }: Bar): string => group ?? backend;
  return [...new Set(bars.map(nameOf))].flatMap((title, i): Line[] => [
    { key: `group ${i}`, title },
    ...bars.filter((bar) => nameOf(bar) === title).map((bar, k) => ({ key: `bar ${i}.${k}`, bar })),
  ]);
}
