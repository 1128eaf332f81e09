import { z } from 'zod';
import { errorBody } from './contract/common.js';
import { isRaw, type RouteSpec } from './contract/route.js';
import { type RouteName, routes } from './contract.js';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of the whole API, made from the contract's schemas: `docs/openapi.json` is this, written down. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  const shared: Record<string, Json> = {};
  shared.Error = schemaOf(errorBody, 'output', shared);
  for (const [name, spec] of Object.entries(routes) as Array<[RouteName, RouteSpec]>) {
    const path = spec.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [spec.method]: operation(name, spec, shared) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hallwatch',
      version: '1',
      description:
        'Instants are UTC milliseconds, durations milliseconds, coverage 0-1, coordinates fractions of the picture 0-1.',
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      schemas: shared,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'hallwatch',
          description: '__Host-hallwatch behind https. Mutating calls add X-Hallwatch-Csrf and X-Hallwatch-Request.',
        },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

/** The description as it stands in `docs/openapi.json`. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(), null, 2)}\n`;

/** Named schemas (`meta({ id })`) go to the components once, instead of into every answer that carries them. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', shared: Record<string, Json>): Json {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', override: tidy });
  for (const [name, definition] of Object.entries($defs)) shared[name] = withComponentRefs(definition) as Json;
  return withComponentRefs(rest) as Json;
}

/** Every integer of JavaScript has these bounds; saying so tells nobody anything. */
function tidy({ jsonSchema }: { jsonSchema: { minimum?: number; maximum?: number; id?: string } }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  delete jsonSchema.id;
}

function withComponentRefs(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

function operation(name: string, spec: RouteSpec, shared: Record<string, Json>): Json {
  const [, area = 'system'] = /^\/api\/([\w-]+)/.exec(spec.path) ?? [];
  return {
    operationId: name,
    tags: [area],
    summary: spec.summary.zh,
    description: spec.summary.en,
    'x-action': spec.action,
    ...(spec.action === 'public.read' ? { security: [] } : {}),
    parameters: [...parametersOf(spec.params, 'path'), ...parametersOf(spec.query, 'query')],
    ...(spec.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(spec.body, 'input', shared) } },
          },
        }
      : {}),
    responses: {
      200: { description: 'OK', content: contentOf(spec.response, shared) },
      default: {
        description: 'Error',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function contentOf(response: RouteSpec['response'], shared: Record<string, Json>): Json {
  if (!isRaw(response)) return { 'application/json': { schema: schemaOf(response, 'output', shared) } };
  return { [response.raw]: { schema: response.raw.startsWith('text/') ? { type: 'string' } : {} } };
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', {}) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}
