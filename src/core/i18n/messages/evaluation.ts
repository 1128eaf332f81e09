/** What is said of an evaluation that cannot be as it was written, and of arrivals. */
export const evaluationMessages = {
  'evaluation.problem.project': { zh: '请填写项目编号', en: 'The project number is missing' },
  'evaluation.problem.order': { zh: '结束须晚于开始', en: 'The end must be after the start' },
  'evaluation.problem.rooms': { zh: '至少选择一间评标室', en: 'Choose at least one room' },
  'evaluation.problem.room': { zh: '没有评标室 {value}', en: 'There is no room {value}' },
  'evaluation.problem.room-twice': { zh: '评标室 {value} 重复', en: 'Room {value} is named twice' },
  'evaluation.problem.main': { zh: '须有且只有一个主会场', en: 'There must be exactly one main venue' },
  'evaluation.problem.person-room': {
    zh: '{value} 不是本场评标的评标室',
    en: '{value} is not a room of this evaluation',
  },
  'evaluation.problem.name': { zh: '请填写姓名', en: 'The name is missing' },
  'evaluation.problem.person-twice': { zh: '人员编号 {value} 重复', en: 'Person id {value} is used twice' },
  'evaluation.problem.name-twice': {
    zh: '“{value}”同名,请用编号列区分',
    en: 'There are two of the name {value}: tell them apart in the id column',
  },
  'evaluation.problem.person-id': {
    zh: '人员编号只能用字母、数字和 . _ -',
    en: 'A person id has letters, digits, ".", "_" and "-"',
  },
  'evaluation.problem.exempt': {
    zh: '豁免人员须写明陪同人和事由',
    en: 'An exempt person needs an escort and a reason',
  },
  'evaluation.problem.role': { zh: '角色应为 专家 或 豁免', en: 'The role is expert or exempt' },
  'evaluation.problem.window-order': { zh: '签到时段的结束须晚于开始', en: 'A sign-in window ends after it begins' },
  'evaluation.problem.bidder': { zh: '请填写投标人名称', en: "The bidder's name is missing" },
  'evaluation.problem.no-session': {
    zh: '第一行须写明项目编号、评标室、开始和结束',
    en: 'The first row of a project names its number, rooms, start and end',
  },
  'evaluation.problem.differs': {
    zh: '与该项目前面的行不一致',
    en: 'Differs from an earlier row of the same project',
  },
  'evaluation.problem.clash': {
    zh: '{room} 在该时段已安排项目 {project}',
    en: '{room} is taken by project {project} at that time',
  },
  'evaluation.problem.exists': { zh: '项目 {value} 已有场次', en: 'Project {value} has a session already' },
  'evaluation.refused.not-planned': { zh: '只有待开的场次可以开启', en: 'Only a planned evaluation can be opened' },
  'evaluation.refused.not-open': { zh: '该场次没有开启', en: 'This evaluation is not open' },
  'evaluation.refused.closed': {
    zh: '场次已结束,不能再改动或重开',
    en: 'The evaluation is closed and cannot be changed or opened again',
  },
  'evaluation.refused.rooms': {
    zh: '评标进行中不能更换评标室',
    en: 'Rooms cannot change while the evaluation is open',
  },
  'evaluation.refused.room-open': {
    zh: '{room} 正在进行项目 {project},请先结束',
    en: 'Project {project} is open in {room}: close it first',
  },
  'evaluation.arrival.on-time': { zh: '按时签到', en: 'On time' },
  'evaluation.arrival.early': { zh: '早于签到时段', en: 'Before the sign-in window' },
  'evaluation.arrival.late': { zh: '迟到', en: 'Late' },
  'evaluation.arrival.wrong-batch': { zh: '非本批次签到时间', en: "Another batch's time" },
  'evaluation.arrival.duplicate': { zh: '重复签到', en: 'Signed in already' },
  'evaluation.arrival.overlap': { zh: '两类人员同时在场', en: 'Two categories were there together' },
  'evaluation.arrival.not-scheduled': { zh: '未安排签到时段', en: 'No sign-in window was set' },
  'evaluation.punch.outside': { zh: '现在不在任何打卡时段内', en: 'No punch is open at this time' },
  'rule.patrol': { zh: '巡逻漏点', en: 'Patrol point missed' },
  'evaluation.liveness': {
    zh: '活体检测仅供参考,不能证明不是翻拍照片',
    en: 'Liveness is advice only: it does not prove that this is no photo of a photo',
  },
} as const;
