"""The page of a structure to be rotated: HTML, style and script, with placeholders for its data."""

from string import Template

PAGE = Template(r"""<div class="structure" id="$id">
<style>
#$id {
  --ink: var(--pst-color-text-base, var(--jp-content-font-color1, #222));
  --paper: var(--pst-color-background, var(--jp-layout-color0, #fff));
  --soft: var(--pst-color-border, var(--jp-border-color1, #bbb));
  --link: var(--pst-color-link, var(--jp-content-link-color, #06c));
  --true: #0072b2; --predicted: #d55e00;
  color: var(--ink); background: var(--paper); font-size: 0.9rem; margin: 0;
}
html[data-theme="dark"] #$id { --true: #56b4e9; --predicted: #e69f00; }
/* The theme lays a light sheet behind HTML outputs in the dark; this one follows the page. */
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(> #$id) {
  background: transparent; color: inherit; padding: 0;
}
#$id .bar { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; }
#$id select, #$id button {
  font: inherit; color: var(--ink); background: var(--paper); padding: 0.3rem 0.5rem;
  border: 1px solid var(--soft); border-radius: 0.3rem; max-width: 100%;
}
#$id label { display: inline-flex; gap: 0.35em; align-items: center; }
#$id label i { display: inline-block; width: 1.4em; height: 0.3em; border-radius: 0.15em; }
#$id canvas {
  display: block; width: 100%; height: 22rem; margin-top: 0.5rem; cursor: grab;
  border: 1px solid var(--soft); border-radius: 0.4rem; touch-action: pan-y;
}
#$id canvas:focus-visible { outline: 2px solid var(--link); }
#$id .told { margin: 0.4rem 0 0; }
</style>
<div class="bar">
<label>Chain <select>$options</select></label>
<label><input type="checkbox" class="show" value="true" checked><i
 style="background:var(--true)"></i>true</label>
<label><input type="checkbox" class="show" value="predicted" checked><i
 style="background:var(--predicted)"></i>predicted</label>
<button type="button" class="mirror" aria-pressed="false">Mirror the prediction</button>
<button type="button" class="reset">Turn back</button>
</div>
<canvas tabindex="0" role="img" aria-label="$description"></canvas>
<p class="told" role="status" aria-live="polite">$told</p>
<script>
(() => {
  const root = document.getElementById("$id");
  const chains = $data;
  const canvas = root.querySelector("canvas"), told = root.querySelector(".told");
  const select = root.querySelector("select"), mirror = root.querySelector(".mirror");
  const START = [0.4, -0.5];
  let [tilt, turn] = START, number = 0, mirrored = false;

  function colour(name) { return getComputedStyle(root).getPropertyValue(name).trim(); }

  function draw() {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width) return;
    canvas.width = width * ratio; canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const chain = chains[number];
    const size = 0.45 * Math.min(width, height) / chain.radius;
    const [ct, st, cu, su] = [Math.cos(tilt), Math.sin(tilt), Math.cos(turn), Math.sin(turn)];
    const seen = ([x, y, z]) => {
      const across = cu * x + su * z, deep = -su * x + cu * z;
      return [width / 2 + size * across, height / 2 - size * (ct * y - st * deep),
        st * y + ct * deep];
    };
    const parts = [];
    for (const box of root.querySelectorAll(".show")) {
      if (!box.checked) continue;
      const flip = box.value === "predicted" && mirrored ? -1 : 1;
      const points = chain[box.value].map(([x, y, z]) => seen([flip * x, y, z]));
      const ink = colour("--" + box.value);
      points.slice(1).forEach((to, at) => parts.push([(to[2] + points[at][2]) / 2,
        points[at], to, ink]));
      parts.push([points[0][2], points[0], null, ink]);
    }
    // What lies behind is drawn first, thinner and fainter.
    parts.sort((one, other) => one[0] - other[0]);
    for (const [deep, from, to, ink] of parts) {
      const near = Math.min(1, Math.max(0, 0.5 + 0.5 * deep / chain.radius));
      pen.globalAlpha = 0.35 + 0.65 * near;
      pen.strokeStyle = pen.fillStyle = ink;
      pen.lineWidth = 2 + 3 * near;
      pen.lineCap = "round";
      pen.beginPath();
      if (to) { pen.moveTo(from[0], from[1]); pen.lineTo(to[0], to[1]); pen.stroke(); }
      else { pen.arc(from[0], from[1], 5, 0, 7); pen.fill(); }
    }
    pen.globalAlpha = 1;
  }

  function tell() {
    const chain = chains[number];
    told.textContent = mirrored ? chain.name + ": the mirror image of the prediction. All its "
      + "distances are the same, and it does not lie on the true chain."
      : chain.told;
  }

  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    canvas.style.cursor = "grabbing";
  });
  canvas.addEventListener("pointermove", event => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    turn += event.movementX / 120;
    if (event.pointerType === "mouse") tilt += event.movementY / 120;
    draw();
  });
  canvas.addEventListener("pointerup", () => { canvas.style.cursor = "grab"; });
  canvas.addEventListener("keydown", event => {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault(); event.stopPropagation();
    tilt += step[0] / 8; turn += step[1] / 8;
    draw();
  });
  select.addEventListener("change", () => { number = select.selectedIndex; tell(); draw(); });
  root.querySelectorAll(".show").forEach(box => box.addEventListener("change", draw));
  mirror.addEventListener("click", () => {
    mirrored = !mirrored;
    mirror.setAttribute("aria-pressed", mirrored);
    tell(); draw();
  });
  root.querySelector(".reset").addEventListener("click", () => {
    [tilt, turn] = START;
    draw();
  });
  new ResizeObserver(draw).observe(canvas);
  new MutationObserver(draw).observe(document.documentElement,
    { attributes: true, attributeFilter: ["data-theme", "class"] });
  draw();
})();
</script>
</div>""")
