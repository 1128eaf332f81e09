import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import type { AlertStep } from '../../src/core/incident.js';
import { silentLogger } from '../../src/core/log.js';
import type { RoomEntry } from '../../src/core/roomEntry.js';
import { eventMs } from '../../src/core/time.js';
import { faceNetworks } from '../../src/detectors/faces/findFaces.js';
import type { Template } from '../../src/detectors/faces/match.js';
import { enrolPerson, listRoster } from '../../src/detectors/faces/roster.js';
import { type InferencePool, openInference } from '../../src/detectors/inference/pool.js';
import { analyze } from '../../src/pipeline/analyze.js';
import { hallDetectors } from '../../src/pipeline/hallDetectors.js';
import { recordedEvaluation } from '../../src/pipeline/recordedEvaluation.js';
import { ffmpeg, temporaryFolder } from '../support/clips.js';
import { evaluation, expert } from '../support/evaluation.js';
import { modelCache } from '../support/modelCache.js';
import { sharedPath } from '../support/shared.js';

const footage = sharedPath('footage');
const folder = temporaryFolder();

/** Seconds of the composed session. */
const STRANGER = { from: 20, to: 44 };
const SECOND_EXPERT = { from: 60, to: 80 };
const BACK = { from: 90, to: 174 };
const END = 184;

const clip = (name: string): string => join(footage!, 'video', `asl_${name}.mkv`);

/** Photos of people from other clips than those that play in the session. */
function photograph(person: string, ...clips: string[]): void {
  const own = join(folder, 'roster', person);
  mkdirSync(own, { recursive: true });
  clips.forEach((name, i) => {
    ffmpeg(['-ss', '0.1', '-i', clip(name), '-frames:v', '1', join(own, `${i}.png`)]);
  });
}

/** A clip at the session's size and rate, not encoded: scaled once, and not decoded and scaled each time round. */
function scaledClip(name: string): string {
  const path = join(folder, `${name}.nut`);
  ffmpeg(['-i', clip(name), '-vf', 'fps=5,scale=640:480,format=yuv420p', '-an', '-c:v', 'rawvideo', path]);
  return path;
}

/**
 * Two places side by side, 1280x480, a key frame every 2 s. Left: person A all the time. Right: the empty wall, then person C
 * whom nobody knows, then nobody, then person E, then nobody, then a man who shows his back until shortly before the end.
 */
