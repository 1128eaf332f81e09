import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openManifests } from '../alerts/evidence/chain/manifests.js';
import { openSiteKey } from '../alerts/evidence/chain/siteKey.js';
import { fsck, isFinding } from '../alerts/evidence/fsck/fsck.js';
import { buildPackage } from '../alerts/evidence/package/buildPackage.js';
import { incidentContent } from '../alerts/evidence/package/incidentContent.js';
import { sessionContent } from '../alerts/evidence/package/sessionContent.js';
import { reportLines, verifyPackage } from '../alerts/evidence/package/verify.mjs';
import { type Ledger, openLedger } from '../alerts/ledger/openLedger.js';
import { systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import { evaluationId } from '../core/evaluation.js';
import type { IncidentId } from '../core/ids.js';
import { makeLogger } from '../core/log.js';
import { eventMs } from '../core/time.js';
import { describeRecording, packageDeps } from '../pipeline/evidenceFacts.js';
import { configPathOrSimulated, packageRoot } from './configPath.js';
import { printJson, printLine, printNote } from './output.js';

/** `evidence`: packages, their verification, and the repair of the store. */
export function addEvidenceCommands(program: Command): void {
  const evidence = program.command('evidence').description('取证 · evidence: packages, verification, repair');
  evidence
    .command('package')
    .description('导出取证包(一标一档) · write the package of an evaluation session or of an incident')
    .option('--session <id>', 'evaluation session')
    .option('--incident <id>', 'incident')
    .requiredOption('--out <dir>', 'folder to make')
    .option('--reason <text>', 'why, as it stands in the viewing register', '命令行导出')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print JSON lines only')
    .action(makePackage);
  evidence
    .command('verify')
    .description('离线校验取证包 · check a package; needs no configuration and no network')
    .argument('<path>', 'folder of the package')
    .option('--key <fingerprint>', 'the key it must be signed with')
    .option('--json', 'print JSON lines only')
    .action(verify);
  evidence
    .command('fsck')
    .description('修复:接回或隔离崩溃后的孤立文件 · re-attach or quarantine what a crash left')
    .option('--deep', 'read every file and compare its hash')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print JSON lines only')
    .action(repair);
  evidence
    .command('key')
    .description('显示站点签名公钥与指纹 · print the public key of the site and its fingerprint')
    .option('--config <file>', 'configuration file')
    .action(showKey);
}

interface StoreFlags {
  config?: string;
  json?: boolean;
}

interface Store {
  config: Config;
  data: string;
  ledger: Ledger;
  manifests: ReturnType<typeof openManifests>;
}

/** Opens ledger and manifests for a short visit, also while the service runs. */
async function withStore(flags: StoreFlags, run: (store: Store) => Promise<void>): Promise<void> {
  const config = loadConfig(configPathOrSimulated(flags.config).path, process.env);
  const data = resolve(config.storage.data);
  const log = makeLogger({ level: 'warn' });
  const ledger = openLedger(join(data, 'ledger.sqlite'), { clock: systemClock, log, backupEveryMs: 0 });
  try {
    await run({ config, data, ledger, manifests: manifestsOf(config, data) });
  } finally {
    await ledger.close();
  }
}

function manifestsOf(config: Config, data: string): Store['manifests'] {
  const { keyFile, signature: algorithm, digest } = config.evidence;
  const signer = openSiteKey({ keyFile, site: config.site.id, dataFolder: data, algorithm, env: process.env });
  return openManifests({ folder: join(data, 'manifests'), digest, signer, clock: systemClock });
}

interface PackageFlags extends StoreFlags {
  session?: string;
  incident?: string;
  out: string;
  reason: string;
}

async function makePackage(flags: PackageFlags): Promise<void> {
  const { session, incident, reason } = flags;
  if ((session === undefined) === (incident === undefined)) {
    throw new AppError('usage', 'evidence package: give either --session or --incident');
  }
  await withStore(flags, async ({ config, data, ledger, manifests }) => {
    const deps = packageDeps({ config, data, ledger, manifests, version: packageVersion() });
    const now = systemClock.now();
    const content =
      session === undefined
        ? await incidentContent(incident as IncidentId, deps)
        : await sessionContent(evaluationId(session), deps, eventMs(now));
    const object = session === undefined ? `incidents/${incident}` : `evaluations/${session}`;
    ledger.viewings.add({ user: 'command-line', unit: '', reason, object: `package:${object}` });
    ledger.audit.append({
      actor: 'command-line',
      action: 'exportEvidence',
      object,
      detail: { reason, out: flags.out },
    });
    const built = await buildPackage(content, deps, {
      out: resolve(flags.out),
      madeAt: now,
      by: 'command-line',
      reason,
    });
    if (flags.json) printJson({ type: 'package', ...built });
    else {
      printLine(`${built.folder}  ${built.files} files  ${(built.bytes / 2 ** 20).toFixed(1)} MiB`);
      for (const remark of built.remarks) printNote(remark);
    }
  });
}

async function verify(path: string, flags: { key?: string; json?: boolean }): Promise<void> {
  let verdict: ReturnType<typeof verifyPackage>;
  try {
    verdict = verifyPackage(path, { key: flags.key });
  } catch (error) {
    const usage = error instanceof Error && 'usage' in error;
    throw new AppError(usage ? 'usage' : 'storage', messageOf(error), { cause: error });
  }
  if (flags.json) {
    const { findings, gaps, deletions, ...summary } = verdict;
    for (const finding of findings) printJson({ type: 'finding', ...finding });
    for (const gap of gaps) printJson({ type: 'gap', ...gap });
    const counts = { findings: findings.length, gaps: gaps.length, deletions: deletions.length };
    printJson({ type: 'summary', ...summary, ...counts });
  } else for (const line of reportLines(verdict)) printLine(line);
  if (!verdict.ok) process.exitCode = 1;
}

async function repair(flags: StoreFlags & { deep?: boolean }): Promise<void> {
  await withStore(flags, async ({ data, ledger, manifests }) => {
    const describe = describeRecording(join(data, 'recordings'), systemClock);
    const lines = await fsck({ data, ledger, manifests, describe, deep: flags.deep ?? false });
    for (const line of lines) {
      if (flags.json) printJson({ type: 'fsck', ...line });
      else printLine(`${line.did}: ${line.what}: ${line.detail}`);
    }
    const findings = lines.filter(isFinding).length;
    const waiting = ledger.clips.waiting().length;
    if (flags.json) printJson({ type: 'summary', done: lines.length - findings, findings, clipsWaiting: waiting });
    else printLine(`${lines.length - findings} mended, ${findings} findings, ${waiting} clips waiting`);
    if (findings > 0) process.exitCode = 1;
  });
}

function showKey(flags: StoreFlags): void {
  const config = loadConfig(configPathOrSimulated(flags.config).path, process.env);
  const { signer } = manifestsOf(config, resolve(config.storage.data));
  printLine(`${signer.algorithm} ${signer.fingerprint}`);
  printLine(signer.publicKey.trim());
}

const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
