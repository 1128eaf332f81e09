import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluationId, personId } from '../../src/core/evaluation.js';
import { silentLogger } from '../../src/core/log.js';
import { cosine, DESCRIPTOR_LENGTH, type Descriptor } from '../../src/detectors/faces/describe.js';
import { openTemplate } from '../../src/detectors/faces/templates.js';
import { faceVault, TEMPLATES_DELETED } from '../../src/pipeline/faceVault.js';
import { shredOnClose } from '../../src/pipeline/shredOnClose.js';
import { templateKeys } from '../../src/pipeline/templateKeys.js';
import { evaluation, NINE } from '../support/evaluation.js';
import { temporaryFolder, testLedger } from '../support/ledger.js';

const P1 = personId('P1');
/** A descriptor that points along one axis. */
const along = (axis: number): Descriptor => {
  const values = new Float32Array(DESCRIPTOR_LENGTH);
  values[axis] = 1;
  return values;
};
const photo = (descriptor: Descriptor, person = P1, list = 'E1') => ({
  list,
  person,
  descriptor,
  verdict: 'good',
  by: 'chen',
});

function setup() {
  const folder = temporaryFolder();
  const data = join(folder, 'var');
  const keyFolder = join(folder, 'keys');
  const ledger = testLedger(join(data, 'ledger.sqlite'));
  const keys = templateKeys(keyFolder, data);
  return { data, keyFolder, ledger, keys, vault: faceVault(ledger, keys) };
}

/** Every byte that stands in the data folder: database, write-ahead log, journal, backups. */
const bytesBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('');

describe('the face vault', () => {
  it('gives one template a person, the mean of up to five photos', () => {
    const { vault } = setup();
    vault.add(photo(along(0)));
    vault.add(photo(along(1)));
    vault.add(photo(along(2), personId('P2')));
    const [first, second] = vault.templatesOf('E1');
    expect([first!.person, second!.person]).toEqual(['P1', 'P2']);
    expect(cosine(first!.descriptor, along(0))).toBeCloseTo(Math.SQRT1_2, 6);
    expect([...vault.photosOf('E1')]).toEqual([
      ['P1', ['good', 'good']],
      ['P2', ['good']],
    ]);
    for (let i = 0; i < 3; i++) vault.add(photo(along(3)));
    expect(() => vault.add(photo(along(4)))).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect([vault.forget('E1', P1), vault.templatesOf('E1').map(({ person }) => person)]).toEqual([5, ['P2']]);
  });

  it('keeps the key outside the data, readable by nobody else, and only ciphertext with the data', () => {
    const { vault, data, keyFolder } = setup();
    expect(existsSync(keyFolder)).toBe(false);
    vault.add(photo(along(0)));
    expect(statSync(join(keyFolder, 'E1.key')).mode & 0o777).toBe(0o600);
    expect(statSync(keyFolder).mode & 0o777).toBe(0o700);
    const key = readFileSync(join(keyFolder, 'E1.key'), 'utf8').trim();
    expect(bytesBelow(data)).not.toContain(key);
    expect(bytesBelow(data)).not.toContain(Buffer.from(along(0).buffer).toString('base64').slice(0, 200));
  });

  it('refuses a key folder inside the data folder', () => {
    const folder = temporaryFolder();
    for (const inside of ['.', 'keys', 'a/b']) {
      expect(() => templateKeys(join(folder, inside), folder)).toThrow(expect.objectContaining({ code: 'config' }));
    }
    expect(() => templateKeys(`${folder}-keys`, folder)).not.toThrow();
  });

  it('says so where the key was lost or is none', () => {
    const { vault, keyFolder, data, ledger } = setup();
    vault.add(photo(along(0)));
    writeFileSync(join(keyFolder, 'E1.key'), 'short');
    const again = faceVault(ledger, templateKeys(keyFolder, data));
    expect(() => again.templatesOf('E1')).toThrow(/not a 256-bit key/);
    chmodSync(keyFolder, 0o700);
    const elsewhere = faceVault(ledger, templateKeys(`${keyFolder}-new`, data));
    expect(() => elsewhere.templatesOf('E1')).toThrow(/the key is gone/);
  });
});

