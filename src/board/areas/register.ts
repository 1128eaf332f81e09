import type { z } from 'zod';
import type { AuditRecord } from '../../alerts/ledger/audit.js';
import type { ChainVerdict } from '../../alerts/ledger/hashChain.js';
import type { Language } from '../../core/i18n/translate.js';
import type { auditEntry, systemRoutes } from '../api/contract/system.js';
import { type AnswerOf, type RouteName, routes } from '../api/contract.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AccountsLedger, AlertsLedger } from '../ledgerPort.js';

export interface RegisterAreaDeps {
  ledger: AccountsLedger & Pick<AlertsLedger, 'workflowSteps'>;
  people: People;
}

type RegisterRoutes = Pick<typeof systemRoutes, 'listAudit' | 'listViews' | 'verifyChains'>;
const OUTCOMES = ['done', 'refused', 'failed'] as const;

/** Audit log and viewing register: read backwards, never changed. */
export function registerArea({ ledger, people }: RegisterAreaDeps): HandlersOf<RegisterRoutes> {
  const auditView = (record: AuditRecord, language: Language): z.output<typeof auditEntry> => {
    const { outcome, ...detail } = record.detail ?? {};
    return {
      seq: record.seq,
      at: record.at,
      who: people(record.actor, language),
      unit: ledger.users.get(record.actor)?.unit ?? '',
      title: titleOf(record.action, language),
      action: record.action,
      object: record.object,
      outcome: OUTCOMES.find((known) => known === outcome) ?? 'done',
      detail,
      address: record.address ?? '',
      hash: record.hash,
    };
  };
  return {
    listAudit: {
      handle({ query: { user, action, before, limit }, language }) {
        const records = ledger.audit.list({ actor: user, action, before, limit });
        return { items: records.map((record) => auditView(record, language)), next: nextOf(records, limit) };
      },
    },
    listViews: {
      handle({ query: { user, before, limit }, language }) {
        const records = ledger.viewings.list({ user, before, limit });
        const items = records.map(({ seq, at, unit, object, reason, user: who }) => {
          return { seq, at, who: people(who, language), unit, object, reason };
        });
        return { items, next: nextOf(records, limit) };
      },
    },
    verifyChains: {
      handle() {
        const chains = [
          verdictOf('audit', ledger.audit.verify()),
          verdictOf('views', ledger.viewings.verify()),
          verdictOf('workflow', ledger.workflowSteps.verify()),
        ];
        const broken = chains.find(({ chain }) => chain === 'broken');
        const checked = chains.reduce((sum, one) => sum + one.checked, 0);
        return { chain: broken ? 'broken' : 'ok', checked, brokenAt: broken?.brokenAt ?? null, chains };
      },
    },
  };
}

/** What the API says of an action, without the part for programmers; the action itself where it is none of a route. */
function titleOf(action: string, language: Language): string {
  const route = Object.hasOwn(routes, action) ? routes[action as RouteName] : undefined;
  if (!route) return action;
  const { zh, en } = route.summary;
  return (language === 'en' ? en : zh).split(/[(;；(]/, 1)[0]!.trim();
}

type Chain = AnswerOf<'verifyChains'>['chains'][number];

const verdictOf = (name: Chain['name'], verdict: ChainVerdict): Chain =>
  verdict.ok
    ? { name, chain: 'ok', checked: verdict.length, brokenAt: null, reason: '' }
    : { name, chain: 'broken', checked: verdict.seq, brokenAt: verdict.seq, reason: verdict.reason };

const nextOf = (records: readonly { seq: number }[], limit: number): number | null =>
  records.length === limit ? records.at(-1)!.seq : null;
