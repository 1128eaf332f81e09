import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import type { Config } from '../../src/core/config/schema.js';
import { windowId } from '../../src/core/ids.js';
import type { AlertStep } from '../../src/core/incident.js';
import type { Observation } from '../../src/core/observation.js';
import { eventMs } from '../../src/core/time.js';
import { boardConfig } from '../../src/pipeline/boardConfig.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { makeJudge } from '../../src/pipeline/judge.js';
import { restoreTracks } from '../../src/pipeline/restoreTracks.js';
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
  const feed = (kind: string, value: Observation['value']): void => {
    const observation = { subject: windowId('A01'), kind, at: eventMs(START + atS * 1000), value };
    if (kind === 'staff') ledger.observations.append(observation);
    steps.push(...track.feed(observation));
  };
  const change = takeOver({
    ...{ tracks, ledger, facts, eventNow: () => eventMs(START + atS * 1000) },
    judge: { ...makeJudge(tracks.all), rosterChanged },
  });
  feed('expected', true);
  return {
    ...{ config, tracks, ledger, facts, change, steps, feed },
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
    ['a zone', 'restart-needed', (y) => y.replace('[0.1, 0.2]', '[0.11, 0.2]')],
    ['a camera', 'restart-needed', (y) => y.replace('sim:counter', 'rtsp://10.0.0.9/sub')],
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
