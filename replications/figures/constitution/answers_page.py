"""The page of answers and rules: HTML, style and script, with placeholders for its data."""

from string import Template

PAGE = Template(r"""<div class="constitution" id="$id">
<style>
#$id { --ink: var(--pst-color-text-base, var(--jp-content-font-color1, #222));
  --paper: var(--pst-color-background, var(--jp-layout-color0, #fff));
  --soft: var(--pst-color-border, var(--jp-border-color1, #bbb));
  color: var(--ink); background: var(--paper); font-size: 0.9rem; }
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(> #$id) {
  background: transparent; color: inherit; padding: 0; }
/* Not "row" or "mark": the book's theme has rules for those. */
#$id .choose { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
#$id select, #$id button { font: inherit; color: var(--ink); background: var(--paper);
  border: 1px solid var(--soft); max-width: 100%; }
#$id dl { margin: 0.8rem 0 0; }
#$id dt { font-weight: bold; margin: 0.6rem 0 0; }
#$id dd { margin: 0.1rem 0 0 0.8rem; }
#$id dd .said { font-family: monospace; }
#$id .sign { display: inline-block; margin: 0 0.3rem; padding: 0 0.4rem; border-radius: 0.6rem;
  border: 1.5px solid #d55e00; }
#$id .sign.none { border-color: #009e73; }
</style>
<div class="choose">
<label>Prompt <select class="prompt"></select></label>
<button type="button" class="next">Next prompt</button>
</div>
<p class="good"></p>
<dl aria-live="polite"></dl>
<details><summary>All answers as text</summary><ul>$rows</ul></details>
<script>
(() => {
  const data = $data, root = document.getElementById("$id");
  const at = (name) => root.querySelector(name);
  const prompt = at(".prompt"), list = at("dl");
  const made = (tag, text, kind) => {
    const found = document.createElement(tag);
    found.textContent = text;
    if (kind) found.className = kind;
    return found;
  };
  const draw = () => {
    const chosen = data[prompt.value];
    at(".good").textContent = "Breaks no rule and helps: " + chosen.engaged;
    list.replaceChildren(...chosen.answers.flatMap((answer) => {
      const says = document.createElement("dd");
      says.append(made("span", answer.text || "(nothing)", "said"));
      const marks = answer.broken.length ? answer.broken : ["breaks no rule"];
      for (const mark of marks) {
        says.append(made("span", (answer.broken.length ? "✗ " : "✓ ") + mark,
          answer.broken.length ? "sign" : "sign none"));
      }
      return [made("dt", answer.model), says];
    }));
  };
  prompt.replaceChildren(...data.map((each, index) => new Option(each.prompt, index)));
  prompt.addEventListener("change", draw);
  at(".next").addEventListener("click", () => {
    prompt.value = (Number(prompt.value) + 1) % data.length;
    draw();
  });
  draw();
})();
</script>
</div>""")
