"use strict";
(() => {
  const CHAPTERS = {
    1: "Inputs and execution", 2: "Model", 3: "Training", 4: "Saving", 5: "Summary and logging",
    6: "Data and utilities", 7: "Names", 8: "Contrib", 9: "Left-overs", 0: "Rules of your own",
  };
  const REMEDIES = [["safe", "safe fix"], ["unsafe", "unsafe fix"], ["program", "program conversion"], ["manual", "by hand"]];
  const PAGE = 100; // findings that are shown at once
  const TILES = 160; // of a folder; smaller ones are one tile together
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  if (!data.files.length) return;
  const number = new Intl.NumberFormat("en");
  const count = (n, word) => `${number.format(n)} ${word}${n === 1 ? "" : "s"}`;

  /* Text from the code only ever becomes text nodes. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // The tree of folders

  function folder(name, path, parent) {
    return { name, path, parent, folders: new Map(), files: [], lines: 0, findings: 0, manual: 0, clean: 0 };
  }

  function below(root, parts) {
    let at = root;
    for (const part of parts) {
      if (!at.folders.has(part)) at.folders.set(part, folder(part, at.path + part + "/", at));
      at = at.folders.get(part);
    }
    return at;
  }

  function build() {
    const root = folder("", "", null);
    const add = (at, lines, findings, manual) => {
      for (; at; at = at.parent) {
        at.lines += lines;
        at.findings += findings;
        at.manual += manual;
      }
    };
    data.files.forEach(([path, lines, findings], index) => {
      const parts = path.split("/");
      const name = parts.pop();
      const at = below(root, parts);
      const manual = findings.filter((f) => f[3] === 3).length;
      at.files.push({ name, path, index, lines, findings: findings.length, manual });
      add(at, lines, findings.length, manual);
    });
    for (const [path, files, lines] of data.clean) {
      const at = below(root, path.split("/").slice(0, -1));
      at.files.push({ name: count(files, "file") + " without TensorFlow 1", path, lines, findings: 0, manual: 0, plain: true });
      add(at, lines, 0, 0);
    }
    return root;
  }

  /* A folder that holds nothing but a folder is shown as one with it. */
  function inner(at) {
    while (at.folders.size === 1 && !at.files.length) at = at.folders.values().next().value;
    return at;
  }

  // The map: squarified (Bruls, Huizing, van Wijk)

  function squarify(items, x, y, width, height) {
    const placed = [];
    let total = items.reduce((sum, item) => sum + item.size, 0);
    let start = 0;
    while (start < items.length && width > 0 && height > 0) {
      const side = Math.min(width, height);
      const scale = (width * height) / total;
      const worst = (sum, largest, smallest) => {
        const area = sum * scale;
        return Math.max((side * side * largest * scale) / (area * area), (area * area) / (side * side * smallest * scale));
      };
      let end = start + 1;
      let sum = items[start].size;
      while (end < items.length) {
        const more = sum + items[end].size;
        if (worst(more, items[start].size, items[end].size) > worst(sum, items[start].size, items[end - 1].size)) break;
        sum = more;
        end += 1;
      }
      const thick = (sum * scale) / side;
      let along = 0;
      for (const item of items.slice(start, end)) {
        const long = (item.size * scale) / thick;
        placed.push(width < height ? [item, x + along, y, long, thick] : [item, x, y + along, thick, long]);
        along += long;
      }
      if (width < height) {
        y += thick;
        height -= thick;
      } else {
        x += thick;
        width -= thick;
      }
      total -= sum;
      start = end;
    }
    return placed;
  }

  const treemap = byId("treemap");
  const area = byId("area");
  const root = build();
  let current = inner(root);

  function entries(at) {
    const all = [...[...at.folders.values()].map(inner), ...at.files];
    for (const entry of all) entry.size = area.value === "lines" ? Math.max(entry.lines, 1) : entry.findings;
    const items = all.filter((entry) => entry.size > 0).sort((a, b) => b.size - a.size);
    if (items.length <= TILES) return items;
    const rest = items.splice(TILES - 1);
    const sum = (key) => rest.reduce((total, entry) => total + entry[key], 0);
    const together = { name: `${number.format(rest.length)} smaller`, path: at.path, plain: true };
    for (const key of ["size", "lines", "findings", "manual"]) together[key] = sum(key);
    return [...items, together].sort((a, b) => b.size - a.size);
  }

  function shade(entry) {
    const density = (100 * entry.findings) / Math.max(entry.lines, 1);
    return !entry.findings ? "d0" : density < 3 ? "d1" : density < 10 ? "d2" : density < 30 ? "d3" : "d4";
  }

  function place(element, x, y, width, height) {
    Object.assign(element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  }

  function title(entry) {
    return entry.folders ? entry.path.slice(current.path.length) : entry.name;
  }

  function draw(focus = 0) {
    const { clientWidth: width, clientHeight: height } = treemap;
    const tiles = squarify(entries(current), 0, 0, width, height).map(([entry, x, y, w, h]) => {
      const facts = `${count(entry.lines, "line")}, ${count(entry.findings, "finding")}, ${number.format(entry.manual)} by hand`;
      const label = `${title(entry)}: ${entry.folders ? "folder, " : ""}${facts}`;
      const tile = make("button", { type: "button", class: `tile ${shade(entry)}`, tabindex: -1, "aria-label": label, title: label });
      if (entry.plain) tile.setAttribute("aria-disabled", "true");
      place(tile, x, y, w, h);
      if (w > 44 && h > 18) tile.append(make("span", { class: "name" }, title(entry)));
      if (w > 60 && h > 34) tile.append(make("span", { class: "facts" }, count(entry.findings, "finding")));
      if (entry.folders && w > 50 && h > 60) {
        tile.classList.add("folder");
        for (const [part, px, py, pw, ph] of squarify(entries(entry), 3, 36, w - 8, h - 41)) {
          const inside = make("span", { class: `part ${shade(part)}` });
          place(inside, px, py, pw, ph);
          tile.append(inside);
        }
      }
      tile.addEventListener("click", () => open(entry));
      return tile;
    });
    treemap.replaceChildren(...tiles);
    if (tiles.length) tiles[Math.min(focus, tiles.length - 1)].tabIndex = 0;
    trail();
  }

  function open(entry) {
    if (entry.plain) return;
    if (entry.folders) {
      current = entry;
      draw();
      treemap.querySelector("[tabindex='0']")?.focus();
      filter();
    } else {
      filter(entry.path);
      byId("findings").focus();
    }
  }

  function up() {
    if (current === inner(root)) return;
    let at = current.parent;
    while (at.parent && at.folders.size === 1 && !at.files.length) at = at.parent;
    current = inner(at);
    draw();
    treemap.querySelector("[tabindex='0']")?.focus();
    filter();
  }

  function trail() {
    const steps = [];
    for (let at = current; at; at = at.parent) if (inner(at) === at) steps.unshift(at);
    let from = 0;
    const buttons = steps.map((at) => {
      const text = at.path.slice(from) || "all";
      from = at.path.length;
      if (at === current) return make("span", { "aria-current": "location" }, text);
      const button = make("button", { type: "button" }, text);
      button.addEventListener("click", () => open(at));
      return button;
    });
    byId("trail").replaceChildren(...buttons);
  }

  /* Arrow keys go to the nearest tile on that side. */
  function neighbour(from, key) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    const center = (tile) => {
      const box = tile.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = center(from);
    let best = null;
    let nearest = Infinity;
    for (const tile of treemap.children) {
      const [tx, ty] = center(tile);
      const along = (tx - x) * dx + (ty - y) * dy;
      const across = Math.abs((tx - x) * dy) + Math.abs((ty - y) * dx);
      if (along > 1 && along + 2 * across < nearest) {
        nearest = along + 2 * across;
        best = tile;
      }
    }
    return best;
  }

  treemap.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return up();
    if (!event.key.startsWith("Arrow") || !event.target.classList.contains("tile")) return;
    event.preventDefault();
    const next = neighbour(event.target, event.key);
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  area.addEventListener("change", () => draw());
  window.addEventListener("resize", () => draw());
  window.addEventListener("beforeprint", () => draw());

  // The findings, shown when they are asked for

  const list = byId("list");
  const more = byId("more");
  let found = [];
  let shown = 0;
  let below_ = "";

  function filter(path = current.path) {
    below_ = path;
    const words = byId("search").value.toLowerCase();
    const chapter = byId("chapter").value;
    const remedy = byId("remedy").value;
    found = [];
    for (const file of data.files) {
      const [name, , findings] = file;
      if (!(name === path || !path || path.endsWith("/") && name.startsWith(path))) continue;
      const named = name.toLowerCase().includes(words);
      for (const finding of findings) {
        const [, code, message, how, line] = finding;
        if (chapter && CHAPTERS[code[2]] !== chapter) continue;
        if (remedy && how !== Number(remedy)) continue;
        if (words && !named && !`${code} ${data.texts[message]} ${line}`.toLowerCase().includes(words)) continue;
        found.push([file, finding]);
      }
    }
    list.replaceChildren();
    shown = 0;
    show();
  }

  function diff(text) {
    const lines = text.map(([sign, line]) => {
      return make({ "-": "del", "+": "ins" }[sign] || "span", {}, `${sign} ${line}`);
    });
    return make("pre", { class: "diff", tabindex: 0 }, make("code", {}, ...lines));
  }

  function changes([, , , , line, hunks]) {
    const text = [];
    hunks.forEach(([before, after], n) => {
      if (n) text.push([" ", "⋮"]);
      text.push(...(before || [line]).map((l) => ["-", l]), ...after.map((l) => ["+", l]));
    });
    return text;
  }

  /* A part that is made when it is opened. */
  function folded(label, content) {
    const details = make("details", {}, make("summary", {}, label));
    details.addEventListener("toggle", () => details.childElementCount > 1 || details.append(content()));
    return details;
  }

  function article(finding) {
    const [at, code, message, how, line, hunks, refused] = finding;
    const [kind, label] = REMEDIES[how];
    const element = make(
      "li", { class: "finding" },
      make("p", {}, make("span", { class: "place" }, at), " ", make("b", {}, code), " ", data.texts[message], " ",
        make("span", { class: `badge ${kind}` }, label)),
    );
    if (line) element.append(make("pre", { class: "line", tabindex: 0 }, make("code", {}, line.trim())));
    if (data.texts[refused]) element.append(make("p", { class: "refused" }, `No fix of its own here: ${data.texts[refused]}.`));
    if (hunks.length) element.append(folded("Diff of this fix", () => diff(changes(finding))));
    return element;
  }

  function section([path, , , program, stuck]) {
    const element = make("section", { class: "file", "aria-label": path }, make("h3", {}, make("bdi", {}, path)));
    if (stuck) element.append(make("p", { class: "refused" }, `Not converted as a whole: ${stuck}`));
    if (program) {
      const lines = () => program.split("\n").map((line) => ["-", "+", " "].includes(line[0]) ? [line[0], line.slice(1)] : [" ", line]);
      element.append(folded("Diff of fix --program for the file", () => diff(lines())));
    }
    element.append(make("ul", {}));
    return element;
  }

  function show() {
    const next = found.slice(shown, shown + PAGE);
    let last = shown ? found[shown - 1][0] : null;
    for (const [file, finding] of next) {
      if (file !== last) list.append(section(file));
      last = file;
      list.lastElementChild.lastElementChild.append(article(finding));
    }
    shown += next.length;
    more.hidden = shown >= found.length;
    more.textContent = `Show ${number.format(Math.min(PAGE, found.length - shown))} more`;
    const where = below_ ? ` in ${below_}` : "";
    byId("count").textContent = found.length ? `${number.format(shown)} of ${count(found.length, "finding")}${where}` : `No finding${where} is like this.`;
  }

  more.addEventListener("click", () => {
    const first = list.querySelectorAll(".finding").length;
    show();
    const next = list.querySelectorAll(".finding")[first];
    if (next) {
      next.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
  });
  let waiting;
  byId("filter").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => filter(below_), 150);
  });
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  byId("filter").addEventListener("reset", () => setTimeout(() => filter("")));

  for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;
  byId("plain").hidden = true;
  draw();
  filter();
})();
