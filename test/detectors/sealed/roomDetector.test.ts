import { describe, expect, it } from 'vitest';
import { makeFrame } from '../../../src/core/frame.js';
import { cameraId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import type { DetectedObject } from '../../../src/detectors/persons/detectObjects.js';
import { eachAlone, roomDetector } from '../../../src/detectors/roomDetector.js';
import { personWatch } from '../../../src/detectors/sealed/personWatch.js';
import { packSighting, type RoomSighting, unpackSighting } from '../../../src/detectors/sealed/roomPersons.js';

const TRACKING = { sureScore: 0.22, forgetAfterMs: 9000, staleAfterMs: 10_000 };
const signal = new AbortController().signal;
const frame = (s: number) => {
  const rgb = new Uint8Array(160 * 90 * 3);
  return makeFrame({ camera: cameraId('cam'), at: eventMs(s * 1000), width: 160, height: 90, rgb, keyframe: true });
};
const person = (x: number, score = 0.8): DetectedObject => ({ label: 'person', score, box: [x, 0.2, x + 0.1, 0.8] });

/** A finder whose answers the test gives, in any order. */
function answers() {
  const waiting: Array<(objects: DetectedObject[]) => void> = [];
  return {
    give: (look: number, objects: DetectedObject[]) => waiting[look]!(objects),
    objects: () => new Promise<DetectedObject[]>((resolve) => void waiting.push(resolve)),
  };
}

describe('a room whose persons are followed', () => {
  it('gives the same whatever look is answered first', async () => {
    const { give, objects } = answers();
    const rooms = [{ id: 'R', cameras: ['cam'], zone: [] }];
    const watchOf = (room: string) => personWatch({ room, tracking: TRACKING });
    const detector = roomDetector({ camera: 'cam', rooms, find: eachAlone(objects), minScore: 0.22, watchOf });
    const looks = [0, 2, 4].map((s) => detector.observe(frame(s), signal));
    give(2, [person(0.5), person(0.12)]);
    give(0, [person(0.1)]);
    give(1, [person(0.11, 0.15), { label: 'cell phone', score: 0.5, box: [0.15, 0.4, 0.17, 0.44] }]);
    const told = (await Promise.all(looks)).map(([observation]) => observation!);
    // Unsure looks are followed on, and not counted.
    expect(told.map(({ value }) => value)).toEqual([1, 0, 2]);
    const sightings = told.map(({ facts }) => unpackSighting(facts));
    expect(sightings.map(({ persons }) => persons.map(({ track, looks: n }) => [track, n]))).toEqual([
      [[1, 1]],
      [[1, 2]],
      [
        [2, 1],
        [1, 3],
      ],
    ]);
    expect(sightings.map(({ phones }) => phones.length)).toEqual([0, 0, 0]);
    expect(sightings[0]!.persons[0]!.claim).toEqual({ type: 'undecided', reason: 'off' });
  });

  it('sees a phone near a person, and not one that lies alone', async () => {
    const phone = (x: number): DetectedObject => ({ label: 'cell phone', score: 0.5, box: [x, 0.5, x + 0.125, 0.54] });
    const rooms = [{ id: 'R', cameras: ['cam'], zone: [] }];
    const detector = roomDetector({
      ...{
        camera: 'cam',
        rooms,
        minScore: 0.22,
        find: eachAlone(async () => [person(0.125), phone(0.125), phone(0.75)]),
      },
      watchOf: (room) => personWatch({ room, tracking: TRACKING }),
    });
    const [observation] = await detector.observe(frame(0), signal);
    expect(unpackSighting(observation!.facts).phones).toEqual([[0.125, 0.5, 0.25, 0.54]]);
  });

  it('a look that failed fails alone', async () => {
    let look = 0;
    const objects = async () => {
      look += 1;
      if (look === 1) throw new Error('worker died');
      return [person(0.1)];
    };
    const rooms = [{ id: 'R', cameras: ['cam'], zone: [] }];
    const watchOf = (room: string) => personWatch({ room, tracking: TRACKING });
    const detector = roomDetector({ camera: 'cam', rooms, find: eachAlone(objects), minScore: 0.22, watchOf });
    const looks = await Promise.allSettled([0, 2].map((s) => detector.observe(frame(s), signal)));
    expect(looks.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

it('a sighting comes back from its facts as it was', () => {
  const sighting: RoomSighting = {
    persons: [
      {
        ...{ track: 3, box: [0, 0.1, 0.2, 0.3], firstAt: eventMs(5), looks: 2, arrived: true, score: 0.5, live: 0.7 },
        claim: { type: 'person', person: 'P1' },
      },
      {
        ...{
          track: 4,
          box: [0.5, 0.1, 0.7, 0.3],
          firstAt: eventMs(6),
          looks: 1,
          arrived: false,
          score: 0.4,
          live: null,
        },
        claim: { type: 'undecided', reason: 'too-small' },
      },
    ],
    gone: [{ track: 1, seenAt: eventMs(2), box: [0.9, 0, 1, 1], how: 'lost' }],
    phones: [[0.1, 0.1, 0.2, 0.2]],
  };
  expect(unpackSighting(packSighting(sighting))).toEqual(sighting);
  expect(unpackSighting(undefined)).toEqual({ persons: [], gone: [], phones: [] });
});
