"""The page of the emergence picture: HTML, style and script, with placeholders for its data."""

from string import Template

PAGE = Template(r"""<div class="emergence" id="$id">
<style>
#$id { --ink: var(--pst-color-text-base, var(--jp-content-font-color1, #222));
  --paper: var(--pst-color-background, var(--jp-layout-color0, #fff));
  --soft: var(--pst-color-border, var(--jp-border-color1, #bbb));
  --line: #0072b2; color: var(--ink); background: var(--paper); font-size: 0.9rem; }
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(> #$id) {
  background: transparent; color: inherit; padding: 0; }
#$id .bar { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
#$id select, #$id input { font: inherit; color: var(--ink); background: var(--paper);
  max-width: 100%; }
#$id svg { display: block; width: 100%; max-width: 34rem; height: auto; }
#$id text { fill: var(--ink); font: 12px sans-serif; }
#$id .axis { stroke: var(--soft); stroke-width: 1; }
#$id .uniform { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 5 4; opacity: 0.7; }
#$id path { stroke: var(--line); stroke-width: 2; fill: none; }
#$id circle { fill: var(--paper); stroke: var(--line); stroke-width: 2; }
#$id circle.seed { fill: var(--ink); stroke: none; opacity: 0.6; }
html[data-theme="dark"] #$id { --line: #56b4e9; }
#$id circle.on { fill: #d55e00; stroke: #d55e00; }
#$id .says { min-height: 2.8em; }
</style>
<div class="bar">
<label>Task <select class="task"></select></label>
<label>Measure <select class="measure"></select></label>
</div>
<div class="bar"><label>Size <input type="range" class="size" min="0" step="1"></label></div>
<p class="says" role="status" aria-live="polite"></p>
<svg viewBox="0 0 480 300" role="img" aria-label="The chosen measure against parameters"></svg>
<details><summary>All numbers as text</summary><ul>$rows</ul></details>
<script>
(() => {
  const data = $data, root = document.getElementById("$id");
  const at = (name) => root.querySelector(name);
  const svg = at("svg"), task = at(".task"), measure = at(".measure"), size = at(".size");
  const add = (tag, attributes, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    svg.append(made);
  };
  const fill = (select, names) => {
    select.replaceChildren(...names.map((name, index) => new Option(name, index)));
  };
  const draw = () => {
    const chosen = data[task.value], shown = chosen.measures[measure.value];
    const points = chosen.points, logs = points.map((p) => Math.log10(p.size));
    const low = Math.min(...logs), span = Math.max(...logs) - low || 1;
    const x = (n) => 60 + 390 * (Math.log10(n) - low) / span;
    const y = (v) => 250 - 220 * (v - shown.worst) / (shown.best - shown.worst);
    svg.replaceChildren();
    for (const value of [shown.worst, (shown.worst + shown.best) / 2, shown.best]) {
      add("line", {class: "axis", x1: 55, x2: 460, y1: y(value), y2: y(value)});
      add("text", {x: 50, y: y(value) + 4, "text-anchor": "end"}, +value.toFixed(2));
    }
    if (shown.uniform !== null) {
      const level = y(shown.uniform);
      add("line", {class: "uniform", x1: 55, x2: 460, y1: level, y2: level});
      add("text", {x: 460, y: level - 5, "text-anchor": "end"}, "uniform distribution");
    }
    const first = points[0], last = points[points.length - 1];
    add("text", {x: x(first.size), y: 270}, first.size.toLocaleString("en"));
    add("text", {x: x(last.size), y: 270, "text-anchor": "end"}, last.size.toLocaleString("en"));
    add("text", {x: 255, y: 290, "text-anchor": "middle"}, "parameters without embeddings");
    const value = (p) => p.values[measure.value];
    const bound = (v) => Math.max(Math.min(y(v), 262), 18);
    const path = points.map((p, n) => (n ? "L" : "M") + x(p.size) + " " + bound(value(p)));
    const short = (v) => +v.toPrecision(3);
    add("path", {d: path.join("")});
    points.forEach((p) => p.seeds[measure.value].forEach((v) => add("circle", {
      cx: x(p.size), cy: bound(v), r: 3, class: "seed"})));
    points.forEach((p, n) => add("circle", {
      cx: x(p.size), cy: bound(value(p)), r: n == size.value ? 7 : 4,
      class: n == size.value ? "on" : ""}));
    const p = points[size.value];
    at(".says").textContent = p.size.toLocaleString("en") + " parameters: " +
      chosen.measures.map((m, n) => m.words + " " + short(p.values[n]) + m.unit
        + " (seeds: " + p.seeds[n].map(short).join(", ") + ")").join("; ") + ".";
  };
  const change = () => {
    fill(measure, data[task.value].measures.map((m) => m.words));
    size.max = data[task.value].points.length - 1;
    size.value = size.max;
    draw();
  };
  fill(task, data.map((t) => t.name));
  task.addEventListener("change", change);
  measure.addEventListener("change", draw);
  size.addEventListener("input", draw);
  change();
})();
</script>
</div>""")
