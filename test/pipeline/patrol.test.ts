import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { AppError } from '../../src/core/errors.js';
import { type Frame, makeFrame } from '../../src/core/frame.js';
import { cameraId } from '../../src/core/ids.js';
import type { AlertStep } from '../../src/core/incident.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { hashedFiles } from '../../src/pipeline/hashedFiles.js';
import { presetTurner } from '../../src/pipeline/patrolCameras.js';
import { runPatrols } from '../../src/pipeline/patrolRun.js';
import { visitPoint } from '../../src/pipeline/patrolVisit.js';
import { fakeClock } from '../support/fakeClock.js';
import { fakeOnvif } from '../support/fakeOnvif.js';
import { temporaryFolder, testLedger } from '../support/ledger.js';

const configOf = (source: string, point = '') =>
  parseConfig(
    `site: { id: t, name: t }
cameras: [{ id: c1, source: "${source}" }, { id: c2, source: "sim:room" }]
patrols:
  - id: p1
    name: 大厅巡逻
    every: 1h
    within: 10m
    points: [{ id: a, name: 门口, camera: c1, snapshots: 2${point} }, { id: b, name: 走廊, camera: c2, snapshots: 1 }]
`,
    'hall.yaml',
  );

/** A hall at nine on a Thursday whose cameras give a picture every two seconds and whose points may fail. */
function setup({ failing = new Set<string>(), preset = '' } = {}) {
  const clock = fakeClock(Date.UTC(2026, 9, 8, 0, 59, 0));
  const ledger = testLedger(':memory:', { clock });
  const config = configOf('sim:room', preset === '' ? '' : `, preset: ${preset}`);
  const turned: string[] = [];
  const steps: AlertStep[] = [];
  const files = hashedFiles(join(temporaryFolder(), 'patrol'));
  const now = () => eventMs(clock.now());
  const picture = (camera: string) =>
    failing.has(camera)
      ? undefined
      : makeFrame({
          ...{ camera: cameraId(camera), at: eventMs(clock.now() - (clock.now() % 2000)), width: 4, height: 2 },
          ...{ rgb: new Uint8Array(24).fill(clock.now() % 251), keyframe: true },
        });
  const deps = {
    encode: async (frame: Frame) => Buffer.alloc(200, frame.at % 251),
    ...{ clock, files, picture, findings: () => ['dark' as const] },
    turn: async (_camera: string, wanted: string) => void turned.push(wanted),
    look: async () => [
      { label: 'person', score: 0.9, box: [0, 0, 1, 1] as const },
      { label: 'person', score: 0.8, box: [0, 0, 1, 1] as const },
    ],
  };
  const run = runPatrols({
    ...{ site: 't', timeZone: 'Asia/Shanghai', plans: () => config.patrols, ledger, now, clock, log: silentLogger },
    visit: (task, signal) => visitPoint(task, deps, signal),
    onStep(step) {
      steps.push(step);
      ledger.commitStep(step, []);
    },
  });
  onTestFinished(() => run.close());
  const visits = () => ledger.patrolVisits.list(eventMs(0), eventMs(9e15));
  return { clock, ledger, run, visits, steps, turned, files, failing, config };
}

