import { describe, expect, it } from 'vitest';
import { makeFrame } from '../../src/core/frame.js';
import type { Box, Polygon } from '../../src/core/geometry.js';
import { cameraId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import type { DetectOptions, ObjectFinder } from '../../src/detectors/persons/detectObjects.js';
import { eachAlone, roomDetector } from '../../src/detectors/roomDetector.js';
import { windowDetector } from '../../src/detectors/windowDetector.js';

const square = ([x1, y1, x2, y2]: Box): Polygon => [
  [x1, y1],
  [x2, y1],
  [x2, y2],
  [x1, y2],
];
const frame = makeFrame({
  camera: cameraId('cam-1'),
  at: eventMs(1_000),
  width: 4,
  height: 2,
  rgb: new Uint8Array(24),
  keyframe: true,
});
const never = new AbortController().signal;

/** A finder that answers with persons at the given boxes and keeps what it was asked. */
function finder(...boxes: Box[]): { find: ObjectFinder; asked: DetectOptions[] } {
  const asked: DetectOptions[] = [];
  const find: ObjectFinder = async (_picture, options) => {
    asked.push(options);
    return boxes.map((box, i) => ({ label: 'person', box, score: 0.9 - i / 10 }));
  };
  return { find, asked };
}

const windows = [
  { id: 'A01', camera: 'cam-1', staffZone: square([0, 0.2, 0.5, 0.6]), citizenZone: square([0, 0.6, 0.5, 1]) },
  { id: 'A02', camera: 'cam-1', staffZone: square([0.5, 0.2, 1, 0.6]), citizenZone: [] },
  { id: 'B01', camera: 'cam-2', staffZone: square([0, 0, 1, 1]), citizenZone: [] },
];

describe('window detector', () => {
  it('gives one staff observation a window of its camera, and citizens where a zone is drawn, from one look', async () => {
    const { find, asked } = finder([0.1, 0.3, 0.3, 0.6], [0.15, 0.65, 0.3, 1], [0.2, 0.65, 0.4, 1]);
    const detector = windowDetector({ camera: 'cam-1', windows, objects: find, minScore: 0.25 });
    const seen = await detector.observe(frame, never);
    expect(asked).toEqual([{ minScore: 0.25, labels: ['person'] }]);
    expect(seen.map(({ subject, kind, value }) => [subject, kind, value])).toEqual([
      ['A01', 'staff', 1],
      ['A01', 'citizens', 2],
      ['A02', 'staff', 0],
    ]);
    expect(seen[0]).toMatchObject({ at: 1_000, camera: 'cam-1', score: 0.9 });
    expect(seen[0]!.boxes).toEqual([{ box: [0.1, 0.3, 0.3, 0.6], label: 'person', score: 0.9 }]);
    expect(seen[2]).not.toHaveProperty('score');
  });

  it('looks at no window of another camera', async () => {
    const { find } = finder([0.1, 0.3, 0.3, 0.6]);
    const seen = await windowDetector({ camera: 'cam-2', windows, objects: find, minScore: 0.25 }).observe(
      frame,
      never,
    );
    expect(seen.map(({ subject }) => subject)).toEqual(['B01']);
  });
});

describe('room detector', () => {
  const rooms = [
    { id: 'R1', cameras: ['cam-1'], zone: [] },
    { id: 'R2', cameras: ['cam-0', 'cam-1'], zone: square([0, 0, 0.5, 1]) },
    { id: 'R3', cameras: ['cam-2'], zone: [] },
  ];

  it('counts the whole picture where no zone is drawn, else those whose upper body is inside', async () => {
    const { find } = finder([0.1, 0.3, 0.3, 0.9], [0.6, 0.3, 0.8, 0.9]);
    const seen = await roomDetector({ camera: 'cam-1', rooms, find: eachAlone(find), minScore: 0.25 }).observe(
      frame,
      never,
    );
    expect(seen.map(({ subject, kind, value }) => [subject, kind, value])).toEqual([
      ['R1', 'persons', 2],
      ['R2', 'persons', 1],
    ]);
    expect(seen[1]!.boxes).toHaveLength(1);
  });
});
