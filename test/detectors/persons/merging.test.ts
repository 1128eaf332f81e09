import { describe, expect, it } from 'vitest';
import type { Box } from '../../../src/core/geometry.js';
import type { DetectedObject } from '../../../src/detectors/persons/detectObjects.js';
import { inputShape } from '../../../src/detectors/persons/finders.js';
import { fuseViews } from '../../../src/detectors/persons/fuse.js';
import { dropParts, suppress } from '../../../src/detectors/persons/nms.js';

const person = (score: number, box: Box, label = 'person'): DetectedObject => ({ label, score, box });

describe('suppression', () => {
  it('keeps the best of boxes that are one thing, best first', () => {
    const kept = suppress([person(0.4, [0, 0, 0.5, 1]), person(0.9, [0.02, 0, 0.52, 1]), person(0.5, [0.5, 0, 1, 1])]);
    expect(kept.map(({ score }) => score)).toEqual([0.9, 0.5]);
  });

  it('keeps things of different classes in one place', () => {
    expect(suppress([person(0.4, [0, 0, 1, 1]), person(0.9, [0, 0, 1, 1], 'chair')])).toHaveLength(2);
  });
});

describe('parts', () => {
  const whole = person(0.8, [0.2, 0.1, 0.6, 0.9]);

  it.each([
    ['an unsure arm inside a sure person', person(0.3, [0.25, 0.4, 0.35, 0.8]), 1],
    ['a person nearly as sure in front of another', person(0.6, [0.25, 0.4, 0.45, 0.9]), 2],
    ['an unsure person beside another', person(0.3, [0.55, 0.1, 0.8, 0.9]), 2],
    ['a cup inside a person', person(0.3, [0.3, 0.4, 0.35, 0.5], 'cup'), 2],
  ])('%s', (_what, other, count) => {
    expect(dropParts([whole, other])).toHaveLength(count);
  });
});

describe('fusion of views', () => {
  it('averages boxes by score and scores over all views', () => {
    const views = [[person(0.6, [0, 0, 0.4, 1])], [person(0.2, [0.04, 0, 0.44, 1])], []];
    const [fused] = fuseViews(views, { minIou: 0.5 });
    expect(fused!.score).toBeCloseTo(0.8 / 3, 6);
    expect(fused!.box[0]).toBeCloseTo(0.01, 6);
    expect(fused!.box[2]).toBeCloseTo(0.41, 6);
  });

  it('never joins two boxes of one view', () => {
    const twins = [person(0.6, [0, 0, 0.4, 1]), person(0.5, [0.02, 0, 0.42, 1])];
    expect(fuseViews([twins], { minIou: 0.5 })).toHaveLength(2);
  });
});

describe('input shape of a live look', () => {
  it.each([
    ['16:9', 640, 360, 384, { width: 384, height: 224 }],
    ['16:9 at more pixels', 1920, 1080, 512, { width: 512, height: 288 }],
    ['4:3', 704, 576, 384, { width: 384, height: 320 }],
    ['portrait', 360, 640, 384, { width: 224, height: 384 }],
    ['a strip', 4000, 10, 384, { width: 384, height: 32 }],
  ])('follows the picture: %s', (_what, width, height, longest, shape) => {
    expect(inputShape({ width, height }, longest)).toEqual(shape);
  });
});
