#!/usr/bin/env node
// Checks an evidence package of Hallwatch. Needs this file, the package and Node 18 or later; nothing else.
// 校验取证包:只需本文件、取证包与 Node 18 以上。
//
//   node verify.mjs [FOLDER] [--json] [--key FINGERPRINT]
//
// Exit status: 0 all as it was signed (declared gaps are listed), 1 something is missing, changed, added or out of order,
// 2 used wrongly or no package.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** JSON with sorted keys and no spaces: what hashes are taken over. */
function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

const digestOf = (name, data) => createHash(name).update(data).digest('hex');

/** Hash of a file, read in pieces: recordings of a day do not fit into memory. */
function hashFile(path, names) {
  const hashes = names.map((name) => createHash(name));
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(1 << 20);
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      for (const hash of hashes) hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hashes.map((hash) => hash.digest('hex'));
}

/** True where the text was signed with the key. SM2: with an empty distinguishing id, as node:crypto signs. */
function isSigned(key, text, signature) {
  try {
    const publicKey = createPublicKey(key.publicKey);
    const algorithm = key.algorithm === 'ed25519' ? null : 'sm3';
    return verify(algorithm, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function fingerprintOf(publicKey) {
  try {
    return digestOf('sha256', createPublicKey(publicKey).export({ type: 'spki', format: 'der' }));
  } catch {
    return undefined;
  }
}

/**
 * Checks a package. Findings: `{ kind: 'missing' | 'changed' | 'added' | 'reordered' | 'unsigned', file, detail }`, gaps:
 * `{ camera, from, to, cause }`, notes: deletions that were signed for.
 * @throws Error with `usage: true` where there is no package
 */
export function verifyPackage(folder, options = {}) {
  const state = { folder: resolve(folder), findings: [], gaps: [], deletions: [], files: 0, entries: 0 };
  const manifest = readManifest(state);
  checkManifest(state, manifest, options.key);
  checkFiles(state, manifest);
  const chains = (manifest.chains ?? []).map((chain) => checkChain(state, manifest, chain));
  // A session's own chain repeats what the chains of its cameras say in full.
  const entries = chains.flat().filter((entry) => !entry.chain.startsWith('session/'));
  nameSeconds(state, manifest, entries);
  checkOrigins(state, manifest, entries);
  for (const span of manifest.timeline ?? []) checkTimeline(state, span, entries);
  for (const path of manifest.loops ?? []) checkLoop(state, path);
  const { findings, gaps, deletions, files } = state;
  return {
    ...{ ok: findings.length === 0, kind: manifest.kind, id: manifest.id, site: manifest.site },
    ...{ key: manifest.key?.fingerprint, algorithm: manifest.key?.algorithm, madeAt: manifest.madeAt },
    ...{ files, entries: state.entries, findings, gaps, deletions },
  };
}

const find = (state, kind, file, detail) => state.findings.push({ kind, file, detail });

function readManifest({ folder }) {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path))
    throw Object.assign(new Error(`${folder}: no manifest.json: not an evidence package`), { usage: true });
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw Object.assign(new Error(`${path}: damaged, cannot be read`), { damaged: true });
  }
}

function checkManifest(state, manifest, pinned) {
  const { hash, signature, ...content } = manifest;
  const key = manifest.key ?? {};
  const real = digestOf(manifest.digest === 'sm3' ? 'sm3' : 'sha256', canonical(content));
  if (real !== hash) find(state, 'changed', 'manifest.json', 'its content is not what its hash says');
  else if (!isSigned(key, hash, signature ?? ''))
    find(state, 'unsigned', 'manifest.json', 'the signature does not fit');
  if (fingerprintOf(key.publicKey) !== key.fingerprint)
    find(state, 'changed', 'manifest.json', 'the key is not the one it names');
  if (pinned !== undefined && pinned.toLowerCase() !== key.fingerprint) {
    find(state, 'unsigned', 'manifest.json', `signed with key ${key.fingerprint}, not with ${pinned}`);
  }
}

function checkFiles(state, manifest) {
  const listed = new Set(['manifest.json']);
  for (const { path, bytes, sha256, sm3 } of manifest.files ?? []) {
    listed.add(path);
    state.files += 1;
    const full = inside(state.folder, path);
    if (full === undefined) find(state, 'changed', path, 'leads out of the package');
    else if (!existsSync(full)) find(state, 'missing', path, `${bytes} bytes are gone`);
    else checkFile(state, full, { path, bytes, sha256, sm3 });
  }
  for (const path of filesBelow(state.folder)) {
    if (!listed.has(path)) find(state, 'added', path, 'is not in the manifest');
  }
}

