/** Why a window is expected to be staffed or not, and what is doubtful about the calendar. */
export const calendarMessages = {
  'expected.always': { zh: '全天', en: 'All day' },
  'expected.shift': { zh: '在班', en: 'On shift' },
  'expected.workday-unverified': { zh: '在班(缺少当年节假日数据)', en: 'On shift (no holiday data for this year)' },
  'expected.lunch': { zh: '午间轮休', en: 'Lunch rota' },
  'expected.off-shift': { zh: '非班次时间', en: 'Outside the shift' },
  'expected.weekend': { zh: '周末', en: 'Weekend' },
  'expected.off-day': { zh: '非开放日', en: 'Not a day of this schedule' },
  'expected.holiday': { zh: '法定节假日', en: 'National holiday' },
  'expected.closed-day': { zh: '大厅闭馆', en: 'Closed by the hall' },
  'expected.standby': { zh: '暂停服务', en: 'Standby' },
  'calendar.no-holiday-data': {
    zh: '缺少 {year} 年节假日数据,工作日仅按星期判断,请升级或在本大厅日历中填写',
    en: 'No holiday data for {year}: weekdays alone decide. Update, or fill in the hall’s own calendar',
  },
  'end.returned': { zh: '已返回', en: 'Returned' },
  'end.exempt': { zh: '班次结束或暂停服务', en: 'No longer expected' },
  'end.source-end': { zh: '录像结束', en: 'The recording ended' },
} as const;
