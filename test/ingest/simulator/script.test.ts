import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/core/duration.js';
import { findScene, scenes } from '../../../src/ingest/simulator/scenes.js';
import { during, loopMs, loopOffset, sceneTruth } from '../../../src/ingest/simulator/script.js';

const windowAt = (scene: string, id: string, at: string) =>
  sceneTruth(findScene(scene), parseDuration(at)).windows.find((window) => window.id === id);

describe('the script of the simulated hall', () => {
  it.each([
    ['a clerk is there before leaving', 'hall-1', 'A01', '29s', { staff: 1 }],
    ['a clerk is away for twenty minutes', 'hall-1', 'A01', '30s', { staff: 0 }],
    ['and back at the end of them', 'hall-1', 'A01', '20m30s', { staff: 1 }],
    ['a citizen waits during an absence', 'hall-1', 'A02', '12m', { staff: 0, citizens: 1 }],
    ['a clerk is away for four seconds', 'hall-1', 'A03', '9m13s', { staff: 0 }],
    ['and back after them', 'hall-1', 'A03', '9m14s', { staff: 1 }],
    ['somebody passes through for four seconds', 'hall-2', 'A04', '29m2s', { staff: 1 }],
    ['which ends no absence', 'hall-2', 'A04', '29m4s', { staff: 0 }],
    ['a cup appears on a desk', 'hall-2', 'A05', '6m', { cup: true, bag: false }],
    ['then a bag beside it', 'hall-2', 'A05', '10m', { cup: true, bag: true }],
    ['and both are cleared away', 'hall-2', 'A05', '24m', { cup: false, bag: false }],
  ])('%s', (_, scene, id, at, expected) => {
    expect(windowAt(scene, id, at)).toMatchObject(expected);
  });

  it.each([
    ['one expert works', '7m', 1],
    ['a second person enters', '8m', 2],
    ['a third stands in the room', '17m', 3],
    ['the room is empty', '39m', 0],
  ])('%s', (_, at, persons) => {
    expect(sceneTruth(findScene('room-1'), parseDuration(at)).room).toEqual({ id: 'R1', persons });
  });

  it('knows when a lens is covered', () => {
    const visible = (at: string) => sceneTruth(findScene('hall-2'), parseDuration(at)).visible;
    expect([visible('10m59s'), visible('11m'), visible('13m59s'), visible('14m')]).toEqual([true, false, false, true]);
  });

  it('goes round: the same truth a loop later and a loop before', () => {
    for (const scene of scenes) {
      const at = parseDuration('12m34s');
      expect(sceneTruth(scene, at + 3 * loopMs(scene))).toEqual(sceneTruth(scene, at));
      expect(sceneTruth(scene, at - loopMs(scene))).toEqual(sceneTruth(scene, at));
    }
    expect(loopOffset(scenes[0]!, -1000)).toBe(loopMs(scenes[0]!) - 1000);
  });

  it('keeps every span inside its loop', () => {
    for (const scene of scenes) {
      const windows = scene.kind === 'hall' ? scene.windows : [];
      const persons = scene.kind === 'room' ? scene.persons : [];
      const spans = [
        ...scene.covered,
        ...windows.flatMap((window) => [window.away, window.cup, window.bag].flat()),
        ...windows.flatMap((window) => window.citizens.flatMap((citizen) => citizen.spans)),
        ...persons.flatMap((person) => person.spans),
      ];
      for (const [from, to] of spans) {
        expect(parseDuration(from)).toBeLessThan(parseDuration(to));
        expect(parseDuration(to)).toBeLessThanOrEqual(loopMs(scene));
      }
    }
  });

  it('refuses a span that ends before it begins, and a scene that does not exist', () => {
    expect(() => during([['5m', '4m']], 0)).toThrow('it ends before it begins');
    expect(() => findScene('hall-9')).toThrow('source sim:hall-9: no such scene');
  });
});