function checkFile(state, full, { path, bytes, sha256, sm3 }) {
  const { size } = statSync(full);
  const [real, realSm3] = hashFile(full, sm3 ? ['sha256', 'sm3'] : ['sha256']);
  if (size !== bytes) find(state, 'changed', path, `${size} bytes instead of ${bytes}`);
  else if (real !== sha256 || (sm3 && realSm3 !== sm3))
    find(state, 'changed', path, 'its content is not what was signed');
}

function inside(folder, path) {
  const full = resolve(folder, path);
  return full.startsWith(folder + sep) ? full : undefined;
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}

/** Walks one chain: each entry whole, signed, in its place. Gives the entries that can be relied on. */
function checkChain(state, manifest, { path, first, last }) {
  const full = inside(state.folder, path);
  if (full === undefined || !existsSync(full)) return [];
  const good = [];
  const seqs = new Set();
  let before;
  const lines = readFileSync(full, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  lines.forEach((line, i) => {
    state.entries += 1;
    const place = `line ${i + 1}`;
    let entry;
    try {
      entry = JSON.parse(line);
    } catch {
      find(state, 'changed', path, `${place}: not readable`);
      return;
    }
    const { hash, signature, key, ...content } = entry;
    const name = `entry ${entry.seq} (${describe(entry)})`;
    if (digestOf(entry.digest === 'sm3' ? 'sm3' : 'sha256', canonical(content)) !== hash) {
      find(state, 'changed', path, `${name} was changed`);
    } else if (key !== manifest.key?.fingerprint || !isSigned(manifest.key, hash, signature ?? '')) {
      find(state, 'unsigned', path, `${name} is not signed with the site key`);
    } else {
      good.push(entry);
    }
    seqs.add(entry.seq);
    if (before) checkPlace(state, path, before, entry, name);
    before = entry;
  });
  for (let seq = first; seq <= last; seq++) if (!seqs.has(seq)) find(state, 'missing', path, `entry ${seq} is gone`);
  state.deletions.push(...good.filter((entry) => entry.type === 'deleted'));
  return good;
}

function checkPlace(state, path, before, entry, name) {
  if (entry.seq === before.seq + 1 && entry.previous === before.hash) return;
  if (entry.seq <= before.seq) find(state, 'reordered', path, `${name} stands after entry ${before.seq}`);
  else if (entry.seq === before.seq + 1) find(state, 'changed', path, `${name} does not follow entry ${before.seq}`);
}

const describe = (entry) =>
  entry.type === 'file'
    ? `${entry.path}, ${entry.start ?? ''}`
    : entry.type === 'gap'
      ? `gap from ${entry.from}`
      : entry.type;

/** Where a recording was changed or cut, its parts tell which seconds. */
function nameSeconds(state, manifest, entries) {
  const byOrigin = new Map(entries.filter((one) => one.type === 'file').map((one) => [one.path, one]));
  for (const finding of state.findings) {
    const listed = manifest.files?.find(({ path }) => path === finding.file);
    const parts = byOrigin.get(listed?.origin)?.parts;
    if (!parts) continue;
    if (finding.kind === 'missing') {
      const entry = byOrigin.get(listed.origin);
      finding.detail = `${entry.start} to ${entry.end} is missing`;
    } else if (finding.kind === 'changed') {
      finding.detail += `; ${secondsOf(readFileSync(join(state.folder, finding.file)), parts)}`;
    }
  }
}

function secondsOf(bytes, parts) {
  const holds = (part) => digestOf('sha256', bytes.subarray(part.offset, part.offset + part.bytes)) === part.sha256;
  const broken = parts.filter((part) => !holds(part));
  if (broken.length === 0) return 'its pictures and sound are whole: header or end was changed';
  // A part that was taken out shifts those behind it: they are looked for where they would then lie.
  const first = broken[0];
  const later = parts.slice(parts.indexOf(first) + 1);
  const moved =
    later.length > 0 &&
    later.every((part) => {
      const at = part.offset - first.bytes;
      return digestOf('sha256', bytes.subarray(at, at + part.bytes)) === part.sha256;
    });
  if (moved) return `second ${first.at} (${first.ms} ms) was taken out`;
  const cut = broken.every((part) => part.offset + part.bytes > bytes.length);
  const span = broken.length === 1 ? `second ${first.at} (${first.ms} ms)` : `${first.at} to ${endOf(broken.at(-1))}`;
  return cut ? `cut off: ${span} is missing` : `${span} was changed`;
}

const endOf = (part) => new Date(Date.parse(part.at) + part.ms).toISOString();

/** A file that comes from the recordings must be the one that was signed when it was recorded. */
function checkOrigins(state, manifest, entries) {
  const signed = new Map(entries.filter((one) => one.type === 'file').map((one) => [one.path, one]));
  for (const { path, origin, sha256 } of manifest.files ?? []) {
    if (origin === undefined) continue;
    const entry = signed.get(origin);
    if (!entry) find(state, 'missing', path, `no signed entry of ${origin}`);
    else if (entry.sha256 !== sha256)
      find(state, 'changed', path, 'is not the file that was signed when it was recorded');
  }
}

/** Every second of a camera's span must be a file or a declared gap. */
function checkTimeline(state, { camera, from, to, toleranceMs = 1500 }, entries) {
  const files = entries.filter((one) => one.type === 'file' && one.kind === 'recording' && one.camera === camera);
  const gaps = entries.filter((one) => one.type === 'gap' && one.camera === camera);
  const covered = [
    ...files.map(({ start, end }) => ({ from: Date.parse(start), to: Date.parse(end) })),
    ...gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to), gap })),
  ].sort((a, b) => a.from - b.from);
  let reached = Date.parse(from);
  const end = Date.parse(to);
  for (const span of covered) {
    if (span.to <= Date.parse(from) || span.from >= end) continue;
    if (span.from - reached > toleranceMs) hole(state, camera, reached, span.from);
    if (span.gap) {
      state.gaps.push({ camera, from: span.gap.from, to: span.gap.to, cause: span.gap.cause });
    }
    reached = Math.max(reached, span.to);
  }
  if (end - reached > toleranceMs) hole(state, camera, reached, end);
}

