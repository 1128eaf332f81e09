import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Ledger, openLedger } from '../alerts/ledger/openLedger.js';
import { ROLES, type Role } from '../board/access/actions.js';
import { addAccount } from '../board/accounts/users.js';
import { systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import { AppError } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import { configPathOrSimulated } from './configPath.js';
import { printJson, printLine } from './output.js';

interface UserFlags {
  config?: string;
  role: string;
  displayName?: string;
  unit?: string;
  json?: boolean;
}

/** `user add` and `backup`: short visits to the ledger, also while the service runs. */
export function addAccountCommands(program: Command): void {
  program
    .command('user')
    .description('账号 · accounts')
    .command('add')
    .argument('<name>', 'sign-in name')
    .requiredOption('--role <role>', ROLES.join(', '))
    .option('--display-name <text>', 'name shown to people')
    .option('--unit <text>', 'department')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON line')
    .description('新增账号,输出一次性密码 · add an account and print its one-time password')
    .action(addUser);

  program
    .command('backup')
    .argument('<file>', 'where the copy goes')
    .option('--config <file>', 'configuration file')
    .description('备份账本 · copy the ledger while it is in use')
    .action(async (file: string, flags: { config?: string }) => {
      await visit(flags.config, (ledger) => ledger.backup(resolve(file)));
      printLine(`${resolve(file)}: written`);
    });
}

async function addUser(name: string, flags: UserFlags): Promise<void> {
  const role = ROLES.find((known): known is Role => known === flags.role);
  if (!role) throw new AppError('usage', `--role ${flags.role}: no such role`, { hint: `roles: ${ROLES.join(', ')}` });
  const account = { name, displayName: flags.displayName ?? name, role, unit: flags.unit ?? '' };
  const { user, oneTimePassword } = await visit(flags.config, (ledger) => addAccount(ledger, account));
  if (flags.json) printJson({ type: 'user', id: user.id, name: user.name, role, password: oneTimePassword });
  else printLine(`${user.name} (${role})  ${oneTimePassword}`);
}

/** Opens the ledger of the configured hall, without a backup of its own, and closes it again. */
async function visit<T>(configOption: string | undefined, run: (ledger: Ledger) => T | Promise<T>): Promise<T> {
  const config = loadConfig(configPathOrSimulated(configOption).path, process.env);
  const ledger = openLedger(join(resolve(config.storage.data), 'ledger.sqlite'), {
    clock: systemClock,
    log: makeLogger({ level: 'warn' }),
    backupEveryMs: 0,
  });
  try {
    return await run(ledger);
  } finally {
    await ledger.close();
  }
}
