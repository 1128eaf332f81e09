import { describe, expect, it } from 'vitest';
import type { FacesPort } from '../../src/board/roomPorts.js';
import { type PersonId, personId } from '../../src/core/evaluation.js';
import { plusMs } from '../../src/core/time.js';
import { HOUR_MS, NINE } from '../support/evaluation.js';
import { startBoard } from './support/boardHarness.js';

/** A picture of one pixel: what the ports below stand in for looks at it. */
const PHOTO = 'aGVsbG8=';

const DRAFT = {
  project: 'HS-081',
  projectName: '智慧政务二期',
  rooms: [{ room: 'R1', venue: 'main' }],
  plannedStart: NINE,
  plannedEnd: plusMs(NINE, 8 * HOUR_MS),
  roster: [
    { name: '张三', role: 'expert', category: '技术', batch: '一' },
    { name: '李四', role: 'exempt', category: '代理机构', escort: '陈监督', reason: '答疑' },
  ],
  bidders: [{ name: '甲公司', shortNames: ['甲'] }],
  signIn: [{ category: '技术', batch: '', from: plusMs(NINE, -HOUR_MS), to: plusMs(NINE, 60_000) }],
};

/** Faces that are who the test says. */
function fakeFaces(
  seen: { person?: PersonId; verdict?: string } = {},
): FacesPort & { on: boolean; kept: Map<PersonId, string[]> } {
  const kept = new Map<PersonId, string[]>();
  return {
    on: true,
    kept,
    enabled() {
      return this.on;
    },
    async enrol({ person }) {
      const verdict = seen.verdict ?? 'good';
      if (verdict === 'good') kept.set(person, [...(kept.get(person) ?? []), verdict]);
      return { verdict, used: verdict === 'good' };
    },
    photos: () => kept,
    forget: (_list, person) => {
      const count = kept.get(person)?.length ?? 0;
      kept.delete(person);
      return count;
    },
    async identify() {
      if (seen.person === undefined) return { outcome: 'stranger', verdict: 'good', similarity: 0.4, liveness: 0.9 };
      return { outcome: 'rostered', verdict: 'good', person: seen.person, similarity: 0.9, liveness: 0.2 };
    },
  };
}

async function setup(faces = fakeFaces()) {
  const files = new Map<string, Uint8Array>();
  const harness = await startBoard({
    faces,
    arrivalPhotos: {
      async save(list, photo) {
        files.set(`${list}/1.jpg`, photo);
        return { path: `${list}/1.jpg`, sha256: 'f'.repeat(64) };
      },
      read: (path) => files.get(path)!,
    },
  });
  return { ...harness, faces, user: await harness.signIn('bid-supervisor') };
}

