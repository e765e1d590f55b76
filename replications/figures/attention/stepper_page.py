"""The page of an attention stepper: HTML, style and script, with placeholders for its data."""

from string import Template

# Sizes of the picture in pixels, for the drawing here and for the script's.
CELL, LETTER = 24, 7.4

PAGE = Template(r"""<div class="attention-steps" id="$id">
<style>
#$id {
  --ink: var(--pst-color-text-base, var(--jp-content-font-color1, #222));
  --paper: var(--pst-color-background, var(--jp-layout-color0, #fff));
  --soft: var(--pst-color-border, var(--jp-border-color1, #bbb));
  --link: var(--pst-color-link, var(--jp-content-link-color, #06c));
  --mark: #0072b2;
  color: var(--ink); background: var(--paper); font-size: 0.9rem; margin: 0;
}
html[data-theme="dark"] #$id, body[data-jp-theme-light="false"] #$id { --mark: #56b4e9; }
/* The theme lays a light sheet behind HTML outputs in the dark; this one follows the page. */
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(> #$id) {
  background: transparent; color: inherit; padding: 0;
}
#$id fieldset {
  display: flex; flex-wrap: wrap; gap: 0.3rem; align-items: center;
  border: 0; margin: 0 0 0.5rem; padding: 0; min-width: 0;
}
#$id legend { float: left; width: 5rem; margin: 0; padding: 0; font-size: inherit; }
#$id label { position: relative; margin: 0; cursor: pointer; }
#$id input { position: absolute; opacity: 0; inset: 0; margin: 0; cursor: pointer; }
#$id label span {
  display: block; min-width: 2.2rem; padding: 0.25rem 0.55rem; text-align: center;
  border: 1px solid var(--soft); border-radius: 0.3rem;
}
#$id input:checked + span { color: var(--paper); background: var(--link);
  border-color: var(--link); }
#$id input:focus-visible + span { outline: 2px solid var(--ink); outline-offset: 2px; }
#$id .says { min-height: 3.2em; margin: 0.5rem 0; line-height: 1.6; }
#$id .map { display: flex; }
#$id .scroll { overflow-x: auto; flex: 0 1 auto; min-width: 0; }
#$id .scroll:focus-visible { outline: 2px solid var(--link); }
#$id svg { display: block; flex: none; max-width: none; }
#$id text { fill: var(--ink); font: 12px sans-serif; }
#$id rect { fill: var(--mark); stroke: var(--soft); stroke-width: 0.5; }
/* Not "row": the book's theme gives the children of that the whole width. */
#$id .line { cursor: pointer; }
#$id .line.lit text { font-weight: bold; }
#$id .line.lit rect { stroke: var(--ink); stroke-width: 1.2; }
#$id .key { display: flex; align-items: center; gap: 0.5rem; margin: 0.4rem 0; }
#$id .key i { width: 6rem; height: 0.8rem; border: 1px solid var(--soft);
  background: linear-gradient(to right, transparent, var(--mark)); }
#$id ul { columns: 18rem; padding-left: 1.2rem; margin: 0.3rem 0 0.8rem; }
@media (max-width: 600px) {
  #$id legend { width: 100%; }
  #$id label span { min-width: 1.9rem; padding: 0.25rem 0.4rem; }
}
</style>
<noscript><style>#$id fieldset { display: none; }</style></noscript>
$choices
<p class="says" role="status" aria-live="polite">Each row is a token that attends, each column
one that it attends to. Point at a row to read it, or choose the map and press the arrow keys.</p>
<div class="map">
<svg class="names" aria-hidden="true" $names_size>$names</svg>
<div class="scroll" tabindex="0" role="application" aria-label="The map, row by row">
<svg class="cells" role="img" aria-label="$description" $cells_size>$cells</svg></div>
</div>
<div class="key"><span>weight 0</span><i></i><span>1</span></div>
$note
<details><summary>The maps as text: what each token attends to most, heads averaged</summary>$text
</details>
<script>
(() => {
  const root = document.getElementById("$id");
  const kinds = $data, cell = $cell, letter = $letter;
  for (const kind of kinds) {
    kind.weights = Uint8Array.from(atob(kind.weights), sign => sign.charCodeAt(0));
  }
  const names = root.querySelector(".names"), cells = root.querySelector(".cells");
  const box = root.querySelector(".scroll"), status = root.querySelector(".says");
  const greeting = status.textContent;
  let kind = kinds[0], shown = [], chosen = null;

  const value = name => Number(root.querySelector("input[data-of=" + name + "]:checked").value);

  function weights(layer, head) {
    const [rows, columns, heads] = [kind.rows.length, kind.columns.length, kind.heads];
    const heard = head < 0 ? [...Array(heads).keys()] : [head];
    return kind.rows.map((_, row) => kind.columns.map((_, column) => heard.reduce((sum, each) =>
      sum + kind.weights[((layer * heads + each) * rows + row) * columns + column], 0)
      / heard.length / 255));
  }

  function make(parent, tag, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, content] of Object.entries(attributes)) made.setAttribute(name, content);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  }

  function draw() {
    kind = kinds[value("kind")];
    shown = weights(value("layer"), value("head"));
    const longest = words => Math.ceil(letter * Math.max(...words.map(word => [...word].length)));
    const top = longest(kind.columns) + 10, side = longest(kind.rows) + 10;
    const height = top + cell * kind.rows.length + 2;
    names.replaceChildren();
    cells.replaceChildren();
    for (const [svg, width] of [[names, side], [cells, cell * kind.columns.length + 2]]) {
      svg.setAttribute("width", width);
      svg.setAttribute("height", height);
    }
    kind.columns.forEach((word, column) => {
      const x = cell * column + cell / 2 + 5;
      make(cells, "text", { transform: "translate(" + x + "," + (top - 6) + ") rotate(-90)" },
        word);
    });
    kind.rows.forEach((word, row) => {
      const left = make(names, "g", { class: "line", "data-row": row });
      make(left, "text", { x: side - 6, y: top + cell * (row + 0.68), "text-anchor": "end" }, word);
      const right = make(cells, "g", { class: "line", "data-row": row });
      shown[row].forEach((weight, column) => {
        if (kind.causal && column > row) return;
        make(right, "rect", { x: 1 + cell * column, y: top + cell * row, width: cell, height: cell,
          "fill-opacity": weight.toFixed(3) });
      });
      for (const mark of [left, right]) {
        mark.addEventListener("click", () => choose(row));
        mark.addEventListener("pointerenter", event => {
          if (event.pointerType === "mouse") choose(row);
        });
      }
    });
    if (chosen !== null) choose(Math.min(chosen, kind.rows.length - 1));
  }

  function choose(row) {
    chosen = row;
    for (const mark of root.querySelectorAll(".line")) {
      mark.classList.toggle("lit", Number(mark.dataset.row) === row);
      // A lit row is drawn last, so that its neighbours do not cover its frame.
      if (mark.classList.contains("lit") && mark.parentNode === cells) cells.append(mark);
    }
    const best = shown[row].map((weight, column) => [weight, kind.columns[column]])
      .filter(([weight]) => weight >= 0.005).sort((a, b) => b[0] - a[0]).slice(0, 4);
    const bold = Object.assign(document.createElement("b"), { textContent: kind.rows[row] });
    const next = kind.next ? " (to be followed by " + kind.next[row] + ")" : "";
    status.replaceChildren("Row " + (row + 1) + ", ", bold, next + ", attends to " +
      best.map(([weight, word]) => word + " " + weight.toFixed(2)).join(", ") + ".");
  }

  box.addEventListener("keydown", event => {
    event.stopPropagation();  // Jupyter's shortcuts are not meant.
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const from = chosen === null ? (step > 0 ? -1 : 1) : chosen;
      choose(Math.min(Math.max(from + step, 0), kind.rows.length - 1));
    } else if (event.key === "Escape") {
      chosen = null;
      status.textContent = greeting;
      root.querySelectorAll(".lit").forEach(mark => mark.classList.remove("lit"));
    }
  });
  for (const input of root.querySelectorAll("input")) {
    input.addEventListener("change", draw);
    input.addEventListener("keydown", event => event.stopPropagation());
  }
  draw();
})();
</script>
</div>""")
