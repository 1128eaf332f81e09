import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { evaluationId, personId, STAFF_LIST } from '../../src/core/evaluation.js';
import { cameraId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs, plusMs } from '../../src/core/time.js';
import { openInference } from '../../src/detectors/inference/pool.js';
import { TEMPLATES_DELETED } from '../../src/pipeline/faceVault.js';
import { type HallPeople, hallPeople } from '../../src/pipeline/hallPeople.js';
import { type Harness, PASSWORD, startBoard } from '../board/support/boardHarness.js';
import { temporaryFolder } from '../support/ledger.js';
import { modelCache } from '../support/modelCache.js';
import { sharedPath } from '../support/shared.js';
import { ensureBuilt, hasChromium, launch, watchedPage } from './support/browser.js';

const webFolder = process.env.HALLWATCH_WEB ?? fileURLToPath(new URL('../../web/dist/', import.meta.url));
const shots = process.env.HALLWATCH_SHOTS ?? '';
const faces = sharedPath('footage/faces/london');

const YAML = `
site: { id: test, name: 测试大厅 }
cameras:
  - { id: cam-r, source: "sim:room" }
  - { id: cam-s, source: "sim:room" }
windows: []
rooms:
  - id: R1
    name: 第一评标室
    cameras: [cam-r]
    seats:
      - { id: S1, zone: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.7], [0.1, 0.7]], beside: [S2] }
      - { id: S2, zone: [[0.3, 0.4], [0.45, 0.4], [0.45, 0.7], [0.3, 0.7]], beside: [S1] }
      - { id: S3, zone: [[0.7, 0.4], [0.88, 0.4], [0.88, 0.72], [0.7, 0.72]] }
    floor:
      - { at: [0.1, 0.95], metres: [0, 0] }
      - { at: [0.9, 0.95], metres: [4, 0] }
      - { at: [0.7, 0.55], metres: [4, 3] }
      - { at: [0.3, 0.55], metres: [0, 3] }
  - { id: R2, name: 第二评标室, cameras: [cam-s] }
attendance: { enabled: true, camera: cam-s }
patrols:
  - id: p1
    name: 封闭区巡逻
    every: 2h
    points:
      - { id: a, name: 一室门口, camera: cam-r, preset: 门口 }
      - { id: b, name: 二室, camera: cam-s, snapshots: 1 }
`;

interface Started extends Harness {
  people: HallPeople;
  keys: string;
  /** The configuration file that the board edits. */
  file: string;
}

/** The real board over the real networks, vault and keys; only the cameras are not there. */
async function started(): Promise<Started> {
  const data = temporaryFolder();
  const keys = join(temporaryFolder(), 'keys');
  const config = { ...parseConfig(YAML, 'hall.yaml'), faces: { enabled: true, keys } };
  const file = join(data, 'hall.yaml');
  writeFileSync(file, YAML);
  const pool = await openInference({
    backend: 'auto',
    workers: 1,
    log: silentLogger,
    clock: systemClock,
    cacheFolder: modelCache(),
  });
  onTestFinished(() => pool.close());
  let people: HallPeople | undefined;
  const picture = sharedPath('footage/room/coco_000000013659.jpg');
  const still = picture === undefined ? Buffer.alloc(0) : readFileSync(picture);
  const harness = await startBoard({
    webFolder,
    config: {
      current: () => config,
      file,
      apply(next) {
        Object.assign(config, { rooms: next.rooms });
        return 'restart-needed';
      },
    },
    cameras: { picture: async () => (still.length > 0 ? { at: eventMs(1), jpeg: still } : undefined) },
    faces: {
      enabled: () => true,
      enrol: (target, photo, signal) => people!.ports.faces.enrol(target, photo, signal),
      photos: (list) => people?.ports.faces.photos(list) ?? new Map(),
      forget: (list, person) => people!.ports.faces.forget(list, person),
      identify: (list, photo, signal) => people!.ports.faces.identify(list, photo, signal),
    },
    arrivalPhotos: {
      save: (list, photo) => people!.ports.arrivalPhotos.save(list, photo),
      read: (path, hash) => people!.ports.arrivalPhotos.read(path, hash),
    },
    rooms: {
      session: (room) => people!.ports.rooms.session!(room),
      roster: (room) => people!.ports.rooms.roster!(room),
      entries: (room) => people!.ports.rooms.entries!(room),
    },
    patrol: { start: () => eventMs(0), read: () => still },
  });
  people = hallPeople({
    config,
    pool,
    data,
    ledger: harness.ledger,
    live: harness.live,
    clock: harness.clock,
    log: silentLogger,
  });
  return { ...harness, people, keys, file };
}