describe('an evaluation on the board', () => {
  it('is planned, changed, opened and closed, each step in its history', async () => {
    const { user, ledger } = await setup();
    const added = await user.post('/api/evaluations', DRAFT);
    expect(added.body).toMatchObject({
      ...{ state: 'planned', version: 1, experts: 1, exempt: 1, faces: 'on', deletion: null },
      roster: [
        { id: 'P1', name: '张三', photos: [], arrivedAt: null },
        { id: 'P2', name: '李四', escort: '陈监督' },
      ],
    });
    const path = `/api/evaluations/${added.body.id}`;
    const roster = [
      ...added.body.roster.map(({ id, name, role, category, batch, escort, reason }: Record<string, string>) => ({
        id,
        name,
        role,
        category,
        batch,
        escort,
        reason,
      })),
      { name: '王五', role: 'expert' },
    ];
    const changed = await user.put(path, { ...DRAFT, roster, version: 1 });
    expect(changed.body.roster.map(({ id }: { id: string }) => id)).toEqual(['P1', 'P2', 'P3']);
    expect((await user.put(path, { ...DRAFT, roster, version: 1 })).body.error.code).toBe('conflict');
    const opened = await user.post(`${path}/open`, { version: 2 });
    expect(opened.body).toMatchObject({ state: 'open', version: 3 });
    const over = await user.post(`${path}/close`, { version: 3, note: '评审完毕' });
    expect(over.body).toMatchObject({ state: 'closed', version: 4 });
    expect(
      over.body.changes.map(
        ({ action, by, note }: { action: string; by: { name: string }; note: string }) =>
          `${action} ${by.name} ${note}`,
      ),
    ).toEqual([
      'create bid-supervisor ',
      'edit bid-supervisor ',
      'open bid-supervisor ',
      'close bid-supervisor 评审完毕',
    ]);
    const refused = await user.post(`${path}/open`, { version: 4 });
    expect([refused.status, refused.body.error.fields[0].message]).toEqual([409, '场次已结束,不能再改动或重开']);
    expect(ledger.evaluations.verify()).toMatchObject({ ok: true, length: 4 });
  });

  it('says in words what is wrong and which evaluation is in the way', async () => {
    const { user } = await setup();
    await user.post('/api/evaluations', DRAFT);
    const second = await user.post('/api/evaluations', { ...DRAFT, project: 'HS-082' });
    expect(second.body.error).toMatchObject({
      code: 'bad-input',
      fields: [{ path: 'rooms', message: '第一评标室 在该时段已安排项目 HS-081' }],
    });
    const broken = await user.post('/api/evaluations', {
      ...DRAFT,
      project: '',
      rooms: [{ room: 'R9', venue: 'main' }],
      roster: [{ name: '', role: 'exempt' }],
    });
    expect(broken.body.error.fields.map(({ path }: { path: string }) => path)).toEqual([
      'project',
      'rooms.0',
      'roster.0.name',
      'roster.0.escort',
    ]);
  });

  it('comes in by CSV whole or not at all, with each fault in its row', async () => {
    const { user, ledger } = await setup();
    const head = '项目编号,项目名称,评标室,开始,结束,姓名,类别';
    const wrong = `${head}\nA-1,,R1,2026-10-09 09:00,2026-10-09 12:00,张三,\nA-2,,R9,2026-10-10 09:00,2026-10-10 12:00,李四,\nA-3,,R1,2026-10-09 11:00,2026-10-09 13:00,,\n`;
    const refused = await user.post('/api/evaluations-import', { csv: wrong });
    expect(refused.body).toEqual({
      rows: 3,
      imported: 0,
      errors: [
        { row: 3, column: 'rooms', message: '没有评标室 R9' },
        { row: 4, column: 'rooms', message: '第一评标室 在该时段已安排项目 A-1' },
      ],
    });
    expect(ledger.evaluations.count()).toBe(0);
    const right = `${head}\nA-1,=危险,R1,2026-10-09 09:00,2026-10-09 12:00,张三,技术\n,,,,,+李四,经济\n`;
    expect((await user.post('/api/evaluations-import', { csv: right, dryRun: true })).body).toEqual({
      rows: 2,
      imported: 0,
      errors: [],
    });
    expect((await user.post('/api/evaluations-import', { csv: right })).body.imported).toBe(2);
    expect((await user.post('/api/evaluations-import', { csv: right })).body.errors[0]).toMatchObject({
      row: 2,
      message: '项目 A-1 已有场次',
    });
    const [session] = ledger.evaluations.list();
    expect(session).toMatchObject({
      project: 'A-1',
      projectName: '=危险',
      roster: [{ name: '张三' }, { name: '+李四' }],
    });
    const back = await user.get('/api/evaluations.csv');
    expect(back.body).toContain("'=危险");
    expect(back.body).toContain("'+李四");
    expect(back.body).toContain('2026-10-09 09:00');
  });

  it('takes a roster file for one evaluation, in place of the present one', async () => {
    const { user } = await setup();
    const { body } = await user.post('/api/evaluations', DRAFT);
    const path = `/api/evaluations/${body.id}`;
    const faulty = await user.post(`${path}/roster-import`, { csv: '姓名,角色\n赵一,豁免\n', version: 1 });
    expect(faulty.body.errors).toEqual([{ row: 2, column: 'escort', message: '豁免人员须写明陪同人和事由' }]);
    await user.post(`${path}/roster-import`, { csv: '姓名,类别\n张三,经济\n赵一,技术\n', version: 1 });
    const after = await user.get(path);
    expect(after.body.roster).toMatchObject([
      { id: 'P1', name: '张三', category: '经济' },
      { id: 'P3', name: '赵一' },
    ]);
    expect((await user.get(`${path}/roster.csv`)).body).toContain('赵一');
  });

  it('lets exempt persons in with escort and reason, and only while it is open', async () => {
    const { user } = await setup();
    const { body } = await user.post('/api/evaluations', DRAFT);
    const path = `/api/evaluations/${body.id}`;
    const entry = { person: 'P2', room: 'R1', escort: '陈监督', reason: '答疑' };
    expect((await user.post(`${path}/entries`, entry)).status).toBe(409);
    await user.post(`${path}/open`, { version: 1 });
    expect((await user.post(`${path}/entries`, { ...entry, person: 'P1' })).status).toBe(400);
    const inside = await user.post(`${path}/entries`, entry);
    expect(inside.body.entries).toMatchObject([
      { name: '李四', room: 'R1', leftAt: null, by: { name: 'bid-supervisor' } },
    ]);
    const left = await user.post(`${path}/entries/${inside.body.entries[0].id}/leave`);
    expect(left.body.entries[0].leftAt).toBe(NINE);
  });
});

