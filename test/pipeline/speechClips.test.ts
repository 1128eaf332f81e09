import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cameraId, subjectId } from '../../src/core/ids.js';
import { silentLogger as log } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { soundRing } from '../../src/ingest/soundRing.js';
import { endOwedClips, soundClips } from '../../src/pipeline/speechClips.js';
import { alertStep, temporaryFolder, testLedger } from '../support/ledger.js';
import { smallDisk } from '../support/tmpfs.js';

const START = Date.UTC(2026, 10, 20, 1);

/** A room in which somebody speaks without end, and the clips that are cut of it. */
function room(folder: string) {
  const ledger = testLedger();
  const ring = soundRing();
  const signed: string[] = [];
  const failures: string[] = [];
  const clips = soundClips(ring, {
    ...{ folder, ledger, log, onFile: ({ path }) => signed.push(path) },
    onFailure: ({ code }) => failures.push(code),
  });
  let at = START;
  const hear = (seconds: number): void => {
    for (const until = at + seconds * 1000; at < until; at += 200) {
      const samples = Float32Array.from({ length: 3200 }, (_, i) => 0.2 * Math.sin(i / 9));
      ring.push({ camera: cameraId('cam-r1'), at: eventMs(at), sampleRate: 16_000, samples });
      clips.heard(eventMs(at + 200));
    }
  };
  const raise = (n: number) => {
    const step = alertStep(n, {
      ...{ rule: 'speech', subject: subjectId('R1'), start: eventMs(at - 1000), at: eventMs(at) },
      camera: cameraId('cam-r1'),
    });
    ledger.commitStep(step, []);
    clips.take(step);
    return step.id;
  };
  return { ledger, clips, signed, failures, hear, raise };
}

describe('sound clips', () => {
  it('are kept with their hash and signed for', () => {
    const { ledger, hear, raise, signed } = room(temporaryFolder());
    hear(12);
    const id = raise(1);
    expect(ledger.soundClips.of(id)).toMatchObject([{ state: 'waiting', note: '' }]);
    hear(12);
    expect(ledger.soundClips.of(id)).toMatchObject([{ state: 'kept' }]);
    expect(ledger.snapshots.of(id)).toMatchObject([{ kind: 'sound', path: signed[0] }]);
  });

  it('wait on a full disk as they were cut, lose nothing else, and are written when there is room', () => {
    const disk = smallDisk(8);
    if (!disk) return;
    const { ledger, hear, raise, signed, failures } = room(disk.path);
    hear(12);
    const first = raise(1);
    hear(12);
    expect(ledger.soundClips.of(first)).toMatchObject([{ state: 'kept' }]);
    const held = join(disk.path, ledger.snapshots.of(first)[0]!.path);
    const filler = join(disk.path, 'filler');
    const { bavail, bsize } = statfsSync(disk.path);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    const second = raise(2);
    hear(12);
    expect(failures).toEqual(['disk-full']);
    expect(ledger.soundClips.of(second)).toMatchObject([{ state: 'waiting', note: 'disk-full' }]);
    expect(ledger.stepsOf(second)).toHaveLength(1);
    // Longer than the ring remembers.
    hear(90);
    expect(existsSync(held)).toBe(true);
    expect(failures).toHaveLength(1);
    rmSync(filler);
    hear(12);
    expect(ledger.soundClips.of(second)).toMatchObject([{ state: 'kept', note: '' }]);
    const [clip] = ledger.snapshots.of(second);
    expect(clip).toMatchObject({ kind: 'sound', path: signed[1] });
    expect(clip!.bytes).toBeGreaterThan(20 * 32_000);
  });

  it('are written down as missing where the disk stays full until the end', () => {
    const disk = smallDisk(2);
    if (!disk) return;
    const { ledger, clips, hear, raise } = room(disk.path);
    const { bavail, bsize } = statfsSync(disk.path);
    writeFileSync(join(disk.path, 'filler'), Buffer.alloc(bavail * bsize));
    hear(12);
    const ids = Array.from({ length: 14 }, (_, n) => raise(n));
    hear(12);
    clips.flush(true);
    const states = ids.map((id) => ledger.soundClips.of(id)[0]!);
    expect(new Set(states.map(({ state, note }) => `${state} ${note}`))).toEqual(new Set(['missing disk-full']));
    expect(ids.map((id) => ledger.stepsOf(id).length)).toEqual(Array(14).fill(1));
  });

  it('that a crash left owed are missing after it, with the reason', () => {
    const { ledger, hear, raise } = room(temporaryFolder());
    hear(12);
    const id = raise(1);
    endOwedClips(ledger);
    expect(ledger.soundClips.of(id)).toMatchObject([{ state: 'missing', note: 'service-down' }]);
  });
});
