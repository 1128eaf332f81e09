import { z } from 'zod';
import { rules as rulesSchema } from '../../core/config/rules.js';
import type { Config } from '../../core/config/schema.js';
import { formatDuration } from '../../core/duration.js';
import type { AnswerOf } from '../api/contract.js';

type Parameter = AnswerOf<'listRules'>['items'][number]['parameters'][number];
export type ParameterValue = Parameter['value'];

interface FieldSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  examples?: unknown[];
  minimum?: number;
  maximum?: number;
  items?: FieldSchema;
}

interface RulesJsonSchema {
  properties: Record<string, { properties: Record<string, FieldSchema> }>;
}

/** The rules' schema as JSON schema: the form, the file and the check can never differ. */
const schema = z.toJSONSchema(rulesSchema, { io: 'input' }) as unknown as RulesJsonSchema;

export const RULE_NAMES = Object.keys(schema.properties);

/** What may be set of a rule, with its value in force. Durations are texts such as `15m`; lists are joined by commas. */
export function ruleParameters(rule: string, config: Config): Parameter[] {
  const inForce = Reflect.get(config.rules, rule) as Record<string, unknown>;
  return Object.entries(schema.properties[rule]?.properties ?? {}).map(([key, field]) => {
    const [zh = '', en = ''] = (field.description ?? key).split(' · ');
    return {
      key,
      kind: kindOf(field),
      value: shown(inForce[key], field),
      default: shown(field.default, field),
      min: bound(field.minimum),
      max: bound(field.maximum),
      choices: field.enum ?? [],
      text: { zh, en: en === '' ? zh : en },
    };
  });
}

/** Values in force as a form shows them. */
export const shownValues = (rule: string, values: Record<string, unknown>): Record<string, ParameterValue> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, shown(value, schema.properties[rule]?.properties[key] ?? {})]),
  );

/** A form's value as it is written into the file: a list's text is taken apart again. */
export function writtenValue(rule: string, key: string, value: string | number | boolean): unknown {
  const field = schema.properties[rule]?.properties[key];
  if (field?.type !== 'array' || typeof value !== 'string') return value;
  return value
    .split(/[,,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const isDuration = (field: FieldSchema): boolean => field.examples?.includes('15m') === true;
const bound = (value: number | undefined): number | null =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;

function kindOf(field: FieldSchema): Parameter['kind'] {
  if (isDuration(field)) return 'duration';
  if (field.enum) return 'choice';
  if (field.type === 'integer' || field.type === 'number' || field.type === 'boolean') return field.type;
  return field.type === 'string' ? 'text' : 'complex';
}

/** Parsed durations are milliseconds, written ones are texts already. */
function shown(value: unknown, field: FieldSchema): ParameterValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return isDuration(field) ? formatDuration(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => shown(item, field.items ?? {})).join(', ');
  return JSON.stringify(value);
}
