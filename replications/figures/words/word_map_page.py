"""The page of a word map: HTML, style and script, with placeholders for its data."""

from string import Template

# Okabe and Ito's colours, which the colour-blind can tell apart, without the two that vanish on
# white or on black.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#a6761d")

PAGE = Template(r"""<div class="word-map" id="$id">
<style>
#$id {
  --ink: var(--pst-color-text-base, var(--jp-content-font-color1, #222));
  --paper: var(--pst-color-background, var(--jp-layout-color0, #fff));
  --soft: var(--pst-color-border, var(--jp-border-color1, #bbb));
  --link: var(--pst-color-link, var(--jp-content-link-color, #06c));
  --dot: var(--pst-color-text-muted, #777);
  color: var(--ink); background: var(--paper); font-size: 0.9rem; margin: 0;
}
/* The theme lays a light sheet behind HTML outputs in the dark; this one follows the page. */
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(> #$id) {
  background: transparent; color: inherit; padding: 0;
}
#$id .find { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
#$id input {
  font: inherit; color: var(--ink); background: var(--paper); padding: 0.35rem 0.5rem;
  border: 1px solid var(--dot); border-radius: 0.3rem; width: 12rem; max-width: 100%;
}
#$id button {
  font: inherit; color: var(--link); background: none; border: 0; padding: 0.15rem 0.1rem;
  text-decoration: underline; cursor: pointer;
}
#$id input:focus-visible, #$id button:focus-visible { outline: 2px solid var(--link); }
#$id .near { min-height: 3.2em; margin: 0.5rem 0; line-height: 1.6; }
#$id .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0.25rem 0; }
#$id .legend i {
  display: inline-block; width: 0.7em; height: 0.7em; border-radius: 50%; margin-right: 0.35em;
}
#$id svg {
  display: block; width: 100%; height: auto; border: 1px solid var(--soft); border-radius: 0.4rem;
  touch-action: manipulation;
}
#$id text { fill: var(--ink); font: 11px sans-serif; cursor: pointer; user-select: none;
  paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
#$id circle { cursor: pointer; }
#$id .off text { display: none; }
#$id svg.chosen g { opacity: 0.18; }
#$id svg.chosen g.lit { opacity: 1; }
#$id svg.chosen g.lit text { display: block; }
#$id g.centre text { font-weight: bold; font-size: 13px; }
#$id line { stroke: var(--dot); stroke-width: 1; }
#$id ul { columns: 18rem; padding-left: 1.2rem; margin-top: 0.5rem; }
</style>
<div class="find">
<label for="$id-find">Find a word</label>
<input id="$id-find" type="search" list="$id-list" autocomplete="off" spellcheck="false"
 autocapitalize="off">
<datalist id="$id-list">$options</datalist>
<button type="button" class="clear">Show all</button>
</div>
<p class="near" role="status" aria-live="polite">$count words. Type one, or point at it, to see
its nearest words.</p>
<div class="legend">$legend</div>
<svg role="img" aria-label="$description" viewBox="0 0 720 500">
<g class="lines"></g>$marks</svg>
<details><summary>The map as text: each word with its nearest words</summary><ul>$text</ul>
</details>
<script>
(() => {
  const root = document.getElementById("$id");
  const { words, places, near } = $data;
  const svg = root.querySelector("svg"), lines = root.querySelector(".lines");
  const marks = [...svg.querySelectorAll("g[data-word]")];
  const field = root.querySelector("input"), status = root.querySelector(".near");
  const greeting = status.textContent;
  const index = new Map(words.map((word, number) => [word, number]));
  let points = [], chosen = null, width = 0;

  function layOut() {
    const now = Math.round(svg.clientWidth);
    if (!now || now === width) return;
    width = now;
    const height = Math.round(Math.min(560, Math.max(400, width * 0.7)));
    svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    points = places.map(([x, y]) => [12 + x * (width - 24), 14 + y * (height - 28)]);
    const taken = [];
    marks.forEach((mark, number) => {
      const [x, y] = points[number], long = 6.3 * words[number].length + 3;
      // To the right, left, above or below, where the label hides no other label and no dot.
      const tries = [[x + 6, y + 4], [x - 6 - long, y + 4], [x - long / 2, y - 6],
        [x - long / 2, y + 14]].filter(([left, base]) =>
          left > 0 && left + long < width && base > 10 && base < height - 3);
      const place = tries.find(([left, base]) => {
        const [right, top, bottom] = [left + long, base - 9, base + 2];
        return taken.every(b =>
          b[2] < left || b[0] > right || b[3] < top || b[1] > bottom)
          && points.every(([a, b], other) => other === number
            || a < left - 2 || a > right + 1 || b < top - 2 || b > bottom + 2);
      });
      const [left, base] = place || tries[0] || [0, y];
      const [circle, text] = mark.children;
      circle.setAttribute("cx", x); circle.setAttribute("cy", y);
      circle.setAttribute("r", width < 500 ? 2.5 : 3.5);
      text.setAttribute("x", left); text.setAttribute("y", base);
      mark.classList.toggle("off", !place);
      if (place) taken.push([left, base - 9, left + long, base + 2]);
    });
    if (chosen !== null) light([chosen]);
  }

  function light(centres) {
    lines.replaceChildren();
    const lit = new Set(centres);
    for (const centre of centres.length === 1 ? centres : []) {
      for (const [word] of near[centre]) {
        if (!index.has(word)) continue;
        lit.add(index.get(word));
        const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
        const [from, to] = [points[centre], points[index.get(word)]];
        line.setAttribute("x1", from[0]); line.setAttribute("y1", from[1]);
        line.setAttribute("x2", to[0]); line.setAttribute("y2", to[1]);
        lines.append(line);
      }
    }
    svg.classList.toggle("chosen", lit.size > 0);
    lines.classList.add("lit");
    marks.forEach((mark, number) => {
      mark.classList.toggle("lit", lit.has(number));
      mark.classList.toggle("centre", centres.includes(number));
    });
  }

  function tell(number) {
    status.replaceChildren(Object.assign(document.createElement("b"),
      { textContent: words[number] }), " is nearest to ");
    near[number].forEach(([word, cosine], place) => {
      if (place) status.append(", ");
      if (index.has(word)) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = word;
        button.addEventListener("click", () => choose(index.get(word), true));
        status.append(button);
      } else status.append(word);
      status.append(" " + cosine.toFixed(2));
    });
    status.append(".");
  }

  function choose(number, fill) {
    chosen = number;
    light([number]);
    tell(number);
    if (fill) field.value = words[number];
  }

  function clear() {
    chosen = null;
    field.value = "";
    light([]);
    status.textContent = greeting;
  }

  field.addEventListener("input", () => {
    const typed = field.value.trim().toLowerCase();
    if (!typed) return clear();
    if (index.has(typed)) return choose(index.get(typed), false);
    chosen = null;
    const found = words.flatMap((word, number) => word.startsWith(typed) ? [number] : []);
    light(found);
    const some = found.slice(0, 12).map(number => words[number]).join(", ");
    status.textContent = found.length
      ? found.length + (found.length === 1 ? " word begins" : " words begin") + " so: " + some
      : "No word on this map begins with “" + typed + "”.";
  });
  field.addEventListener("keydown", event => {
    event.stopPropagation();  // Jupyter's shortcuts and the theme's search are not meant.
    if (event.key === "Escape") clear();
  });
  root.querySelector(".clear").addEventListener("click", clear);
  marks.forEach((mark, number) => {
    mark.addEventListener("click", () => choose(number, true));
    mark.addEventListener("pointerenter", event => {
      if (chosen === null && event.pointerType === "mouse" && !field.value) {
        light([number]);
        tell(number);
      }
    });
    mark.addEventListener("pointerleave", event => {
      if (chosen === null && event.pointerType === "mouse" && !field.value) clear();
    });
  });
  new ResizeObserver(layOut).observe(svg);
  layOut();
})();
</script>
</div>""")
