import { describe, expect, it } from 'vitest';
import { totpCode, totpCounter } from '../../src/board/accounts/totp.js';
import { PASSWORD, startBoard } from './support/boardHarness.js';
import { clientOf, requestId } from './support/client.js';

const MINUTE_MS = 60_000;

describe('signing in', () => {
  it('makes an administrator with a one-time password on the first run, which must be changed before anything else', async () => {
    const { board, anonymous: browser } = await startBoard();
    expect((await browser.get('/api/session')).body).toMatchObject({ user: null, firstRun: true, csrf: null });
    const { name, password } = board.firstPassword!;
    const state = await browser.signIn(name, password);
    expect(state.body.user).toMatchObject({ name: 'admin', role: 'admin', mustChangePassword: true });
    expect((await browser.get('/api/live')).body.error.code).toBe('password-change-required');
    expect((await browser.post('/api/session/password', { current: password, next: 'short' })).status).toBe(400);
    expect(
      (await browser.post('/api/session/password', { current: password, next: 'my admin pass' })).body.error,
    ).toMatchObject({
      code: 'bad-input',
      fields: [{ path: 'next', message: '密码不能包含用户名' }],
    });
    expect((await browser.post('/api/session/password', { current: 'wrong', next: PASSWORD })).status).toBe(401);
    const changed = await browser.post('/api/session/password', { current: password, next: PASSWORD });
    expect(changed.body).toMatchObject({ firstRun: false, user: { mustChangePassword: false } });
    expect((await browser.get('/api/live')).status).toBe(200);
  });

  it('sets a cookie that scripts cannot read and other sites cannot send', async () => {
    const { board, anonymous } = await startBoard();
    const { headers } = await anonymous.signIn(board.firstPassword!.name, board.firstPassword!.password);
    const cookie = headers.getSetCookie()[0]!;
    expect(cookie).toMatch(/^hallwatch=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
  });

  it('uses a __Host- cookie where people come by https', async () => {
    const { board, anonymous } = await startBoard({ publicUrl: 'https://hall.example' });
    const origin = { origin: 'https://hall.example' };
    const { name, password } = board.firstPassword!;
    const answer = await anonymous.post('/api/session', { name, password }, origin);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-hallwatch=.*; Secure$/);
    expect(answer.headers.get('strict-transport-security')).not.toBeNull();
  });

  it('answers the same for an unknown name and a wrong password, and locks after five', async () => {
    const { signIn, board, clock } = await startBoard();
    await signIn('hall-supervisor', 'wang');
    const browser = clientOf(board.url);
    const unknown = await browser.signIn('nobody', 'x'.repeat(12));
    const wrong = await browser.signIn('wang', 'x'.repeat(12));
    expect(unknown.body).toEqual(wrong.body);
    for (let i = 0; i < 4; i++) await browser.signIn('wang', 'x'.repeat(12));
    const locked = await browser.signIn('wang', PASSWORD);
    expect(locked.body.error).toMatchObject({ code: 'locked', message: expect.stringContaining('15 分钟') });
    await clock.advance(15 * MINUTE_MS + 1);
    expect((await browser.signIn('wang', PASSWORD)).status).toBe(200);
  });

  it('slows down an address that tries many names', async () => {
    const { board } = await startBoard();
    const browser = clientOf(board.url);
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await browser.signIn(`name${i}`, 'guess guess')).status);
    expect(statuses.at(-1)).toBe(429);
  });

  it('ends a session after 12 idle hours, after 7 busy days, and when its user is disabled', async () => {
    const { signIn, clock, board } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const user = await signIn('manager');
    await clock.advance(11 * 60 * MINUTE_MS);
    expect((await user.get('/api/live')).status).toBe(200);
    await clock.advance(11 * 60 * MINUTE_MS);
    expect((await user.get('/api/live')).status).toBe(200);
    expect((await admin.get('/api/live')).body.error.code).toBe('signed-out');
    for (let i = 0; i < 14; i++) {
      await clock.advance(11 * 60 * MINUTE_MS);
      await user.get('/api/live');
    }
    expect((await user.get('/api/live')).body.error.code).toBe('signed-out');

    const again = clientOf(board.url);
    await again.signIn('root2', PASSWORD);
    const other = clientOf(board.url);
    await other.signIn('manager', PASSWORD);
    await again.patch(`/api/system/users/${user.id}`, { disabled: true });
    expect((await other.get('/api/live')).status).toBe(401);
    expect((await other.signIn('manager', PASSWORD)).body.error.code).toBe('wrong-credentials');
  });

  it('refuses the old cookie after signing out and after a change of password', async () => {
    const { signIn, board } = await startBoard();
    const user = await signIn('manager');
    const stolen = { cookie: user.cookie };
    expect((await fetch(`${board.url}/api/live`, { headers: stolen })).status).toBe(200);
    await user.post('/api/session/password', { current: PASSWORD, next: 'another long one' });
    expect((await fetch(`${board.url}/api/live`, { headers: stolen })).status).toBe(401);
    const later = { cookie: user.cookie };
    await user.delete('/api/session');
    expect((await fetch(`${board.url}/api/live`, { headers: later })).status).toBe(401);
  });
});

