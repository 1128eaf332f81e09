import { describe, expect, it } from 'vitest';
import { eventMs } from '../../../src/core/time.js';
import { WIDTH } from '../../../src/ingest/health/picture.js';
import { pictureHealth } from '../../../src/ingest/health/pictureHealth.js';
import { acceptableHealthOf } from '../../../src/ingest/watchPictures.js';
import { testCamera } from '../../support/cameras.js';
import { player } from './play.js';
import { blur, box, hall, person, SCENE_HEIGHT, SCENE_WIDTH, type Scene, sensor, small, warp } from './scene.js';

const empty = hall();
const usual = small(empty);
const shifted = (dx: number, dy: number, scene: Scene = empty): Scene => warp(scene, (x, y) => [x + dx, y + dy]);
const dimmed = (factor: number, scene: Scene = empty): Scene => scene.map((luma) => luma * factor);

/** Learns the empty hall for a minute, then shows `scene` for `forS`. */
function settledThen(scene: Scene, forS = 40) {
  const camera = sensor(7, 1);
  const stage = player();
  stage.play(60, () => camera(usual));
  const picture = small(scene);
  stage.play(forS, () => camera(picture));
  return { stage, camera };
}

describe('what is flagged within 30 s', () => {
  it.each([
    ['lights out', 'dark', dimmed(0.08)],
    ['a sheet of paper over the lens', 'covered', box(empty.slice(), [0, 0, SCENE_WIDTH, SCENE_HEIGHT], 170)],
    ['a hand over three quarters of the lens', 'covered', blur(box(empty.slice(), [0, 0, 520, SCENE_HEIGHT], 90), 6)],
    ['spray paint: dim blotches', 'covered', blur(hall(9), 60).map((luma) => luma * 0.5)],
    ['a lens turned out of focus', 'out-of-focus', blur(empty, 4)],
    ['a lens far out of focus', 'out-of-focus', blur(empty, 9)],
    ['a camera pushed to the side', 'moved', shifted(40, 8)],
    ['a camera pushed down', 'moved', shifted(0, -34)],
    ['a camera turned by six degrees', 'moved', turned(6)],
    ['a camera zoomed by a sixth', 'moved', warp(empty, (x, y) => [320 + (x - 320) / 1.17, 180 + (y - 180) / 1.17])],
    ['a camera that looks elsewhere', 'moved', hall(5)],
    ['a camera pushed aside while people walk', 'moved', person(person(shifted(-44, 0), 120), 400, { height: 220 })],
  ] as const)('%s is %s', (_, finding, scene) => {
    const { stage } = settledThen(scene);
    expect(stage.said()).toEqual([`${finding} raised`]);
    expect(stage.told[0]!.atS - 60).toBeLessThanOrEqual(30);
  });
});

function turned(degrees: number): Scene {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return warp(empty, (x, y) => [320 + (x - 320) * cos - (y - 180) * sin, 180 + (x - 320) * sin + (y - 180) * cos]);
}

describe('what is ordinary', () => {
  it.each<[string, Scene]>([
    ['half the lights off', dimmed(0.45)],
    ['a cloud passes: brighter', dimmed(1.35)],
    [
      'lamps from the left instead of the right',
      empty.map((luma, i) => luma * (0.5 + (i % SCENE_WIDTH) / SCENE_WIDTH)),
    ],
    ['exposure with a lifted black level', empty.map((luma) => 60 + luma * 0.5)],
    ['a nudge of one percent', shifted(6, 3)],
    ['a crowd', [20, 110, 190, 290, 380, 460, 540].reduce<Scene>((scene, x) => person(scene, x), empty.slice())],
    ['one person close to the camera', person(empty.slice(), 180, { height: 340 })],
    ['a slightly softer picture', blur(empty, 1)],
  ])('%s is no finding', (_, scene) => {
    expect(settledThen(scene, 90).stage.said()).toEqual([]);
  });

  it('people come, stand and go for half an hour', () => {
    const camera = sensor(3, 1);
    const stage = player({ everyS: 4 });
    const views = Array.from({ length: 12 }, (_, i) =>
      small(person(person(empty.slice(), i * 50), 600 - i * 40, { height: 200 })),
    );
    stage.play(1800, (atS) => camera(views[Math.floor(atS / 28) % views.length]!));
    expect(stage.said()).toEqual([]);
  });

  it('the staff who sat there while the view was learnt leave', () => {
    const camera = sensor(3, 1);
    const stage = player();
    const seated = small(person(person(empty.slice(), 60, { height: 300 }), 380, { height: 320 }));
    stage.play(120, () => camera(seated));
    stage.play(300, () => camera(usual));
    expect(stage.said()).toEqual([]);
  });

  it('a camera on patrol says nothing of movement when told so', () => {
    const camera = sensor(3, 1);
    const stage = player({ moved: false });
    const views = [usual, small(hall(5)), small(hall(6))];
    stage.play(600, (atS) => camera(views[Math.floor(atS / 60) % 3]!));
    expect(stage.said()).toEqual([]);
  });
});

