import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvaluation } from '../../src/commands/evaluationFile.js';
import { parseConfig } from '../../src/core/config/load.js';
import { eventMs } from '../../src/core/time.js';
import type { FaceNetworks } from '../../src/detectors/faces/findFaces.js';
import { recordedEvaluation } from '../../src/pipeline/recordedEvaluation.js';
import { temporaryFolder } from '../support/clips.js';

const folder = temporaryFolder();
const config = parseConfig(
  JSON.stringify({
    site: { id: 't', name: 't' },
    cameras: [{ id: 'cam', source: 'file:none' }],
    rooms: [
      { id: 'R1', cameras: ['cam'] },
      { id: 'R2', cameras: ['cam'] },
    ],
  }),
  'test',
);
/** No photo is looked at in these tests. */
const unused = { run: () => Promise.reject(new Error('no network is needed')) };
const networks: FaceNetworks = { blazeface: unused, faceres: unused, antispoof: unused };
const START = eventMs(1_000_000);

function read(text: string) {
  const file = join(folder, 'evaluation.yaml');
  writeFileSync(file, text);
  return readEvaluation(file, { config, startAt: START, networks });
}

describe('an evaluation for recordings', () => {
  it('is open in its rooms for its time, and lets an exempt person in while the entry lasts', async () => {
    const evaluation = recordedEvaluation(
      await read(`
project: HS-1
rooms: [R1]
closes: 10m
enterUntil: 1m
roster:
  - { id: A, name: 张三, rooms: [R1] }
  - { id: N, role: exempt }
entries:
  - { person: N, room: R1, from: 1m, to: 2m }
`),
    );
    const running = (room: string, s: number) => evaluation.running(room, eventMs(START + s * 1000));
    expect(running('R1', -1)).toBeUndefined();
    expect(running('R2', 0)).toBeUndefined();
    expect(running('R1', 600)).toBeUndefined();
    expect(running('R1', 0)).toMatchObject({
      session: { project: 'HS-1', enterUntil: START + 60_000 },
      exemptInside: [],
    });
    expect(running('R1', 61)).toMatchObject({ exemptInside: ['N'], enrolled: [] });
    expect(running('R1', 120)!.exemptInside).toEqual([]);
    expect(evaluation.gallery('R1', START)).toMatchObject({ evaluation: 'recorded', roster: [] });
  });

  it('takes a folder of folders as the roster; a name that is no id gets one', async () => {
    for (const name of ['li', '张三']) mkdirSync(join(folder, 'people', name), { recursive: true });
    const { session } = await read('roster: people');
    expect(session.roster.map(({ id, name }) => `${id} ${name}`)).toEqual(['li li', 'P2 张三']);
    expect(session.rooms.map(({ room }) => room)).toEqual(['R1', 'R2']);
  });

  it.each([
    ['a key that does not exist', 'roster: []\nrostre: x', 'unknown key "rostre"'],
    ['a room that does not exist', 'roster: []\nrooms: [R9]', 'no room R9'],
    ['an entry of nobody', 'roster: []\nentries: [{ person: X, room: R1 }]', 'no person X'],
    ['a folder that is not there', 'roster: nowhere', 'nowhere'],
    ['a time without unit', 'roster: []\ncloses: 10', 'duration'],
  ])('refuses %s', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
