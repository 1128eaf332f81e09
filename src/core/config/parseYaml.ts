import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError, type ConfigPath, type ConfigProblem, pathText, positionOf } from './problems.js';

/** A parsed file with a way to say where in it a value stands. */
export interface ParsedYaml<T> {
  data: T;
  locate(path: ConfigPath, message: string): ConfigProblem;
}

/**
 * Reads a YAML text by a strict schema. `file` is only named in problems.
 * @throws ConfigError with every mistake, each with line, column and path
 */
export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): ParsedYaml<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): ConfigProblem => {
      const { line, col: column } = lines.linePos(error.pos[0]);
      return { file, line, column, path: '', message: error.message.split('\n', 1)[0]!.replace(/ at line .*$/, '') };
    });
    throw new ConfigError(file, problems);
  }
  const locate = (path: ConfigPath, message: string): ConfigProblem => ({
    file,
    ...positionOf(document as unknown as Document, lines, path),
    path: pathText(path),
    message,
  });
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (parsed.success) return { data: parsed.data, locate };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, locate));
  throw new ConfigError(file, problems);
}

function problemsOf(issue: z.core.$ZodIssue, locate: ParsedYaml<unknown>['locate']): ConfigProblem[] {
  const path = issue.path as ConfigPath;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => locate([...path, key], `unknown key "${key}"`));
  return [locate(path, issue.message)];
}
