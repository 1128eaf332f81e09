import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/core/config/load.js';
import { ConfigError } from '../../../src/core/config/problems.js';

const parse = (rest: string) =>
  parseConfig(`site: { id: t, name: t }\ncameras: [{ id: c1, source: "sim:room" }]\n${rest}`, 'hall.yaml');
const room = (rest: string): string => `rooms: [{ id: R1, cameras: [c1], ${rest} }]`;
const ZONE = '[[0.1, 0.1], [0.3, 0.1], [0.3, 0.4], [0.1, 0.4]]';
const FLOOR = ([a, b, c, d]: string[]) =>
  `floor: [{ at: [0.1, 0.9], metres: ${a} }, { at: [0.9, 0.9], metres: ${b} }, { at: [0.7, 0.5], metres: ${c} }, { at: [0.3, 0.5], metres: ${d} }]`;

function problemsOf(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('rooms, seats, patrols and attendance in the configuration', () => {
  it('have defaults: faces on, attendance off with the four punches of a day, no patrol', () => {
    const { faces, attendance, patrols } = parse('');
    expect([faces.enabled, attendance.enabled, patrols]).toEqual([true, false, []]);
    expect(attendance.punches.map(({ at, kind }) => `${at} ${kind}`)).toEqual([
      '09:00 arrive',
      '12:00 depart',
      '13:30 arrive',
      '17:00 depart',
    ]);
  });

  it('take seats, floor points, areas, a sign-in camera and a patrol', () => {
    const config = parse(`${room(
      `seats: [{ id: S1, zone: ${ZONE}, beside: [S2] }, { id: S2, zone: ${ZONE} }], ${FLOOR(['[0, 0]', '[4, 0]', '[4, 3]', '[0, 3]'])}, areas: [{ id: door, kind: door, camera: c1, to: [inner] }, { id: inner, kind: room, camera: c1 }], signIn: { camera: c1 }`,
    )}
patrols: [{ id: p1, name: 巡逻, every: 30m, points: [{ id: a, name: 甲, camera: c1, preset: "3" }] }]`);
    expect(config.rooms[0]).toMatchObject({
      seats: [{ id: 'S1' }, { id: 'S2', beside: [] }],
      signIn: { camera: 'c1', zone: [] },
    });
    expect(config.patrols[0]).toMatchObject({
      every: 1_800_000,
      within: 900_000,
      points: [{ preset: '3', snapshots: 3 }],
    });
  });

  it.each([
    ['a seat beside one that is none', room(`seats: [{ id: S1, zone: ${ZONE}, beside: [S9] }]`), 'no other entry "S9"'],
    ['a seat beside itself', room(`seats: [{ id: S1, zone: ${ZONE}, beside: [S1] }]`), 'no other entry "S1"'],
    [
      'a seat twice',
      room(`seats: [{ id: S1, zone: ${ZONE} }, { id: S1, zone: ${ZONE} }]`),
      'already used in this list',
    ],
    ['an area on an unknown camera', room('areas: [{ id: a, kind: door, camera: c9 }]'), 'no camera "c9"'],
    ['a sign-in camera that is none', room('signIn: { camera: c9 }'), 'no camera "c9"'],
    ['three floor points', room('floor: [{ at: [0, 0], metres: [0, 0] }]'), 'four floor points or more'],
    ['floor corners changed over', room(FLOOR(['[0, 0]', '[4, 3]', '[4, 0]', '[0, 3]'])), 'fix no floor'],
    [
      'a patrol of an unknown camera',
      'patrols: [{ id: p, name: p, points: [{ id: a, name: a, camera: c9 }] }]',
      'no camera "c9"',
    ],
    ['a patrol without points', 'patrols: [{ id: p, name: p, points: [] }]', 'patrols[0].points'],
    ['an attendance camera that is none', 'attendance: { camera: c9 }', 'no camera "c9"'],
  ])('refuse %s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });
});
