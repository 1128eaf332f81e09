import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../../src/core/errors.js';
import { networkEntry, readManifest } from '../../../src/detectors/inference/manifest.js';
import { listModels, readModel, verifyModels } from '../../../src/detectors/inference/modelFiles.js';

const folder = mkdtempSync(join(tmpdir(), 'hallwatch-manifest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withText = (text: string): string => {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, text);
  return path;
};
const failure = (act: () => unknown): AppError => {
  try {
    act();
  } catch (error) {
    return error as AppError;
  }
  throw new Error('did not fail');
};

describe('model manifest', () => {
  it('names the six networks that the product runs', () => {
    const names = readManifest().networks.map((network) => network.name);
    expect(names).toEqual(['centernet', 'movenet-lightning', 'blazeface', 'faceres', 'emotion', 'antispoof']);
  });

  it.each([
    ['is no JSON', '{', /model manifest: .*JSON/],
    ['has a key nobody knows', JSON.stringify({ ...readManifest(), colour: 1 }), /colour/],
    ['lacks the networks', JSON.stringify({ source: readManifest().source }), /networks/],
  ])('refuses a file that %s', (_what, text, message) => {
    const error = failure(() => readManifest(withText(text)));
    expect(error.code).toBe('model');
    expect(error.message).toMatch(message);
  });

  it('refuses a network that is not in it, and says which are', () => {
    const error = failure(() => networkEntry(readManifest(), 'yolo'));
    expect(error.code).toBe('not-found');
    expect(error.hint).toContain('centernet');
  });
});

describe('model files', () => {
  it('are all there with the sha256 of the manifest', () => {
    const verdicts = verifyModels();
    expect(verdicts).toHaveLength(12);
    expect(verdicts.filter((verdict) => verdict.state !== 'ok')).toEqual([]);
  });

  it('are listed with source, version, licence and size', () => {
    const listing = listModels()[0]!;
    expect(listing).toMatchObject({ name: 'centernet', licence: 'MIT', input: [1, 512, 512, 3] });
    expect(listing.installedVersion).toMatch(/^3\./);
    expect(listing.bytes).toBeGreaterThan(4_000_000);
  });

  it('stop with a clear error where the sha256 is another', () => {
    const manifest = readManifest();
    const emotion = networkEntry(manifest, 'emotion');
    emotion.weights.sha256 = '0'.repeat(64);
    const error = failure(() => readModel('emotion', manifest));
    expect(error.code).toBe('model');
    expect(error.message).toMatch(/model emotion: .*emotion\.bin: sha256 is [0-9a-f]{64}/);
    expect(error.hint).toContain('npm install');
    expect(verifyModels(manifest).find((verdict) => verdict.state !== 'ok')).toMatchObject({
      name: 'emotion',
      state: 'wrong-sha256',
    });
  });

  it('are reported missing where their package is not installed', () => {
    const manifest = readManifest();
    manifest.source.package = '@hallwatch/no-such-package';
    expect(verifyModels(manifest).every((verdict) => verdict.state === 'missing')).toBe(true);
    expect(listModels(manifest)[0]!.installedVersion).toBeUndefined();
  });
});
