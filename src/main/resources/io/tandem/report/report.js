'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const byId = id => document.getElementById(id);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let printing = false;

  // Okabe and Ito's colours, which colour-blind people can distinguish.
  const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6d31', '#7f7f7f'];
  const PHASES = {
    read: '#56b4e9', decode: '#e69f00', forward: '#0072b2', output: '#cc79a7',
    waiting: '#b0b7bf', rest: '#7f7f7f'
  };

  const { conclusion, charts: drawings } = data;
  const { rows } = data.table;
  const best = rows.find(r => r.roles.best);
  const serial = rows.find(r => r.roles.serial);
  const allCores = rows.find(r => r.roles.all_cores);
  const round = (x, digits) => x == null ? '' : Number(x).toFixed(digits);

  // --- Text and tables. Only textContent: names of files and labels are never markup.
  function element(tag, text, classes) {
    const e = document.createElement(tag);
    if (text != null) e.textContent = text;
    if (classes) e.className = classes;
    return e;
  }

  function table(into, headings, rows, classesOf, textColumns = []) {
    const head = into.appendChild(element('thead')).appendChild(element('tr'));
    headings.forEach((h, i) => {
      const th = head.appendChild(element('th', h, textColumns.includes(i) ? 'text' : ''));
      th.scope = 'col';
    });
    const body = into.appendChild(element('tbody'));
    rows.forEach((row, i) => {
      const tr = body.appendChild(element('tr', null, classesOf ? classesOf(i) : ''));
      row.forEach((cell, j) => tr.appendChild(
        element('td', cell, (textColumns.includes(j) ? 'text' : '') + (String(cell).length > 40 ? ' wide' : '')
          + (headings[j] === '' && j > 0 ? ' remark' : ''))));
    });
  }

  byId('heading').textContent = conclusion.heading;
  byId('limit').textContent = conclusion.limit;
  conclusion.answer.forEach(text => byId('answer').append(element('p', text, 'lead')));
  byId('reasons').textContent = conclusion.reasons.join(' ');
  conclusion.notes.forEach(n => byId('notes').append(element('li', n.text, n.invalid ? 'bad' : '')));
  const cards = best ? [
    [round(best.values.speedup, 2) + ' ×', 'as fast as the serial baseline: ' + best.names.trial],
    [best.values.speedup_low == null ? 'no' : round(best.values.speedup_low, 2) + ' – ' + round(best.values.speedup_high, 2), '95 % interval'],
    [round(best.values.throughput_fps, 1), 'frames/s; serial baseline ' + round(serial.values.throughput_fps, 1)],
    [round(best.values.latency_inflation, 2) + ' ×', 'as long as the baseline\'s forward pass: p50 ' + round(best.values.latency_p50_ms, 1) + ' ms']
  ] : [];
  cards.forEach(([number, what]) => {
    const li = element('li');
    li.append(element('b', number), element('span', what));
    byId('cards').append(li);
  });
  const rowClass = i => (rows[i] === best ? 'best' : '') + (rows[i].values.valid ? '' : ' invalid');
  const textual = ['device', 'export', 'model_scope', 'reason', 'valid'];
  for (const [id, columns, remark] of [['trials', data.table.speed, true], ['trust', data.table.trust, false]]) {
    const all = data.table.setting.concat(columns);
    const headings = all.map(c => c.heading).concat(remark ? [''] : []);
    table(byId(id), headings,
      rows.map(r => all.map(c => r.cells[c.name]).concat(remark ? [r.remark] : [])), rowClass,
      headings.map((h, i) => i).filter(i => i >= all.length || textual.includes(all[i].name)));
    byId(id).querySelectorAll('th').forEach((th, i) => { if (all[i] && all[i].unit) th.title = all[i].unit; });
  }
  const environment = Object.entries(data.environment).filter(([group]) => group !== 'rules')
    .flatMap(([group, values]) => Object.entries(values).map(([k, v]) => [group + ' ' + k, v]))
    .filter(([, v]) => v !== null && typeof v !== 'object');
  table(byId('environment'), ['', ''], environment.map(([k, v]) => [k.replaceAll('_', ' '), String(v)]), null, [0, 1]);
  byId('settings').textContent = data.settings;
  byId('examples-section').hidden = data.examples.length === 0;
  data.examples.forEach(example => {
    // Without the hash that tells frames of the same name apart.
    const name = example.name.replace(/-[0-9a-f]{12}(?:-(\d+)(us)?)?\.jpg$/, (_, place, us) =>
      !place ? '' : us ? ` at ${(place / 1e6).toFixed(3)} s` : `, frame ${Number(place)}`);
    const figure = element('figure');
    const image = figure.appendChild(element('img'));
    image.src = example.uri;
    image.alt = 'The result of ' + name;
    figure.append(element('figcaption', name));
    byId('examples').append(figure);
  });

  // --- Charts: each a figure with a name for screen readers and its numbers in a table.
  const charts = [];
  function figure(into, caption, height, option, headings, rows, tools) {
    const f = element('figure');
    const title = f.appendChild(element('figcaption', caption));
    const box = f.appendChild(element('div', null, 'chart'));
    box.style.height = height + 'px';
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', caption + '; the table below has its numbers');
    const details = f.appendChild(element('details'));
    details.append(element('summary', 'Numbers'));
    const scroll = details.appendChild(element('div', null, 'scroll'));
    scroll.tabIndex = 0;
    // Long tables are made when they are opened.
    details.addEventListener('toggle', () => {
      if (details.open && !scroll.firstChild) {
        table(scroll.appendChild(element('table')), headings, rows(), null, [0]);
      }
    });
    into.append(f);
    const chart = { box, option, instance: null };
    if (tools) title.append(tools(chart));
    charts.push(chart);
    draw(chart);
    return chart;
  }

  function ink() {
    // Paper is white, also where the screen is dark.
    if (printing) return { ink: '#000', soft: '#444', line: '#bbb', card: '#fff' };
    const style = getComputedStyle(document.documentElement);
    const of = name => style.getPropertyValue(name).trim();
    return { ink: of('--ink'), soft: of('--soft'), line: of('--line'), card: of('--card') };
  }

  function draw(chart) {
    if (chart.instance) chart.instance.dispose();
    chart.instance = echarts.init(chart.box, null, { renderer: 'svg' });
    const c = ink();
    chart.instance.setOption(Object.assign({
      animation: false, color: PALETTE, backgroundColor: 'transparent',
      textStyle: { color: c.ink, fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif' },
    }, chart.option(c)));
  }
  const redraw = () => charts.forEach(draw);
  dark.addEventListener('change', redraw);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) { width = innerWidth; charts.forEach(c => c.instance.resize()); }
  });
  addEventListener('beforeprint', () => { printing = true; redraw(); });
  addEventListener('afterprint', () => { printing = false; redraw(); });

  const axis = (c, name, more) => Object.assign({
    name, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: c.soft },
    axisLabel: { color: c.soft }, axisLine: { lineStyle: { color: c.line } },
    splitLine: { lineStyle: { color: c.line, opacity: .6 } }
  }, more);
  const legend = (c, more) => Object.assign({ type: 'scroll', top: 0, textStyle: { color: c.ink }, pageTextStyle: { color: c.ink }, pageIconColor: c.ink }, more);
  const tooltip = c => ({ trigger: 'item', confine: true, backgroundColor: c.card, borderColor: c.line, textStyle: { color: c.ink } });
  const safe = text => echarts.format.encodeHTML(String(text));

  // --- Speedup.
  const series = [...new Set(rows.map(r => r.names.series))].map(name => ({
    name, rows: rows.filter(r => r.names.series === name && !r.roles.repeat).sort((a, b) => a.lanes - b.lanes)
  }));
  const lanes = [...new Set(rows.map(r => r.lanes))].sort((a, b) => a - b);
  const most = Math.max(...lanes, 2);
  const cores = data.environment.machine.cores;
  function errorBars(name, rows, color) {
    return {
      name, type: 'custom', silent: true, z: 3, itemStyle: { color },
      data: rows.filter(r => r.values.speedup_low != null).map(r => [r.lanes, r.values.speedup_low, r.values.speedup_high]),
      renderItem: (params, api) => {
        const low = api.coord([api.value(0), api.value(1)]);
        const high = api.coord([api.value(0), api.value(2)]);
        const style = { stroke: color, lineWidth: 1.5, fill: 'none' };
        const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
        return { type: 'group', children: [
          line(low[0], low[1], high[0], high[1]), line(low[0] - 5, low[1], low[0] + 5, low[1]), line(low[0] - 5, high[1], low[0] + 5, high[1])] };
      }
    };
  }
  figure(byId('curve'), 'Speedup by the number of lanes', 420, c => {
    const drawn = [];
    series.forEach((s, i) => {
      const color = PALETTE[i % PALETTE.length];
      drawn.push({
        name: s.name, type: 'line', symbolSize: 8, z: 4, lineStyle: { width: s.rows.includes(best) ? 3 : 1.5 }, itemStyle: { color },
        data: s.rows.map(r => ({ value: [r.lanes, r.values.speedup], name: r.names.trial,
          symbol: r.values.valid ? 'circle' : 'emptyCircle' }))
      });
      drawn.push(errorBars(s.name, s.rows, color));
    });
    const bestSeries = series.find(s => s.rows.includes(best));
    const ceilings = (bestSeries ? bestSeries.rows : []).filter(r => r.values.ceiling_fps != null);
    if (ceilings.length) {
      drawn.push({ name: 'ceiling: forward passes alone', type: 'line', symbol: 'diamond', symbolSize: 6, lineStyle: { type: 'dotted' }, itemStyle: { color: c.soft },
        data: ceilings.map(r => [r.lanes, r.values.ceiling_fps / serial.values.throughput_fps]) });
    }
    const ideal = [[1, 1], [Math.min(cores, most), Math.min(cores, most)]];
    if (most > cores) ideal.push([most, cores]);
    drawn.push({ name: 'ideal', type: 'line', symbol: 'none', data: ideal, lineStyle: { type: 'dashed', width: 1 }, itemStyle: { color: c.soft } });
    if (allCores) {
      drawn.push({ name: 'all-core baseline', type: 'line', symbol: 'none', lineStyle: { width: 1 }, itemStyle: { color: '#8c6d31' },
        data: [[1, allCores.values.speedup], [most, allCores.values.speedup]] });
    }
    drawn.push({ name: 'serial baseline', type: 'line', symbol: 'none', lineStyle: { width: 1 }, itemStyle: { color: c.ink }, data: [[1, 1], [most, 1]] });
    drawings.scaling.filter(s => s.fit).forEach(s => {
      const law = n => n / (1 + s.fit.law.sigma * (n - 1) + s.fit.law.kappa * n * (n - 1));
      const points = Array.from({ length: 60 }, (_, i) => 1 + (most - 1) * i / 59);
      // The fit is against one lane of its own series.
      const one = rows.find(r => r.lanes === 1 && r.names.scaling === s.series && !r.roles.repeat);
      if (!one) return;
      drawn.push({ name: 'fit of ' + one.names.series, type: 'line', symbol: 'none', smooth: true, lineStyle: { type: 'dashed', width: 1.5 }, data: points.map(n => [n, one.values.speedup * law(n)]) });
    });
    return {
      legend: legend(c), tooltip: Object.assign(tooltip(c), {
        formatter: p => safe(p.seriesName) + '<br>' + safe(p.value[0]) + ' lanes: <b>' + round(p.value[1], 2) + ' ×</b>' }),
      grid: { left: 50, right: 20, top: 50, bottom: 46 },
      xAxis: axis(c, 'lanes', { type: 'value', min: 1, max: most, minInterval: 1 }),
      yAxis: axis(c, 'speedup', { type: 'value', min: 0, nameGap: 32 }),
      series: drawn
    };
  }, ['trial', 'lanes', 'speedup', 'low', 'high', 'ceiling'],
  () => rows.map(r => [r.names.trial, r.lanes, round(r.values.speedup, 3), round(r.values.speedup_low, 3), round(r.values.speedup_high, 3),
    r.values.ceiling_fps == null ? '' : round(r.values.ceiling_fps / serial.values.throughput_fps, 3)]));

  // --- Latency.
  const shown = rows.length <= 8 ? rows : rows.filter(r => r === best || r === serial || r === allCores || (best && r.names.series === best.names.series));
  const times = shown.map(r => ({ row: r, times: drawings.forward_times.find(t => t.trial === r.trial) })).filter(t => t.times);
  if (times.length) {
    figure(byId('latency'), 'Latency: cumulative distribution of the forward pass', 340, c => ({
      legend: legend(c), tooltip: Object.assign(tooltip(c), { formatter: p => safe(p.seriesName) + '<br>' + round(p.value[1], 1) + ' % of forward passes within <b>' + round(p.value[0], 1) + ' ms</b>' }),
      grid: { left: 50, right: 20, top: 50, bottom: 46 },
      xAxis: axis(c, 'milliseconds', { type: 'value', scale: true }),
      yAxis: axis(c, '% of forward passes', { type: 'value', min: 0, max: 100, nameGap: 34 }),
      series: times.map(t => ({ name: t.row.names.trial, type: 'line', symbolSize: 3,
        data: t.times.quantiles_us.map((us, i, all) => [us / 1e3, 100 * i / (all.length - 1)]) }))
    }), ['trial', 'p50 ms', 'p90 ms', 'p95 ms', 'p99 ms', 'max ms'],
    () => times.map(t => [t.row.names.trial, round(t.row.values.latency_p50_ms, 2), round(t.row.values.latency_p90_ms, 2), round(t.row.values.latency_p95_ms, 2),
      round(t.row.values.latency_p99_ms, 2), round(t.times.quantiles_us.at(-1) / 1e3, 2)]));
  }

  // --- Lane time by phase.
  const shares = shown.map(r => ({ row: r, of: drawings.lane_shares.find(s => s.trial === r.trial) })).filter(s => s.of).reverse();
  if (shares.length) {
    figure(byId('phases'), "Shares of the lanes' time", 90 + 34 * shares.length, c => ({
      legend: legend(c), tooltip: Object.assign(tooltip(c), { formatter: p => safe(p.name) + '<br>' + safe(p.seriesName) + ': <b>' + round(p.value, 1) + ' %</b>' }),
      grid: { left: 10, right: 30, top: 40, bottom: 30, containLabel: true },
      xAxis: axis(c, '', { type: 'value', max: 100, axisLabel: { formatter: '{value} %', color: c.soft } }),
      yAxis: axis(c, '', { type: 'category', data: shares.map(s => s.row.names.trial), axisLabel: { color: c.ink } }),
      series: Object.entries(PHASES).map(([phase, color]) => ({ name: phase, type: 'bar', stack: 'all', itemStyle: { color }, data: shares.map(s => 100 * s.of[phase]) }))
    }), ['trial'].concat(Object.keys(PHASES).map(p => p + ' %')),
    () => shares.slice().reverse().map(s => [s.row.names.trial].concat(Object.keys(PHASES).map(p => round(100 * s.of[p], 1)))));
  }

  // --- The timeline: bars on tracks, cores below.
  function zoomTools(chart) {
    const span = element('span', null, 'tools');
    const zoom = factor => {
      const z = chart.instance.getOption().dataZoom[0];
      const middle = (z.start + z.end) / 2, half = Math.min(50, (z.end - z.start) / 2 * factor);
      const from = Math.max(0, Math.min(100 - 2 * half, middle - half));
      chart.instance.dispatchAction({ type: 'dataZoom', start: from, end: from + 2 * half });
    };
    const move = share => {
      const z = chart.instance.getOption().dataZoom[0], wide = z.end - z.start;
      const from = Math.max(0, Math.min(100 - wide, z.start + share * wide));
      chart.instance.dispatchAction({ type: 'dataZoom', start: from, end: from + wide });
    };
    for (const [text, name, act] of [['←', 'earlier', () => move(-.5)], ['→', 'later', () => move(.5)], ['+', 'zoom in', () => zoom(.5)], ['−', 'zoom out', () => zoom(2)]]) {
      const b = element('button', text);
      b.type = 'button';
      b.setAttribute('aria-label', name);
      b.addEventListener('click', act);
      span.append(b, ' ');
    }
    return span;
  }
  drawings.windows.forEach(w => {
    const coreTracks = [...new Set(w.cores.map(x => x.track))];
    const tracks = w.tracks.concat(coreTracks);
    const bars = w.bars.map(b => ({ value: [b.track, b.from, b.from + b.length, 1], phase: b.phase, frame: b.frame }))
      .concat(w.cores.map(x => ({ value: [w.tracks.length + coreTracks.indexOf(x.track), x.from, x.to, x.load], phase: 'busy', frame: '' })));
    const rect = c => (params, api) => {
      const from = api.coord([api.value(1), api.value(0)]), to = api.coord([api.value(2), api.value(0)]);
      const band = api.size([0, 1])[1];
      const cpu = api.value(0) >= w.tracks.length;
      const full = band * .78, height = cpu ? Math.max(1, full * api.value(3)) : full;
      const top = cpu ? from[1] + full / 2 - height : from[1] - full / 2;
      const clipped = echarts.graphic.clipRectByRect(
        { x: from[0], y: top, width: Math.max(.7, to[0] - from[0]), height },
        { x: params.coordSys.x, y: params.coordSys.y, width: params.coordSys.width, height: params.coordSys.height });
      return clipped && { type: 'rect', shape: clipped, style: { fill: api.visual('color'), opacity: cpu ? .55 : 1 } };
    };
    const phases = [...new Set(bars.map(b => b.phase))];
    const color = p => PHASES[p] || '#009e73';
    figure(byId('timelines'), w.name + ' (' + w.trial + ', round ' + w.round + ', the first ' + round(w.millis / 1e3, 1) + ' s)', 110 + 30 * tracks.length, c => ({
      legend: legend(c, { data: phases }),
      tooltip: Object.assign(tooltip(c), { formatter: p => p.data.phase === 'busy'
        ? safe(tracks[p.value[0]]) + ': <b>' + round(100 * p.value[3], 0) + ' %</b> busy'
        : safe(tracks[p.value[0]]) + ', ' + safe(p.data.phase) + '<br><b>' + round(p.value[2] - p.value[1], 2) + ' ms</b> from ' + round(p.value[1], 1) + ' ms<br>' + safe(p.data.frame) }),
      grid: { left: 10, right: 34, top: 34, bottom: 54, containLabel: true },
      dataZoom: [{ type: 'slider', filterMode: 'weakFilter', bottom: 6, height: 18, start: 0, end: Math.min(100, 100 * 600 / w.millis), textStyle: { color: c.soft }, borderColor: c.line },
        { type: 'inside', filterMode: 'weakFilter' }],
      xAxis: axis(c, '', { type: 'value', min: 0, max: Math.ceil(w.millis), axisLabel: { formatter: '{value} ms', color: c.soft, hideOverlap: true } }),
      yAxis: axis(c, '', { type: 'category', inverse: true, data: tracks, axisLabel: { color: c.ink }, splitLine: { show: true, lineStyle: { color: c.line } } }),
      series: phases.map(p => ({ name: p, type: 'custom', itemStyle: { color: color(p) }, encode: { x: [1, 2], y: 0 },
        data: bars.filter(b => b.phase === p), renderItem: rect(c) }))
    }), ['track', 'phase', 'from ms', 'ms', 'frame'],
    () => w.bars.map(b => [w.tracks[b.track], b.phase, round(b.from, 3), round(b.length, 3), b.frame]), zoomTools);
  });

  // --- Machine load over the whole run: a chart for each executor.
  const trialColor = {};
  rows.forEach((r, i) => { trialColor[r.trial] = PALETTE[i % PALETTE.length]; });
  drawings.executors.forEach(e => {
    const gpus = e.gpus.map((load, i) => ({ name: 'GPU ' + i, load: load.map(x => x == null ? null : 100 * x) }));
    const few = gpus.concat(e.cores.slice(0, 16).map((load, i) => ({ name: 'CPU ' + i, load: load.map(x => 100 * x) })));
    const left = e.cores.length > 16 ? ', the first 16 of ' + e.cores.length + ' CPUs' : '';
    const height = 58;
    figure(byId('loads'), 'Executor ' + e.name + ' on ' + e.host + left, 96 + height * few.length, c => ({
      tooltip: { trigger: 'axis', confine: true, backgroundColor: c.card, borderColor: c.line, textStyle: { color: c.ink }, valueFormatter: v => v == null ? '' : round(v, 0) + ' %' },
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      grid: few.map((_, i) => ({ left: 70, right: 20, top: 14 + i * height, height: height - 12 })),
      xAxis: few.map((_, i) => axis(c, i === few.length - 1 ? 'seconds' : '', { type: 'value', gridIndex: i, min: 'dataMin', max: 'dataMax',
        axisLabel: { show: i === few.length - 1, color: c.soft, formatter: v => Math.round(v) }, splitLine: { show: false }, axisTick: { show: i === few.length - 1 } })),
      yAxis: few.map((row, i) => axis(c, row.name, { type: 'value', gridIndex: i, min: 0, max: 100, interval: 100, nameLocation: 'middle', nameRotate: 0, nameGap: 30,
        axisLabel: { show: false }, splitLine: { show: false }, nameTextStyle: { color: c.ink } })),
      dataZoom: [{ type: 'slider', xAxisIndex: few.map((_, i) => i), bottom: 6, height: 18, borderColor: c.line, textStyle: { color: c.soft } }],
      series: few.map((row, i) => ({
        name: row.name, type: 'line', xAxisIndex: i, yAxisIndex: i, symbol: 'none', step: 'end', lineStyle: { width: .7 }, areaStyle: { opacity: .35 },
        itemStyle: { color: c.soft },
        data: e.seconds.map((t, j) => [t, row.load[j]]),
        markArea: { silent: true, data: drawings.spans.map(s => [{ xAxis: s.from, itemStyle: { color: trialColor[s.trial], opacity: .4 } }, { xAxis: s.to }]) }
      }))
    }), ['seconds'].concat(few.map(r => r.name + ' %'), ['process, cores', 'RSS, GiB']),
    () => e.seconds.map((t, j) => [round(t, 1)].concat(few.map(r => round(r.load[j], 0)), [round(e.process[j], 2), round(e.rss_gib[j], 2)])));
  });
  if (!drawings.executors.length) byId('loads-p').textContent = 'No telemetry was recorded (telemetry.enabled).';
  if (drawings.executors.length && drawings.spans.length) {
    const key = byId('loads').appendChild(element('p'));
    key.append('Shades: ');
    rows.forEach((r, i) => {
      const swatch = element('span', '■ ');
      swatch.style.color = trialColor[r.trial];
      key.append(swatch, r.names.trial + (i < rows.length - 1 ? ', ' : '.'));
    });
  }
  document.documentElement.dataset.drawn = String(charts.length);
})();
