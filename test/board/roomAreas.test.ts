import { describe, expect, it } from 'vitest';
import { startBoard, textOf } from './support/boardHarness.js';

const ZONE = [
  [0.2, 0.2],
  [0.4, 0.2],
  [0.4, 0.8],
];
const DOOR = { id: 'D1', kind: 'door', camera: 'cam-r', zone: ZONE, to: ['L1'] };
const LOUNGE = { id: 'L1', kind: 'lounge', camera: 'cam-r', zone: [], to: ['D1'] };

describe('areas of a sealed area, drawn on the board', () => {
  it('are written into the file, taken over, and stand in the audit log with who did it', async () => {
    const { signIn, configFile, config, ledger } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const before = (await admin.get('/api/rooms/R1/areas')).body;
    expect(before).toMatchObject({ areas: [], cameras: [{ id: 'cam-r' }], leftAfterS: 120, stayForS: 1200 });
    const saved = await admin.put('/api/rooms/R1/areas', { areas: [DOOR, LOUNGE], etag: before.etag });
    expect([saved.status, saved.body.effect]).toEqual([200, 'reloaded']);
    expect(config().rooms[0]!.areas).toEqual([DOOR, LOUNGE]);
    expect(textOf(configFile)).toContain('# 停电');
    expect((await admin.get('/api/rooms/R1/areas')).body.areas).toEqual([DOOR, LOUNGE]);
    const [told] = ledger.audit.list({ action: 'putRoomAreas', limit: 5 });
    expect(told).toMatchObject({ object: 'rooms/R1/areas', actor: admin.id });
  });

  it.each([
    ['a way to an area that is not there', [{ ...DOOR, to: ['X'] }], 'rooms[0].areas[0].to'],
    ['one id twice', [DOOR, { ...LOUNGE, id: 'D1', to: [] }], 'rooms[0].areas[1].id'],
    ['a camera that does not see the room', [{ ...DOOR, camera: 'cam-1', to: [] }], 'rooms[0].areas[0].camera'],
    [
      'a shape that crosses itself',
      [
        {
          ...DOOR,
          to: [],
          zone: [
            [0, 0],
            [1, 1],
            [1, 0],
            [0, 1],
          ],
        },
      ],
      'rooms[0].areas[0].zone',
    ],
  ])('refuse %s, and write nothing', async (_, areas, path) => {
    const { signIn, configFile } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const { etag } = (await admin.get('/api/rooms/R1/areas')).body;
    const text = textOf(configFile);
    const answer = await admin.put('/api/rooms/R1/areas', { areas, etag });
    expect(answer.body.error).toMatchObject({ code: 'bad-input' });
    expect(answer.body.error.fields.map((field: { path: string }) => field.path)).toContain(path);
    expect(textOf(configFile)).toBe(text);
  });

  it('are read by bid supervisors, written by administrators alone, and not over somebody else’s edit', async () => {
    const { signIn } = await startBoard();
    const bids = await signIn('bid-supervisor', 'bids');
    const admin = await signIn('admin', 'root2');
    const { etag } = (await bids.get('/api/rooms/R1/areas')).body;
    expect((await bids.put('/api/rooms/R1/areas', { areas: [], etag })).status).toBe(403);
    expect((await admin.put('/api/rooms/R1/areas', { areas: [], etag: 'old' })).body.error.code).toBe('conflict');
    expect((await admin.get('/api/rooms/R9/areas')).status).toBe(404);
  });
});
