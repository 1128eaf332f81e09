import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Rooms of `src` as JavaScript below `folder`, for a child process that a test will kill. Returns the path of its `src`. */
export function transpileRooms(folder: string, rooms: readonly string[]): string {
  const source = join(root, 'src');
  for (const name of rooms.flatMap((room) =>
    readdirSync(join(source, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
  )) {
    if (!name.endsWith('.ts')) continue;
    const target = join(folder, 'src', name.replace(/\.ts$/, '.js'));
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      ts.transpileModule(readFileSync(join(source, name), 'utf8'), { compilerOptions: options }).outputText,
    );
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'src');
}
