import { describe, expect, it } from 'vitest';
import { cameraId, subjectId } from '../../../src/core/ids.js';
import { eventMs, wallMs } from '../../../src/core/time.js';
import { fakeClock } from '../../support/fakeClock.js';
import { alertStep, testLedger } from '../../support/ledger.js';

const setup = () => {
  const clock = fakeClock(1_000_000);
  return { clock, ledger: testLedger(':memory:', { clock }) };
};
const person = { name: 'wang', displayName: '王主任', roles: ['manager'], passwordHash: 'scrypt$x' };

describe('users', () => {
  it('are kept with all that was given, changed, and found by name', () => {
    const { ledger, clock } = setup();
    const user = ledger.users.add({ ...person, unit: '督查科', mustChangePassword: true, totpSecret: 'sealed' });
    expect(ledger.users.byName('wang')).toEqual(user);
    clock.step(1000);
    const changed = ledger.users.update(user.id, { failedLogins: 3, lockedUntil: wallMs(5), totpSecret: undefined });
    expect(ledger.users.get(user.id)).toEqual(changed);
    expect(changed).toMatchObject({
      unit: '督查科',
      failedLogins: 3,
      lockedUntil: 5,
      totpSecret: undefined,
      updatedAt: 1_001_000,
    });
    expect([ledger.users.count(), ledger.users.list().length, ledger.users.get('nobody')]).toEqual([1, 1, undefined]);
  });

  it('have one name each', () => {
    const { ledger } = setup();
    const user = ledger.users.add(person);
    const other = ledger.users.add({ ...person, name: 'li' });
    const conflict = expect.objectContaining({ code: 'conflict' });
    expect(() => ledger.users.add(person)).toThrow(conflict);
    expect(() => ledger.users.update(other.id, { name: 'wang' })).toThrow(conflict);
    expect(ledger.users.update(user.id, { name: 'wang' }).name).toBe('wang');
    expect(() => ledger.users.update('nobody', {})).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('sessions and tokens', () => {
  it('end when they expire or are ended', async () => {
    const { ledger, clock } = setup();
    const session = { user: 'u1', expiresAt: wallMs(1_010_000), address: '127.0.0.1', agent: 'test' };
    for (const tokenHash of ['a', 'b', 'c']) ledger.sessions.add({ ...session, tokenHash });
    ledger.sessions.add({ ...session, tokenHash: 'd', user: 'u2' });
    ledger.sessions.touch('a', wallMs(1_020_000));
    ledger.sessions.remove('b');
    await clock.advance(10_000);
    expect(['a', 'b', 'c'].map((hash) => ledger.sessions.get(hash)?.expiresAt)).toEqual([
      1_020_000,
      undefined,
      undefined,
    ]);
    expect(ledger.sessions.prune()).toBe(2);
    expect([ledger.sessions.removeOf('u1'), ledger.sessions.get('a')]).toEqual([1, undefined]);
  });

  it('keep scopes, and are none once revoked or expired', async () => {
    const { ledger, clock } = setup();
    const token = ledger.tokens.add({
      user: 'u1',
      name: 'Grafana',
      tokenHash: 'x',
      scopes: ['read'],
      expiresAt: wallMs(1_005_000),
    });
    const lasting = ledger.tokens.add({ user: 'u2', name: '大屏', tokenHash: 'y', scopes: [] });
    ledger.tokens.touch(token.id);
    expect(ledger.tokens.get('x')).toMatchObject({ id: token.id, scopes: ['read'], lastUsedAt: 1_000_000 });
    await clock.advance(5000);
    expect(ledger.tokens.get('x')).toBeUndefined();
    expect(ledger.tokens.get('y')?.name).toBe('大屏');
    expect([ledger.tokens.revoke(lasting.id), ledger.tokens.revoke(99)]).toEqual([true, false]);
    expect(ledger.tokens.get('y')).toBeUndefined();
    expect([ledger.tokens.list().length, ledger.tokens.list('u2').length]).toEqual([2, 1]);
  });
});

describe('leaves', () => {
  const leave = { subject: subjectId('W01'), from: eventMs(100), to: eventMs(200), kind: 'leave', by: 'u1' };

  it('are found where they overlap, until they are cancelled, and stay on record', () => {
    const { ledger } = setup();
    const { id } = ledger.leaves.add(leave);
    ledger.leaves.add({ ...leave, subject: undefined, person: '李四', note: '外出' });
    const found = (from: number, to: number) => ledger.leaves.of(subjectId('W01'), eventMs(from), eventMs(to)).length;
    expect([found(0, 100), found(0, 101), found(199, 300), found(200, 300)]).toEqual([0, 1, 1, 0]);
    expect([ledger.leaves.cancel(id, 'u2'), ledger.leaves.cancel(id, 'u2')]).toEqual([true, false]);
    expect(found(0, 300)).toBe(0);
    expect(ledger.leaves.list(eventMs(0), eventMs(300))).toMatchObject([
      { subject: 'W01', cancelledBy: 'u2' },
      { person: '李四', note: '外出' },
    ]);
  });

  it.each([
    ['nobody', { subject: undefined }],
    ['a span that ends before it begins', { to: eventMs(100) }],
  ])('are refused for %s', (_, changes) => {
    expect(() => setup().ledger.leaves.add({ ...leave, ...changes })).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
  });
});

describe('audit and viewing register', () => {
  it('are chained, listed newest first, and filtered', () => {
    const { ledger } = setup();
    for (let i = 0; i < 5; i++) {
      ledger.audit.append({ actor: i % 2 === 0 ? 'u1' : 'u2', action: 'login', object: `o${i}`, detail: { i } });
      ledger.viewings.add({
        user: 'u1',
        unit: '督查科',
        reason: '核实',
        object: `o${i}`,
        camera: cameraId('c'),
        from: eventMs(1),
      });
    }
    expect(ledger.audit.list({ limit: 2 }).map(({ object }) => object)).toEqual(['o4', 'o3']);
    expect(ledger.audit.list({ actor: 'u2', limit: 9 }).map(({ seq, detail }) => [seq, detail])).toEqual([
      [4, { i: 3 }],
      [2, { i: 1 }],
    ]);
    expect(ledger.audit.list({ before: 2, limit: 9 })).toHaveLength(1);
    expect(ledger.viewings.list({ object: 'o1', limit: 9 })).toMatchObject([
      { seq: 2, reason: '核实', camera: 'c', from: 1 },
    ]);
    expect([ledger.audit.verify(), ledger.viewings.verify()]).toMatchObject([
      { ok: true, length: 5 },
      { ok: true, length: 5 },
    ]);
  });
});

describe('snapshots and settings', () => {
  it('lists the pictures of an incident, each once', () => {
    const { ledger } = setup();
    const { id } = alertStep(1);
    const picture = {
      incident: id,
      ordinal: 1,
      path: 'a/b.jpg',
      sha256: 'f'.repeat(64),
      bytes: 10,
      at: eventMs(5),
      camera: cameraId('c'),
    };
    ledger.snapshots.add({ ...picture, kind: 'plain' });
    ledger.snapshots.add({ ...picture, kind: 'plain', path: 'other.jpg' });
    ledger.snapshots.add({ ...picture, kind: 'boxed', camera: undefined });
    expect(ledger.snapshots.of(id)).toEqual([
      { ...picture, kind: 'boxed', camera: undefined },
      { ...picture, kind: 'plain' },
    ]);
  });

  it('remembers values', () => {
    const { ledger } = setup();
    expect(ledger.settings.get('a')).toBeUndefined();
    ledger.settings.set('a', { b: [1, null, '中'] });
    ledger.settings.set('a', { b: [2] });
    expect(ledger.settings.get('a')).toEqual({ b: [2] });
  });
});