function compose(path: string): void {
  const looped = (name: string): string[] => ['-stream_loop', '-1', '-i', scaledClip(name)];
  const shown = (input: number, span: { from: number; to: number }): string =>
    `overlay=x=640:y=0:enable='between(t,${span.from},${span.to})'`.replace('INPUT', String(input));
  const back = join(folder, 'back.png');
  const scaled = 'crop=iw/2:ih:iw/2:0,scale=640:480:force_original_aspect_ratio=increase,crop=640:480';
  ffmpeg(['-i', join(footage!, 'room', 'unsplash_uOhBxB23Wao.jpg'), '-vf', scaled, back]);
  const filter = [
    // The wall of the same room, without anybody.
    '[0:v]split[a][w]',
    '[w]crop=60:200:250:20,scale=640:480,boxblur=20[wall]',
    '[a][wall]hstack[room]',
    `[room][1:v]${shown(1, STRANGER)}[one]`,
    `[one][2:v]${shown(2, SECOND_EXPERT)}[two]`,
    `[two][3:v]${shown(3, BACK)}[out]`,
  ].join(';');
  ffmpeg([
    ...[...looped('no'), ...looped('walk'), ...looped('want'), '-loop', '1', '-framerate', '5', '-i', back],
    ...['-filter_complex', filter, '-map', '[out]', '-t', String(END), '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-crf', '18', '-g', '10', '-keyint_min', '10', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', path],
  ]);
}

let pool: InferencePool;
const roster: Template[] = [];

async function judge(path: string, faces = true): Promise<{ steps: AlertStep[]; entries: RoomEntry[] }> {
  const config = parseConfig(
    JSON.stringify({
      site: { id: 't', name: 't' },
      cameras: [{ id: 'cam', source: 'file:none', analysisWidth: 1280, health: { enabled: false } }],
      rooms: [{ id: 'R1', cameras: ['cam'] }],
      rules: { sealedRoom: { faces } },
    }),
    'test',
  );
  const known = recordedEvaluation({
    session: {
      ...evaluation({ roster: [expert('A'), expert('D'), expert('E')] }),
      ...{ state: 'open', openedAt: eventMs(0) },
    },
    ...{ entries: [], roster, others: [] },
  });
  const options = {
    ...{ config, recordings: [{ camera: 'cam', path }], startAt: eventMs(0), ahead: 3 },
    ...{ clock: systemClock, log: silentLogger, signal: new AbortController().signal },
    ...{ evaluations: known, detectors: hallDetectors(config, pool, { galleryOf: known.gallery }) },
  };
  const steps: AlertStep[] = [];
  const entries: RoomEntry[] = [];
  for await (const finding of analyze(options)) {
    if (finding.type === 'alert') steps.push(finding.step);
    if (finding.type === 'entry') entries.push(finding.entry);
  }
  return { steps, entries };
}

const told = (steps: AlertStep[]): string[] =>
  steps.map(({ rule, step }) => `${rule.replace('sealedRoom.', '')} ${step}`);

describe.skipIf(!footage)(
  'a composed session: a rostered person, a stranger, a second expert, a back',
  { timeout: 600_000 },
  () => {
    const path = join(folder, 'session.mp4');
    beforeAll(async () => {
      photograph('A', 'again', 'brother', 'help', 'student');
      photograph('D', 'eat', 'night', 'sister');
      photograph('E', 'hungry');
      compose(path);
      pool = await openInference({
        ...{ backend: 'auto' as const, workers: 2, cacheFolder: modelCache() },
        ...{ log: silentLogger, clock: systemClock },
      });
      for (const person of listRoster(join(folder, 'roster'))) {
        const { template } = await enrolPerson(person, faceNetworks(pool));
        if (template) roster.push(template);
      }
    }, 300_000);
    afterAll(() => pool?.close());

    it('raises the stranger within 5 s of being visible, nobody else, and asks for a check where the back is turned', async () => {
      expect(roster.map(({ person }) => person)).toEqual(['A', 'D', 'E']);
      const { steps, entries } = await judge(path);
      expect(told(steps)).toEqual(['stranger open', 'stranger ended', 'unidentified open', 'unidentified ended']);
      const [stranger, gone, unidentified] = steps;
      expect(stranger!.priority).toBe('high');
      expect(stranger!.start / 1000).toBeGreaterThanOrEqual(STRANGER.from);
      expect(stranger!.at / 1000).toBeLessThanOrEqual(STRANGER.from + 5);
      expect(gone!.end! / 1000 - STRANGER.to).toBeLessThanOrEqual(4);
      expect(unidentified!.start / 1000 - BACK.from).toBeLessThanOrEqual(4);
      expect(unidentified!.at - unidentified!.start).toBe(60_000);

      const named = entries.filter(({ person }) => person !== undefined);
      expect(named.map(({ kind, person, outcome }) => `${kind} ${person} ${outcome}`)).toEqual([
        'found A rostered',
        'enter E rostered',
      ]);
      expect(named[1]!.at / 1000 - SECOND_EXPERT.from).toBeLessThanOrEqual(4);
      const strangers = entries.filter(({ outcome }) => outcome === 'stranger');
      expect(strangers.map(({ kind }) => kind)).toEqual(['enter', 'leave']);
    });

    it('says nothing of anybody where faces are off: there are never more than the roster allows', async () => {
      const { steps, entries } = await judge(path, false);
      expect(steps).toEqual([]);
      expect(entries.filter(({ person }) => person !== undefined)).toEqual([]);
    });
  },
);
