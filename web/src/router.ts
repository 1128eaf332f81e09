import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import type { Action } from '../../src/board/access/actions.js';
import type { TextKey } from './locales/all.js';
import type { IconName } from './parts/icons.js';

declare module 'vue-router' {
  interface RouteMeta {
    /** The action without which the page makes no sense. */
    needs?: Action;
    /** Shown without bar and navigation. */
    bare?: boolean;
    title?: TextKey;
  }
}

/** One page in the navigation. */
export interface NavEntry {
  to: string;
  title: TextKey;
  icon: IconName;
  needs: Action;
}

/** The pages in the order people use them. A page is one line here and one route below. */
export const navigation: readonly NavEntry[] = [
  { to: '/', title: 'shell.board', icon: 'board', needs: 'live.read' },
  { to: '/alerts', title: 'shell.alerts', icon: 'alerts', needs: 'incident.list' },
  { to: '/rooms', title: 'shell.rooms', icon: 'rooms', needs: 'room.list' },
  { to: '/evaluations', title: 'shell.evaluations', icon: 'sessions', needs: 'evaluation.read' },
  { to: '/patrols', title: 'shell.patrols', icon: 'patrol', needs: 'patrol.read' },
  { to: '/words', title: 'shell.words', icon: 'words', needs: 'speech.read' },
  { to: '/cameras', title: 'shell.cameras', icon: 'cameras', needs: 'camera.read' },
  { to: '/rules', title: 'shell.rules', icon: 'rules', needs: 'rule.read' },
  { to: '/duty', title: 'shell.duty', icon: 'duty', needs: 'duty.read' },
  { to: '/evidence', title: 'shell.evidence', icon: 'evidence', needs: 'evidence.read' },
  { to: '/reports', title: 'shell.reports', icon: 'reports', needs: 'report.read' },
  { to: '/my-month', title: 'shell.myMonth', icon: 'reports', needs: 'mine.read' },
  { to: '/system', title: 'shell.system', icon: 'system', needs: 'system.read' },
];

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./pages/BoardPage.vue'), meta: { needs: 'live.read', title: 'shell.board' } },
  {
    path: '/wall',
    component: () => import('./pages/WallPage.vue'),
    meta: { needs: 'live.read', bare: true, title: 'shell.wall' },
  },
  {
    path: '/alerts/:id?',
    component: () => import('./pages/AlertsPage.vue'),
    meta: { needs: 'incident.list', title: 'shell.alerts' },
  },
  {
    path: '/rooms/:id?',
    component: () => import('./pages/RoomsPage.vue'),
    meta: { needs: 'room.list', title: 'shell.rooms' },
  },
  {
    path: '/evaluations/:id?',
    component: () => import('./pages/EvaluationsPage.vue'),
    meta: { needs: 'evaluation.read', title: 'shell.evaluations' },
  },
  {
    path: '/rooms/:id/seats',
    component: () => import('./pages/SeatsPage.vue'),
    meta: { needs: 'zone.read', title: 'shell.rooms' },
  },
  {
    path: '/rooms/:id/areas',
    component: () => import('./pages/AreasPage.vue'),
    meta: { needs: 'zone.read', title: 'shell.rooms' },
  },
  {
    path: '/patrols',
    component: () => import('./pages/PatrolsPage.vue'),
    meta: { needs: 'patrol.read', title: 'shell.patrols' },
  },
  {
    path: '/words',
    component: () => import('./pages/WordsPage.vue'),
    meta: { needs: 'speech.read', title: 'shell.words' },
  },
  {
    path: '/cameras/:id?',
    component: () => import('./pages/CamerasPage.vue'),
    meta: { needs: 'camera.read', title: 'shell.cameras' },
  },
  {
    path: '/cameras/:id/zones',
    component: () => import('./pages/ZonesPage.vue'),
    meta: { needs: 'zone.read', title: 'shell.cameras' },
  },
  {
    path: '/plan',
    component: () => import('./pages/PlanPage.vue'),
    meta: { needs: 'floorplan.write', title: 'board.editPlan' },
  },
  {
    path: '/rules',
    component: () => import('./pages/RulesPage.vue'),
    meta: { needs: 'rule.read', title: 'shell.rules' },
  },
  { path: '/duty', component: () => import('./pages/DutyPage.vue'), meta: { needs: 'duty.read', title: 'shell.duty' } },
  {
    path: '/evidence',
    component: () => import('./pages/EvidencePage.vue'),
    meta: { needs: 'evidence.read', title: 'shell.evidence' },
  },
  {
    path: '/reports/:month?',
    component: () => import('./pages/ReportsPage.vue'),
    meta: { needs: 'report.read', title: 'shell.reports' },
  },
  {
    path: '/my-month',
    component: () => import('./pages/MyMonthPage.vue'),
    meta: { needs: 'mine.read', title: 'shell.myMonth' },
  },
  {
    path: '/system',
    component: () => import('./pages/SystemPage.vue'),
    meta: { needs: 'system.read', title: 'shell.system' },
  },
  { path: '/:rest(.*)*', component: () => import('./pages/NotFoundPage.vue'), meta: { title: 'shell.notFound' } },
];

export const router = createRouter({ history: createWebHistory(), routes });

const RELOADED = 'hallwatch.reloaded';

// After an update the old page asks for files that are gone: load the new page once, not in a circle.
router.onError((error, to) => {
  if (!/dynamically imported module|module script/i.test(String(error))) return;
  if (sessionStorage.getItem(RELOADED) === to.fullPath) return;
  sessionStorage.setItem(RELOADED, to.fullPath);
  window.location.assign(to.fullPath);
});
router.afterEach(() => sessionStorage.removeItem(RELOADED));
