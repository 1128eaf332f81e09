/** A small hall for the board's tests: two windows, one room, three cameras. */
export const HALL_YAML = `# 测试大厅
site: { id: test, name: 测试大厅 } # 名称
cameras:
  - { id: cam-1, name: 一号, source: "sim:counter" }
  - { id: cam-r, source: "sim:room" }
windows:
  - id: A01 # 综合
    name: A01 综合窗口
    department: 不动产
    area: 一楼
    camera: cam-1
    staffZone: [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]]
  - id: A02
    name: A02 社保
    department: 社保
    area: 二楼
    camera: cam-1
    staffZone: [[0.6, 0.2], [0.9, 0.2], [0.9, 0.9], [0.6, 0.9]]
rooms:
  - { id: R1, name: 第一评标室, cameras: [cam-r], audio: cam-r }
schedules:
  day: { shifts: [{ from: "09:00", to: "17:00" }] }
rules:
  absence: { absentAfter: 15m }
calendar:
  overlay:
    - { date: 2026-10-10, open: false } # 停电
`;