function hole(state, camera, from, to) {
  const iso = (ms) => new Date(ms).toISOString();
  find(
    state,
    'missing',
    `recordings/${camera}`,
    `${iso(from)} to ${iso(to)} is neither recorded nor declared as a gap`,
  );
}

/** The steps of the closed loop carry the hashes of the ledger: a changed verdict shows in its own step. */
function checkLoop(state, path) {
  const full = inside(state.folder, path);
  if (full === undefined || !existsSync(full)) return;
  let steps;
  try {
    steps = JSON.parse(readFileSync(full, 'utf8')).steps;
  } catch {
    find(state, 'changed', path, 'not readable');
    return;
  }
  steps.forEach((step, i) => {
    const { seq, previousHash, hash, columns } = step;
    if (digestOf('sha256', `${previousHash}\n${seq}\n${canonical(columns)}`) !== hash) {
      find(state, 'changed', path, `step ${columns.ordinal} (${columns.action}${verdictOf(columns)}) was changed`);
    }
    if (columns.ordinal !== i + 1) find(state, 'missing', path, `step ${i + 1} is not there`);
  });
}

function verdictOf({ data }) {
  try {
    const { verdict } = JSON.parse(data ?? '{}');
    return verdict ? ` ${verdict}` : '';
  } catch {
    return '';
  }
}

const WORDS = { missing: '缺失', changed: '被改动', added: '多出', reordered: '次序不对', unsigned: '签名不符' };

/** The result as lines for people, both languages. */
export function reportLines(result) {
  return [
    `${result.ok ? '通过 OK' : '未通过 NOT OK'}  ${result.kind} ${result.id}  ${result.site ?? ''}`,
    `签名密钥 key  ${result.algorithm} ${result.key}`,
    `文件 files ${result.files}  链条目 entries ${result.entries}`,
    ...result.findings.map(({ kind, file, detail }) => `${WORDS[kind]} ${kind}: ${file}: ${detail}`),
    ...result.gaps.map(
      ({ camera, from, to, cause }) => `已声明的缺口 declared gap: ${camera}: ${from} - ${to}: ${cause}`,
    ),
  ];
}

function main(args) {
  const at = args.indexOf('--key');
  const key = at >= 0 ? args[at + 1] : undefined;
  const rest = args.filter((arg, i) => arg !== '--json' && i !== at && (at < 0 || i !== at + 1));
  const known = rest.every((arg) => !arg.startsWith('-'));
  if (!known || rest.length > 1 || (at >= 0 && key === undefined)) {
    process.stderr.write('usage: node verify.mjs [FOLDER] [--json] [--key FINGERPRINT]\n');
    return 2;
  }
  try {
    const result = verifyPackage(rest[0] ?? resolve(import.meta.dirname ?? '.'), { key });
    if (args.includes('--json')) {
      for (const finding of result.findings)
        process.stdout.write(`${JSON.stringify({ type: 'finding', ...finding })}\n`);
      for (const gap of result.gaps) process.stdout.write(`${JSON.stringify({ type: 'gap', ...gap })}\n`);
      const { findings, gaps, deletions, ...summary } = result;
      const counts = { findings: findings.length, gaps: gaps.length, deletions: deletions.length };
      process.stdout.write(`${JSON.stringify({ type: 'summary', ...summary, ...counts })}\n`);
    } else for (const line of reportLines(result)) process.stdout.write(`${line}\n`);
    return result.ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return error.usage ? 2 : 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = main(process.argv.slice(2));
