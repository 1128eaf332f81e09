import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import type { Config } from '../../src/core/config/schema.js';
import { windowId } from '../../src/core/ids.js';
import type { AlertStep } from '../../src/core/incident.js';
import { silentLogger } from '../../src/core/log.js';
import type { Observation } from '../../src/core/observation.js';
import { eventMs } from '../../src/core/time.js';
import { boardConfig } from '../../src/pipeline/boardConfig.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { makeJudge } from '../../src/pipeline/judge.js';
import { restoreTracks } from '../../src/pipeline/restoreTracks.js';
import { runningConfig } from '../../src/pipeline/runningConfig.js';
import { siteFacts } from '../../src/pipeline/siteFacts.js';
import { takeOver } from '../../src/pipeline/takeOver.js';
import { HALL_YAML } from '../board/support/hall.js';
import { testLedger } from '../support/ledger.js';

const START = Date.UTC(2026, 9, 8, 1, 0, 0);
const hall = (edit: (yaml: string) => string = (yaml) => yaml): Config => parseConfig(edit(HALL_YAML), 'hall.yaml');
const absentAfter = (text: string) => (yaml: string) => yaml.replace('absentAfter: 15m', `absentAfter: ${text}`);

/** A running hall: window A01 empty from the first second on, a look every 2 s. */
function running() {
  const config = hall();
  const ledger = testLedger();
  const tracks = hallTracks(config);
  const track = tracks.windows[0]!;
  const facts = siteFacts(config);
  let atS = 0;
  let rosterAsked = 0;
  const steps: AlertStep[] = [];
  const rosterChanged = (): void => {
    rosterAsked += 1;
  };
  const moved: string[] = [];
  const loops = {
    open: ({ id }: { id: string }) => void moved.push(`open ${id}`),
    close: async (id: string) => void moved.push(`close ${id}`),
    redraw: (id: string) => void moved.push(`redraw ${id}`),
  };
  const desks: string[][] = [];
  const state = runningConfig(config);
  const feed = (kind: string, value: Observation['value']): void => {
    const observation = { subject: windowId('A01'), kind, at: eventMs(START + atS * 1000), value };
    if (kind === 'staff') ledger.observations.append(observation);
    steps.push(...track.feed(observation));
  };
  const takeOverFrom = (from: Config) =>
    takeOver({
      ...{ running: from, tracks, ledger, facts, loops, log: silentLogger },
      eventNow: () => eventMs(START + atS * 1000),
      recorder: { keep: (judgement) => void steps.push(...judgement.steps) },
      desks: { redrawn: async (windows) => void desks.push([...windows]) },
      judge: { ...makeJudge(tracks.all), rosterChanged },
    });
  const change = takeOverFrom(state);
  feed('expected', true);
  return {
    ...{ config, state, takeOverFrom, tracks, ledger, facts, change, steps, feed, moved, desks },
    rosterAsked: () => rosterAsked,
    /** Plays on; `staff` is the count that every look gives. */
    play(seconds: number, staff: number): void {
      for (const end = atS + seconds; atS < end; atS += 2) feed('staff', staff);
    },
    told: () => steps.map((step) => [step.step, (step.at - START) / 1000, step.ruleVersion]),
  };
}

describe('an edited rule in a running hall', () => {
  it('judges from now on as a new version with its effective time, and keeps what was counted', () => {
    const { change, play, told, ledger, tracks } = running();
    play(600, 0);
    expect(told()).toEqual([]);
    change(hall(absentAfter('8m')));
    play(2, 0);
    const { version } = tracks.windows[0]!.absence.rule;
    // Ten minutes were counted already: the new rule finds them at once, as of the last look and not of the eighth minute.
    expect(told()).toEqual([['open', 598, version]]);
    expect(ledger.ruleVersions.list('absence')).toMatchObject([
      { version, effectiveFrom: START + 600_000, parameters: { absent_after_s: 480 } },
    ]);
  });

  it('leaves an incident that is open the version it was found with', () => {
    const { change, play, told, tracks } = running();
    const old = tracks.windows[0]!.absence.rule.version;
    play(920, 0);
    change(hall(absentAfter('30m')));
    play(20, 1);
    expect(told()).toEqual([
      ['open', 900, old],
      ['ended', 925, old],
    ]);
    expect(tracks.windows[0]!.absence.rule.version).not.toBe(old);
  });

  it('does not accuse anybody of what was over before, also after a restart', () => {
    const { change, play, told, ledger, tracks, config } = running();
    play(600, 0);
    play(60, 1);
    const next = hall(absentAfter('5m'));
    change(next);
    play(60, 1);
    expect(told()).toEqual([]);
    ledger.observations.flush();
    const anew = hallTracks(next);
    const site = config.site.id;
    expect(restoreTracks(ledger, anew.windows, { ledger, site, newest: eventMs(START + 718_000) } as never)).toEqual(
      [],
    );
    expect(anew.windows[0]!.absence.rule.version).toBe(tracks.windows[0]!.absence.rule.version);
  });
});