describe('faces and arrivals', () => {
  it('a face is enrolled photo by photo, and the verdict is a sentence', async () => {
    const faces = fakeFaces();
    const { user } = await setup(faces);
    const { body } = await user.post('/api/evaluations', DRAFT);
    const path = `/api/evaluations/${body.id}/faces/P1`;
    expect((await user.post(path, { photo: PHOTO })).body).toEqual({
      verdict: 'good',
      message: '照片合格',
      used: true,
      photos: ['good'],
    });
    expect((await user.get(`/api/evaluations/${body.id}`)).body).toMatchObject({
      enrolled: 1,
      roster: [{ photos: ['good'] }, { photos: [] }],
    });
    expect((await user.delete(path)).body).toEqual({ removed: 1 });
    expect((await user.post(`/api/evaluations/${body.id}/faces/P9`, { photo: PHOTO })).status).toBe(404);
    const { user: other } = await setup(fakeFaces({ verdict: 'side-face' }));
    const two = await other.post('/api/evaluations', DRAFT);
    const bad = await other.post(`/api/evaluations/${two.body.id}/faces/P1`, { photo: PHOTO });
    expect(bad.body).toMatchObject({ used: false, message: '脸没有正对镜头，请正视镜头' });
  });

  it('an uploaded photo signs in whom the roster knows, and nobody else', async () => {
    const { user, clock } = await setup(fakeFaces({ person: personId('P1') }));
    const { body } = await user.post('/api/evaluations', DRAFT);
    const path = `/api/evaluations/${body.id}/arrivals`;
    const first = await user.post(`${path}/photo`, { photo: PHOTO });
    expect(first.body).toMatchObject({
      outcome: 'rostered',
      liveness: 0.2,
      livenessNote: '活体检测仅供参考,不能证明不是翻拍照片',
      arrival: { name: '张三', verdict: 'on-time', duplicate: false, way: 'photo' },
    });
    await clock.advance(120_000);
    expect((await user.post(`${path}/photo`, { photo: PHOTO })).body.arrival).toMatchObject({
      verdict: 'late',
      duplicate: true,
    });

    const { user: other } = await setup(fakeFaces());
    const two = await other.post('/api/evaluations', DRAFT);
    const strange = await other.post(`/api/evaluations/${two.body.id}/arrivals/photo`, { photo: PHOTO });
    expect(strange.body).toMatchObject({ outcome: 'stranger', message: '名单外人员', arrival: null });
    expect((await other.get(`/api/evaluations/${two.body.id}`)).body.arrivals).toEqual([]);
  });

  it('a manual sign-in keeps its photo and the name of who entered it', async () => {
    const { user } = await setup();
    const { body } = await user.post('/api/evaluations', DRAFT);
    const path = `/api/evaluations/${body.id}/arrivals`;
    expect((await user.post(path, { person: 'P1' })).status).toBe(400);
    const after = await user.post(path, { person: 'P1', photo: PHOTO, note: '忘带证件' });
    expect(after.body.arrivals).toMatchObject([
      { way: 'manual', by: { name: 'bid-supervisor' }, note: '忘带证件', photo: true },
    ]);
    expect(after.body.roster[0]).toMatchObject({ arrivedAt: NINE, arrival: 'on-time' });
    const picture = await user.bytes(`${path}/${after.body.arrivals[0].id}/photo`);
    expect([picture.status, picture.bytes.toString()]).toEqual([200, 'hello']);
  });

  it('with face recognition off everything else goes on, and says so', async () => {
    const { user, faces } = await setup();
    faces.on = false;
    const { body } = await user.post('/api/evaluations', DRAFT);
    expect(body.faces).toBe('off');
    expect((await user.post(`/api/evaluations/${body.id}/faces/P1`, { photo: PHOTO })).status).toBe(503);
    expect((await user.post(`/api/evaluations/${body.id}/arrivals/photo`, { photo: PHOTO })).status).toBe(503);
    expect((await user.post(`/api/evaluations/${body.id}/arrivals`, { person: 'P1', photo: PHOTO })).status).toBe(200);
    expect((await user.post(`/api/evaluations/${body.id}/open`, { version: 1 })).body.state).toBe('open');
  });

  it('no photo stands in the audit log', async () => {
    const { user, ledger } = await setup();
    const { body } = await user.post('/api/evaluations', DRAFT);
    await user.post(`/api/evaluations/${body.id}/faces/P1`, { photo: PHOTO });
    const [entry] = ledger.audit.list({ action: 'enrolFace', limit: 1 });
    expect([entry?.object, JSON.stringify(entry)]).toEqual([
      `evaluations/${body.id}/faces/P1`,
      expect.not.stringContaining(PHOTO),
    ]);
  });
});
