// Writes the dashboards and the provisioning of Grafana from grafana/code. A test fails when they are out of date.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const grafana = fileURLToPath(new URL('../grafana', import.meta.url));
// Below node_modules, so that the code finds its packages.
const work = fileURLToPath(new URL(`../node_modules/.hallwatch-grafana-${process.pid}`, import.meta.url));
const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
mkdirSync(work, { recursive: true });
try {
  for (const name of readdirSync(join(grafana, 'code'))) {
    const source = readFileSync(join(grafana, 'code', name), 'utf8');
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    writeFileSync(join(work, name.replace(/\.ts$/, '.js')), outputText);
  }
  writeFileSync(join(work, 'package.json'), '{"type":"module"}');
  const { grafanaFiles } = await import(pathToFileURL(join(work, 'files.js')).href);
  for (const [path, text] of Object.entries(grafanaFiles())) {
    mkdirSync(dirname(join(grafana, path)), { recursive: true });
    writeFileSync(join(grafana, path), text);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
