/* The page's one state is a moment of the call (`at`) and the stretch in view. Everything that names a moment carries
   data-seek; the timeline is a slider; nothing is fetched. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words, duration = Math.max(data.duration, 0.001);
  const element = (id) => document.getElementById(id);
  const stage = element("stage"), slider = element("position"), playhead = element("playhead");
  const readout = element("readout"), overviewBox = element("overview"), cueLane = element("cue-lane");
  const list = element("moments"), audio = element("audio"), playButton = element("play");
  const canvases = [...document.querySelectorAll("canvas[data-lane]")];
  const overviewCanvas = overviewBox.querySelector("canvas");
  const readRows = () => [...list.children].map((li) => ({ li, start: +li.dataset.start, end: +li.dataset.end }));
  const shortest = Math.min(duration, 5), SMALL_PX = 24;
  const state = { at: 0, start: 0, length: duration };
  let rows = readRows(), current = [], drawing = false, ink = null;

  const clock = (seconds) => {
    const whole = Math.floor(seconds + 1e-6), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    const two = (n) => String(n).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  };
  const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (all, name) => (name in fields ? fields[name] : all));
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

  const pictures = data.pictures && {
    ...data.pictures,
    pitch: bytes(data.pictures.pitch),
    mel: { agent: bytes(data.pictures.mel.agent), caller: bytes(data.pictures.mel.caller) },
    drawn: {},
  };

  function readInk() {
    const style = getComputedStyle(document.documentElement);
    ink = {};
    for (const name of ["ink", "soft", "rule", "panel", "agent", "caller", "over"]) ink[name] = style.getPropertyValue(`--${name}`).trim();
    ink.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    if (pictures) for (const who of ["agent", "caller"]) pictures.drawn[who] = lanes.spectrogram(pictures.mel[who], pictures.bands, ink[who]);
  }

  const viewOf = (start, length, width, height) => ({ start, length, width, height, x: (t) => ((t - start) / length) * width });

  function drawLane(canvas) {
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = window.devicePixelRatio || 1;
    if (!width || !height) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const ctx = canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.font = ink.font;
    const view = viewOf(state.start, state.length, width, height);
    const lane = canvas.dataset.lane;
    if (lane === "strain") lanes.strain(ctx, data, view, ink, words);
    else if (lane === "speech") lanes.speech(ctx, data, view, ink);
    else if (lane === "ruler") lanes.ruler(ctx, data, view, ink, clock);
    else if (lane === "wave") lanes.wave(ctx, data, view, ink);
    else if (lane === "pitch") lanes.pitch(ctx, pictures, view, ink, words);
    else if (lane === "overview") lanes.overview(ctx, data, viewOf(0, duration, width, height), view, state.at, ink);
    else lanes.mel(ctx, pictures.drawn[lane === "mel-agent" ? "agent" : "caller"], pictures.column, view);
  }

  function draw() {
    drawing = false;
    const zoomed = state.length < duration - 1e-6;
    overviewBox.hidden = !zoomed;
    element("zoom-out").disabled = element("zoom-fit").disabled = !zoomed;
    element("zoom-in").disabled = state.length <= shortest + 1e-6;
    canvases.forEach(drawLane);
    placeCues();
    placePlayhead();
  }

  function redraw() {
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
  }

  function placePlayhead() {
    const x = ((state.at - state.start) / state.length) * slider.clientWidth;
    playhead.style.transform = `translateX(${clamp(x, 0, slider.clientWidth) - 1}px)`;
    playhead.classList.toggle("out", x < -1 || x > slider.clientWidth + 1);
  }

  const pills = !cueLane ? [] : data.cues.map((cue) => {
    const pill = document.createElement("button"), stand = document.createElement("span");
    pill.type = "button";
    pill.className = cue.shown ? "pill" : "pill logged";
    pill.textContent = cue.name;
    pill.dataset.seek = cue.start;
    pill.setAttribute("aria-label", `${cue.name}, ${clock(cue.start)}`);
    pill.title = `${cue.name}, ${clock(cue.start)}`;
    stand.className = "stand";
    cueLane.append(stand, pill);
    return { cue, pill, stand, width: 0 };
  });

  /* Pills keep to their moment; where two would collide the later one goes a row lower. Past five rows it shrinks to the
     cue's first letter, and its whole name stands in its title. */
  function placeCues() {
    if (!cueLane) return;
    const width = cueLane.clientWidth, ends = [], view = viewOf(state.start, state.length, width, 0);
    for (const item of pills) {
      const x = view.x(item.cue.start), end = view.x(item.cue.end === null ? duration : item.cue.end);
      const inView = end >= 0 && x <= width;
      item.pill.hidden = item.stand.hidden = !inView;
      if (!inView) continue;
      item.pill.classList.remove("small");
      item.width = item.width || item.pill.offsetWidth;
      let left = clamp(x, 0, Math.max(0, width - item.width));
      let row = ends.findIndex((taken) => taken + 4 <= left);
      if (row < 0 && ends.length < 5) row = ends.push(-9) - 1;
      const small = row < 0;
      if (small) { row = 0; left = clamp(x, 0, width - SMALL_PX); }
      item.pill.classList.toggle("small", small);
      item.pill.textContent = small ? [...item.cue.name][0] : item.cue.name;
      ends[row] = Math.max(ends[row], left + (small ? SMALL_PX : item.width));
      item.pill.style.left = `${left}px`;
      item.pill.style.top = `${row * 34}px`;
      item.stand.style.left = `${clamp(x, 0, width)}px`;
      item.stand.style.top = `${row * 34 + 28}px`;
      item.stand.style.width = `${clamp(end, 0, width) - clamp(x, 0, width)}px`;
    }
    cueLane.style.height = `${Math.max(1, ends.length) * 34}px`;
  }

  function describe() {
    const at = state.at, said = [];
    const agent = lanes.inPair(data.speech.agent, at), caller = lanes.inPair(data.speech.caller, at);
    if (lanes.inPair(data.unheard, at)) said.push(words.unheard);
    else said.push(agent && caller ? words.both : agent ? words.agent : caller ? words.caller : words.nobody);
    const i = lanes.firstAt(data.strain.at, at + 0.0005) - 1;
    const value = i < 0 || at - data.strain.at[i] > 15 ? null : data.strain.value[i];
    said.push(value === null ? words.unknown : fill(words.strain, { value: Math.round(100 * value) }));
    for (const cue of data.cues) if (cue.start <= at + 0.0005 && (cue.end === null || at < cue.end)) said.push(fill(words.cue, { name: cue.name }));
    return said;
  }

  function tell() {
    const said = describe(), time = clock(state.at), strong = document.createElement("b");
    strong.textContent = time;
    readout.replaceChildren(strong, fill(words.of, { at: "", end: clock(duration) }).trim() + " · " + said.join(" · "));
    slider.setAttribute("aria-valuenow", state.at.toFixed(1));
    slider.setAttribute("aria-valuetext", [time, ...said].join(", "));
    stage.dataset.atS = state.at.toFixed(3);
  }

  /* Rows at the playhead: all that last over it, or else the latest that began. */
  function mark() {
    let now = rows.filter((row) => row.start <= state.at + 0.0005 && state.at < Math.max(row.end, row.start + 1));
    if (!now.length) now = rows.filter((row) => row.start <= state.at).slice(-1);
    for (const row of current) if (!now.includes(row)) row.li.removeAttribute("aria-current");
    for (const row of now) row.li.setAttribute("aria-current", "true");
    if (now.length && now[0] !== current[0] && !list.contains(document.activeElement)) {
      const li = now[0].li, top = li.offsetTop, bottom = top + li.offsetHeight;
      if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight / 3;
    }
    current = now;
  }

  function seek(at, { fromAudio = false } = {}) {
    state.at = clamp(at, 0, duration);
    if (audio && !fromAudio) audio.currentTime = state.at;
    if (state.at < state.start || state.at > state.start + state.length) look(state.at - state.length / 4, state.length);
    placePlayhead();
    if (!overviewBox.hidden) drawLane(overviewCanvas);
    tell();
    mark();
  }

  function look(start, length) {
    state.length = clamp(length, shortest, duration);
    state.start = clamp(start, 0, duration - state.length);
    redraw();
  }

  function zoom(factor, around = state.at) {
    const kept = clamp(around, state.start, state.start + state.length);
    const length = clamp(state.length * factor, shortest, duration);
    look(kept - ((kept - state.start) / state.length) * length, length);
  }

  const timeAt = (box, event, start, length) => {
    const edges = box.getBoundingClientRect();
    return start + clamp((event.clientX - edges.left) / edges.width, 0, 1) * length;
  };

  function drag(box, move) {
    box.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      box.setPointerCapture(event.pointerId);
      move(event);
    });
    box.addEventListener("pointermove", (event) => {
      if (box.hasPointerCapture(event.pointerId)) move(event);
    });
  }

  drag(slider, (event) => seek(timeAt(slider, event, state.start, state.length)));
  drag(overviewCanvas, (event) => look(timeAt(overviewCanvas, event, 0, duration) - state.length / 2, state.length));

  element("lanes").addEventListener("wheel", (event) => {
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(clamp(event.deltaY, -60, 60) / 150), timeAt(slider, event, state.start, state.length));
    else if (sideways && state.length < duration) look(state.start + (sideways / slider.clientWidth) * state.length, state.length);
    else return;
    event.preventDefault();
  }, { passive: false });

  element("zoom-in").addEventListener("click", () => zoom(0.5));
  element("zoom-out").addEventListener("click", () => zoom(2));
  element("zoom-fit").addEventListener("click", () => look(0, duration));

  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps) seek(state.at + steps[event.key] * (event.shiftKey ? 5 : 1));
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(duration);
    else if (event.key === "+" || event.key === "=") zoom(0.5);
    else if (event.key === "-") zoom(2);
    else if (event.key === " " && audio && event.target === slider) togglePlay();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const named = event.target.closest("[data-seek]"), row = event.target.closest(".row");
    if (named) {
      seek(+named.dataset.seek);
      event.preventDefault();
    } else if (row && getSelection().isCollapsed) seek(+row.dataset.start);
  });

  /* One row of the list is in the tab order; the arrows walk through the others. */
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], here = event.target.closest(".row");
    const next = step && here && (step > 0 ? here.nextElementSibling : here.previousElementSibling);
    if (!next) return;
    event.target.tabIndex = -1;
    const button = next.querySelector(".at");
    button.tabIndex = 0;
    button.focus();
    event.preventDefault();
  });

  function togglePlay() {
    if (audio.paused) audio.play(); else audio.pause();
  }

  if (audio) {
    const follow = () => {
      seek(audio.currentTime, { fromAudio: true });
      if (!audio.paused) requestAnimationFrame(follow);
    };
    playButton.addEventListener("click", togglePlay);
    audio.addEventListener("play", () => { playButton.textContent = words.pause; follow(); });
    audio.addEventListener("pause", () => { playButton.textContent = words.play; });
  }

  const repaint = () => { readInk(); draw(); };
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", repaint);
  new ResizeObserver(redraw).observe(slider);
  readInk();
  draw();
  /* What a page that does more than show can ask of this one. */
  stage.call = {
    data, clock, fill, seek, zoom, togglePlay, redraw,
    at: () => state.at,
    reread: () => { rows = readRows(); current = []; mark(); },
  };
  const linked = () => seek(parseFloat(location.hash.replace("#t=", "")) || 0); // a link to a moment: report.html#t=31.2
  window.addEventListener("hashchange", linked);
  linked();
})();
