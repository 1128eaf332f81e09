import { z } from 'zod';
import { configSchema } from './schema.js';

interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

/** JSON schema (draft 2020-12) of what may be written in a configuration file, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configSchema, { io: 'input' }), title: 'Hallwatch configuration' };
}

/** The same as the committed file `config/hall.schema.json` holds it. */
export const configJsonSchemaText = (): string => `${JSON.stringify(configJsonSchema(), null, 2)}\n`;

/** The configuration reference as Markdown, one row a key, generated from the schema so that it cannot drift. */
export function configReference(): string {
  const rows: string[] = [];
  collect(configJsonSchema() as JsonSchema, '', rows);
  return [
    '# 配置参考 Configuration reference',
    '',
    '由 `node scripts/generate-config-reference.mjs` 从 schema 生成,请勿手改。Generated from the schema; do not edit.',
    '',
    '| 键 Key | 类型 Type | 默认 Default | 说明 Meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function collect(schema: JsonSchema, path: string, rows: string[]): void {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const here = path === '' ? key : `${path}.${key}`;
    const required = schema.required?.includes(key) && child.default === undefined;
    rows.push(
      `| \`${here}\` | ${typeText(child)} | ${required ? '必填 required' : defaultText(child)} | ${escapeCell(child.description ?? '')} |`,
    );
    if (child.items?.properties) collect(child.items, `${here}[]`, rows);
    else if (typeof child.additionalProperties === 'object') collect(child.additionalProperties, `${here}.NAME`, rows);
    else collect(child, here, rows);
  }
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

function typeText(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' / ');
  if (schema.items) return `list of ${typeText(schema.items)}`;
  const type = Array.isArray(schema.type) ? schema.type.join('/') : (schema.type ?? 'tuple');
  const shown = schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < 1e9;
  return shown ? `${type} ${schema.minimum}–${schema.maximum}` : type;
}

function defaultText(schema: JsonSchema): string {
  if (schema.default === undefined) return '';
  const text = JSON.stringify(schema.default);
  return text.length > 40 || text === '{}' ? '' : `\`${escapeCell(text)}\``;
}
