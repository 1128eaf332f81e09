import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChainEntry } from '../../../../src/alerts/evidence/chain/entry.js';
import { buildPackage } from '../../../../src/alerts/evidence/package/buildPackage.js';
import { incidentContent } from '../../../../src/alerts/evidence/package/incidentContent.js';
import { sessionContent } from '../../../../src/alerts/evidence/package/sessionContent.js';
import { type PackageFinding, verifyPackage } from '../../../../src/alerts/evidence/package/verify.mjs';
import { openLedger } from '../../../../src/alerts/ledger/openLedger.js';
import { canonicalJson, sha256 } from '../../../../src/core/hash.js';
import { silentLogger } from '../../../../src/core/log.js';
import { isoOf, plusMs, wallMs } from '../../../../src/core/time.js';
import { makeClip, temporaryFolder } from '../../../support/clips.js';
import { evidenceHall, SESSION } from '../../../support/evidenceHall.js';
import { fakeClock } from '../../../support/fakeClock.js';
import { temporaryFolder as perTest, testLedger } from '../../../support/ledger.js';
import { NINE } from '../../../support/recordings.js';

const folder = temporaryFolder();
const packed = join(folder, 'package');
let hall: Awaited<ReturnType<typeof evidenceHall>>;

beforeAll(async () => {
  const clip = makeClip(join(folder, 'clip.mp4'), { seconds: 24, fps: 10, gop: 20, audio: true });
  // The ledger outlives the first test: it is closed with the process.
  const ledger = openLedger(':memory:', { clock: fakeClock(NINE), log: silentLogger, reserveBytes: 0 });
  hall = await evidenceHall({ folder: join(folder, 'hall'), clip, cameras: ['cam-r1', 'cam-r2'], ledger });
  const content = await sessionContent(SESSION, hall.deps, hall.end);
  await buildPackage(content, hall.deps, { out: packed, madeAt: wallMs(NINE), by: 'u1', reason: '归档' });
});

/** A copy of the package that a test may spoil. */
function copy(): string {
  const target = join(perTest(), 'package');
  cpSync(packed, target, { recursive: true });
  return target;
}

const recordingsIn = (target: string): string[] =>
  readdirSync(join(target, 'recordings', 'cam-r1'))
    .sort()
    .map((name) => `recordings/cam-r1/${name}`);
const findingsOf = (target: string): PackageFinding[] => verifyPackage(target).findings;
const flip = (path: string, at: number): void => {
  const bytes = readFileSync(path);
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(path, bytes);
};
const chainFile = (target: string): string =>
  join(target, 'chains', 'cam-r1', readdirSync(join(target, 'chains', 'cam-r1'))[0]!);
const partsOf = (target: string, name: string): Array<{ at: string; ms: number; offset: number; bytes: number }> => {
  const lines = readFileSync(chainFile(target), 'utf8').trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as ChainEntry);
  return entries.find((entry) => String(entry.path).endsWith(name.split('/').at(-1)!))!.parts as never;
};

describe('a package that nobody touched', () => {
  it('verifies, with all its parts', () => {
    const verdict = verifyPackage(packed);
    expect(verdict).toMatchObject({ ok: true, kind: 'session', id: SESSION, site: 'test', findings: [], gaps: [] });
    for (const name of [
      'session',
      'roster',
      'signIns',
      'entries',
      'transcript',
      'words',
      'rules',
      'patrols',
      'history',
    ]) {
      expect(existsSync(join(packed, 'documents', `${name}.json`)), name).toBe(true);
    }
    expect(readdirSync(join(packed, 'incidents', hall.incident))).toEqual(
      expect.arrayContaining(['1-clip.mp4', 'incident.json', 'loop.json']),
    );
  });

  it('verifies with the verifier it carries and nothing else', () => {
    const target = copy();
    const run = spawnSync(process.execPath, [join(target, 'verify.mjs'), target, '--json'], {
      encoding: 'utf8',
      env: {},
    });
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout.trim())).toMatchObject({ type: 'summary', ok: true, findings: 0 });
    flip(join(target, recordingsIn(target)[0]!), 3000);
    const again = spawnSync(process.execPath, ['verify.mjs'], { encoding: 'utf8', env: {}, cwd: target });
    expect(again.status).toBe(1);
    expect(again.stdout).toContain('被改动 changed: recordings/cam-r1/');
    expect(spawnSync(process.execPath, ['verify.mjs', '/nowhere'], { cwd: target, env: {} }).status).toBe(2);
    expect(spawnSync(process.execPath, ['verify.mjs', '--what'], { cwd: target, env: {} }).status).toBe(2);
  });

  it('is refused where it was signed with another key than the one expected', () => {
    expect(verifyPackage(packed, { key: 'f'.repeat(64) }).findings).toMatchObject([
      { kind: 'unsigned', file: 'manifest.json' },
    ]);
  });
});

