/* The player beyond play and pause: speed, each party's volume, silence skipped, a stretch again and again, the waveform. */
"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const stage = element("stage"), audio = element("audio"), call = stage.call, data = call.data, words = data.qa;
  const says = element("player-says"), speed = element("speed"), skip = element("skip"), loop = element("loop");
  const STEP_S = 0.032, LEAD_S = 0.25, LEAST_S = 1.2, AROUND_S = 0.4;
  let graph = null, again = null;

  /* Each leg has a channel of its own: caller left, agent right. They come out a little apart, as loud as their sliders. */
  function connect() {
    if (graph) return;
    const context = new AudioContext(), source = context.createMediaElementSource(audio);
    const split = context.createChannelSplitter(2);
    source.connect(split);
    graph = { context };
    [["caller", -0.35], ["agent", 0.35]].forEach(([party, pan], place) => {
      const gain = context.createGain(), side = context.createStereoPanner();
      side.pan.value = pan;
      split.connect(gain, place);
      gain.connect(side).connect(context.destination);
      graph[party] = gain;
    });
    louder();
  }

  function louder() {
    if (graph) for (const party of ["caller", "agent"]) graph[party].gain.value = +element(`volume-${party}`).value;
  }

  const spoken = (() => {
    const pairs = [];
    for (const flat of [data.speech.agent, data.speech.caller]) for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i], flat[i + 1]]);
    pairs.sort((a, b) => a[0] - b[0]);
    const joined = [];
    for (const [start, end] of pairs) {
      const last = joined[joined.length - 1];
      if (last && start <= last[1] + LEAST_S) last[1] = Math.max(last[1], end); else joined.push([start, end]);
    }
    return joined;
  })();

  function follow() {
    if (audio.paused) return;
    const at = audio.currentTime;
    if (again && (at >= again.end || at < again.start - 1)) audio.currentTime = again.start;
    else if (skip.checked && !again) {
      const next = spoken.find(([, end]) => end + LEAD_S > at);
      if (next && next[0] - LEAD_S > at + 0.2) audio.currentTime = next[0] - LEAD_S;
    }
    requestAnimationFrame(follow);
  }

  function setLoop(stretch) {
    again = stretch;
    loop.setAttribute("aria-pressed", String(Boolean(again)));
    says.textContent = again ? call.fill(words.js_looping, { from: call.clock(again.start), to: call.clock(again.end) }) : "";
    if (again) call.seek(again.start);
  }

  function toggleLoop() {
    const row = document.activeElement.closest(".row") || [...document.querySelectorAll(".row[aria-current]")].pop();
    const start = row ? +row.dataset.start : call.at(), end = row ? +row.dataset.end : call.at();
    setLoop(again ? null : { start: Math.max(0, start - AROUND_S), end: Math.min(data.duration, Math.max(end, start + 1) + AROUND_S) });
  }

  audio.addEventListener("play", () => { connect(); graph.context.resume(); follow(); });
  audio.addEventListener("error", () => { says.textContent = words.js_no_sound; element("play").disabled = true; });
  speed.addEventListener("change", () => { audio.playbackRate = +speed.value; });
  for (const party of ["caller", "agent"]) element(`volume-${party}`).addEventListener("input", louder);
  loop.addEventListener("click", toggleLoop);
  element("link").addEventListener("click", async () => {
    const link = `${location.origin}${location.pathname}#t=${call.at().toFixed(2)}`;
    history.replaceState(null, "", link);
    try { await navigator.clipboard.writeText(link); says.textContent = words.js_copied; } catch { says.textContent = link; }
  });

  fetch(`/calls/${data.call}/peaks`).then(async (answer) => {
    if (!answer.ok) { element("wave").hidden = true; return; }
    const both = new Uint8Array(await answer.arrayBuffer()), half = both.length >> 1;
    data.peaks = { step: STEP_S, agent: both.subarray(0, half), caller: both.subarray(half) };
    call.redraw();
  });

  call.player = {
    toggleLoop,
    faster: (step) => {
      speed.selectedIndex = Math.min(speed.options.length - 1, Math.max(0, speed.selectedIndex + step));
      audio.playbackRate = +speed.value;
    },
    toggleSkip: () => { skip.checked = !skip.checked; },
  };
})();
