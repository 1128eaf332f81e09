import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evidenceStore } from '../../../src/alerts/evidence/evidenceStore.js';
import { cameraId, type IncidentId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { alertStep, temporaryFolder } from '../../support/ledger.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const at = eventMs(Date.UTC(2026, 9, 8, 1, 15, 0));
const snapshot = (plain = 'plain picture') => ({
  plain: bytes(plain),
  boxed: bytes('boxed picture'),
  facts: { camera: cameraId('cam-1'), at, ordinal: 1, width: 640, height: 360, boxes: [] },
});
const { id } = alertStep(1);

describe('evidence store', () => {
  it('keeps both pictures and the facts under day, incident and step, with their hashes', () => {
    const folder = temporaryFolder();
    const files = evidenceStore(folder).saveSnapshot(id, snapshot());
    expect(files.map(({ kind, path }) => [kind, path])).toEqual([
      ['plain', `2026-10-08/${id}/1/plain.jpg`],
      ['boxed', `2026-10-08/${id}/1/boxed.jpg`],
      ['facts', `2026-10-08/${id}/1/facts.json`],
    ]);
    for (const file of files) {
      const content = readFileSync(join(folder, file.path));
      expect(file).toMatchObject({ bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    }
    expect(JSON.parse(readFileSync(join(folder, files[2]!.path), 'utf8'))).toMatchObject({
      incident: id,
      at: '2026-10-08T01:15:00.000Z',
      pictures: { plain: { sha256: files[0]!.sha256 }, boxed: { sha256: files[1]!.sha256 } },
    });
    expect(readdirSync(join(folder, '2026-10-08', id, '1')).sort()).toEqual(['boxed.jpg', 'facts.json', 'plain.jpg']);
  });

  it('never replaces a snapshot that is whole, and completes one that is not', () => {
    const folder = temporaryFolder();
    const store = evidenceStore(folder);
    const first = store.saveSnapshot(id, snapshot());
    expect(store.saveSnapshot(id, snapshot('another picture'))).toEqual(first);
    rmSync(join(folder, first[2]!.path));
    expect(store.saveSnapshot(id, snapshot('another picture'))[0]!.sha256).not.toBe(first[0]!.sha256);
  });

  it('gives the bytes back, and refuses them where they were changed or are gone', () => {
    const folder = temporaryFolder();
    const store = evidenceStore(folder);
    const [plain] = store.saveSnapshot(id, snapshot());
    expect(Buffer.from(store.read(plain!.path, plain!.sha256)).toString()).toBe('plain picture');
    writeFileSync(join(folder, plain!.path), 'forged picture');
    expect(() => store.read(plain!.path, plain!.sha256)).toThrow('its hash is not the recorded one');
    rmSync(join(folder, plain!.path));
    expect(() => store.read(plain!.path, plain!.sha256)).toThrow('the file is gone');
  });

  it.each(['../secret', '/etc/passwd', 'a/../../b', 'a//b', '', '.hidden'])(
    'reads nothing outside its folder: %j',
    (path) => {
      expect(() => evidenceStore(temporaryFolder()).read(path, '')).toThrow('not a path of evidence');
    },
  );

  it('takes no incident id that would lead elsewhere', () => {
    expect(() => evidenceStore(temporaryFolder()).saveSnapshot('../x' as IncidentId, snapshot())).toThrow(
      'not an incident id',
    );
  });

  it('says what to do where the folder cannot be written', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '2026-10-08'), 'a file where a folder should be');
    expect(() => evidenceStore(folder).saveSnapshot(id, snapshot())).toThrow(/^write .*plain\.jpg: (ENOTDIR|EEXIST)$/);
  });
});
