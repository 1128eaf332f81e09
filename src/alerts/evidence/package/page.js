// Shows an evidence package: pictures of all cameras on one clock, a timeline, incidents and transcript. Nothing leaves it.
(() => {
  const pack = window.HALLWATCH;
  const byId = (id) => document.getElementById(id);
  const make = (tag, props = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...children.filter((child) => child !== undefined && child !== null));
    return element;
  };
  const ZONE = pack.site.timeZone;
  const format = (options) => {
    const formatter = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hour12: false, ...options });
    return (ms) => formatter.format(ms);
  };
  const timeOf = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const dateTimeOf = format({
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const shortTimeOf = format({ hour: '2-digit', minute: '2-digit' });
  const RULES = { absence: '离岗', desk: '桌面物品', sealedRoom: '封闭评标区', speech: '敏感词' };
  const VERDICTS = {
    confirmed: '属实 confirmed',
    excused: '有正当理由 excused',
    'false-alarm': '误报 false alarm',
    'cannot-tell': '无法判断 cannot tell',
  };
  const APPEALS = {
    open: '申诉中 open',
    upheld: '申诉维持 upheld',
    overturned: '申诉成立 overturned',
    corrected: '申诉更正 corrected',
  };
  const WAYS = { camera: '摄像机 camera', photo: '照片 photo', manual: '人工 manual' };
  const ARRIVALS = {
    'on-time': '准时 on time',
    early: '提前 early',
    late: '迟到 late',
    'wrong-batch': '批次不符 wrong batch',
    'not-scheduled': '未排定 not scheduled',
  };
  const ACTIONS = {
    acknowledge: '受理',
    verdict: '判定',
    assign: '指派',
    start: '开始处理',
    answer: '答复',
    review: '复核',
    close: '办结',
    reopen: '重开',
    correct: '更正',
    comment: '备注',
    appeal: '申诉',
    'appeal-decide': '申诉裁定',
    escalate: '超时提醒',
  };
  const CAUSES = {
    offline: '摄像机离线',
    'service-down': '服务停止',
    'disk-full': '磁盘已满',
    'disk-slow': '磁盘过慢',
    'stream-gap': '码流中断',
    'auth-failed': '认证失败',
    unknown: '原因不明',
  };

  byId('title').textContent = `${pack.kind === 'session' ? '一标一档' : '告警取证'} · ${pack.title}`;
  byId('facts').textContent =
    `${pack.site.name} · ${dateTimeOf(pack.from)} – ${dateTimeOf(pack.to)}（${ZONE}） · ${pack.cameras.length} 路摄像机 cameras · ${pack.incidents.length} 条告警 incidents`;
  byId('key').textContent = `签名密钥指纹 key fingerprint: ${pack.key.algorithm} ${pack.key.fingerprint}`;

  // ---- players -------------------------------------------------------------------------------------------------------
  const { from, to } = pack;
  let now = from;
  let playing = false;
  let rate = 1;
  let heard = 0;

  const players = pack.cameras.map((camera, index) => player(camera, index));

  function player(camera, index) {
    const [a, b] = [
      make('video', { muted: true, playsInline: true, preload: 'auto' }),
      make('video', { muted: true, playsInline: true, preload: 'auto' }),
    ];
    const empty = make('p');
    const box = make(
      'div',
      { className: 'camera' },
      a,
      b,
      make('b', { textContent: camera.name || camera.camera }),
      empty,
    );
    box.addEventListener('click', () => {
      heard = index;
      for (const one of players) one.mute();
    });
    byId('cameras').append(box);
    let shown = a;
    let file;
    const fileAt = (at) => camera.files.find((one) => one.start <= at && at < one.end);
    const load = (video, one) => {
      if (video.dataset.path !== one.path) {
        video.dataset.path = one.path;
        video.src = one.path;
      }
    };
    const mute = () => {
      for (const video of [a, b]) video.muted = heard !== index || video !== shown;
      box.classList.toggle('heard', heard === index);
    };
    return {
      mute,
      /** True where nothing has to be waited for. */
      show(at, jumped) {
        const next = fileAt(at);
        if (!next) {
          shown.pause();
          box.classList.add('empty');
          const gap = camera.gaps.find((one) => one.from <= at && at < one.to);
          empty.textContent = gap
            ? `未录像:${CAUSES[gap.cause] || gap.cause}\nnot recorded: ${gap.cause}`
            : '此刻没有录像 nothing recorded now';
          file = undefined;
          return true;
        }
        box.classList.remove('empty');
        if (next !== file) {
          const spare = shown === a ? b : a;
          if (spare.dataset.path === next.path) shown = spare;
          else load(shown, next);
          file = next;
          for (const video of [a, b]) {
            video.classList.toggle('shown', video === shown);
            if (video !== shown) video.pause();
          }
          mute();
          const after = camera.files[camera.files.indexOf(next) + 1];
          if (after) load(shown === a ? b : a, after);
        }
        const wanted = (at - next.start) / 1000;
        if (shown.readyState < 1) return false;
        const drift = Math.abs(shown.currentTime - wanted);
        if (jumped || drift > Math.max(0.6, 0.6 * rate))
          shown.currentTime = Math.min(wanted, Math.max(0, (shown.duration || wanted) - 0.05));
        shown.playbackRate = rate;
        if (playing && shown.paused && !shown.ended) shown.play().catch(() => {});
        if (!playing && !shown.paused) shown.pause();
        return shown.readyState >= 2 || shown.ended;
      },
    };
  }

  let before;
  let waitingSince;
  function tick(stamp) {
    const elapsed = before === undefined ? 0 : stamp - before;
    before = stamp;
    const ready = players.map((one) => one.show(now, false)).every(Boolean);
    if (ready) waitingSince = undefined;
    else waitingSince ??= stamp;
    // A file that cannot be played must not stop the others for ever.
    const held = waitingSince !== undefined && stamp - waitingSince < 3000;
    byId('state').textContent = held && playing ? '载入 loading…' : '';
    if (playing && !held) now += Math.min(elapsed, 500) * rate;
    if (now >= to) {
      now = to;
      setPlaying(false);
    }
    drawClock();
    requestAnimationFrame(tick);
  }

  function seek(at) {
    now = Math.min(Math.max(at, from), to);
    for (const one of players) one.show(now, true);
    drawClock();
  }

  function setPlaying(value) {
    playing = value;
    byId('play').textContent = playing ? 'Ⅱ 暂停 Pause' : '▶ 播放 Play';
  }
  byId('play').addEventListener('click', () => setPlaying(!playing));
  byId('rate').addEventListener('change', (event) => {
    rate = Number(event.target.value);
  });

  // ---- timeline ------------------------------------------------------------------------------------------------------
  const timeline = byId('timeline');
  const share = (at) => `${(100 * (Math.min(Math.max(at, from), to) - from)) / Math.max(1, to - from)}%`;
  const bar = (className, start, end, title) => {
    const element = make('i', { className, title });
    element.style.left = share(start);
    element.style.width = `calc(${share(end)} - ${share(start)})`;
    return element;
  };
  /** Files that follow each other are one bar: an hour has hundreds. */
  const joined = (files) =>
    files.reduce((bars, { start, end }) => {
      const last = bars.at(-1);
      if (last && start - last.end < 1500) last.end = end;
      else bars.push({ start, end });
      return bars;
    }, []);
  for (const camera of pack.cameras) {
    const row = make(
      'div',
      { className: 'row' },
      ...joined(camera.files).map(({ start, end }) => bar('rec', start, end, `${timeOf(start)} – ${timeOf(end)}`)),
    );
    row.append(
      ...camera.gaps.map((gap) => bar('gap', gap.from, gap.to, `${timeOf(gap.from)} – ${timeOf(gap.to)} ${gap.cause}`)),
    );
    row.append(make('span', { textContent: camera.name || camera.camera }));
    timeline.append(row);
  }
  const transcript = (pack.documents.transcript || []).filter(
    (part) => part.kind !== 'gap' || part.end - part.start > 1000,
  );
  timeline.append(
    make(
      'div',
      { className: 'row' },
      ...pack.incidents.map((one) =>
        bar('mark', one.start, one.end || one.start, `${RULES[one.rule] || one.rule} ${timeOf(one.start)}`),
      ),
    ),
  );
  if (transcript.length > 0)
    timeline.append(
      make(
        'div',
        { className: 'row' },
        ...transcript.filter((part) => part.kind !== 'gap').map((part) => bar('say', part.start, part.end, part.text)),
      ),
    );
  const cursor = make('div', { id: 'cursor' });
  timeline.append(cursor);
  for (let i = 0; i <= 6; i++) {
    const at = from + ((to - from) * i) / 6;
    const label = make('span', { className: 'tick', textContent: (to - from < 600000 ? timeOf : shortTimeOf)(at) });
    label.style.left = `${3 + (94 * i) / 6}%`;
    timeline.append(label);
  }
  timeline.addEventListener('click', (event) => {
    const box = timeline.getBoundingClientRect();
    seek(from + ((event.clientX - box.left) / box.width) * (to - from));
  });
  timeline.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -5000, ArrowRight: 5000, PageUp: -60000, PageDown: 60000 }[event.key];
    if (step) {
      event.preventDefault();
      seek(now + step);
    }
  });

  function drawClock() {
    byId('clock').textContent = dateTimeOf(now);
    cursor.style.left = share(now);
    timeline.setAttribute('aria-valuetext', timeOf(now));
    timeline.setAttribute('aria-valuenow', String(Math.round((100 * (now - from)) / Math.max(1, to - from))));
    for (const row of document.querySelectorAll('[data-start]'))
      row.classList.toggle('now', Number(row.dataset.start) <= now && now < Number(row.dataset.end));
  }

  // ---- panels --------------------------------------------------------------------------------------------------------
  const when = (at) => {
    const button = make('button', { type: 'button', className: 'when', textContent: timeOf(at) });
    button.addEventListener('click', () => seek(at));
    return button;
  };
  const span = (element, start, end) => {
    element.dataset.start = start;
    element.dataset.end = end;
    return element;
  };
  const nameOf = (subject) => pack.names?.[subject] || subject;

  function incidentPanel() {
    if (pack.incidents.length === 0) return [make('p', { textContent: '没有告警 no incidents' })];
    return pack.incidents.map((one) =>
      span(
        make(
          'article',
          {},
          make(
            'h3',
            {},
            when(one.start),
            ` ${nameOf(one.subject)} · ${RULES[one.rule] || one.rule} `,
            make('span', {
              className: `verdict ${one.verdict || ''}`,
              textContent: VERDICTS[one.verdict] || '未判定 no verdict',
            }),
            one.appeal
              ? make('span', { className: 'verdict', textContent: APPEALS[one.appeal] || one.appeal })
              : undefined,
          ),
          make('p', {
            className: 'soft',
            textContent: `${one.id} · ${one.end ? `至 ${timeOf(one.end)}` : '未结束 ongoing'} · 规则版本 ${one.ruleVersion} · 可见率 ${Math.round(one.coverage * 100)}%`,
          }),
          ...one.loop.map((step) =>
            make('p', {
              textContent: `${dateTimeOf(step.at)} ${step.actor} ${ACTIONS[step.action] || step.action}${step.data?.verdict ? ` ${VERDICTS[step.data.verdict] || step.data.verdict}` : ''} ${step.note || ''}`,
            }),
          ),
          ...one.pictures.map((path) => make('img', { src: path, alt: path, loading: 'lazy' })),
          ...one.clips.map((path) => make('video', { src: path, controls: true, preload: 'metadata' })),
        ),
        one.start,
        one.end || one.start + 1000,
      ),
    );
  }

  function transcriptPanel() {
    if (transcript.length === 0) return [make('p', { textContent: '没有转写 no transcript' })];
    return transcript.map((part) =>
      span(
        make(
          'p',
          { className: part.kind === 'gap' ? 'soft' : '' },
          when(part.start),
          ` ${part.speaker ? `${part.speaker}: ` : ''}${part.kind === 'gap' ? `[未听清 not understood: ${part.text}]` : part.punctuated || part.text}`,
        ),
        part.start,
        part.end,
      ),
    );
  }

  const table = (heads, rows) =>
    make(
      'table',
      {},
      make('tr', {}, ...heads.map((textContent) => make('th', { textContent }))),
      ...rows.map((cells) =>
        make('tr', {}, ...cells.map((cell) => make('td', {}, cell instanceof Node ? cell : String(cell ?? '')))),
      ),
    );

  function peoplePanel() {
    const { roster = [], signIns = [], entries = [] } = pack.documents;
    const person = new Map(roster.map((one) => [one.id, one.name]));
    const nameFor = (id) => person.get(id) || id;
    return [
      make('h3', { textContent: '名单 Roster' }),
      table(
        ['姓名', '类别', '批次', '身份'],
        roster.map((one) => [
          one.name,
          one.category,
          one.batch,
          one.role === 'exempt' ? `${one.escort || ''} 陪同:${one.reason || ''}` : '评标专家',
        ]),
      ),
      make('h3', { textContent: '签到 Sign-in' }),
      table(
        ['时间', '姓名', '方式', '结果'],
        signIns.map((one) => [
          when(one.at),
          nameFor(one.person),
          WAYS[one.way] || one.way,
          ARRIVALS[one.verdict] || one.verdict,
        ]),
      ),
      make('h3', { textContent: '进出登记 Entries' }),
      table(
        ['进入', '离开', '姓名', '陪同与事由'],
        entries.map((one) => [
          when(one.enteredAt),
          one.leftAt ? when(one.leftAt) : '',
          nameFor(one.person),
          `${one.escort} ${one.reason}`,
        ]),
      ),
    ];
  }

  function recordPanel() {
    const { rules = [], words = [], patrols = [], history = [] } = pack.documents;
    return [
      ...(pack.remarks.length > 0
        ? [
            make('h3', { textContent: '说明 Remarks' }),
            ...pack.remarks.map((textContent) => make('p', { textContent })),
          ]
        : []),
      make('h3', { textContent: '规则版本 Rule versions' }),
      table(
        ['规则', '版本', '参数'],
        rules.map((one) => [RULES[one.rule] || one.rule, one.version, JSON.stringify(one.parameters)]),
      ),
      make('h3', { textContent: '词表版本 Word lists' }),
      table(
        ['范围', '版本', '词数', '说明'],
        words.map((one) => [one.scope, one.version, one.words.length, one.note]),
      ),
      make('h3', { textContent: '巡逻 Patrols' }),
      table(
        ['时间', '点位', '状态', '图片'],
        patrols.map((one) => [
          when(one.at),
          one.facts.name,
          one.state,
          make(
            'div',
            {},
            ...one.facts.snapshots.map((shot) =>
              make('img', { src: `patrols/${shot.path}`, alt: shot.path, loading: 'lazy' }),
            ),
          ),
        ]),
      ),
      make('h3', { textContent: '变更记录 History' }),
      table(
        ['时间', '操作', '操作人', '备注'],
        history.map((one) => [dateTimeOf(one.at), one.action, one.by, one.note]),
      ),
    ];
  }

  const tabs = [
    [`告警 Incidents (${pack.incidents.length})`, incidentPanel],
    ...(pack.kind === 'session'
      ? [
          [`转写 Transcript (${transcript.length})`, transcriptPanel],
          ['人员 People', peoplePanel],
        ]
      : []),
    ['记录 Record', recordPanel],
  ];
  const choose = (index) => {
    byId('panel').replaceChildren(...tabs[index][1]());
    for (const [i, tab] of [...byId('tabs').children].entries()) tab.setAttribute('aria-selected', String(i === index));
    drawClock();
  };
  tabs.forEach(([textContent], index) => {
    const tab = make('button', { type: 'button', textContent });
    tab.setAttribute('role', 'tab');
    tab.addEventListener('click', () => choose(index));
    byId('tabs').append(tab);
  });
  choose(0);
  if (pack.cameras.length === 0) byId('watch').hidden = true;
  for (const one of players) one.mute();
  seek(from);
  requestAnimationFrame(tick);
})();
