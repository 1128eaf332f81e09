import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Ledger, openLedger } from '../../../src/alerts/ledger/openLedger.js';
import type { Role } from '../../../src/board/access/actions.js';
import { addAccount } from '../../../src/board/accounts/users.js';
import { type Board, type BoardDeps, createBoard } from '../../../src/board/createBoard.js';
import { parseConfig } from '../../../src/core/config/load.js';
import type { Config } from '../../../src/core/config/schema.js';
import { type IncidentId, subjectId } from '../../../src/core/ids.js';
import { type AlertStep, incidentId } from '../../../src/core/incident.js';
import type { LiveHub } from '../../../src/core/live.js';
import { makeLiveHub } from '../../../src/core/liveHub.js';
import { silentLogger } from '../../../src/core/log.js';
import { eventMs } from '../../../src/core/time.js';
import { type FakeClock, fakeClock } from '../../support/fakeClock.js';
import { type Client, clientOf } from './client.js';
import { HALL_YAML } from './hall.js';

/** Cheap hashes: the tests sign in often. */
const COST = { N: 2 ** 10, r: 8, p: 1 };
export const PASSWORD = 'long enough 密码';

/** A board with an empty ledger in memory, its clock in the test's hand. */
export interface Harness {
  board: Board;
  ledger: Ledger;
  live: LiveHub;
  clock: FakeClock;
  configFile: string;
  folder: string;
  config(): Config;
  /** Makes an account and signs it in with a password that needs no change. */
  signIn(role: Role, name?: string): Promise<Client & { id: string }>;
  anonymous: Client;
  /** Commits an incident's step to the ledger and tells the hub. Returns the incident's id. */
  raise(facts: { subject: string; rule?: string; startMs?: number; step?: AlertStep['step'] }): IncidentId;
}

/** Starts a board on a free loopback port; it is closed when the test ends. */
export async function startBoard(extra: Partial<BoardDeps> = {}): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-board-'));
  const configFile = join(folder, 'hall.yaml');
  writeFileSync(configFile, HALL_YAML);
  const clock = fakeClock();
  const log = silentLogger;
  const ledger = openLedger(':memory:', { clock, log });
  const live = makeLiveHub(log);
  let config = parseConfig(HALL_YAML, configFile);
  const board = await createBoard({
    ledger,
    live,
    clock,
    log,
    config: {
      current: () => config,
      file: configFile,
      apply(next) {
        config = next;
        return 'reloaded';
      },
    },
    version: 'test',
    listen: { host: '127.0.0.1', port: 0 },
    dataFolder: folder,
    cameras: { picture: async () => undefined },
    passwordCost: COST,
    checkAnswers: true,
    ...extra,
  });
  onTestFinished(async () => {
    await board.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const raise: Harness['raise'] = ({ subject, rule = 'absence', startMs = clock.now() - 900_000, step = 'open' }) => {
    const id = incidentId('test', rule, subjectId(subject), eventMs(startMs));
    const at = eventMs(clock.now());
    const stored: AlertStep = {
      ...{ id, rule, ruleVersion: 'v1', subject: subjectId(subject), step, at, start: eventMs(startMs) },
      ...{ ordinal: ledger.stepsOf(id).length + 1, priority: 'normal', tier: 0 },
      seen: { observedMs: 880_000, unknownMs: 20_000 },
      ...(step === 'ended' ? { end: at, endReason: 'returned' as const } : {}),
    };
    const { seq } = ledger.commitStep(stored, []);
    live.publish({ type: 'step', seq, step: stored }, at);
    return id;
  };

  return {
    ...{ board, ledger, live, clock, configFile, folder, raise },
    config: () => config,
    anonymous: clientOf(board.url),
    async signIn(role, name: string = role) {
      const { user, oneTimePassword } = await addAccount(ledger, { name, displayName: name, role, unit: '一科' }, COST);
      const client = clientOf(board.url);
      await client.signIn(name, oneTimePassword);
      await client.post('/api/session/password', { current: oneTimePassword, next: PASSWORD });
      return { ...client, id: user.id };
    },
  };
}

export const textOf = (file: string): string => readFileSync(file, 'utf8');
