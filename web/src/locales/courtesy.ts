export const courtesy = {
  title: ['文明用语', 'Polite phrases'],
  lead: [
    '按服务时段汇总，不涉及个人，不留存录音与文字，不计分。听不清的时段记为“无法判断”，不算未说。',
    'Sums over service sessions: no person, no sound and no text is kept, no score. What could not be heard is unknown, not missing.',
  ],
  off: [
    '未开启。窗口录音涉及群众，须先张贴告知，再由管理员在配置中设置 rules.courtesy（enabled 与 notice）并为窗口指定 audio。',
    'Off. A window records citizens: hang a notice first; then an administrator sets rules.courtesy (enabled and notice) and names each window’s audio.',
  ],
  noWindows: ['没有窗口配置了收音（audio）', 'No window names its sound (audio)'],
  days: ['近 {days} 天', 'Last {days} days'],
  window: ['窗口', 'Window'],
  sessions: ['服务时段', 'Sessions'],
  greeting: ['开始 15 秒内问候（您好）', 'Greeting in the first 15 s'],
  farewell: ['结束 15 秒内送别（再见）', 'Farewell in the last 15 s'],
  wait: ['需等候时说请稍等', 'Patience where somebody waited'],
  share: ['{percent}%（{said}/{n}）', '{percent} % ({said}/{n})'],
  few: ['样本不足（n={n}，至少 20）', 'Not enough (n={n}, 20 at least)'],
  unknown: ['另有 {count} 次无法判断', '{count} more unknown'],
} as const;