describe('what was done to a package is found and named', () => {
  it('one byte flipped: the file and the second', () => {
    const target = copy();
    const name = recordingsIn(target)[1]!;
    const part = partsOf(target, name)[4]!;
    flip(join(target, name), part.offset + part.bytes - 7);
    expect(findingsOf(target)).toEqual([
      {
        kind: 'changed',
        file: name,
        detail: `its content is not what was signed; second ${part.at} (${part.ms} ms) was changed`,
      },
    ]);
  });

  it('a file cut short: the file and the seconds', () => {
    const target = copy();
    const name = recordingsIn(target)[0]!;
    const parts = partsOf(target, name);
    truncateSync(join(target, name), parts.at(-2)!.offset + 10);
    const [finding, ...others] = findingsOf(target);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'changed', file: name });
    expect(finding!.detail).toContain(`cut off: ${parts.at(-2)!.at} to`);
  });

  it('a second taken out of a file', () => {
    const target = copy();
    const name = recordingsIn(target)[1]!;
    const bytes = readFileSync(join(target, name));
    const part = partsOf(target, name)[3]!;
    writeFileSync(
      join(target, name),
      Buffer.concat([bytes.subarray(0, part.offset), bytes.subarray(part.offset + part.bytes)]),
    );
    expect(findingsOf(target)[0]!.detail).toContain(`second ${part.at} (${part.ms} ms) was taken out`);
  });

  it('a fragment removed: the file and its span', () => {
    const target = copy();
    const name = recordingsIn(target)[1]!;
    rmSync(join(target, name));
    const [start, ms] = name.split('/').at(-1)!.split('-').map(Number) as [number, number];
    expect(findingsOf(target)).toEqual([
      {
        kind: 'missing',
        file: name,
        detail: `${new Date(start).toISOString()} to ${new Date(start + ms).toISOString()} is missing`,
      },
    ]);
  });

  it('entries reordered, taken out, or changed', () => {
    const target = copy();
    const path = chainFile(target);
    const name = path.slice(target.length + 1);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const write = (changed: string[]): PackageFinding[] => {
      writeFileSync(path, `${changed.join('\n')}\n`);
      return findingsOf(target).filter(
        ({ detail }) => !detail.startsWith('its content') && !/bytes instead/.test(detail),
      );
    };
    const [first, second, third, ...rest] = lines as [string, string, string, ...string[]];
    expect(write([first, third, second, ...rest])).toEqual([
      expect.objectContaining({ kind: 'reordered', file: name, detail: expect.stringContaining('entry 2') }),
    ]);
    expect(write([first, third, ...rest])).toEqual(
      expect.arrayContaining([
        { kind: 'missing', file: name, detail: 'entry 2 is gone' },
        expect.objectContaining({
          kind: 'missing',
          file: 'recordings/cam-r1',
          detail: expect.stringContaining('neither recorded'),
        }),
      ]),
    );
    const changed = second.replace(/"wallEnd":"2026/, '"wallEnd":"2025');
    expect(changed).not.toBe(second);
    expect(write([first, changed, third, ...rest])[0]).toMatchObject({
      kind: 'changed',
      file: name,
      detail: expect.stringMatching(/^entry 2 .*was changed$/),
    });
  });

  it('a verdict changed: the step', () => {
    const target = copy();
    const name = `incidents/${hall.incident}/loop.json`;
    const path = join(target, name);
    writeFileSync(path, readFileSync(path, 'utf8').replace('confirmed', 'false-alarm'));
    expect(findingsOf(target)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'changed',
          file: name,
          detail: expect.stringMatching(/bytes instead|not what was signed/),
        }),
        { kind: 'changed', file: name, detail: 'step 2 (verdict false-alarm) was changed' },
      ]),
    );
  });

  it('a manifest written anew without the key', () => {
    const target = copy();
    const path = join(target, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown> & { title: string };
    manifest.title = 'another project';
    writeFileSync(path, JSON.stringify(manifest));
    expect(findingsOf(target)).toEqual([expect.objectContaining({ kind: 'changed', file: 'manifest.json' })]);
    const { hash: _hash, signature: _signature, ...body } = manifest;
    const hash = sha256(canonicalJson(body));
    writeFileSync(path, JSON.stringify({ ...manifest, hash }));
    expect(findingsOf(target)).toEqual([expect.objectContaining({ kind: 'unsigned', file: 'manifest.json' })]);
  });

  it('a file added', () => {
    const target = copy();
    writeFileSync(join(target, 'documents', 'more.json'), '{}');
    expect(findingsOf(target)).toEqual([
      { kind: 'added', file: 'documents/more.json', detail: 'is not in the manifest' },
    ]);
  });
});

