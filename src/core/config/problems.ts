import { type Document, isMap, isSeq, type LineCounter, type Node } from 'yaml';
import { AppError } from '../errors.js';

/** Where a value stands in the configuration, e.g. `['windows', 0, 'staffZone']`. */
export type ConfigPath = ReadonlyArray<string | number>;

/** One mistake in a configuration file. */
export interface ConfigProblem {
  file: string;
  /** 1-based; 0 where the file as a whole is meant. */
  line: number;
  column: number;
  path: string;
  message: string;
}

/** `windows[0].staffZone[2]` */
export function pathText(path: ConfigPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** `config/hall.yaml:12:5: windows[0].camera: no camera "cam-x"` */
export const problemText = (problem: ConfigProblem): string =>
  `${problem.file}:${problem.line}:${problem.column}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;

/** Carries every mistake of a file, so that all can be mended in one go. */
export class ConfigError extends AppError {
  readonly problems: ConfigProblem[];

  constructor(file: string, problems: ConfigProblem[]) {
    super('config', `config ${file}: ${problems.length} problem(s):\n${problems.map(problemText).join('\n')}`);
    this.problems = problems;
  }
}

/** Line and column of the value at a path, or of its nearest parent that is written in the file. */
export function positionOf(document: Document, lines: LineCounter, path: ConfigPath): { line: number; column: number } {
  let node: Node | null = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String((item.key as { value?: unknown })?.value ?? item.key) === String(part),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(part)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else break;
    if (node === null) break;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
