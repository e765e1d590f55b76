"""The page of the calculator: HTML, style and script, with placeholders for its data."""

from string import Template

PAGE = Template(r"""<div class="calculator" id="$id">
<style>
#$id {
  --ink: var(--pst-color-text-base, var(--jp-content-font-color1, #222));
  --paper: var(--pst-color-background, var(--jp-layout-color0, #fff));
  --soft: var(--pst-color-border, var(--jp-border-color1, #bbb));
  --link: var(--pst-color-link, var(--jp-content-link-color, #06c));
  --muted: var(--pst-color-text-muted, #666);
  color: var(--ink); background: var(--paper); font-size: 0.95rem; max-width: 46rem;
  border: 1px solid var(--soft); border-radius: 0.5rem; padding: 0.8rem 1rem; margin: 0;
}
/* The theme lays a light sheet behind HTML outputs in the dark; this one follows the page. */
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(> #$id) {
  background: transparent; color: inherit; padding: 0;
}
#$id label { font-weight: bold; display: block; }
#$id .typed { display: flex; flex-wrap: wrap; gap: 0.4rem 0.8rem; align-items: baseline; }
#$id input[type="text"] {
  font: inherit; color: var(--ink); background: var(--paper); padding: 0.3rem 0.5rem;
  border: 1px solid var(--muted); border-radius: 0.3rem; width: 9rem; max-width: 100%;
}
#$id input[type="range"] { width: 100%; margin: 0.6rem 0 0.3rem; accent-color: var(--link); }
#$id button {
  font: inherit; color: var(--link); background: none; border: 1px solid var(--soft);
  border-radius: 1rem; padding: 0.15rem 0.7rem; margin: 0.15rem 0.3rem 0.15rem 0; cursor: pointer;
}
#$id input:focus-visible, #$id button:focus-visible { outline: 2px solid var(--link); }
#$id table { width: 100%; border-collapse: collapse; margin: 0.7rem 0 0.2rem; color: inherit; }
#$id tr { background: transparent; border: 0; }
#$id th, #$id td {
  text-align: left; vertical-align: top; padding: 0.35rem 0.5rem; color: inherit;
  border-top: 1px solid var(--soft); background: transparent; white-space: normal;
}
#$id thead th { border-top: 0; font-size: 0.85em; color: var(--muted); font-weight: normal; }
#$id tbody th { font-weight: normal; }
#$id small { display: block; color: var(--muted); white-space: nowrap; }
#$id .note { font-size: 0.85em; color: var(--muted); margin: 0.4rem 0 0; min-height: 2.6em; }
@media (max-width: 560px) {
  #$id thead { display: none; }
  #$id tbody th, #$id tbody td { display: block; border: 0; padding: 0.1rem 0; }
  #$id tbody tr { display: block; border-top: 1px solid var(--soft); padding: 0.4rem 0; }
  #$id tbody th { font-weight: bold; }
  #$id td::before { content: attr(data-head) ": "; color: var(--muted); }
  #$id small { display: inline; margin-left: 0.5em; }
}
</style>
<label for="$id-flops">Budget: floating-point operations of training</label>
<div class="typed"><input id="$id-flops" type="text" value="$typed" inputmode="decimal"
 autocomplete="off" spellcheck="false" aria-describedby="$id-said">
<span class="said" id="$id-said" role="status" aria-live="polite"></span></div>
<input class="slide" type="range" min="$low" max="$high" step="0.02" value="$start"
 aria-label="Budget, logarithm to base ten">
<div class="examples">$buttons</div>
<table><thead><tr><th scope="col">by</th><th scope="col">parameters</th>
<th scope="col">tokens</th><th scope="col">tokens per parameter</th>
<th scope="col">loss, nats per token</th></tr></thead><tbody>$rows</tbody></table>
<p class="note"></p>
<script>
(() => {
  const root = document.getElementById("$id");
  const { allocations, span } = $data;
  const field = root.querySelector("input[type=text]"), slide = root.querySelector(".slide");
  const said = root.querySelector(".said"), note = root.querySelector(".note");
  const rows = [...root.querySelectorAll("tbody tr")];

  function short(number) {
    for (const [size, letter] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]])
      if (number >= 0.9995 * size) return Number((number / size).toPrecision(3)) + letter;
    return String(Number(number.toPrecision(3)));
  }
  function cell(place, value, low, high) {
    place.replaceChildren(Object.assign(document.createElement("b"), { textContent: value }));
    if (low !== undefined)
      place.append(Object.assign(document.createElement("small"),
        { textContent: short(low) + " to " + short(high) }));
  }
  function words(flops) {
    // A good GPU does some 4e14 operations a second in training, a processor core 1e10.
    const units = [[31557600, "years"], [86400, "days"], [3600, "hours"], [60, "minutes"],
      [1, "seconds"]];
    const long = rate => {
      const seconds = flops / rate;
      const [unit, name] = units.find(([size]) => seconds >= size) || [1, "seconds"];
      return short(seconds / unit) + " " + name;
    };
    return "about " + long(4e14) + " of one large GPU, or " + long(1e10)
      + " of one processor core";
  }
  function show(exponent) {
    const flops = 10 ** exponent;
    const outside = [], silent = [];
    allocations.forEach((each, number) => {
      if (each.farthest && flops > each.farthest) {
        for (const place of rows[number].querySelectorAll("td")) place.textContent = "–";
        silent.push(each.name + " (" + short(flops / each.known[1])
          + " times their largest budget)");
        return;
      }
      const away = Math.log(flops / each.flops);
      const best = Math.exp(each.log + each.exponent * away);
      const tokens = flops / each.operations / best;
      const cells = rows[number].querySelectorAll("td");
      let half = 0;
      if (each.covariance) {
        const [start, both, slope] = each.covariance;
        half = 1.959964 * Math.sqrt(Math.max(0, start + 2 * both * away + slope * away * away));
      }
      const [low, high] = [Math.exp(-half), Math.exp(half)];
      const known = each.covariance ? 1 : undefined;
      cell(cells[0], short(best), known && best * low, best * high);
      cell(cells[1], short(tokens), known && tokens * low, tokens * high);
      cell(cells[2], String(Number((tokens / best).toPrecision(3))),
        known && tokens / best * low * low, tokens / best * high * high);
      if (each.law) {
        const [e, a, b, alpha, beta] = each.law;
        cell(cells[3], (e + a / best ** alpha + b / tokens ** beta).toFixed(2));
      } else cells[3].textContent = "–";
      if (each.known && (flops < each.known[0] / 1.5 || flops > each.known[1] * 1.5))
        outside.push(each.name);
    });
    said.textContent = words(flops);
    note.textContent = "Intervals of 95 %."
      + (outside.length
        ? " Beyond the runs that it was fitted to: " + outside.join("; ") + "." : "")
      + (silent.length ? " Too far for: " + silent.join("; ") + "." : "");
  }
  function choose(flops) {
    const exponent = Math.log10(flops);
    slide.value = exponent;
    show(Math.min(span[1], Math.max(span[0], exponent)));
  }
  const written = flops => flops.toExponential(2).replace("e+", "e");
  slide.addEventListener("input", () => {
    field.value = written(10 ** Number(slide.value));
    show(Number(slide.value));
  });
  field.addEventListener("input", () => {
    const flops = Number(field.value.trim());
    if (flops >= 10 ** span[0] && flops <= 10 ** span[1]) choose(flops);
    else said.textContent = "give a number from " + written(10 ** span[0]) + " to "
      + written(10 ** span[1]) + ", such as 1e21";
  });
  field.addEventListener("keydown", event => event.stopPropagation());
  root.querySelectorAll("button").forEach(button => button.addEventListener("click", () => {
    const flops = Number(button.dataset.flops);
    field.value = written(flops);
    choose(flops);
  }));
  choose(Number(field.value));
})();
</script>
</div>""")
