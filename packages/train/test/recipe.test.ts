import { describe, expect, it } from 'vitest';
import { checkRecipe, completeRecipe, DEFAULT_RECIPE, type PartialRecipe } from '../src/index.ts';

const GREY = { mean: [0.5], std: [0.25] };

/** The message for a recipe with these changes, or 'accepted'. */
function verdict(changes: object): string {
  try {
    checkRecipe('train', { ...completeRecipe({}, GREY), ...changes }, 1);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('recipes', () => {
  it('are plain JSON, and the defaults are accepted', () => {
    const recipe = completeRecipe({}, GREY);
    expect(JSON.parse(JSON.stringify(recipe))).toEqual(recipe);
    expect(recipe).toEqual({ ...DEFAULT_RECIPE, normalization: GREY });
    expect(verdict({})).toBe('accepted');
  });

  it('keep the defaults of the same kind only', () => {
    const given: PartialRecipe = {
      optimizer: { kind: 'adam' },
      schedule: { learningRate: 0.5 },
      augmentation: { flip: false },
    };
    const recipe = completeRecipe(given, GREY);
    expect(recipe.optimizer).toEqual({ kind: 'adam' });
    expect(recipe.schedule).toEqual({ kind: 'one-cycle', learningRate: 0.5 });
    expect(recipe.augmentation).toEqual({ padCrop: 4, flip: false, cutout: 0 });
  });

  it.each([
    [{ epochs: 0 }, /recipe.epochs must be a positive integer, but was 0/],
    [{ epoch: 3 }, /recipe.epoch must be left out; known here: .*epochs/],
    [{ labelSmoothing: 1 }, /recipe.labelSmoothing must be a number in \[0, 1\), but was 1/],
    [{ weightDecay: Number.NaN }, /recipe.weightDecay must be a number of at least 0, but was NaN/],
    [{ seed: undefined }, /recipe.seed must be a number or text, but was undefined/],
    [{ optimizer: { kind: 'rmsprop' } }, /recipe.optimizer.kind must be one of sgd, adam, but was 'rmsprop'/],
    [{ optimizer: { kind: 'adam', epsilon: 0 } }, /recipe.optimizer.epsilon must be a positive number, but was 0/],
    [
      { optimizer: { kind: 'adam', momentum: 0.9 } },
      /recipe.optimizer.momentum must be left out; known here: kind, beta1/,
    ],
    [{ schedule: { kind: 'one-cycle' } }, /recipe.schedule.learningRate must be a positive number, but was undefined/],
    [
      { schedule: { kind: 'step', learningRate: 1, milestones: [0.5, 0.2] } },
      /recipe.schedule.milestones must be ascending/,
    ],
    [{ augmentation: { padCrop: 4, flip: 1, cutout: 0 } }, /recipe.augmentation.flip must be true or false, but was 1/],
    [{ normalization: { mean: [0], std: [0] } }, /recipe.normalization.std must be 1 values, one for each channel/],
    [{ normalization: { mean: [0, 0], std: [1] } }, /recipe.normalization.mean must be/],
    [{ schedule: null }, /recipe.schedule/],
  ])('%j is refused', (changes, message) => {
    expect(verdict(changes)).toMatch(message);
  });
});