describe('a patrol', () => {
  it('goes to every point when its round begins, and keeps what it found', async () => {
    const { clock, visits, files } = setup();
    await clock.advance(50_000);
    expect(visits()).toEqual([]);
    await clock.advance(60_000);
    expect(visits().map(({ point, state }) => `${point} ${state}`)).toEqual(['a done', 'b done']);
    const [first] = visits();
    expect(first!.round).toBe(Date.UTC(2026, 9, 8, 1));
    expect(first!.facts).toMatchObject({ name: '门口', camera: 'c1', counts: { person: 2 }, findings: ['dark'] });
    expect(first!.facts.snapshots).toHaveLength(2);
    expect(first!.facts.snapshots[0]!.at).toBeLessThan(first!.facts.snapshots[1]!.at);
    for (const { path, sha256 } of first!.facts.snapshots) expect(files.read(path, sha256).length).toBeGreaterThan(100);
    await clock.advance(600_000);
    expect(visits()).toHaveLength(2);
  });

  it('turns a camera first, and keeps only pictures captured after it stood still', async () => {
    const { clock, visits, turned } = setup({ preset: '门口' });
    await clock.advance(120_000);
    expect(turned).toEqual(['门口']);
    const { facts } = visits().find(({ point }) => point === 'a')!;
    const began = Date.UTC(2026, 9, 8, 1);
    expect(facts.preset).toBe('门口');
    for (const { at } of facts.snapshots) expect(at).toBeGreaterThan(began + 4000);
  });

  it('tries a point again until the deadline; then it is missed, which is said of the system once', async () => {
    const { clock, visits, steps, failing } = setup({ failing: new Set(['c1']) });
    await clock.advance(300_000);
    expect(visits().map(({ point, state }) => `${point} ${state}`)).toEqual(['b done']);
    await clock.advance(420_000);
    expect(visits().find(({ point }) => point === 'a')).toMatchObject({
      state: 'missed',
      facts: { reason: 'timeout', snapshots: [] },
    });
    expect(steps).toMatchObject([
      { rule: 'patrol', subject: 'p1', step: 'open', detail: { point: '门口', reason: 'timeout' } },
    ]);

    failing.clear();
    await clock.advance(3_600_000);
    expect(steps.map(({ step }) => step)).toEqual(['open', 'ended']);
    expect(visits().filter(({ state }) => state === 'done')).toHaveLength(3);
  });

  it('a point that comes back in time is no miss', async () => {
    const { clock, visits, failing, steps } = setup({ failing: new Set(['c1']) });
    await clock.advance(180_000);
    failing.clear();
    await clock.advance(180_000);
    expect([visits().map(({ state }) => state), steps]).toEqual([['done', 'done'], []]);
  });

  it('what a stopped service did not visit is missed when it is back', async () => {
    const first = setup();
    await first.clock.advance(120_000);
    await first.run.close();
    // Two hours nobody walks: the rounds of ten and eleven o'clock.
    await first.clock.advance(2 * 3_600_000 + 20 * 60_000);
    const config = configOf('sim:room');
    const again = runPatrols({
      ...{
        site: 't',
        timeZone: 'Asia/Shanghai',
        plans: () => config.patrols,
        ledger: first.ledger,
        clock: first.clock,
      },
      ...{ now: () => eventMs(first.clock.now()), log: silentLogger, onStep: () => {} },
      visit: () => Promise.reject(new AppError('timeout', 'no picture')),
    });
    await first.clock.advance(10_000);
    await again.close();
    expect(first.visits().map(({ state, facts }) => `${state} ${facts.reason ?? ''}`)).toEqual([
      ...new Array(4).fill('missed not-running'),
      'done ',
      'done ',
    ]);
  });

  it('takes a changed plan over while it runs: from its next round on, and nothing of the past is missed', async () => {
    const { clock, visits, steps, config } = setup();
    await clock.advance(120_000);
    expect(visits()).toHaveLength(2);
    // At half past eleven: twice as often, and one more point.
    await clock.advance(2.5 * 3_600_000 - 60_000);
    const before = visits().length;
    const [plan] = config.patrols;
    const points = [...plan!.points, { id: 'c', name: '后门', camera: 'c2', snapshots: 1 }];
    Object.assign(config, { patrols: [{ ...plan!, every: 1_800_000, points }] });
    await clock.advance(60_000);
    expect(visits()).toHaveLength(before);
    await clock.advance(1_800_000);
    const added = visits().slice(0, 3);
    expect(visits()).toHaveLength(before + 3);
    expect(added.map(({ point, state }) => `${point} ${state}`).sort()).toEqual(['a done', 'b done', 'c done']);
    expect(steps).toEqual([]);
    Object.assign(config, { patrols: [] });
    await clock.advance(3 * 3_600_000);
    expect([visits().length, steps]).toEqual([before + 3, []]);
  });

  it('is walked at once when somebody asks for it', async () => {
    const { clock, run, visits } = setup();
    const round = run.start('p1');
    await clock.advance(30_000);
    expect(visits().map((visit) => [visit.round, visit.state])).toEqual([
      [round, 'done'],
      [round, 'done'],
    ]);
    expect(() => run.start('p9')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('turning a camera over ONVIF', () => {
  it.each([
    ['by name', '门口', '007'],
    ['by token', '2', '2'],
  ])('goes to a preset %s', async (_, preset, token) => {
    const device = await fakeOnvif({ now: Date.now, ptz: true });
    onTestFinished(() => device.close());
    const config = configOf(`onvif://127.0.0.1:${device.port}`);
    const turn = presetTurner({ config, env: {}, clock: systemClock, log: silentLogger });
    await turn(cameraId('c1'), preset, new AbortController().signal);
    expect(device.asked.at(-1)).toBe('GotoPreset');
    expect(device.bodies.at(-1)).toContain(`<PresetToken>${token}</PresetToken>`);
    await expect(turn(cameraId('c1'), '楼顶', new AbortController().signal)).rejects.toThrow(/no preset/);
    await expect(turn(cameraId('c2'), '1', new AbortController().signal)).rejects.toThrow(/not onvif/);
  });
});
