import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, link } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, errnoOf } from '../../../core/errors.js';
import { storageError } from '../../../core/files.js';
import { canonicalJson } from '../../../core/hash.js';
import { isoOf, type WallMs } from '../../../core/time.js';
import type { PackageContent, PackageFile } from './content.js';
import type { PackageDeps } from './packageDeps.js';

export interface BuildOptions {
  /** Folder to make: it must not exist, or be empty. */
  out: string;
  madeAt: WallMs;
  /** Who asked for it. */
  by: string;
  /** Why, as written in the viewing register. */
  reason: string;
  /** Whether files may be hard links into the data folder instead of copies: for a package that is streamed and removed. */
  link?: boolean;
}

export interface BuiltPackage {
  folder: string;
  files: number;
  bytes: number;
  remarks: string[];
}

interface ListedFile {
  path: string;
  bytes: number;
  sha256: string;
  sm3?: string;
  origin?: string;
}

/** The page and the verifier that every package carries. */
const PAGE_FILES = ['index.html', 'page.css', 'page.js', 'verify.mjs', 'README.txt'];
const pageFolder = fileURLToPath(new URL('.', import.meta.url));

/**
 * Writes a package: the files, the signed chains that they belong to, a page that opens without a network, the verifier,
 * and a manifest over all of it, signed with the site key.
 * @throws AppError `conflict` where the folder is not empty, `storage`, `disk-full`
 */
export async function buildPackage(
  content: PackageContent,
  deps: PackageDeps,
  options: BuildOptions,
): Promise<BuiltPackage> {
  const { out } = options;
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new AppError('conflict', `package ${out}: the folder is not empty`, {
      hint: 'choose a folder that does not exist',
    });
  }
  try {
    const listed: ListedFile[] = [];
    for (const file of [...content.files, ...ownFiles(content, deps)]) {
      if (!(deps.hasRoom?.() ?? true))
        throw new AppError('disk-full', `package ${out}: no room left`, { retryable: true });
      await place(file, options);
      const listedFile = await listing(join(out, file.path), file.path, deps.digest);
      listed.push({ ...listedFile, ...(file.origin === undefined ? {} : { origin: file.origin }) });
    }
    const manifest = signedManifest(content, deps, { listed, ...options });
    writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    const bytes = listed.reduce((sum, file) => sum + file.bytes, 0);
    return { folder: out, files: listed.length, bytes, remarks: content.remarks };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw storageError(`package ${out}: write`, cause);
  }
}

/** What the package itself makes: documents, chains, page. */
function ownFiles(content: PackageContent, deps: PackageDeps): PackageFile[] {
  const text = (path: string, value: string): PackageFile => ({ path, from: { bytes: Buffer.from(value) } });
  const documents = Object.entries(content.documents).map(([name, value]) =>
    text(`documents/${name}.json`, `${JSON.stringify(value ?? null, null, 1)}\n`),
  );
  const chains = [...content.chains].map(([chain, entries]) =>
    text(`chains/${chain}.jsonl`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
  );
  const page = PAGE_FILES.map((name) => ({ path: name, from: { bytes: readFileSync(join(pageFolder, name)) } }));
  return [
    ...documents,
    ...chains,
    text('public-key.pem', deps.manifests.signer.publicKey),
    text('data.js', pageData(content, deps)),
    ...page,
  ];
}

/** A page that was opened from a folder may not read files: what it shows is a script. */
function pageData(content: PackageContent, deps: PackageDeps): string {
  const { kind, id, title, from, to, cameras, incidents, documents, remarks } = content;
  const { signer } = deps.manifests;
  const value = {
    ...{ kind, id, title, from, to, cameras, incidents, documents, remarks, site: deps.site, version: deps.version },
    names: Object.fromEntries(
      [...new Set(incidents.map(({ subject }) => subject))].map((one) => [one, deps.nameOf(one)]),
    ),
    key: { algorithm: signer.algorithm, fingerprint: signer.fingerprint },
  };
  // `<` is written as an escape so that no text can end the script element.
  return `window.HALLWATCH = ${JSON.stringify(value).replaceAll('<', '\\u003c')};\n`;
}

async function place({ path, from }: PackageFile, { out, link: mayLink }: BuildOptions): Promise<void> {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  if ('bytes' in from) {
    writeFileSync(target, from.bytes);
    return;
  }
  if (mayLink) {
    try {
      await link(from.file, target);
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EXDEV' && errnoOf(error) !== 'EPERM') throw error;
    }
  }
  await copyFile(from.file, target);
}

async function listing(file: string, path: string, digest: 'sha256' | 'sm3'): Promise<ListedFile> {
  const sha256 = createHash('sha256');
  const sm3 = digest === 'sm3' ? createHash('sm3') : undefined;
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    sha256.update(chunk);
    sm3?.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, sha256: sha256.digest('hex'), ...(sm3 ? { sm3: sm3.digest('hex') } : {}) };
}

function signedManifest(
  content: PackageContent,
  { site, manifests, digest, version }: PackageDeps,
  { listed, madeAt, by, reason }: BuildOptions & { listed: ListedFile[] },
) {
  const { signer } = manifests;
  const { kind, id, title, from, to } = content;
  const body = {
    schema: 1,
    ...{ kind, id, title, site: site.id, siteName: site.name, digest },
    from: isoOf(from),
    to: isoOf(to),
    madeAt: isoOf(madeAt),
    ...{ by, reason, version },
    key: { algorithm: signer.algorithm, fingerprint: signer.fingerprint, publicKey: signer.publicKey },
    files: listed,
    chains: [...content.chains].map(([chain, entries]) => ({
      path: `chains/${chain}.jsonl`,
      first: entries[0]!.seq,
      last: entries.at(-1)!.seq,
    })),
    timeline: content.cameras.map(({ camera }) => ({ camera, from: isoOf(from), to: isoOf(to) })),
    loops: listed.map(({ path }) => path).filter((path) => path.endsWith('/loop.json')),
    remarks: content.remarks,
  };
  const hash = createHash(digest).update(canonicalJson(body)).digest('hex');
  return { ...body, hash, signature: signer.sign(hash) };
}
