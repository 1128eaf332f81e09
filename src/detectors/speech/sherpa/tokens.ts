import { AppError } from '../../../core/errors.js';

/**
 * Reads a `tokens.txt`: a token and its number a line, numbers from 0 without gaps.
 * @throws AppError `model` for anything else: a wrong table ends the process that loads it
 */
export function parseTokens(text: string, where: string): Set<string> {
  const tokens = new Map<number, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const cut = line.lastIndexOf(' ');
    const id = Number(line.slice(cut + 1));
    // A line of one blank and a number is the token for the blank itself.
    if (cut < 0 || !Number.isInteger(id) || tokens.has(id)) throw tokenError(where, `line ${JSON.stringify(line)}`);
    tokens.set(id, line.slice(0, cut));
  }
  for (let id = 0; id < tokens.size; id += 1) if (!tokens.has(id)) throw tokenError(where, `no token ${id}`);
  if (tokens.size === 0) throw tokenError(where, 'it is empty');
  return new Set(tokens.values());
}

const tokenError = (where: string, why: string): AppError => new AppError('model', `tokens: ${where}: ${why}`);