describe('one-time codes', () => {
  it('are bound with a first code, asked at sign-in, and work once', async () => {
    const { signIn, board, clock, ledger } = await startBoard();
    const user = await signIn('auditor', 'li');
    expect((await user.post('/api/session/totp', { password: 'wrong password' })).status).toBe(401);
    const { secret, uri } = (await user.post('/api/session/totp', { password: PASSWORD })).body;
    expect(uri).toContain(`secret=${secret}`);
    const code = (): string => totpCode(secret, totpCounter(clock.now()));
    expect((await user.put('/api/session/totp', { code: '000000' })).body.error.code).toBe('totp-wrong');
    expect((await user.put('/api/session/totp', { code: code() })).status).toBe(200);
    expect(ledger.users.get(user.id)!.totpSecret).not.toContain(secret);

    await clock.advance(MINUTE_MS);
    const browser = clientOf(board.url);
    expect((await browser.signIn('li', PASSWORD)).body.error.code).toBe('totp-required');
    expect((await browser.signIn('li', PASSWORD, '123456')).body.error.code).toBe('totp-wrong');
    const used = code();
    expect((await browser.signIn('li', PASSWORD, used)).status).toBe(200);
    expect((await clientOf(board.url).signIn('li', PASSWORD, used)).body.error.code).toBe('totp-wrong');
    await clock.advance(MINUTE_MS);
    expect((await browser.post('/api/session/totp/remove', { password: PASSWORD, code: code() })).status).toBe(200);
    expect((await clientOf(board.url).signIn('li', PASSWORD)).status).toBe(200);
  });
});

describe('mutating calls', () => {
  it.each([
    ['without the CSRF text', { 'x-hallwatch-csrf': '' }, 'csrf'],
    ['with another session’s CSRF text', { 'x-hallwatch-csrf': 'f'.repeat(64) }, 'csrf'],
    ['from another origin', { origin: 'https://evil.example' }, 'csrf'],
    ['from another site, as the browser says', { 'sec-fetch-site': 'cross-site' }, 'csrf'],
    ['without a request id', { 'x-hallwatch-request': '' }, 'bad-input'],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'bad-input'],
  ])('are refused %s', async (_case, headers, code) => {
    const { signIn } = await startBoard();
    const user = await signIn('manager');
    const answer = await user.put('/api/session/language', { language: 'en' }, headers);
    expect(answer.body.error.code).toBe(code);
  });

  it('are carried out once however often they are sent', async () => {
    const { signIn, ledger } = await startBoard();
    const user = await signIn('hall-supervisor');
    const headers = { 'x-hallwatch-request': requestId() };
    const leave = { window: 'A01', kind: 'leave', from: 1000, to: 2000 };
    expect((await user.post('/api/duty/leaves', leave, headers)).status).toBe(200);
    expect((await user.post('/api/duty/leaves', leave, headers)).body.error.code).toBe('replayed');
    expect(ledger.leaves.list(0 as never, 9000 as never)).toHaveLength(1);
  });

  it('may carry 1 MiB and no more', async () => {
    const { signIn } = await startBoard();
    const user = await signIn('hall-supervisor');
    const answer = await user.post('/api/duty/leaves-import', { csv: 'x'.repeat(1_100_000) });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'too-large']);
    expect((await user.post('/api/duty/leaves-import', { csv: 'x'.repeat(950_000) })).status).toBe(400);
  });

  it('speak the language that is asked for', async () => {
    const { anonymous } = await startBoard();
    expect((await anonymous.get('/api/live', { 'accept-language': 'en-GB,zh;q=0.5' })).body.error.message).toBe(
      'Please sign in',
    );
    expect((await anonymous.get('/api/live')).body.error.message).toBe('请先登录');
  });
});
