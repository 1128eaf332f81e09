import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { faceFinder, roomFaces } from '../../../src/detectors/faces/faceFinder.js';
import { faceNetworks } from '../../../src/detectors/faces/findFaces.js';
import { matchFace, type Template } from '../../../src/detectors/faces/match.js';
import { enrolPerson, listRoster } from '../../../src/detectors/faces/roster.js';
import { openInference } from '../../../src/detectors/inference/pool.js';
import { readPicture } from '../../../src/detectors/readPicture.js';
import { modelCache } from '../../support/modelCache.js';
import { sharedPath } from '../../support/shared.js';
import { ensureBuilt } from '../inference/support/build.js';

const people = sharedPath('footage/faces/people');
const folder = mkdtempSync(join(tmpdir(), 'hallwatch-faces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

ensureBuilt();
const pool = await openInference({
  backend: 'auto',
  workers: 1,
  cacheFolder: modelCache(),
  log: silentLogger,
  clock: systemClock,
});
afterAll(() => pool.close());

function photosOf(person: string, ...files: string[]): void {
  mkdirSync(join(folder, 'roster', person), { recursive: true });
  for (const file of files) copyFileSync(join(people!, file), join(folder, 'roster', person, file));
}

describe.skipIf(!people)('on real pictures', { timeout: 300_000 }, () => {
  it('finds the rostered members of a family in their group picture, and calls the other one a stranger', async () => {
    photosOf('dad', 'Family1-Dad1.jpg', 'Family1-Dad2.jpg');
    photosOf('mom', 'Family1-Mom1.jpg');
    photosOf('son', 'Family1-Son1.jpg', 'Family1-Son2.jpg');
    const roster: Template[] = [];
    for (const person of listRoster(join(folder, 'roster'))) {
      const { template } = await enrolPerson(person, faceNetworks(pool));
      if (template) roster.push(template);
    }
    const picture = await readPicture(join(people!, 'group_identification1.jpg'));
    const { faces } = await roomFaces(pool)(picture, { embeddings: true });
    const matches = faces
      .sort((a, b) => a.box[0] - b.box[0])
      .map(({ embedding, quality }) => matchFace(embedding!, roster, quality.verdict));
    expect(matches.map(({ outcome }) => outcome)).toEqual(['rostered', 'rostered', 'rostered', 'stranger']);
    expect(matches.slice(0, 3).map(({ person }) => person)).toEqual(['son', 'dad', 'mom']);
  });

  it('says of each photo that cannot be used what is wrong with it', async () => {
    photosOf('nobody', 'group_faces.jpg', 'aws_photo6.jpg');
    writeFileSync(join(folder, 'roster', 'nobody', 'notes.txt'), 'no picture');
    const nobody = listRoster(join(folder, 'roster')).find(({ person }) => person === 'nobody');
    const { photos, template } = await enrolPerson(nobody!, faceNetworks(pool));
    expect(photos.map(({ verdict }) => verdict)).toEqual(['no-face', 'two-faces', 'unreadable']);
    expect(template).toBeUndefined();
  });

  it('sees six smiles in a picture of six laughing people', async () => {
    const picture = await readPicture(join(people!, 'group_faces.jpg'));
    const faces = await faceFinder(pool)(picture, { smile: true, embeddings: true });
    expect(faces).toHaveLength(6);
    for (const face of faces) {
      expect(face.smile).toBeGreaterThan(0.5);
      expect(face.embedding).toHaveLength(1024);
    }
  });
});

describe('listRoster', () => {
  it.each([
    ['a folder that is not there', 'none'],
    ['a folder without persons', 'empty'],
  ])('refuses %s', (_, name) => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    expect(() => listRoster(join(folder, name))).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
