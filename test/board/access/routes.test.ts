import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../src/board/access/actions.js';
import { POLICY } from '../../../src/board/access/policy.js';
import type { RouteSpec } from '../../../src/board/api/contract/route.js';
import { type RouteName, routes } from '../../../src/board/api/contract.js';
import { startBoard } from '../support/boardHarness.js';
import { type Client, clientOf } from '../support/client.js';
import { MATRIX } from './matrix.js';

const all = Object.entries(routes) as Array<[RouteName, RouteSpec]>;

/** Sends a call with ids that fit nothing: it must be let in or refused before anything else is looked at. */
async function knock(
  client: Client,
  { method, path }: RouteSpec,
): Promise<{ status: number; code: string | undefined }> {
  const address = path.replace(':date', '2026-10-08').replace(/:(\w+)/g, 'nothing-here');
  const call = { get: client.get, post: client.post, put: client.put, patch: client.patch, delete: client.delete }[
    method
  ];
  const { status, body } = await call(address, {});
  return { status, code: body?.error?.code };
}

describe('every route', () => {
  it('names an action that the policy knows', () => {
    for (const [name, { action }] of all) expect(POLICY[action], name).toBeDefined();
    expect(Object.keys(MATRIX).sort()).toEqual(all.map(([name]) => name).sort());
  });

  it('refuses who is not signed in, unless it is public', async () => {
    const { board } = await startBoard();
    for (const [name, spec] of all) {
      const { code } = await knock(clientOf(board.url), spec);
      expect([name, code === 'signed-out'], name).toEqual([name, MATRIX[name] !== 'public']);
    }
  });

  it.each(ROLES.map((role) => [role]))('lets %s in where the table says so, and nowhere else', async (role: Role) => {
    const { signIn } = await startBoard();
    const client = await signIn(role, 'walker');
    for (const [name, spec] of all) {
      // These end the session or the stream of the test itself; they are open to everyone and tested elsewhere.
      if (name === 'signOut' || name === 'signIn' || name === 'changePassword' || name === 'streamEvents') continue;
      const { status, code } = await knock(client, spec);
      const listed = MATRIX[name];
      const may = listed === 'public' || listed.includes(role);
      expect([name, code === 'forbidden' ? 403 : 'let in'], `${name} answered ${status}`).toEqual([
        name,
        may ? 'let in' : 403,
      ]);
      expect(status, name).not.toBe(500);
    }
  });

  it('is closed to a token without its scope, and speech and evidence to every token', async () => {
    const { signIn, board } = await startBoard();
    const admin = await signIn('admin', 'root2');
    const scopes = ['live:read', 'incidents:read', 'cameras:read', 'duty:write', 'system:read'];
    const { secret } = (await admin.post('/api/system/tokens', { name: 'dispatch', scopes })).body;
    const open: string[] = [];
    for (const [name, spec] of all.filter(([, spec]) => spec.method === 'get' && spec.path !== '/api/events')) {
      const address = spec.path.replace(/:(\w+)/g, 'nothing-here');
      const { status } = await fetch(`${board.url}${address}`, { headers: { authorization: `Bearer ${secret}` } });
      if (status !== 401 && status !== 403) open.push(name);
    }
    expect(open.sort()).toEqual(
      [
        'exportLeaves getCalendar getCamera getFloorplan getIncident getLive getSession getStatus listAlertSteps listCameras',
        'listIncidents listLeaves listModels listPosts listShifts listStandby',
      ].flatMap((line) => line.split(' ')),
    );
    const [token] = (await admin.get('/api/system/tokens')).body.items;
    await admin.delete(`/api/system/tokens/${token.id}`);
    const { status } = await fetch(`${board.url}/api/live`, { headers: { authorization: `Bearer ${secret}` } });
    expect(status).toBe(401);
  });
});
