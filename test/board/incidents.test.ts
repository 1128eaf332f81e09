import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/hash.js';
import { cameraId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { type Harness, startBoard } from './support/boardHarness.js';
import type { Client } from './support/client.js';

const MINUTE_MS = 60_000;
const PICTURE = Buffer.from('a picture');

/** A board with one absence at A01, about which `zhao` (staff) serves. */
async function hallWithAbsence(harness?: Harness) {
  const board = harness ?? (await startBoard({ evidence: { read: () => PICTURE } }));
  const supervisor = await board.signIn('hall-supervisor', 'wang');
  const staff = await board.signIn('staff', 'zhao');
  await supervisor.post('/api/duty/posts', { user: staff.id, window: 'A01', from: 0 });
  const id = board.raise({ subject: 'A01' });
  const act = async (client: Client, name: string, body: object = {}) => {
    const { steps } = (await client.get(`/api/incidents/${id}`)).body.incident.workflow;
    return client.post(`/api/incidents/${id}/${name}`, { ifSteps: steps, ...body });
  };
  return { ...board, supervisor, staff, id, act };
}

describe('the loop', () => {
  it('goes from found to closed, each step with who, when and note', async () => {
    const { supervisor, id, act, signIn } = await hallWithAbsence();
    const handler = await signIn('staff', 'sun');
    expect((await act(supervisor, 'acknowledge', { note: '去看看' })).body.incident.workflow.state).toBe('verifying');
    await act(supervisor, 'verdict', { verdict: 'confirmed' });
    const assigned = await act(supervisor, 'assign', { to: handler.id });
    expect(assigned.body.incident.workflow).toMatchObject({
      state: 'assigned',
      assignee: { name: 'sun' },
      verdict: 'confirmed',
    });
    expect((await act(handler, 'start')).body.incident.workflow.state).toBe('handling');
    expect((await act(handler, 'answer')).status).toBe(400);
    expect((await act(handler, 'answer', { note: '已谈话' })).body.incident.workflow.state).toBe('answered');
    expect((await act(supervisor, 'review', { outcome: 'accept' })).body.workflow.allowed).toContain('close');
    const closed = await act(supervisor, 'close');
    expect(closed.body.incident.workflow.state).toBe('closed');
    expect(closed.body.workflow.steps.map((step: { action: string }) => step.action)).toEqual([
      'acknowledge',
      'verdict',
      'assign',
      'start',
      'answer',
      'review',
      'close',
    ]);
    expect(closed.body.workflow.steps[0]).toMatchObject({ by: { name: 'wang' }, note: '去看看' });
    expect((await supervisor.get('/api/incidents?workflow=closed')).body.items[0].id).toBe(id);
  });

  it('lets the subject appeal, and somebody else than the judge decide', async () => {
    const { supervisor, staff, act, signIn } = await hallWithAbsence();
    await act(supervisor, 'acknowledge');
    expect((await staff.get('/api/mine')).body).toMatchObject({ incidents: 1, appealable: 0 });
    await act(supervisor, 'verdict', { verdict: 'confirmed' });
    expect((await staff.get('/api/mine')).body).toMatchObject({ appealable: 1, appealsOpen: 0 });
    expect((await act(staff, 'appeal', { note: '当时在档案室' })).body.incident.workflow.appeal).toBe('open');
    const decision = { outcome: 'overturned', note: '属实在岗' };
    expect((await act(supervisor, 'appeal-decide', decision)).body.error.code).toBe('forbidden');
    const other = await signIn('manager', 'chen');
    const decided = await act(other, 'appeal-decide', decision);
    expect(decided.body.incident.workflow).toMatchObject({ appeal: 'overturned', verdict: 'false-alarm' });
  });

  it('refuses the step of somebody who has not seen what another did, and a step sent again', async () => {
    const { supervisor, id, signIn } = await hallWithAbsence();
    const other = await signIn('bid-supervisor', 'liu');
    const shown = { ifSteps: 0 };
    expect((await other.post(`/api/incidents/${id}/acknowledge`, shown)).status).toBe(200);
    expect((await supervisor.post(`/api/incidents/${id}/acknowledge`, shown)).body.error.code).toBe('conflict');
    const now = { ifSteps: 1 };
    const refused = await supervisor.post(`/api/incidents/${id}/close`, now);
    expect(refused.body.error).toMatchObject({ code: 'not-allowed-now', fields: [{ path: 'verdict-needed' }] });
  });

  it('escalates what is not taken up in time, and a page that was open then can still act', async () => {
    const { supervisor, id, clock } = await hallWithAbsence();
    await clock.advance(10 * MINUTE_MS + 30_000);
    const { incident } = (await supervisor.get(`/api/incidents/${id}`)).body;
    expect(incident.workflow).toMatchObject({ overdue: true, escalation: 1, steps: 1 });
    expect((await supervisor.get('/api/incidents?overdue=true')).body.total).toBe(1);
    expect((await supervisor.post(`/api/incidents/${id}/acknowledge`, { ifSteps: 0 })).status).toBe(200);
  });

  it('puts the excuse beside the incident', async () => {
    const { supervisor, act, ledger, id, clock } = await hallWithAbsence();
    await supervisor.post('/api/duty/leaves', {
      window: 'A01',
      person: '赵',
      kind: 'leave',
      from: clock.now() - 3_600_000,
      to: clock.now(),
    });
    await act(supervisor, 'acknowledge');
    expect((await act(supervisor, 'verdict', { verdict: 'excused' })).status).toBe(409);
    const excused = await act(supervisor, 'verdict', { verdict: 'excused', reason: 'leave', note: '病假' });
    expect(excused.body.excuses).toMatchObject([{ kind: 'leave', person: '赵' }]);
    expect(ledger.incidents.get(id)!.excuse).toMatchObject({ kind: 'leave', note: '病假' });
  });

  it('takes the excuse away with the verdict that gave it', async () => {
    const { supervisor, staff, id, act, ledger, signIn } = await hallWithAbsence();
    const excuse = () => ledger.incidents.get(id)!.excuse;
    await act(supervisor, 'acknowledge');
    await act(supervisor, 'verdict', { verdict: 'excused', reason: 'leave', note: '病假' });
    expect(excuse()).toMatchObject({ kind: 'leave', note: '病假' });
    await act(supervisor, 'verdict', { verdict: 'excused', reason: 'outing', note: '外出办事' });
    expect(excuse()).toMatchObject({ kind: 'outing' });
    await act(supervisor, 'verdict', { verdict: 'confirmed', note: '无登记' });
    expect(excuse()).toBeUndefined();
    await act(staff, 'appeal', { note: '当天已请假' });
    const other = await signIn('hall-supervisor', 'judge');
    await act(other, 'appeal-decide', { outcome: 'corrected', verdict: 'excused', reason: 'leave', note: '假条已补' });
    expect(excuse()).toMatchObject({ kind: 'leave', note: '假条已补' });
  });

  it('handles many at once and says which it could not', async () => {
    const { supervisor, raise, clock } = await hallWithAbsence();
    const mine = raise({ subject: 'A02', startMs: clock.now() - 2_000_000 });
    const room = raise({ subject: 'R1', rule: 'sealedRoom' });
    const act = { action: 'acknowledge' };
    const { done, failed } = (
      await supervisor.post('/api/incidents-bulk', { ids: [mine, room, 'absence-none', mine], act })
    ).body;
    expect(done).toEqual([mine]);
    expect(failed.map(({ code }: { code: string }) => code)).toEqual(['forbidden', 'not-found']);
  });

  it('proposes to be quiet where the same false alarm keeps coming, and ends that by itself', async () => {
    const { supervisor, raise, clock } = await hallWithAbsence();
    for (let i = 0; i < 3; i++) {
      const id = raise({ subject: 'A02', startMs: clock.now() - 1_000_000 - i * 1000 });
      await supervisor.post(`/api/incidents/${id}/acknowledge`, { ifSteps: 0 });
      await supervisor.post(`/api/incidents/${id}/verdict`, { ifSteps: 1, verdict: 'false-alarm', reason: 'zone' });
    }
    const [proposal] = (await supervisor.get('/api/suppressions')).body.items;
    expect(proposal).toMatchObject({ state: 'proposed', subject: 'A02', cause: 'zone', falseAlarms: 3 });
    const decided = await supervisor.post(`/api/suppressions/${proposal.id}/decide`, {
      accept: true,
      until: clock.now() + 5 * MINUTE_MS,
      note: '区域待改',
    });
    expect(decided.status).toBe(200);
    const states = async () =>
      (await supervisor.get('/api/suppressions')).body.items.map(({ state }: { state: string }) => state);
    expect(await states()).toEqual(['accepted']);
    await clock.advance(MINUTE_MS);
    const quiet = raise({ subject: 'A02', startMs: clock.now() - 1000 });
    expect((await supervisor.get(`/api/incidents/${quiet}`)).body.incident.suppressed).toBe(true);
    await clock.advance(5 * MINUTE_MS);
    const loud = raise({ subject: 'A02', startMs: clock.now() - 1000 });
    expect((await supervisor.get(`/api/incidents/${loud}`)).body.incident.suppressed).toBe(false);
    expect(await states()).toEqual(['expired']);
  });
});

describe('who sees which incident', () => {
  it('shows staff their own, while they served there, and nothing else', async () => {
    const { staff, raise, supervisor, clock, id } = await hallWithAbsence();
    const others = raise({ subject: 'A02' });
    const ended = await supervisor.get('/api/duty/posts');
    const before = raise({ subject: 'A01', startMs: clock.now() - 7_200_000, step: 'ended' });
    expect((await staff.get('/api/incidents')).body.items.map((item: { id: string }) => item.id)).toEqual([id, before]);
    expect((await staff.get(`/api/incidents/${others}`)).status).toBe(403);
    expect((await staff.post(`/api/incidents/${others}/appeal`, { ifSteps: 0, note: 'x' })).status).toBe(403);
    await clock.advance(MINUTE_MS);
    await supervisor.delete(`/api/duty/posts/${ended.body.items[0].id}`);
    await clock.advance(MINUTE_MS);
    const later = raise({ subject: 'A01', startMs: clock.now() - 1000 });
    expect((await staff.get(`/api/incidents/${later}`)).status).toBe(403);
  });

  it('shows sensitive words to bid supervisors alone, in lists, details, steps and search', async () => {
    const { signIn, raise, supervisor, id } = await hallWithAbsence();
    const hit = raise({ subject: 'R1', rule: 'speech' });
    const bid = await signIn('bid-supervisor');
    expect((await bid.get(`/api/incidents/${hit}`)).status).toBe(200);
    expect((await bid.get('/api/alerts')).body.items).toHaveLength(2);
    for (const client of [
      supervisor,
      await signIn('manager'),
      await signIn('admin', 'root2'),
      await signIn('auditor'),
    ]) {
      expect((await client.get(`/api/incidents/${hit}`)).status).toBe(403);
      expect((await client.get('/api/incidents')).body.items.map((item: { id: string }) => item.id)).toEqual([id]);
      expect((await client.get(`/api/incidents?q=${hit}`)).body.total).toBe(0);
      const steps = (await client.get('/api/alerts')).body;
      expect([steps.items.length, steps.last, steps.more]).toEqual([1, 2, false]);
    }
  });
});

describe('evidence', () => {
  async function withPicture() {
    const hall = await hallWithAbsence();
    const { ledger, id } = hall;
    const facts = {
      ordinal: 1,
      sha256: sha256(PICTURE),
      bytes: PICTURE.length,
      at: eventMs(1),
      camera: cameraId('cam-1'),
    };
    ledger.snapshots.add({ incident: id, kind: 'plain', path: `2026-10-08/${id}/1/plain.jpg`, ...facts });
    return { ...hall, media: `/api/incidents/${id}/media/1-plain.jpg` };
  }

  it('is given to who may see it, and each view stands in the register', async () => {
    const { supervisor, media, ledger, id } = await withPicture();
    const { status, bytes, headers } = await supervisor.bytes(media);
    expect([status, bytes.toString(), headers.get('content-type')]).toEqual([200, 'a picture', 'image/jpeg']);
    expect(ledger.viewings.list({ limit: 9 })).toMatchObject([{ object: `incident:${id}`, unit: '一科', reason: '' }]);
  });

  it('asks a manager for the reason first', async () => {
    const { signIn, media, id, ledger, clock } = await withPicture();
    const manager = await signIn('manager');
    expect((await manager.get(`/api/incidents/${id}`)).body.media).toMatchObject({ needsReason: true, granted: false });
    expect((await manager.get(media)).body.error.code).toBe('reason-required');
    await manager.post(`/api/incidents/${id}/views`, { reason: '月度抽查' });
    expect((await manager.bytes(media)).status).toBe(200);
    expect(ledger.viewings.list({ limit: 9 })).toMatchObject([{ reason: '月度抽查' }]);
    await clock.advance(31 * MINUTE_MS);
    expect((await manager.get(media)).body.error.code).toBe('reason-required');
  });

  it.each(['..%2f..%2fboard.key', '%2e%2e/%2e%2e/board.key', '1-plain.jpg%00', '2-plain.jpg'])(
    'refuses the name %s',
    async (name) => {
      const { supervisor, media } = await withPicture();
      const { status } = await supervisor.bytes(media.replace('1-plain.jpg', name));
      expect([400, 404]).toContain(status);
    },
  );
});

describe('text people write', () => {
  const script = '<script>alert(1)</script>"\'&${x}';

  it('comes back as the text it was', async () => {
    const { supervisor, act, signIn } = await hallWithAbsence();
    const noted = await act(supervisor, 'comment', { note: script });
    expect(noted.body.workflow.steps[0].note).toBe(script);
    expect(noted.headers.get('content-type')).toContain('application/json');
    expect(noted.headers.get('x-content-type-options')).toBe('nosniff');
    expect(noted.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    const admin = await signIn('admin', 'root2');
    const added = await admin.post('/api/system/users', { name: 'zhou', displayName: script, role: 'staff' });
    expect(added.body.user.displayName).toBe(script);
    const leave = await supervisor.post('/api/duty/leaves', {
      window: 'A01',
      kind: 'leave',
      from: 1,
      to: 2,
      person: script,
      note: script,
    });
    expect(leave.body).toMatchObject({ person: script, note: script });
  });
});
