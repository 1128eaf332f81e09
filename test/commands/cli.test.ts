import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeClip, temporaryFolder } from '../support/clips.js';
import { smallDisk } from '../support/tmpfs.js';

const program = fileURLToPath(new URL('../../bin/hallwatch.js', import.meta.url));
const folder = temporaryFolder();

interface Outcome {
  code: number | string | null | undefined;
  out: string;
  err: string;
}

const hallwatch = (args: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, HALLWATCH_DATA: join(folder, 'data'), ...env } };
    execFile(process.execPath, [program, ...args], options, (error, out, err) => {
      resolve({ code: error ? error.code : 0, out, err });
    });
  });

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const HALL = `site: { id: t, name: t }
cameras:
  - { id: cam, source: "file:x" }
windows:
  - { id: A01, camera: cam, staffZone: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]] }
`;

describe('the command line', () => {
  it('checks a configuration: 0 when it is fine, 2 with file, line and path when not', async () => {
    const fine = await hallwatch(['config', 'check', write('hall.yaml', HALL)]);
    expect(fine).toMatchObject({ code: 0 });
    const bad = await hallwatch([
      'config',
      'check',
      write('bad.yaml', HALL.replace('camera: cam', 'camera: cam, zoom: 3')),
    ]);
    expect(bad.code).toBe(2);
    expect(bad.err).toContain('bad.yaml:5:');
    expect(bad.err).toContain('windows[0].zoom: unknown key "zoom"');
  });

  it('exits 2 on a wrong call and says what is right', async () => {
    expect((await hallwatch(['analyse'])).code).toBe(2);
    const unknown = await hallwatch(['analyze', '--config', write('hall.yaml', HALL), '--camera', 'other=x.mp4']);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.err).toContain('cameras: cam');
    expect((await hallwatch(['detect', 'x.jpg', '--kinds', 'cat'])).code).toBe(2);
    expect((await hallwatch(['config', 'check', 'nowhere.yaml'])).code).toBe(2);
  });

  it('names a video that is none, and analyses a truncated one up to its break', async () => {
    const config = write('hall.yaml', HALL);
    const none = await hallwatch([
      'analyze',
      '--config',
      config,
      '--camera',
      `cam=${write('none.mp4', 'no video')}`,
      '--json',
    ]);
    expect(none.code).toBe(1);
    expect(none.err).toContain('none.mp4');

    const whole = makeClip(join(folder, 'whole.ts'), { seconds: 8, fps: 5, gop: 5, size: '320x240' });
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(whole);
    const cut = write('cut.ts', '');
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const half = await hallwatch(['analyze', '--config', config, '--camera', `cam=${cut}`, '--json']);
    const lines = half.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ type: 'summary' });
  }, 120_000);

  it('reports a picture that is none on its own line and goes on with the others', async () => {
    const broken = write('broken.jpg', 'not a picture');
    const good = join(folder, 'good.png');
    const { default: sharp } = await import('sharp');
    await sharp({ create: { width: 320, height: 240, channels: 3, background: '#888' } })
      .png()
      .toFile(good);
    const { code, out, err } = await hallwatch(['detect', broken, good, '--json']);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ file: broken, error: { code: 'bad-input' } });
    expect(lines[1]).toMatchObject({ file: good, width: 320, height: 240, persons: [], items: [], faces: [] });
    expect(err).toContain('broken.jpg');
  }, 120_000);

  it('refuses to run on a data folder it may not write, and says what to do', async () => {
    const disk = smallDisk(8);
    if (!disk) return;
    disk.makeReadOnly();
    const { code, err } = await hallwatch(['run'], { HALLWATCH_DATA: join(disk.path, 'data'), HALLWATCH_PORT: '0' });
    expect(code).toBe(1);
    expect(err).toContain('EROFS');
    expect(err).toContain('read-only');
    expect(err).toContain('HALLWATCH_DATA');
  }, 60_000);
});
