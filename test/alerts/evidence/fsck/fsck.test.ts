import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fsck } from '../../../../src/alerts/evidence/fsck/fsck.js';
import { systemClock } from '../../../../src/core/clock.js';
import { describeRecording } from '../../../../src/pipeline/evidenceFacts.js';
import { makeClip } from '../../../support/clips.js';
import { evidenceHall } from '../../../support/evidenceHall.js';
import { alertStep, temporaryFolder, testLedger } from '../../../support/ledger.js';

async function hallOf() {
  const folder = temporaryFolder();
  const clip = makeClip(join(folder, 'clip.mp4'), { seconds: 24, fps: 10, gop: 20 });
  const hall = await evidenceHall({ folder, clip, ledger: testLedger() });
  const { data, ledger, manifests } = hall;
  const describeFile = describeRecording(join(data, 'recordings'), systemClock);
  const run = (deep = false) => fsck({ data, ledger, manifests, describe: describeFile, deep });
  const day = readdirSync(join(data, 'evidence'))[0]!;
  const place = `evidence/${day}/${hall.incident}/1`;
  const recordings = readdirSync(join(data, 'recordings', 'session', 'cam-r1', day)).map(
    (name) => `recordings/session/cam-r1/${day}/${name}`,
  );
  return { ...hall, run, place, recordings, day };
}

describe('fsck', () => {
  it('finds nothing where nothing is wrong', async () => {
    const { run } = await hallOf();
    expect(await run(true)).toEqual([]);
  });

  it('attaches what the ledger lost, where it proves to be whole', async () => {
    const { run, place, data, manifests, incident } = await hallOf();
    const lost = testLedger();
    // The same files, a ledger that knows the incident alone: the process ended before the files were listed.
    lost.commitStep(alertStep(0, { id: incident }), []);
    const describeFile = describeRecording(join(data, 'recordings'), systemClock);
    const lines = await fsck({ data, ledger: lost, manifests, describe: describeFile });
    expect(lines).toEqual([
      { did: 'attached', what: `${place}/clip.json`, detail: `to ${incident}` },
      { did: 'attached', what: `${place}/clip.mp4`, detail: `to ${incident}` },
    ]);
    expect(lost.snapshots.of(incident).map(({ kind }) => kind)).toEqual(['clip', 'clip-facts']);
    expect(await run()).toEqual([]);
  });

  it('sets aside what is torn or belongs to nothing', async () => {
    const { run, place, data, day } = await hallOf();
    mkdirSync(join(data, 'evidence', day, 'absence-unknown', '1'), { recursive: true });
    writeFileSync(join(data, 'evidence', day, 'absence-unknown', '1', 'plain.jpg'), 'x');
    writeFileSync(join(data, place, 'clip.mp4.123.tmp'), 'x');
    const lines = await run();
    expect(lines.map(({ did, what }) => [did, what])).toEqual(
      [
        ['quarantined', `evidence/${day}/absence-unknown/1/plain.jpg`],
        ['quarantined', `${place}/clip.mp4.123.tmp`],
      ].sort((a, b) => (a[1]! < b[1]! ? -1 : 1)),
    );
    expect(existsSync(join(data, 'quarantine', place, 'clip.mp4.123.tmp'))).toBe(true);
  });

  it('signs a recording that has no entry, and cuts a torn entry off', async () => {
    const { run, data, recordings, day } = await hallOf();
    const chain = join(data, 'manifests', 'cam-r1', `${day}.jsonl`);
    const lines = readFileSync(chain, 'utf8').trimEnd().split('\n');
    writeFileSync(chain, `${lines.slice(0, 2).join('\n')}\n${lines[2]!.slice(0, 50)}`);
    const did = await run();
    expect(did).toContainEqual({ did: 'mended', what: `cam-r1/${day}`, detail: '50 bytes of a torn entry cut off' });
    expect(did).toContainEqual({ did: 'signed', what: recordings[2], detail: 'had no entry in its manifest' });
  });

  it('tells what is missing and, looking deep, what was changed', async () => {
    const { run, data, recordings, place } = await hallOf();
    rmSync(join(data, recordings[0]!));
    appendFileSync(join(data, recordings[1]!), 'x');
    rmSync(join(data, place, 'clip.mp4'));
    const lines = await run(true);
    expect(lines.map(({ did, what }) => [did, what])).toEqual([
      ['missing', recordings[0]],
      ['changed', recordings[1]],
      ['missing', `${place}/clip.mp4`],
    ]);
  });
});
