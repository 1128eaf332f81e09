import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchNetwork } from '../../../src/detectors/speech/models/fetchNetwork.js';
import { findImports, installArchive, installFolder } from '../../../src/detectors/speech/models/install.js';
import { checkInstalled } from '../../../src/detectors/speech/models/installed.js';
import { readSpeechManifest, type SpeechNetwork } from '../../../src/detectors/speech/models/speechManifest.js';
import { temporaryFolder } from '../../support/ledger.js';

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const options = { onProgress: () => {}, signal: new AbortController().signal };

/** A network of one file, packed as the real ones are, with more in its archive than is used. */
function packed(): { network: SpeechNetwork; archive: string; bytes: Buffer } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'tokens.txt'), 'a 0\n');
  writeFileSync(join(folder, 'tiny', 'README.md'), 'not used');
  const archive = join(folder, 'tiny.tar.bz2');
  execFileSync('tar', ['-cjf', archive, '-C', folder, 'tiny']);
  const bytes = readFileSync(archive);
  const network: SpeechNetwork = {
    ...{ name: 'tiny', role: 'keywords', purpose: 'test', addresses: ['http://127.0.0.1:1/tiny.tar.bz2'] },
    archive: { kind: 'tar.bz2', bytes: bytes.length, sha256: hash(bytes) },
    ...{ files: [{ path: 'tokens.txt' }], licence: 'MIT', notice: 'A network for tests.' },
  };
  return { network, archive, bytes };
}

/** Serves bytes; breaks the first answers off after some bytes, so that the rest has to be asked for. */
async function serve(bytes: Buffer, { breakOff = 0, ranges = true } = {}) {
  const asked: string[] = [];
  let left = breakOff > 0 ? 1 : 0;
  const server = createServer((request, response) => {
    asked.push(request.headers.range ?? 'all');
    const from = ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    response.writeHead(from > 0 ? 206 : 200, { 'Content-Length': bytes.length - from });
    if (left > 0) {
      left -= 1;
      response.write(bytes.subarray(0, breakOff), () => response.destroy());
    } else response.end(bytes.subarray(from));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('fetching a network', () => {
  it('downloads, verifies, installs the files in use and writes its notice', async () => {
    const { network, bytes } = packed();
    const root = temporaryFolder();
    const { mirror } = await serve(bytes);
    const told: number[] = [];
    await fetchNetwork(root, network, { ...options, mirror, onProgress: (done) => told.push(done) });
    expect(await checkInstalled(root, network)).toEqual({ state: 'ok', folder: join(root, 'tiny') });
    expect(told.at(-1)).toBe(bytes.length);
    expect(existsSync(join(root, 'tiny', 'README.md'))).toBe(false);
    expect(readFileSync(join(root, 'tiny', 'NOTICE'), 'utf8')).toContain('A network for tests.');
    expect(existsSync(join(root, 'tiny.tar.bz2.part'))).toBe(false);
  });

  it.each([true, false])('goes on where it broke off (server knows ranges: %s)', async (ranges) => {
    const { network, bytes } = packed();
    const root = temporaryFolder();
    const { mirror, asked } = await serve(bytes, { breakOff: 50, ranges });
    await expect(fetchNetwork(root, network, { ...options, mirror })).rejects.toMatchObject({ code: 'unreachable' });
    await fetchNetwork(root, network, { ...options, mirror });
    expect(asked).toEqual(['all', 'bytes=50-']);
    expect(await checkInstalled(root, network)).toMatchObject({ state: 'ok' });
  });

  it('installs nothing that is another file', async () => {
    const { network, bytes } = packed();
    const root = temporaryFolder();
    const { mirror } = await serve(Buffer.from(bytes.map((byte, i) => (i === 99 ? byte ^ 1 : byte))));
    await expect(fetchNetwork(root, network, { ...options, mirror })).rejects.toThrow(/sha256/);
    expect(await checkInstalled(root, network)).toEqual({ state: 'missing' });
    expect(existsSync(join(root, 'tiny.tar.bz2.part'))).toBe(false);
  });

  it('says where to get it where no address answers', async () => {
    const { network } = packed();
    const failure = fetchNetwork(temporaryFolder(), network, options);
    await expect(failure).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('models import'),
    });
  });
});

describe('importing', () => {
  it('finds an archive, a folder, or a stick that holds either', () => {
    const { network, archive } = packed();
    const stick = join(archive, '..');
    expect(findImports(archive, [network])).toMatchObject([{ kind: 'archive', path: archive }]);
    expect(findImports(join(stick, 'tiny'), [network])).toMatchObject([{ kind: 'folder' }]);
    expect(findImports(stick, [network])).toMatchObject([{ kind: 'archive' }]);
    expect(findImports(temporaryFolder(), [network])).toEqual([]);
  });

  it('knows a file that was changed afterwards', async () => {
    const { network, archive } = packed();
    const root = temporaryFolder();
    await installArchive(root, network, archive);
    appendFileSync(join(root, 'tiny', 'tokens.txt'), 'b 1\n');
    expect(await checkInstalled(root, network)).toMatchObject({
      state: 'damaged',
      reason: expect.stringContaining('bytes'),
    });
    await installFolder(root, network, join(archive, '..', 'tiny'));
    expect(await checkInstalled(root, network)).toMatchObject({ state: 'ok' });
  });

  it('takes a file of a pinned hash only where it has it', async () => {
    const { network, archive } = packed();
    const pinned = { ...network, files: [{ path: 'tokens.txt', sha256: '0'.repeat(64) }] };
    const root = temporaryFolder();
    await expect(installFolder(root, pinned, join(archive, '..', 'tiny'))).rejects.toMatchObject({ code: 'model' });
    expect(existsSync(join(root, 'tiny'))).toBe(false);
  });
});

it('lists the networks of the product with addresses, sizes, hashes and licences', () => {
  const networks = readSpeechManifest();
  expect(networks.map(({ role }) => role)).toEqual([
    'keywords',
    'recognition',
    'voice-activity',
    'streaming-recognition',
    'speakers',
    'punctuation',
  ]);
  expect(networks.every(({ addresses }) => addresses[0]!.includes('k2-fsa/sherpa-onnx/releases'))).toBe(true);
});
