/**
 * Lets timers, signals and other threads' messages in: kernels that run synchronously never would. It costs a millisecond
 * or a few, where a step takes a hundred and more.
 */
export async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
}
