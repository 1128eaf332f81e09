import { describe, expect, it } from 'vitest';
import type { FacesPort } from '../../src/board/roomPorts.js';
import { parseConfig } from '../../src/core/config/load.js';
import { type PersonId, STAFF_LIST } from '../../src/core/evaluation.js';
import { startBoard } from './support/boardHarness.js';

const PHOTO = 'aGVsbG8=';
const configOf = (attendance: string) =>
  parseConfig(`site: { id: t, name: t }\nattendance: { ${attendance} }\n`, 'hall.yaml');

async function setup(attendance = 'enabled: true') {
  const config = configOf(attendance);
  const kept = new Map<PersonId, string[]>();
  const faces: FacesPort = {
    enabled: () => true,
    async enrol({ list, person }) {
      if (list === STAFF_LIST) kept.set(person, [...(kept.get(person) ?? []), 'good']);
      return { verdict: 'good', used: true };
    },
    photos: () => kept,
    forget: (_list, person) => (kept.delete(person) ? 1 : 0),
    identify: () => Promise.reject(new Error('not asked')),
  };
  const harness = await startBoard({
    faces,
    arrivalPhotos: { save: async () => ({ path: 'x/y.jpg', sha256: 'f'.repeat(64) }), read: () => Buffer.from('x') },
    config: { current: () => config, file: undefined, apply: () => 'restart-needed' },
  });
  const staff = await harness.signIn('staff', 'xiaozhou');
  return { ...harness, staff, user: await harness.signIn('hall-supervisor', 'wang') };
}

describe('attendance', () => {
  it('is off unless the hall wants it', async () => {
    const { user, staff } = await setup('enabled: false');
    expect((await user.get('/api/attendance')).body).toMatchObject({ enabled: false, rows: [] });
    expect((await user.post(`/api/attendance/${staff.id}/punches`, { photo: PHOTO })).status).toBe(404);
  });

  it('a punch by hand has its verdict and the name of who entered it', async () => {
    // The harness stands at nine o'clock sharp in Shanghai: in time.
    const { user, staff, clock } = await setup();
    const first = await user.post(`/api/attendance/${staff.id}/punches`, { photo: PHOTO, note: '设备故障' });
    expect(first.body).toMatchObject({ verdict: 'on-time', way: 'manual', by: { name: 'wang' }, note: '设备故障' });
    await clock.advance(2 * 3_600_000 + 55 * 60_000);
    const second = await user.post(`/api/attendance/${staff.id}/punches`, { photo: PHOTO });
    expect(second.body).toMatchObject({ verdict: 'early', offMs: 300_000 });
    const { body } = await user.get('/api/attendance');
    expect(body.punches.map(({ id }: { id: string }) => id)).toEqual(['am-in', 'am-out', 'pm-in', 'pm-out']);
    expect(body.rows).toMatchObject([
      { name: 'xiaozhou', punches: [{ verdict: 'on-time' }, { verdict: 'early' }, null, null] },
    ]);
    expect((await user.get('/api/attendance?day=2026-10-07')).body.rows[0].punches).toEqual([null, null, null, null]);
  });

  it('outside every window it is refused with the reason', async () => {
    const { user, staff, clock } = await setup();
    // Half past eight in the evening; the session itself lasts twelve hours.
    await clock.advance(11 * 3_600_000 + 30 * 60_000);
    const { status, body } = await user.post(`/api/attendance/${staff.id}/punches`, { photo: PHOTO });
    expect([status, body.error.fields[0].message]).toEqual([409, '现在不在任何打卡时段内']);
  });

  it('faces of staff alone are enrolled, and can be deleted', async () => {
    const { user, staff } = await setup();
    expect((await user.post(`/api/attendance/${staff.id}/faces`, { photo: PHOTO })).body).toEqual({
      ...{ verdict: 'good', message: '照片合格', used: true, photos: 1 },
    });
    expect((await user.get('/api/attendance')).body.rows[0].photos).toBe(1);
    expect((await user.delete(`/api/attendance/${staff.id}/faces`)).body).toEqual({ removed: 1 });
    expect((await user.post(`/api/attendance/${user.id}/faces`, { photo: PHOTO })).status).toBe(404);
  });
});