async function shot(page: Page, name: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${shots}/${name}-${width}.png` });
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}

describe.skipIf(!hasChromium() || faces === undefined)('an evaluation from its plan to its end, in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    ensureBuilt();
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('roster by CSV, faces, opening, sign-in, entries, closing; the faces are gone and the audit log says so', {
    timeout: 240_000,
  }, async () => {
    const hall = await started();
    await hall.signIn('bid-supervisor', 'chen');
    const { page, context, faults } = await watchedPage(browser, { url: hall.board.url });
    await page.goto('/');
    await page.locator('#name').fill('chen');
    await page.locator('#password').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const dialog = page.getByRole('dialog');
    const photo = (name: string) => join(faces!, name);

    await page.goto('/evaluations');
    await button('新建场次').click();
    await dialog.getByLabel('项目编号').fill('HS-2026-081');
    await dialog.getByLabel('项目名称').fill('海曙区智慧政务二期');
    await dialog.locator('.el-select').first().click();
    await page.getByRole('option', { name: '第一评标室' }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('textbox', { name: '姓名' }).fill('待定专家');
    await shot(page, 'evaluation-form');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.locator('h1', { hasText: 'HS-2026-081' }).waitFor();

    // A faulty roster is named row by row and changes nothing; the right one replaces the roster.
    await button('导入名单').click();
    const csv = (text: string) => ({ name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    const head = '姓名,角色,类别,批次,陪同人,事由\n';
    await dialog.locator('input[type=file]').setInputFiles(csv(`${head}张三,专家,技术,一,,\n李四,豁免,代理机构,,,\n`));
    await dialog.getByText('豁免人员须写明陪同人和事由').waitFor();
    await shot(page, 'evaluation-import');
    await dialog
      .locator('input[type=file]')
      .setInputFiles(csv(`${head}张三,专家,技术,一,,\n王五,专家,经济,二,,\n李四,豁免,代理机构,,陈监督,开标答疑\n`));
    await dialog.getByText('检查通过', { exact: false }).or(dialog.locator('.fine')).first().waitFor();
    await dialog.getByRole('button', { name: '导入' }).last().click();
    await page.locator('tbody th', { hasText: '王五' }).waitFor();

    // Faces: two that are fine, and a picture without a face, each with its verdict.
    const blank = await sharp({ create: { width: 320, height: 320, channels: 3, background: '#888' } })
      .jpeg()
      .toBuffer();
    await page.locator('tr', { hasText: '张三' }).getByRole('button', { name: '登记人脸' }).click();
    await dialog.locator('input[type=file]').setInputFiles([photo('001_neutral.jpg'), photo('001_smile.jpg')]);
    await dialog.locator('li.used').nth(1).waitFor({ timeout: 60_000 });
    await dialog.locator('input[type=file]').setInputFiles({ name: 'wall.jpg', mimeType: 'image/jpeg', buffer: blank });
    await dialog.getByText('没有找到人脸', { exact: false }).waitFor({ timeout: 60_000 });
    await shot(page, 'evaluation-enrol');
    await dialog.getByRole('button', { name: '关闭' }).last().click();
    await page.locator('tr', { hasText: '张三' }).getByText('2 张').waitFor();

    await button('开启场次').click();
    await page.locator('.el-message-box').getByRole('button', { name: '开启场次' }).click();
    await page.locator('.page-head .state.open').waitFor();

    const panel = page.locator('section.panel', { hasText: '签到记录' });
    await panel.locator('fieldset').first().locator('input[type=file]').setInputFiles(photo('001_smile.jpg'));
    await panel.getByText('张三 已签到', { exact: false }).waitFor({ timeout: 60_000 });
    await panel.locator('fieldset').first().locator('input[type=file]').setInputFiles(photo('005_neutral.jpg'));
    await panel.getByText('未签到', { exact: false }).waitFor({ timeout: 60_000 });
    await panel.locator('.el-select').click();
    await page.getByRole('option', { name: '王五' }).click();
    await panel.locator('form input[type=file]').setInputFiles(photo('005_neutral.jpg'));
    await panel.getByRole('textbox', { name: '备注' }).fill('证件遗忘');
    await panel.getByRole('button', { name: '签到' }).click();
    await panel.locator('tbody tr', { hasText: '王五' }).getByText('chen').waitFor();

    const entries = page.locator('section.panel', { hasText: '豁免人员进出' });
    await entries.locator('.el-select').first().click();
    await page.getByRole('option', { name: '李四' }).click();
    await entries.getByRole('button', { name: '登记进入' }).click();
    await entries.getByText('在内').waitFor();
    await shot(page, 'evaluation-open');
    await page.goto('/rooms/R1');
    await page.getByRole('link', { name: '名单、签到、人脸登记' }).waitFor();
    await page.locator('.entries, ul').getByText('豁免登记').first().waitFor();
    await shot(page, 'rooms');
    await page.goto('/evaluations');
    await page.locator('tbody tr').first().waitFor();
    await shot(page, 'evaluations');
    await page.locator('tbody tr').first().click();

    const [session] = hall.ledger.evaluations.list();
    expect(existsSync(join(hall.keys, `${session!.id}.key`))).toBe(true);
    await button('结束场次').click();
    await page.locator('.el-message-box input').fill('评审完毕');
    await page.locator('.el-message-box').getByRole('button', { name: '结束场次' }).click();
    await page.getByText('人脸模板已删除').waitFor();
    await page.getByText('2 个模板', { exact: false }).waitFor();
    await shot(page, 'evaluation-closed');

    expect(hall.ledger.faceTemplates.of(session!.id)).toEqual([]);
    expect(existsSync(join(hall.keys, `${session!.id}.key`))).toBe(false);
    const [proof] = hall.ledger.audit.list({ action: TEMPLATES_DELETED, limit: 1 });
    expect(proof?.detail).toMatchObject({ templates: 2, persons: 1, leftInLedger: 0, key: 'destroyed' });
    expect(hall.ledger.evaluations.get(evaluationId(session!.id))?.state).toBe('closed');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('areas of the sealed area: drawn, connected, explained, and written into the configuration', {
    timeout: 60_000,
  }, async () => {
    const hall = await started();
    await hall.signIn('admin', 'root');
    const { page, context, faults } = await watchedPage(browser, { url: hall.board.url });
    await page.goto('/');
    await page.locator('#name').fill('root');
    await page.locator('#password').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    await page.goto('/rooms/R1/areas');
    await page.getByText('没有门', { exact: false }).waitFor();
    const draw = async (points: ReadonlyArray<readonly [number, number]>): Promise<void> => {
      const frame = (await page.locator('.canvas svg').boundingBox())!;
      for (const [x, y] of points) await page.mouse.click(frame.x + x * frame.width, frame.y + y * frame.height);
      await page.keyboard.press('Enter');
    };
    await page.locator('.canvas img').waitFor();
    await page.getByRole('button', { name: '+ 门' }).click();
    await draw([
      [0.05, 0.6],
      [0.2, 0.6],
      [0.2, 0.95],
      [0.05, 0.95],
    ]);
    await page.getByText('4 个顶点').waitFor();
    await page.getByRole('button', { name: '+ 评标室' }).click();
    await page.getByText('门 D1 没有和任何分区相通').waitFor();
    await page.locator('.panel .chips').nth(2).getByRole('button', { name: '门 D1' }).click();
    await page.getByText('门 D1 通向封闭区外', { exact: false }).waitFor();
    expect(await page.locator('.panel .warning').count()).toBe(0);
    await shot(page, 'areas');
    await page.getByRole('button', { name: '保存' }).click();
    await expect.poll(() => readFileSync(hall.file, 'utf8')).toContain('areas: [{ id: D1, kind: door, camera: cam-r');
    expect(hall.ledger.audit.list({ action: 'putRoomAreas', limit: 1 })[0]).toMatchObject({ object: 'rooms/R1/areas' });
    expect(faults).toEqual([]);
    await context.close();
  });

  it('punches of the day, with what was late and who entered it', { timeout: 60_000 }, async () => {
    const hall = await started();
    const people = [
      await hall.signIn('staff', '张敏'),
      await hall.signIn('staff', '李工'),
      await hall.signIn('staff', '周全'),
    ];
    await hall.signIn('hall-supervisor', 'wang');
    const nine = eventMs(hall.clock.now());
    const facts = { list: STAFF_LIST, duplicate: false, camera: cameraId('cam-s') } as const;
    const seen = { way: 'camera', by: 'system', similarity: 0.91, liveness: 0.79, punch: 'am-in' } as const;
    const [first, second] = people;
    hall.ledger.signIns.add({ ...facts, ...seen, person: personId(first!.id), at: nine, verdict: 'on-time', offMs: 0 });
    const late = { at: plusMs(nine, 720_000), verdict: 'late', offMs: 720_000 } as const;
    hall.ledger.signIns.add({ ...facts, ...seen, ...late, person: personId(second!.id) });
    const { page, context, faults } = await watchedPage(browser, { url: hall.board.url });
    await page.goto('/');
    await page.locator('#name').fill('wang');
    await page.locator('#password').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    await page.goto('/duty');
    await page.locator('.el-tabs__item', { hasText: '刷脸考勤' }).click();
    await page.getByRole('row').filter({ hasText: '李工' }).getByText('迟到', { exact: false }).waitFor();
    expect(await page.getByRole('row').count()).toBe(4);
    await shot(page, 'attendance');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('seats with their distances, and what patrols found', { timeout: 60_000 }, async () => {
    const hall = await started();
    // The page shows today, and this hall has no event time of its own.
    const round = eventMs(Date.now());
    const facts = { camera: cameraId('cam-r'), counts: { person: 3 }, findings: ['dark'] };
    const picture = { path: 'x', sha256: 'x', at: round };
    hall.ledger.patrolVisits.add({
      ...{ plan: 'p1', round, point: 'a', state: 'done', at: round },
      facts: { ...facts, name: '一室门口', preset: '门口', snapshots: [picture, picture, picture] },
    });
    hall.ledger.patrolVisits.add({
      ...{ plan: 'p1', round, point: 'b', state: 'missed', at: round },
      facts: {
        ...facts,
        name: '二室',
        camera: cameraId('cam-s'),
        counts: {},
        findings: [],
        snapshots: [],
        reason: 'timeout',
      },
    });
    await hall.signIn('admin', 'root');
    const { page, context, faults } = await watchedPage(browser, { url: hall.board.url });
    await page.goto('/');
    await page.locator('#name').fill('root');
    await page.locator('#password').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();

    await page.goto('/rooms/R1/seats');
    await page.getByText('S1 – S2', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'S1', exact: true }).first().click();
    expect(await page.locator('.chip.linked').allTextContents()).toEqual([expect.stringContaining('S2')]);
    await shot(page, 'seats');
    await page.goto('/patrols');
    await page.getByText('摄像机没有新画面').waitFor();
    await page.getByText('人 3').waitFor();
    await shot(page, 'patrols');
    await page.getByRole('button', { name: '修改' }).click();
    await page.getByRole('dialog').locator('tbody tr').nth(1).waitFor();
    await shot(page, 'patrol-form');
    expect(faults).toEqual([]);
    await context.close();
  });
});
