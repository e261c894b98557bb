/** A plot for those who do not see it: one picture with a name. */

/** Gives the picture a name and takes from its shapes those that Observable Plot gives them, which say nothing of the data. */
export function asImage<T extends Element>(plot: T, name: string): T {
  for (const shape of plot.querySelectorAll('[aria-label]')) shape.removeAttribute('aria-label');
  plot.setAttribute('role', 'img');
  plot.setAttribute('aria-label', name);
  return plot;
}
