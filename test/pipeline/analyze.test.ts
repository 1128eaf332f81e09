import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingJson } from '../../src/commands/analyzeOutput.js';
import { systemClock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import type { Config } from '../../src/core/config/schema.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { openInference } from '../../src/detectors/inference/pool.js';
import { encodeScene } from '../../src/ingest/simulator/encodeScene.js';
import { windowZones } from '../../src/ingest/simulator/layout.js';
import { findScene } from '../../src/ingest/simulator/scenes.js';
import { openStage } from '../../src/ingest/simulator/stage.js';
import { analyze, type Finding } from '../../src/pipeline/analyze.js';
import { hallDetectors } from '../../src/pipeline/hallDetectors.js';
import { temporaryFolder } from '../support/clips.js';
import { modelCache } from '../support/modelCache.js';

const folder = temporaryFolder();
const MINUTE = 60_000;

function hall(ids: readonly string[], rules: Record<string, object> = {}): Config {
  const windows = ids.map((id, slot) => ({ id, camera: 'cam', ...windowZones(slot) }));
  const cameras = [{ id: 'cam', source: 'sim:hall-2' }];
  return parseConfig(JSON.stringify({ site: { id: 't', name: 't' }, cameras, windows, rules }), 'test');
}

async function record(scene: string, fromMs: number, lengthMs: number): Promise<string> {
  const path = join(folder, `${scene}-${fromMs}-${lengthMs}.mp4`);
  const stage = await openStage(findScene(scene));
  await encodeScene(stage, path, { fromMs, lengthMs, clock: systemClock, log: silentLogger });
  return path;
}

async function findingsOf(config: Config, path: string): Promise<Finding[]> {
  const pool = await openInference({
    ...{ backend: 'auto' as const, workers: 2, cacheFolder: modelCache() },
    ...{ log: silentLogger, clock: systemClock },
  });
  try {
    const findings: Finding[] = [];
    const options = {
      ...{ config, recordings: [{ camera: 'cam', path }], startAt: eventMs(0), ahead: 3 },
      ...{ clock: systemClock, log: silentLogger, signal: new AbortController().signal },
    };
    for await (const finding of analyze({ ...options, detectors: hallDetectors(config, pool) })) findings.push(finding);
    return findings;
  } finally {
    await pool.close();
  }
}

const stepsOf = (findings: Finding[]) =>
  findings.flatMap((finding) => (finding.type === 'alert' ? [finding.step] : []));

describe('analyze over a recording with known truth', () => {
  it('opens the absences of the script, and no others, past a covered camera and a walk-through', async () => {
    // A desk is looked at with eight times the work of a seat: at every 30 s, as is the default, two thirds of this test would be desks.
    const config = hall(['A04', 'A05', 'A06'], { desk: { lookEvery: '2m' } });
    const findings = await findingsOf(config, await record('hall-2', 0, 40 * MINUTE));
    const steps = stepsOf(findings);
    expect(steps.map(({ subject, step }) => `${subject} ${step}`)).toEqual([
      'A06 open',
      'A06 ended',
      'A04 open',
      'A04 ended',
    ]);

    // A06 leaves at 2:00 for 21 minutes; the camera is covered from 11:00 to 14:00, which counts neither way.
    const [a06, a06End, a04] = steps;
    expect(Math.abs(a06!.start - 2 * MINUTE)).toBeLessThanOrEqual(4000);
    const blindMs = a06!.seen.unknownMs;
    expect(blindMs).toBeGreaterThanOrEqual(2.4 * MINUTE);
    expect(blindMs).toBeLessThanOrEqual(3.6 * MINUTE);
    expect(a06!.at).toBe(a06!.start + 15 * MINUTE + blindMs);
    expect(a06!.detail).toMatchObject({ partly_observed: true });
    expect(Math.abs(a06End!.end! - 23 * MINUTE)).toBeLessThanOrEqual(4000);

    // A04 comes back for 4 seconds after 8 minutes: one absence since 21:00, opened at 36:00.
    expect(Math.abs(a04!.start - 21 * MINUTE)).toBeLessThanOrEqual(4000);
    expect(a04!.at).toBe(a04!.start + 15 * MINUTE);
    expect(findings.filter((finding) => finding.type === 'health').length).toBeGreaterThanOrEqual(2);
  }, 240_000);

  it('gives the same bytes on every run', async () => {
    const config = hall(['A04', 'A05', 'A06'], { absence: { absentAfter: '1m' } });
    const path = await record('hall-2', 1 * MINUTE, 4 * MINUTE);
    const first = (await findingsOf(config, path)).map((finding) => JSON.stringify(findingJson(finding)));
    const second = (await findingsOf(config, path)).map((finding) => JSON.stringify(findingJson(finding)));
    expect(first.length).toBeGreaterThan(1);
    expect(second).toEqual(first);
  }, 240_000);
});