describe('other packages', () => {
  it('a declared gap is no finding, an undeclared one is', async () => {
    const own = perTest();
    const clip = makeClip(join(own, 'clip.mp4'), { seconds: 6, fps: 10, gop: 20 });
    const gapped = await evidenceHall({ folder: own, clip, ledger: testLedger() });
    const later = plusMs(gapped.end, 20_000);
    const session = gapped.ledger.evaluations.get(SESSION)!;
    gapped.ledger.evaluations.save({ ...session, closedAt: later }, session.version);
    const build = async (name: string) => {
      const content = await sessionContent(SESSION, gapped.deps, later);
      await buildPackage(content, gapped.deps, { out: join(own, name), madeAt: wallMs(NINE), by: 'u1', reason: '' });
      return verifyPackage(join(own, name));
    };
    expect((await build('a')).findings).toEqual([
      {
        kind: 'missing',
        file: 'recordings/cam-r1',
        detail: `${isoOf(gapped.end)} to ${isoOf(later)} is neither recorded nor declared as a gap`,
      },
    ]);
    gapped.register.gap({ camera: 'cam-r1' as never, from: gapped.end, to: later, cause: 'offline' }, SESSION);
    await gapped.register.settle();
    const { ok, gaps } = await build('b');
    expect([ok, gaps]).toEqual([
      true,
      [{ camera: 'cam-r1', from: isoOf(gapped.end), to: isoOf(later), cause: 'offline' }],
    ]);
  });

  it.each([
    ['sm3', 'sm2'],
    ['sm3', 'ed25519'],
    ['sha256', 'sm2'],
  ] as const)('with %s and %s', async (digest, signature) => {
    const own = perTest();
    const clip = makeClip(join(own, 'clip.mp4'), { seconds: 6, fps: 10, gop: 20 });
    const other = await evidenceHall({ folder: own, clip, digest, signature, ledger: testLedger() });
    const out = join(own, 'package');
    await buildPackage(await sessionContent(SESSION, other.deps, other.end), other.deps, {
      out,
      madeAt: wallMs(NINE),
      by: 'u1',
      reason: '',
    });
    expect(verifyPackage(out)).toMatchObject({ ok: true, algorithm: signature });
    flip(join(out, 'documents', 'roster.json'), 5);
    expect(findingsOf(out)).toMatchObject([{ kind: 'changed', file: 'documents/roster.json' }]);
  });

  it('of one incident', async () => {
    const out = join(perTest(), 'package');
    const content = await incidentContent(hall.incident, hall.deps);
    await buildPackage(content, hall.deps, { out, madeAt: wallMs(NINE), by: 'u1', reason: '申诉' });
    expect(verifyPackage(out)).toMatchObject({ ok: true, kind: 'incident', id: hall.incident });
    flip(join(out, 'incidents', hall.incident, '1-clip.mp4'), 4000);
    expect(findingsOf(out)).toMatchObject([{ kind: 'changed', file: `incidents/${hall.incident}/1-clip.mp4` }]);
  });
});
