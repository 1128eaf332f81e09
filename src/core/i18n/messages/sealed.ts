/** What is said of a sealed evaluation room. */
export const sealedMessages = {
  'rule.sealedRoom.stranger': { zh: '陌生人员进入', en: 'Stranger' },
  'rule.sealedRoom.known': { zh: '非本项目人员', en: 'Known, not on this roster' },
  'rule.sealedRoom.wrongRoom': { zh: '进错评标室', en: 'Wrong room' },
  'rule.sealedRoom.headCount': { zh: '人数超出名单', en: 'More people than the roster' },
  'rule.sealedRoom.presence': { zh: '非评标时段有人', en: 'Presence without a session' },
  'rule.sealedRoom.roster': { zh: '评标未录入名单', en: 'Session without a roster' },
  'rule.sealedRoom.unidentified': { zh: '人员待核实', en: 'Person to be checked' },
  'rule.sealedRoom.reentry': { zh: '离场后再次进入', en: 'Re-entry' },
  'rule.sealedRoom.late': { zh: '迟到进场', en: 'Late entry' },
  'rule.sealedRoom.seating': { zh: '未间隔就座', en: 'Seats too near' },
  'rule.sealedRoom.phone': { zh: '使用手机', en: 'Phone in use' },
  'rule.sealedRoom.empty': { zh: '评标室无人', en: 'Empty room in a session' },
  'rule.sealedRoom.stay': { zh: '休息区滞留', en: 'Over-stay' },
  'alert.sealedRoom.stranger': {
    zh: '{persons} 人不在本次评标名单内,已 {duration},请立即核实',
    en: '{persons} not on the roster of this evaluation, for {duration}: check at once',
  },
  'alert.sealedRoom.known': {
    zh: '{names} 属于其他项目或未登记进入,不应在本室,已 {duration}',
    en: '{names}: of another evaluation, or without an entry, in this room for {duration}',
  },
  'alert.sealedRoom.wrongRoom': {
    zh: '{names} 应在其他评标室,已在本室 {duration}',
    en: '{names}: rostered for another room, in this one for {duration}',
  },
  'alert.sealedRoom.headCount': {
    zh: '室内 {persons} 人,名单允许 {allowed} 人,超出 {over} 人,已 {duration}',
    en: '{persons} in the room, {allowed} allowed, {over} too many for {duration}',
  },
  'alert.sealedRoom.presence': {
    zh: '没有进行中的评标,室内有 {persons} 人,已 {duration}',
    en: 'No evaluation is open and {persons} are in the room, for {duration}',
  },
  'alert.sealedRoom.roster': {
    zh: '评标 {project} 已开始但没有名单,无法核验人员,请补录',
    en: 'Evaluation {project} runs without a roster: nobody can be checked until it has one',
  },
  'alert.sealedRoom.unidentified': {
    zh: '{persons} 人面部无法识别,已 {duration},请现场核实',
    en: '{persons} without a usable face for {duration}: please check on the spot',
  },
  'alert.sealedRoom.reentry': { zh: '{names} 离场后再次进入', en: '{names} came back after having left' },
  'alert.sealedRoom.late': { zh: '{names} 超过规定时间进场', en: '{names} entered after the allowed time' },
  'alert.sealedRoom.seating': {
    zh: '{pairs} 对人员座位过近,已 {duration}',
    en: '{pairs} pair(s) seated too near to each other for {duration}',
  },
  'alert.sealedRoom.phone': {
    zh: '疑似使用手机 {duration},请核对画面',
    en: 'A phone seems to be in use for {duration}: see the picture',
  },
  'alert.sealedRoom.empty': {
    zh: '评标进行中,室内无人 {duration}',
    en: 'Nobody in the room for {duration} while an evaluation runs',
  },
  'alert.sealedRoom.stay': {
    zh: '{persons} 人在休息区或走廊停留过久({names})',
    en: '{persons} in a lounge or corridor for too long ({names})',
  },
  'entry.enter': { zh: '进入', en: 'came in' },
  'entry.leave': { zh: '离开', en: 'left' },
  'entry.found': { zh: '已在室内', en: 'was inside' },
  'entry.identified': { zh: '已识别', en: 'recognised' },
} as const;
