import { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import { canonicalJson, sha256 } from '../../core/hash.js';
import { ruleTitle } from '../../core/i18n/sentence.js';
import type { Language } from '../../core/i18n/translate.js';
import { eventMs } from '../../core/time.js';
import type { ruleRoutes } from '../api/contract/rules.js';
import type { AnswerOf, BodyOf } from '../api/contract.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import { type ListSetting, listSetting } from '../duty/listSetting.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AccountsLedger, AlertsLedger } from '../ledgerPort.js';
import type { BacktestRequest, BacktestResult } from '../ports.js';
import { RULE_NAMES, ruleParameters, shownValues, writtenValue } from './ruleForm.js';

export interface RuleAreaDeps {
  ledger: Pick<AlertsLedger, 'ruleVersions'> & Pick<AccountsLedger, 'settings'>;
  hall: () => Hall;
  configFile: ConfigFile;
  people: People;
  clock: Clock;
  backtest: ((request: BacktestRequest, signal: AbortSignal) => Promise<BacktestResult>) | undefined;
}

type RuleCard = AnswerOf<'listRules'>['items'][number];
type Version = RuleCard['versions'][number];

const plainValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const storedEdit = z.object({
  rule: z.string(),
  version: z.string(),
  at: z.number(),
  by: z.string(),
  note: z.string(),
  window: z.string().nullable(),
  parameters: z.record(z.string(), plainValue),
});
type Edit = z.output<typeof storedEdit>;
const EDITS_KEPT = 500;

/** Rules: parameters with their explanations, versions, changes and what a change would have done. */
export function ruleArea(deps: RuleAreaDeps): HandlersOf<typeof ruleRoutes> {
  const { ledger, hall, configFile, clock, backtest } = deps;
  const edits = listSetting(ledger, 'rules.edits', storedEdit);
  const known = (rule: string): void => {
    if (!RULE_NAMES.includes(rule)) throw new ApiError('not-found');
  };
  return {
    listRules: {
      handle: ({ language }) => ({
        items: RULE_NAMES.map((rule) => cardOf(rule, language, edits, deps)),
        etag: configFile.etag(),
      }),
    },
    putRule: {
      handle({ params: { id: rule }, body, principal, language }) {
        known(rule);
        const effect = configFile.edit(body.etag, (written) => {
          const base = body.window === undefined ? [] : ['windows', written.indexOf('windows', body.window)];
          return Object.entries(body.parameters).map(([key, value]) => ({
            path: [...base, 'rules', rule, key],
            value: writtenValue(rule, key, value),
          }));
        });
        const by = principal.kind === 'user' ? principal.id : 'system';
        edits.save([...edits.all(), editOf(rule, body, { by, at: clock.now() })].slice(-EDITS_KEPT));
        return { rule: cardOf(rule, language, edits, deps), effect, etag: configFile.etag() };
      },
    },
    backtestRule: {
      async handle({ params: { id: rule }, body, signal }) {
        known(rule);
        if (!backtest) return { state: 'unavailable', reason: 'no-backtest' };
        const { parameters, window } = body;
        if (window !== undefined && !hall().window(window)) throw new ApiError('not-found');
        const span = { from: eventMs(body.from), to: eventMs(body.to) };
        return { state: 'ready', data: await backtest({ rule, parameters, window, ...span }, signal) };
      },
    },
  };
}

function editOf(rule: string, body: BodyOf<'putRule'>, { by, at }: { by: string; at: number }): Edit {
  const { parameters, note, window = null } = body;
  const version = sha256(canonicalJson({ rule, window, parameters, at })).slice(0, 12);
  return { rule, version, at, by, note, window, parameters };
}

function cardOf(rule: string, language: Language, edits: ListSetting<Edit>, deps: RuleAreaDeps): RuleCard {
  const { config } = deps.hall();
  const used = deps.ledger.ruleVersions.list(rule);
  return {
    rule,
    title: ruleTitle(rule, language),
    version: used.at(-1)?.version ?? 'unused',
    parameters: ruleParameters(rule, config),
    overrides: config.windows.flatMap((window) => {
      const own: unknown = Reflect.get(window.rules, rule);
      if (typeof own !== 'object' || own === null || Object.keys(own).length === 0) return [];
      const parameters = shownValues(rule, own as Record<string, unknown>);
      return [{ window: window.id, windowName: window.name ?? window.id, parameters }];
    }),
    versions: [
      ...used.map(
        ({ version, effectiveFrom, parameters }): Version => ({
          version,
          effectiveFrom,
          by: null,
          note: '',
          window: null,
          parameters: Object.fromEntries(
            Object.entries(parameters).map(([key, value]) => [key, Array.isArray(value) ? value.join(', ') : value]),
          ),
        }),
      ),
      ...edits
        .all()
        .filter((edit) => edit.rule === rule)
        .map(({ at, by, version, note, window, parameters }): Version => {
          return { version, effectiveFrom: at, by: deps.people(by, language), note, window, parameters };
        }),
    ].sort((a, b) => b.effectiveFrom - a.effectiveFrom),
  };
}
