/** One thing that is not as it was signed. */
export interface PackageFinding {
  kind: 'missing' | 'changed' | 'added' | 'reordered' | 'unsigned';
  /** Path inside the package. */
  file: string;
  /** Which entry, second or step. */
  detail: string;
}

export interface PackageGap {
  camera: string;
  /** ISO 8601. */
  from: string;
  to: string;
  cause: string;
}

export interface PackageVerdict {
  ok: boolean;
  kind: string;
  id: string;
  site: string | undefined;
  key: string | undefined;
  algorithm: string | undefined;
  madeAt: string | undefined;
  files: number;
  entries: number;
  findings: PackageFinding[];
  gaps: PackageGap[];
  deletions: unknown[];
}

/**
 * Checks a package folder against its manifest, chains and signatures.
 * @throws Error with `usage: true` where the folder holds no package, with `damaged: true` where its manifest is unreadable
 */
export function verifyPackage(folder: string, options?: { key?: string | undefined }): PackageVerdict;

/** The verdict as lines for people, Chinese and English. */
export function reportLines(verdict: PackageVerdict): string[];
