/* A reviewer's work on a call: opinions in place, notes, why, search, the word that is being said, the next call. */
"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const stage = element("stage"), list = element("moments"), call = stage.call, data = call.data, words = data.qa;
  const problem = element("problem"), find = element("find"), found = element("found");
  let spoken = [], now = null, hits = [], hit = -1;

  const complain = (text) => { problem.textContent = text; problem.hidden = !text; };

  async function send(opinion) {
    complain("");
    try {
      const answer = await fetch(`/calls/${data.call}/opinions`, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(opinion),
      });
      const said = await answer.json();
      if (!answer.ok) { complain(said.said || words.js_not_kept); return; }
      const key = focused() && focused().dataset.key, top = list.scrollTop;
      list.innerHTML = said.rows;
      element("numbers").innerHTML = said.numbers;
      element("whole").setAttribute("aria-pressed", String(said.whole));
      list.scrollTop = top;
      call.reread();
      readWords();
      const row = key && list.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (row) focus(row);
    } catch { complain(words.js_not_kept); }
  }

  /* The row that keys act on: the one with the focus, or the last one at the playhead of which anything can be said. */
  const focused = () => document.activeElement.closest && document.activeElement.closest(".row");
  function acted() {
    const row = focused();
    if (row && row.dataset.key) return row;
    return [...list.querySelectorAll(".row[aria-current][data-key]")].pop();
  }
  function focus(row) {
    const old = list.querySelector(".at:not([tabindex='-1'])");
    if (old) old.tabIndex = -1;
    const at = row.querySelector(".at");
    for (const act of list.querySelectorAll(".act")) act.tabIndex = row.contains(act) ? 0 : -1;
    at.tabIndex = 0;
    at.focus({ preventScroll: true });
    if (row.offsetTop < list.scrollTop || row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = row.offsetTop - list.clientHeight / 3;
  }
  function step(way) {
    const rows = [...list.children];
    const here = focused() || [...list.querySelectorAll(".row[aria-current]")][0];
    const next = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(here) + way))];
    if (next) { focus(next); call.seek(+next.dataset.start); }
  }

  function judge(row, verdict) {
    if (!row) return;
    if (verdict === "correct") correct(row); else send({ target: row.dataset.key, verdict });
  }

  function correct(row) {
    if (row.dataset.kind === "slow_down" || row.dataset.key.startsWith("cue:")) return;
    const form = element("correct").querySelector("form"), heard = row.dataset.key.startsWith("heard:");
    form.reset();
    form.elements.target.value = row.dataset.key;
    form.elements.by.value = row.dataset.by || "agent";
    for (const part of form.querySelectorAll(".of-turn")) part.hidden = heard;
    for (const part of form.querySelectorAll(".of-words")) part.hidden = !heard;
    if (heard) form.elements.text.value = row.querySelector(".said").innerText.trim().replace(/\s+/g, " ");
    else form.elements.kind.value = row.dataset.kind;
    form.dataset.was = JSON.stringify({ by: form.elements.by.value, text: form.elements.text.value, kind: form.elements.kind.value });
    window.qa.open("correct");
  }

  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("opening", () => {
      for (const out of dialog.querySelectorAll(".dialog-at")) out.textContent = call.clock(call.at());
      for (const name of ["at_s", "start_s"]) {
        const input = dialog.querySelector(`[name=${name}]`);
        if (input) input.value = call.at().toFixed(2);
      }
      element("audio").pause();
    });
  }
  for (const form of document.querySelectorAll("form[data-opinion]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = form.elements, opinion = { verdict: form.dataset.opinion, comment: given.comment.value };
      if (opinion.verdict === "add") Object.assign(opinion, { target: "new:", kind: given.kind.value, by: given.by.value, start_s: +given.start_s.value });
      else {
        const was = JSON.parse(form.dataset.was), heard = given.target.value.startsWith("heard:");
        opinion.target = given.target.value;
        if (given.by.value !== was.by) opinion.by = given.by.value;
        if (heard && given.text.value !== was.text) opinion.text = given.text.value;
        if (!heard && given.kind.value !== was.kind) opinion.kind = given.kind.value;
        if (!heard && given.here.checked) opinion.start_s = call.at();
      }
      form.closest("dialog").close();
      send(opinion);
    });
  }

  async function explain(at) {
    const box = element("explanation");
    const answer = await fetch(`/calls/${data.call}/explain?at=${encodeURIComponent(at)}`);
    if (!answer.ok) return;
    box.replaceChildren(...(await answer.json()).flatMap(({ title, lines }) => {
      const head = document.createElement("h3"), items = document.createElement("ul");
      head.textContent = title;
      items.append(...lines.map(([text, under]) => {
        const li = document.createElement("li");
        li.textContent = text;
        if (under) li.className = "under";
        return li;
      }));
      return [head, items];
    }));
    element("explained").hidden = false;
    element("explained").scrollIntoView({ block: "nearest" });
  }

  list.addEventListener("click", (event) => {
    const act = event.target.closest(".act");
    if (!act) return;
    event.stopPropagation();
    focus(act.closest(".row"));
    if (act.dataset.explain !== undefined) explain(act.dataset.explain);
    else judge(act.closest(".row"), act.dataset.verdict);
  });
  const whole = element("whole");
  if (whole) whole.addEventListener("click", () => send({ target: "call", verdict: whole.getAttribute("aria-pressed") === "true" ? "withdraw" : "agree" }));

  /* The word that is being said. */
  function readWords() {
    spoken = [...list.querySelectorAll(".w")].map((span) => ({ span, at: +span.dataset.seek })).sort((a, b) => a.at - b.at);
    now = null;
  }
  new MutationObserver(() => {
    const at = call.at() + 0.05;
    let low = 0, high = spoken.length;
    while (low < high) { const middle = (low + high) >> 1; if (spoken[middle].at > at) high = middle; else low = middle + 1; }
    const word = low && at - spoken[low - 1].at < 2 ? spoken[low - 1].span : null;
    if (word === now) return;
    if (now) now.classList.remove("now");
    if (word) word.classList.add("now");
    now = word;
  }).observe(stage, { attributeFilter: ["data-at-s"] });

  /* Search within the call: rows that hold the words, one after the other. */
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    for (const row of list.querySelectorAll(".hit")) row.classList.remove("hit");
    hits = wanted ? [...list.children].filter((row) => row.innerText.toLowerCase().includes(wanted)) : [];
    for (const row of hits) row.classList.add("hit");
    hit = -1;
    found.textContent = wanted ? call.fill(words.js_found, { count: hits.length }) : "";
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && hits.length) {
      hit = (hit + (event.shiftKey ? hits.length - 1 : 1)) % hits.length;
      call.seek(+hits[hit].dataset.start);
      list.scrollTop = hits[hit].offsetTop - list.clientHeight / 3;
      event.preventDefault();
    } else if (event.key === "Escape") find.blur();
  });

  /* The next call of the list one came from. */
  const next = element("next");
  const from = (() => { try { return JSON.parse(sessionStorage.getItem("calls")) || { ids: [] }; } catch { return { ids: [] }; } })();
  const here = from.ids.indexOf(String(data.call));
  const beside = (way) => (here >= 0 && from.ids[here + way] ? `/calls/${from.ids[here + way]}` : from.list || "/");
  if (here >= 0) { next.hidden = false; next.href = beside(1); }

  const keys = {
    a: () => judge(acted(), "agree"), d: () => judge(acted(), "disagree"), c: () => judge(acted(), "correct"), w: () => judge(acted(), "withdraw"),
    e: () => explain(focused() ? focused().dataset.start : call.at()),
    j: () => call.seek(call.at() - 5), l: () => call.seek(call.at() + 5),
    m: () => whole && window.qa.open("missed"), n: () => whole && window.qa.open("note"),
    r: () => call.player.toggleLoop(), s: () => call.player.toggleSkip(),
    "<": () => call.player.faster(-1), ">": () => call.player.faster(1),
    "+": () => call.zoom(0.5), "-": () => call.zoom(2),
    "[": () => { location.href = beside(-1); }, "]": () => { location.href = beside(1); },
    " ": () => call.togglePlay(), ArrowDown: () => step(1), ArrowUp: () => step(-1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || window.qa.typing(event.target)) return;
    if (document.querySelector("dialog[open]") || (event.target.closest("button, a, summary, input") && event.key === " " && !event.target.closest(".at"))) return;
    if (event.target.closest("input[type=range], #position") && event.key.startsWith("Arrow")) return;
    if (!whole && "adcw".includes(event.key)) return;
    const act = keys[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  });

  /* The player stays in reach: once the lanes are out of view, its bar stands at the foot of the window. */
  const bar = document.querySelector(".bar");
  new IntersectionObserver(([seen]) => bar.classList.toggle("docked", !seen.isIntersecting)).observe(element("lanes"));

  const open = location.hash.startsWith("#score-") && element(location.hash.slice(1));
  if (open) open.open = true;
  readWords();
})();
