import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ALERT_RULES } from '../../grafana/code/alerting.js';
import { DASHBOARDS, grafanaFiles } from '../../grafana/code/files.js';
import { DATASOURCE, type GridPos, type PanelSpec } from '../../grafana/code/model.js';

const folder = fileURLToPath(new URL('../../grafana/', import.meta.url));
const files = grafanaFiles();

describe('the files of Grafana', () => {
  it('are what the code makes: else run `node scripts/generate-grafana.mjs`', () => {
    for (const [path, text] of Object.entries(files)) expect(readFileSync(folder + path, 'utf8'), path).toBe(text);
    const committed = readdirSync(`${folder}dashboards`).map((name) => `dashboards/${name}`);
    expect(committed.filter((path) => !(path in files))).toEqual([]);
  });

  it('have one data source, one uid each, and hold no secret', () => {
    const uids = [...DASHBOARDS.map(({ uid }) => uid), ...ALERT_RULES.map(({ uid }) => uid), DATASOURCE.uid];
    expect(new Set(uids).size).toBe(uids.length);
    for (const text of Object.values(files)) {
      for (const [, uid] of text.matchAll(/"uid": "([^"]+)"/g)) expect(uids).toContain(uid);
      expect(text).not.toMatch(/password: (?!\$\{)\S/);
    }
    const { groups } = parse(files['provisioning/alerting/hallwatch.yaml']!);
    expect(groups[0].rules.map((rule: { uid: string }) => rule.uid)).toEqual(ALERT_RULES.map(({ uid }) => uid));
  });
});

const overlap = (a: GridPos, b: GridPos): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe.each(DASHBOARDS.map((spec) => [spec.title, spec] as const))('the dashboard %s', (_, spec) => {
  const json = JSON.parse(files[`dashboards/${spec.uid}.json`]!);

  it('is classic JSON of schema 39 with a Chinese title, a description and its variables', () => {
    expect(json).toMatchObject({ schemaVersion: 39, uid: spec.uid, timezone: 'Asia/Shanghai' });
    expect(spec.title).toMatch(/\p{Script=Han}/u);
    expect(spec.description.length).toBeGreaterThan(10);
    expect(json.templating.list.map((one: { name: string }) => one.name)).toEqual(spec.variables);
    const used = new Set([...JSON.stringify(json.panels).matchAll(/\/\^\$(\w+)\$\//g)].map((match) => match[1]!));
    expect([...used].filter((name) => !(spec.variables as readonly string[]).includes(name))).toEqual([]);
  });

  it('has panels with titles, descriptions and units that neither overlap nor stand outside', () => {
    spec.panels.forEach((panel: PanelSpec, i) => {
      expect(panel.title, panel.title).toMatch(/\p{Script=Han}/u);
      expect(panel.description, panel.title).toMatch(/来源:/);
      expect(panel.unit, panel.title).not.toBe('');
      expect(panel.at.x + panel.at.w, panel.title).toBeLessThanOrEqual(24);
      const over = spec.panels.filter((other, j) => j > i && overlap(panel.at, other.at));
      expect(over.map(({ title }) => `${panel.title} x ${title}`)).toEqual([]);
      expect(json.panels[i].fieldConfig.defaults.unit).toBe(panel.unit);
    });
    const ids = json.panels.map((panel: { id: number }) => panel.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