describe('what else a running hall takes over', () => {
  it('names and departments in messages, and the roster is asked anew', () => {
    const { change, facts, rosterAsked } = running();
    change(hall((yaml) => yaml.replace('name: A01 综合窗口', 'name: A01 一窗通办')));
    expect(facts.subjects.get('A01')).toMatchObject({ name: 'A01 一窗通办' });
    expect(rosterAsked()).toBe(1);
  });

  it('shifts: a window that need not be staffed any more is exempt from now on', () => {
    const { change, tracks } = running();
    const at = eventMs(START);
    expect(tracks.windows[0]!.expectedAt(at).expected).toBe(true);
    change(hall((yaml) => yaml.replace('    area: 一楼', '    area: 一楼\n    standby: true')));
    expect(tracks.windows[0]!.expectedAt(at)).toMatchObject({ expected: false });
  });

  it.each<[string, 'reloaded' | 'restart-needed', (yaml: string) => string]>([
    ['a rule parameter', 'reloaded', absentAfter('10m')],
    [
      'a window’s own parameter',
      'reloaded',
      (y) => y.replace('area: 一楼', 'area: 一楼\n    rules: { absence: { absentAfter: 9m } }'),
    ],
    ['a name', 'reloaded', (y) => y.replace('A02 社保', 'A02 医保')],
    ['a day of the calendar', 'reloaded', (y) => y.replace('2026-10-10', '2026-10-11')],
    ['shifts', 'reloaded', (y) => y.replace('"09:00"', '"08:30"')],
    ['a zone', 'reloaded', (y) => y.replace('[0.1, 0.2]', '[0.11, 0.2]')],
    [
      'a new camera',
      'reloaded',
      (y) => y.replace('windows:', '  - { id: cam-9, source: "rtsp://10.0.0.9/sub" }\nwindows:'),
    ],
    ['a simulated camera', 'restart-needed', (y) => y.replace('sim:counter', 'sim:empty')],
    ['a camera whose sound is heard', 'restart-needed', (y) => y.replace('sim:room', 'rtsp://10.0.0.9/sub')],
    ['another camera at a window', 'restart-needed', (y) => y.replace('camera: cam-1', 'camera: cam-r')],
    ['another rule', 'restart-needed', (y) => y.replace('rules:', 'rules:\n  desk: { persistFor: 9m }')],
  ])('%s is %s', (_, effect, edit) => {
    const taken: Config[] = [];
    const port = boardConfig(hall(), 'hall.yaml', (next) => taken.push(next));
    const next = hall(edit);
    expect(port.apply(next)).toBe(effect);
    expect(port.current()).toBe(next);
    expect(taken).toEqual([next]);
    // An edit after one that waits for a restart is judged by itself.
    expect(port.apply(hall((yaml) => edit(yaml).replace('name: 一号', 'name: 一号机')))).toBe('reloaded');
  });
});

const LIVE_YAML = HALL_YAML.replace('"sim:counter"', '"rtsp://10.0.0.1/sub", credentials: a').replace(
  'windows:',
  `  - { id: cam-2, source: "rtsp://10.0.0.2/sub" }
credentials: { a: { user: u, password: "\${env:P}" } }
windows:`,
);
const live = (edit: (yaml: string) => string = (yaml) => yaml): Config =>
  parseConfig(edit(LIVE_YAML), 'hall.yaml', { P: 'secret', Q: 'other' });

describe('zones and cameras in a running hall', () => {
  it('a redrawn zone touches the cameras that see it and nothing else, and an absence goes on from where it was', () => {
    const { change, play, told, moved, state, desks } = running();
    play(600, 0);
    change(hall((yaml) => yaml.replace('[0.1, 0.2]', '[0.12, 0.2]')));
    expect(moved).toEqual(['redraw cam-1']);
    expect(state.windows[0]!.staffZone[0]).toEqual([0.12, 0.2]);
    expect(desks).toEqual([]);
    play(302, 0);
    expect(told()).toEqual([['open', 900, expect.any(String)]]);
  });

  it('a citizen zone that is drawn first counts from the next look on', () => {
    const { change, tracks } = running();
    expect(tracks.windows[0]!.kinds).toEqual(['staff']);
    const zone = '[[0.1, 0.0], [0.5, 0.0], [0.5, 0.1]]';
    change(hall((yaml) => yaml.replace('    area: 一楼', `    area: 一楼\n    citizenZone: ${zone}`)));
    expect(tracks.windows[0]!.kinds).toEqual(['staff', 'citizens']);
    change(hall());
    expect(tracks.windows[0]!.kinds).toEqual(['staff']);
  });

  it('a desk that is drawn first is judged, with its rule in the ledger; one that is rubbed out is judged no more', () => {
    const { change, tracks, desks, ledger } = running();
    const drawn = (yaml: string) =>
      yaml.replace('    area: 一楼', '    area: 一楼\n    deskZone: [[0.1, 0.5], [0.5, 0.5], [0.5, 0.6]]');
    change(hall(drawn));
    expect(tracks.windows[0]!.kinds).toEqual(['staff', 'desk']);
    expect(desks.at(-1)).toEqual(['A01']);
    expect(ledger.ruleVersions.list('desk')).toHaveLength(1);
    change(hall());
    expect(tracks.windows[0]!.kinds).toEqual(['staff']);
  });

  it.each<[string, (yaml: string) => string, string[]]>([
    [
      'one that is new is opened',
      (y) => y.replace('credentials: {', '  - { id: c, source: "rtsp://10.0.0.3/" }\ncredentials: {'),
      ['open c'],
    ],
    ['one that is gone is closed', (y) => y.replace(/ {2}- \{ id: cam-2.*\n/, ''), ['close cam-2']],
    ['another address: closed, then opened', (y) => y.replace('10.0.0.2', '10.0.0.9'), ['close cam-2', 'open cam-2']],
    ['another password: the same', (y) => y.replace('env:P', 'env:Q'), ['close cam-1', 'open cam-1']],
    ['another name: nothing', (y) => y.replace('name: 一号', 'name: 一号机'), []],
    ['a simulated one plays on', (y) => y.replace('sim:room', 'sim:empty'), []],
  ])('cameras: %s', async (_, edit, expected) => {
    const { moved, ...parts } = running();
    const change = parts.takeOverFrom(live());
    change(live(edit));
    await change.settled();
    expect(moved).toEqual(expected);
  });
});
