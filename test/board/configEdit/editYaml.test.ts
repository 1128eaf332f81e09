import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editYaml } from '../../../src/board/configEdit/editYaml.js';

const text = `# the hall
site: { id: haishu, name: 海曙区 }   # keep me
windows:
  - id: A01   # first
    name: A01 综合
    staffZone: [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9]]  # drawn in May
  - { id: A02, camera: cam-1, staffZone: [] }
  - id: A03
    staffZone:
      - [0.1, 0.1]
      - [0.2, 0.1]
    hours: always
rules:
  absence: { absentAfter: 15m }
  desk: {}
calendar:
  overlay:
    - { date: 2026-10-01, open: false } # holiday
    - { date: 2026-10-02, open: false }
`;

describe('editYaml', () => {
  it.each([
    ['replaces a flow value and nothing else', ['windows', 0, 'staffZone'], [[0, 0]], ['[[0, 0]]  # drawn in May']],
    ['adds a key to a block map', ['windows', 0, 'deskZone'], [[0, 1]], ['\n    deskZone: [[0, 1]]\n']],
    ['adds a key to a flow map', ['windows', 1, 'hours'], 'day', [', hours: day }']],
    ['replaces a block list', ['windows', 2, 'staffZone'], [[1, 1]], ['[[1, 1]]\n    hours: always']],
    ['changes a text', ['rules', 'absence', 'absentAfter'], '10m', ['{ absentAfter: 10m }']],
    ['adds to an empty flow map', ['rules', 'desk', 'enabled'], false, ['desk: {enabled: false}']],
    [
      'adds a list entry',
      ['calendar', 'overlay', 2],
      { date: '2026-10-03', open: true },
      ['\n    - { date: 2026-10-03, open: true }'],
    ],
    ['adds a top-level key', ['rooms'], [{ id: 'R1' }], ['rooms: [{ id: R1 }]']],
    ['removes a list entry', ['calendar', 'overlay', 0], undefined, ['overlay:\n    - { date: 2026-10-02']],
  ])('%s', (_sentence, path, value, expected) => {
    const next = editYaml(text, [{ path, value }]);
    for (const part of expected) expect(next).toContain(part);
    const removed = value === undefined ? [] : ['# holiday'];
    for (const comment of ['# the hall', '# keep me', '# first', ...removed]) expect(next).toContain(comment);
    const untouched = text.split('\n').filter((line) => !next.includes(line));
    expect(untouched.length).toBeLessThanOrEqual(3);
  });

  it('says afterwards exactly what was meant', () => {
    const next = editYaml(text, [
      { path: ['windows', 2, 'note'], value: 'a: b # "c"\n<script>' },
      { path: ['windows', 0, 'name'], value: 'true' },
    ]);
    const read = parse(next) as { windows: Array<Record<string, unknown>> };
    expect(read.windows[2]!.note).toBe('a: b # "c"\n<script>');
    expect(read.windows[0]!.name).toBe('true');
  });

  it('removes the last entry of a list through the document writer', () => {
    const next = editYaml('a:\n  - 1 # one\nb: 2\n', [{ path: ['a', 0], value: undefined }]);
    expect(parse(next)).toEqual({ a: [], b: 2 });
  });
});
