import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { KeptFile } from '../../src/alerts/evidence/clips/keepClips.js';
import { evidenceStore } from '../../src/alerts/evidence/evidenceStore.js';
import { systemClock as clock } from '../../src/core/clock.js';
import { storageError } from '../../src/core/files.js';
import { cameraId } from '../../src/core/ids.js';
import { silentLogger as log } from '../../src/core/log.js';
import { plusMs } from '../../src/core/time.js';
import { keepMainStill } from '../../src/pipeline/mainStill.js';
import { makeClip, temporaryFolder } from '../support/clips.js';
import { alertStep, testLedger } from '../support/ledger.js';

const folder = temporaryFolder();

/** An incident whose clip of 20 s, a key frame every 2 s, began 11 s before its step. */
function incident(size: string) {
  const ledger = testLedger();
  const step = alertStep(1);
  ledger.commitStep(step, []);
  const path = makeClip(join(folder, `${size}.mp4`), { size, seconds: 20, gop: 20 });
  const start = plusMs(step.at, -11_000);
  const clip: KeptFile = {
    ...{ incident: step.id, ordinal: 1, camera: cameraId('cam-1'), kind: 'clip', path: `${size}.mp4`, sha256: '' },
    ...{ bytes: statSync(path).size, start, end: plusMs(start, 20_000) },
  };
  const kept: KeptFile[] = [];
  const evidence = evidenceStore(join(dirname(path), `evidence-${size}`));
  const options = { folder, evidence, ledger, clock, log, onFile: (file: KeptFile) => void kept.push(file) };
  return { step, clip, kept, options, ledger, root: join(dirname(path), `evidence-${size}`) };
}

describe('the best picture of a step', () => {
  it('is the key frame of its clip nearest to it, at the size of the main stream, and is listed with its hash', async () => {
    const { step, clip, kept, options, ledger, root } = incident('1280x720');
    await keepMainStill(clip, options);
    expect(kept).toMatchObject([{ incident: step.id, kind: 'main', start: plusMs(step.at, -1000), camera: 'cam-1' }]);
    const [listed] = ledger.snapshots.of(step.id);
    expect(listed).toMatchObject({ kind: 'main', at: plusMs(step.at, -1000), sha256: kept[0]!.sha256 });
    expect(await sharp(readFileSync(join(root, kept[0]!.path))).metadata()).toMatchObject({ width: 1280, height: 720 });
  });

  it('is left out where the clip shows no more than the analysed picture, or was lost', async () => {
    const small = incident('640x360');
    await keepMainStill(small.clip, small.options);
    const lost = { ...small.clip, path: 'nothing.mp4' };
    await keepMainStill(lost, small.options);
    expect(small.kept).toEqual([]);
  });

  it('that the disk does not take costs nothing but itself', async () => {
    const { clip, kept, options } = incident('800x450');
    const full = {
      ...options.evidence,
      saveFile: () => {
        throw storageError('save', Object.assign(new Error('full'), { code: 'ENOSPC' }));
      },
    };
    await keepMainStill(clip, { ...options, evidence: full });
    expect(kept).toEqual([]);
  });
});