describe('how findings end', () => {
  it('light and a free lens clear in seconds', () => {
    const { stage, camera } = settledThen(dimmed(0.05));
    stage.play(20, () => camera(usual));
    expect(stage.said()).toEqual(['dark raised', 'dark cleared']);
  });

  it('a moved camera stays moved until its picture returns', () => {
    const { stage, camera } = settledThen(hall(5), 900);
    expect(stage.said()).toEqual(['moved raised']);
    stage.play(20, () => camera(usual));
    expect(stage.said()).toEqual(['moved raised', 'moved cleared']);
  });

  it('the operator accepts the new view, which is then the usual one', () => {
    const { stage, camera } = settledThen(shifted(60, 0));
    expect(stage.health.acceptView()).toEqual([{ finding: 'moved', state: 'cleared', detail: 'view accepted' }]);
    const view = small(shifted(60, 0));
    stage.play(120, () => camera(view));
    stage.play(30, () => camera(usual));
    expect(stage.said()).toEqual(['moved raised', 'moved raised']);
  });

  it('accepting with nothing raised says nothing', () => {
    expect(pictureHealth({ frozenAfterMs: 45_000, moved: true }).acceptView()).toEqual([]);
  });

  it('a hand that passes the lens for five seconds is no finding', () => {
    const { stage, camera } = settledThen(box(empty.slice(), [0, 0, SCENE_WIDTH, SCENE_HEIGHT], 120), 5);
    stage.play(60, () => camera(usual));
    expect(stage.said()).toEqual([]);
  });

  it('time without pictures does not count', () => {
    const camera = sensor(2, 1);
    const stage = player();
    const night = small(dimmed(0.05));
    stage.play(60, () => camera(usual));
    stage.play(4, () => camera(night));
    stage.pause(600);
    stage.play(4, () => camera(night));
    expect(stage.said()).toEqual([]);
  });
});

describe('the first pictures', () => {
  it.each([
    ['dark', dimmed(0.05)],
    ['covered', box(empty.slice(), [0, 0, SCENE_WIDTH, SCENE_HEIGHT], 128)],
  ] as const)('a camera that starts %s is found so without a view to compare with', (finding, scene) => {
    const camera = sensor(2, 1);
    const stage = player();
    const picture = small(scene);
    stage.play(30, () => camera(picture));
    expect(stage.said()).toEqual([`${finding} raised`]);
  });
});

it('gives the same changes whatever the picture rate', () => {
  const said = [0.5, 1, 2, 4].map((everyS) => {
    const stage = player({ everyS });
    const camera = sensor(5, 1);
    const scenes = [usual, small(dimmed(0.05)), usual, small(hall(5)), usual];
    stage.play(300, (atS) => camera(scenes[Math.floor(atS / 60)]!));
    return stage.said();
  });
  expect(new Set(said.map(String)).size).toBe(1);
  expect(said[0]).toEqual(['dark raised', 'dark cleared', 'moved raised', 'moved cleared']);
});

it('refuses a picture of another size', () => {
  const health = pictureHealth({ frozenAfterMs: 45_000, moved: true });
  expect(() => health.step(new Uint8Array(WIDTH), eventMs(0))).toThrow(/160x90 gray needs 14400/);
});

describe('a view that a person accepts', () => {
  it('clears moved with the next picture, and is what is judged by from then on', () => {
    const health = acceptableHealthOf(testCamera({ health: { enabled: true, frozenAfter: 45_000, moved: true } }))!;
    const camera = sensor(7, 1);
    const told: string[] = [];
    let atS = 0;
    const play = (forS: number, scene: Scene): void => {
      const picture = small(scene);
      for (const endS = atS + forS; atS < endS; atS += 2) {
        for (const { finding, state } of health.step(camera(picture), eventMs(1_760_000_000_000 + atS * 1000)))
          told.push(`${finding} ${state}`);
      }
    };
    play(60, empty);
    play(40, shifted(40, 8));
    expect(told).toEqual(['moved raised']);
    expect(health.acceptView()).toEqual([]);
    expect(told).toHaveLength(1);
    play(2, shifted(40, 8));
    expect(told).toEqual(['moved raised', 'moved cleared']);
    play(60, shifted(40, 8));
    expect(told).toHaveLength(2);
    play(40, empty);
    expect(told.at(-1)).toBe('moved raised');
  });
});