describe('the end of an evaluation', () => {
  it('destroys the key and the rows, and the audit log proves it', async () => {
    const { vault, ledger, data, keyFolder } = setup();
    shredOnClose(ledger, vault, silentLogger);
    const saved = ledger.evaluations.save({ ...evaluation(), state: 'open', openedAt: NINE }, 0);
    vault.add(photo(along(0)));
    vault.add(photo(along(1), personId('P2')));
    const sealed = ledger.faceTemplates.of('E1').map((row) => row.sealed);
    const key = Buffer.from(readFileSync(join(keyFolder, 'E1.key'), 'utf8'), 'base64');
    ledger.evaluations.save({ ...saved, state: 'closed', closedAt: NINE }, 1);

    expect(existsSync(join(keyFolder, 'E1.key'))).toBe(false);
    expect([ledger.faceTemplates.of('E1'), vault.templatesOf('E1')]).toEqual([[], []]);
    const [entry] = ledger.audit.list({ action: TEMPLATES_DELETED, limit: 5 });
    expect(entry).toMatchObject({
      actor: 'system',
      object: 'evaluation:E1',
      detail: {
        templates: 2,
        persons: 2,
        leftInLedger: 0,
        key: 'destroyed',
        idsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(ledger.audit.verify()).toMatchObject({ ok: true });

    // The database and its log hold nothing; the journal still has the old ciphertext, which nobody can open any more.
    const database = ['ledger.sqlite', 'ledger.sqlite-wal']
      .map((name) => readFileSync(join(data, name), 'latin1'))
      .join('');
    for (const text of sealed) expect(database).not.toContain(text.slice(0, 400));
    expect(bytesBelow(data)).not.toContain(key.toString('base64'));
    expect(() => openTemplate(Buffer.from(sealed[0]!, 'base64'), Buffer.alloc(32), 'E1/P1')).toThrow(/does not open/);
  });

  it('somebody taken off the roster leaves no face behind', () => {
    const { vault, ledger } = setup();
    shredOnClose(ledger, vault, silentLogger);
    const saved = ledger.evaluations.save(evaluation(), 0);
    vault.add(photo(along(0)));
    vault.add(photo(along(1), personId('P2')));
    ledger.evaluations.save({ ...saved, roster: saved.roster.filter(({ id }) => id !== 'P2') }, 1);
    expect([...vault.photosOf('E1').keys()]).toEqual(['P1']);
    expect(vault.templatesOf('E1').map(({ person }) => person)).toEqual(['P1']);
  });

  it('is made good at the next start where a crash came between', () => {
    const { vault, ledger, keys } = setup();
    const saved = ledger.evaluations.save(evaluation(), 0);
    ledger.evaluations.save({ ...saved, state: 'closed', closedAt: NINE }, 1);
    vault.add(photo(along(0)));
    vault.add(photo(along(0), P1, 'gone'));
    vault.add(photo(along(0), P1, ':staff'));
    keys.destroy('E1');
    shredOnClose(ledger, faceVault(ledger, keys), silentLogger);
    expect(ledger.faceTemplates.lists()).toEqual([':staff']);
    expect(
      ledger.audit.list({ action: TEMPLATES_DELETED, limit: 5 }).map(({ object, detail }) => [object, detail?.key]),
    ).toEqual([
      ['evaluation:gone', 'destroyed'],
      ['evaluation:E1', 'none'],
    ]);
  });

  it('without any face leaves no line behind', () => {
    const { vault, ledger } = setup();
    shredOnClose(ledger, vault, silentLogger);
    ledger.evaluations.save({ ...evaluation(), state: 'closed', closedAt: NINE }, 0);
    expect(ledger.audit.list({ action: TEMPLATES_DELETED, limit: 5 })).toEqual([]);
    expect(ledger.evaluations.get(evaluationId('E1'))?.state).toBe('closed');
  });
});
