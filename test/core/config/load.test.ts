import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/core/config/load.js';
import { messageOf } from '../../../src/core/errors.js';

const HALL = `site: { id: haishu, name: 海曙区政务服务中心 }
cameras:
  - { id: cam-a1, source: "rtsp://10.0.0.21/sub" }
windows:
  - id: A01
    camera: cam-a1
    staffZone: [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]]
`;

const errorOf = (text: string, env = {}): string => {
  try {
    parseConfig(text, 'hall.yaml', env);
  } catch (error) {
    return messageOf(error);
  }
  return 'accepted';
};

describe('a configuration', () => {
  it('fills in every default and turns durations into milliseconds', () => {
    const config = parseConfig(HALL, 'hall.yaml');
    expect(config.rules.absence).toMatchObject({
      absentAfter: 900_000,
      missGrace: 20_000,
      returnHold: 5000,
      minStaff: 1,
    });
    expect(config.windows[0]).toMatchObject({ hours: 'always', citizenZone: [], deskZone: [] });
    expect(config.site.timeZone).toBe('Asia/Shanghai');
  });

  it('keeps a window override to the keys that are written', () => {
    const config = parseConfig(`${HALL}    rules: { absence: { minStaff: 2 } }\n`, 'hall.yaml');
    expect(config.windows[0]?.rules.absence).toEqual({ minStaff: 2 });
  });

  it('lets the environment choose port and data folder', () => {
    const config = parseConfig(HALL, 'hall.yaml', { HALLWATCH_PORT: '9090', HALLWATCH_DATA: '/srv/hall' });
    expect(config.board.port).toBe(9090);
    expect(config.storage.data).toBe('/srv/hall');
    expect(errorOf(HALL, { HALLWATCH_PORT: 'eighty' })).toContain('HALLWATCH_PORT');
  });

  it.each([
    ['an unknown key', `${HALL}colour: red\n`, 'hall.yaml:8:1: colour: unknown key "colour"'],
    [
      'an unknown nested key',
      HALL.replace('id: A01', 'id: A01\n    zoom: 3'),
      'hall.yaml:6:5: windows[0].zoom: unknown key',
    ],
    [
      'a zone outside the picture',
      HALL.replace('[0.5, 0.2]', '[1.5, 0.2]'),
      'hall.yaml:7:30: windows[0].staffZone[1][0]: outside the picture',
    ],
    ['a zone with two points', HALL.replace(', [0.5, 0.9], [0.1, 0.9]', ''), 'a zone has at least 3 points'],
    [
      'a zone whose edges cross',
      HALL.replace('[[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]]', '[[0,0],[1,1],[1,0],[0,1]]'),
      'the edges of the zone cross',
    ],
    [
      'a camera that does not exist',
      HALL.replace('camera: cam-a1', 'camera: cam-b9'),
      'hall.yaml:6:5: windows[0].camera: no camera "cam-b9"',
    ],
    [
      'a duration without unit',
      `${HALL}rules: { absence: { absentAfter: 15 } }\n`,
      'rules.absence.absentAfter: a duration is a text with its unit',
    ],
    ['an unknown duration unit', `${HALL}rules: { absence: { absentAfter: 15min } }\n`, 'duration "15min"'],
    [
      'a password in a source',
      HALL.replace('rtsp://10', 'rtsp://admin:geheim@10'),
      'a password does not belong in a source',
    ],
    [
      'a password written out',
      `${HALL}credentials: { c: { user: admin, password: geheim } }\n`,
      'only a reference is allowed',
    ],
    [
      'a scheme that is not allowed',
      HALL.replace('rtsp://10.0.0.21/sub', 'gopher://10.0.0.21/'),
      'a source begins with',
    ],
    [
      'two windows of one id',
      `${HALL}  - { id: A01, camera: cam-a1, staffZone: [] }\n`,
      '"A01" is already used by windows[0]',
    ],
    [
      'a room with a window’s id',
      `${HALL}rooms: [{ id: A01, cameras: [cam-a1] }]\n`,
      '"A01" is already used by windows[0]',
    ],
    [
      'a schedule that does not exist',
      HALL.replace('camera: cam-a1', 'camera: cam-a1\n    hours: early'),
      'no schedule "early"',
    ],
    [
      'credentials that do not exist',
      HALL.replace('sub" }', 'sub", credentials: x }'),
      'no entry "x" under credentials',
    ],
    [
      'an unknown time zone',
      HALL.replace('name: 海曙区政务服务中心', 'name: x, timeZone: Asia/Ningbo'),
      'not an IANA time zone',
    ],
    ['broken YAML', 'site: [', 'hall.yaml:1:'],
    ['a key written twice', `${HALL}site: { id: b, name: b }\n`, 'hall.yaml:8:1: Map keys must be unique'],
    ['an empty file', '', 'site:'],
  ])('refuses %s, with file, line and path', (_what, text, message) => {
    expect(errorOf(text)).toContain(message);
  });

  it('never repeats a refused password', () => {
    expect(errorOf(HALL.replace('rtsp://10', 'rtsp://admin:geheim@10'))).not.toContain('geheim');
    expect(errorOf(`${HALL}credentials: { c: { user: admin, password: geheim } }\n`)).not.toContain('geheim');
  });

  it('reports all mistakes of a file at once', () => {
    const text = HALL.replace('camera: cam-a1', 'camera: cam-a1\n    zoom: 3').replace('[0.5, 0.2]', '[1.5, 0.2]');
    expect(errorOf(text)).toContain('2 problem(s)');
  });
});
