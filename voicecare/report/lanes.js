/* Draws the lanes of one call. Every function takes what it draws on, what it draws, the view (which stretch of the call
   fills the width) and the inks; nothing here knows the page. Only what is in view is touched, so hours stay quick. */
"use strict";
const lanes = (() => {
  const BRIDGE_S = 2; // a longer pause between two estimates is drawn as not known in between
  const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

  /* A flat list holds start, end, start, end, ... in time order. Gives the index of the first pair ending after t. */
  function firstPair(flat, t) {
    let low = 0, high = flat.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (flat[2 * middle + 1] > t) high = middle; else low = middle + 1;
    }
    return 2 * low;
  }

  /* The index of the first moment at or after t. */
  function firstAt(moments, t) {
    let low = 0, high = moments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (moments[middle] >= t) high = middle; else low = middle + 1;
    }
    return low;
  }

  function inPair(flat, t) {
    const i = firstPair(flat, t);
    return i < flat.length && flat[i] <= t;
  }

  function bars(ctx, flat, view, y, height, colour, radius = 3) {
    ctx.fillStyle = colour;
    let drawnTo = -1;
    for (let i = firstPair(flat, view.start); i < flat.length && flat[i] < view.start + view.length; i += 2) {
      const left = view.x(flat[i]), right = Math.max(view.x(flat[i + 1]), left + 1.5);
      if (right <= drawnTo + 0.5) continue;
      ctx.beginPath();
      ctx.roundRect(left, y, right - left, height, Math.min(radius, (right - left) / 2));
      ctx.fill();
      drawnTo = right;
    }
  }

  function hatch(ctx, flat, view, height, colour) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    for (let i = firstPair(flat, view.start); i < flat.length && flat[i] < view.start + view.length; i += 2) {
      const left = view.x(flat[i]), width = Math.max(view.x(flat[i + 1]) - left, 3);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, 0, width, height);
      ctx.clip();
      ctx.beginPath();
      for (let x = left - height; x < left + width; x += 6) {
        ctx.moveTo(x, height);
        ctx.lineTo(x + height, 0);
      }
      ctx.stroke();
      ctx.restore();
    }
  }

  /* A word at the right edge, on a ground of its own so that what runs beneath stays legible. */
  function label(ctx, text, view, y, ink) {
    const width = ctx.measureText(text).width;
    ctx.fillStyle = ink.panel;
    ctx.globalAlpha = 0.85;
    ctx.fillRect(view.width - width - 6, y - 7, width + 6, 14);
    ctx.globalAlpha = 1;
    ctx.fillStyle = ink.soft;
    ctx.textAlign = "right";
    ctx.fillText(text, view.width - 2, y + 4);
  }

  /* The estimates in view, at most one a pixel: the highest stands for its neighbours, so no peak is lost. */
  function visible(strain, view) {
    const points = [];
    const from = Math.max(0, firstAt(strain.at, view.start) - 1);
    for (let i = from; i < strain.at.length; i++) {
      const x = view.x(strain.at[i]), value = strain.value[i], last = points[points.length - 1];
      if (last && value !== null && last.value !== null && x - last.x < 1) {
        if (value > last.value) Object.assign(last, { value, sure: strain.confidence[i] });
        last.at = strain.at[i];
      } else if (!last || value !== null || last.value !== null || x - last.x >= 1) {
        points.push({ x, at: strain.at[i], value, sure: strain.confidence[i] });
      }
      if (x > view.width) break;
    }
    return points;
  }

  function strain(ctx, data, view, ink, words) {
    const height = view.height, top = 8, y = (value) => height - 4 - value * (height - 4 - top);
    ctx.strokeStyle = ink.rule;
    ctx.lineWidth = 1;
    for (const level of [0, data.strain.high]) {
      ctx.setLineDash(level ? [3, 4] : []);
      ctx.beginPath();
      ctx.moveTo(0, y(level) + 0.5);
      ctx.lineTo(view.width, y(level) + 0.5);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    const points = visible(data.strain, view);
    const runs = [];
    for (const point of points) {
      const run = runs[runs.length - 1];
      if (point.value === null) runs.push([]);
      else if (run && run.length && point.at - run[run.length - 1].at <= Math.max(BRIDGE_S, view.length / view.width * 3)) run.push(point);
      else runs.push([point]);
    }
    const least = (point) => Math.max(0, point.value - 0.3 * (1 - point.sure));
    const most = (point) => Math.min(1, point.value + 0.3 * (1 - point.sure));
    let before = null;
    for (const run of runs) {
      if (!run.length) { before = null; continue; }
      if (before) { // the caller was silent: what lies between is not known, only where it went on
        ctx.strokeStyle = ink.caller;
        ctx.lineWidth = 1;
        ctx.setLineDash([1, 4]);
        ctx.beginPath();
        ctx.moveTo(before.x, y(before.value));
        ctx.lineTo(run[0].x, y(run[0].value));
        ctx.stroke();
        ctx.setLineDash([]);
      }
      before = run[run.length - 1];
      ctx.fillStyle = ink.caller;
      ctx.globalAlpha = 0.2;
      ctx.beginPath();
      run.forEach((p, i) => (i ? ctx.lineTo(p.x, y(most(p))) : ctx.moveTo(p.x, y(most(p)))));
      run.slice().reverse().forEach((p) => ctx.lineTo(p.x, y(least(p))));
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.strokeStyle = ink.caller;
      ctx.lineWidth = 2.25;
      ctx.lineJoin = ctx.lineCap = "round";
      ctx.beginPath();
      run.forEach((p, i) => (i ? ctx.lineTo(p.x, y(p.value)) : ctx.moveTo(p.x - (run.length === 1 ? 0.5 : 0), y(p.value))));
      if (run.length === 1) ctx.lineTo(run[0].x + 0.5, y(run[0].value));
      ctx.stroke();
    }
    hatch(ctx, data.unheard, view, height, ink.soft);
    label(ctx, words.high, view, y(data.strain.high) - 8, ink);
  }

  function speech(ctx, data, view, ink) {
    const bar = 24, low = view.height - bar;
    ctx.globalAlpha = 0.28;
    bars(ctx, data.overlaps, view, 0, view.height, ink.over, 2);
    ctx.globalAlpha = 1;
    bars(ctx, data.speech.caller, view, 0, bar, ink.caller);
    bars(ctx, data.speech.agent, view, low, bar, ink.agent);
    ctx.lineWidth = 2;
    ctx.strokeStyle = ink.panel;
    for (const at of data.acknowledged) {
      const x = view.x(at) + 7;
      if (x < -6 || x > view.width + 6) continue;
      ctx.beginPath();
      ctx.arc(x, low + bar / 2, 4, 0, 7);
      ctx.stroke();
    }
    ctx.strokeStyle = ctx.fillStyle = ink.over;
    let drawnTo = -9;
    for (const [start, , by] of data.interruptions) {
      const x = view.x(start), up = by === "agent";
      if (x < -6 || x > view.width + 6 || x - drawnTo < 4) continue;
      const [from, to, head] = up ? [low, bar + 2, 8] : [bar, low - 2, -8];
      ctx.beginPath();
      ctx.moveTo(x, from);
      ctx.lineTo(x, to + head / 2);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x, to);
      ctx.lineTo(x - 5, to + head);
      ctx.lineTo(x + 5, to + head);
      ctx.fill();
      drawnTo = x;
    }
    hatch(ctx, data.unheard, view, view.height, ink.soft);
  }

  function ruler(ctx, data, view, ink, clock) {
    const step = TICKS_S.find((s) => (s / view.length) * view.width >= 64) || 7200;
    ctx.strokeStyle = ink.rule;
    ctx.fillStyle = ink.soft;
    ctx.lineWidth = 1;
    for (let t = Math.ceil(view.start / step) * step; t <= view.start + view.length; t += step) {
      const x = Math.round(view.x(t)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, 0);
      ctx.lineTo(x, 5);
      ctx.stroke();
      ctx.textAlign = x < 16 ? "left" : x > view.width - 16 ? "right" : "center";
      ctx.fillText(clock(t), ctx.textAlign === "left" ? Math.max(x, 4) : Math.min(x, view.width), 18);
    }
  }

  function pitch(ctx, pictures, view, ink, words) {
    const [low, high] = pictures.hz, y = (hz) => view.height - 6 - (Math.log(hz / low) / Math.log(high / low)) * (view.height - 12);
    ctx.strokeStyle = ink.rule;
    for (const hz of [100, 200, 400]) {
      ctx.beginPath();
      ctx.moveTo(0, y(hz));
      ctx.lineTo(view.width, y(hz));
      ctx.stroke();
    }
    ctx.fillStyle = ink.caller;
    const first = Math.max(0, Math.floor(view.start / pictures.column));
    const last = Math.min(pictures.pitch.length, Math.ceil((view.start + view.length) / pictures.column));
    const stride = Math.max(1, Math.floor((last - first) / (view.width * 2)));
    const dot = Math.max(2, Math.min(6, (pictures.column / view.length) * view.width));
    for (let i = first; i < last; i += stride) {
      if (pictures.pitch[i]) {
        const hz = low * Math.pow(high / low, (pictures.pitch[i] - 1) / 254);
        ctx.fillRect(view.x(i * pictures.column), y(hz) - 1, dot, 2);
      }
    }
    for (const hz of [100, 200, 400]) label(ctx, `${hz} ${words.hz}`, view, y(hz), ink);
  }

  /* One leg's spectrogram in that party's ink: louder is denser. */
  function spectrogram(pixels, bands, colour) {
    const columns = pixels.length / bands;
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, columns);
    canvas.height = bands;
    const ctx = canvas.getContext("2d");
    ctx.fillStyle = colour;
    ctx.fillRect(0, 0, 1, 1);
    const [red, green, blue] = ctx.getImageData(0, 0, 1, 1).data;
    const image = ctx.createImageData(canvas.width, bands);
    for (let column = 0; column < columns; column++) {
      for (let band = 0; band < bands; band++) {
        const to = 4 * ((bands - 1 - band) * canvas.width + column), level = pixels[column * bands + band] / 255;
        image.data.set([red, green, blue, Math.round(255 * level * level)], to);
      }
    }
    ctx.putImageData(image, 0, 0);
    return canvas;
  }

  function mel(ctx, canvas, column, view) {
    const from = view.start / column, width = view.length / column;
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(canvas, from, 0, width, canvas.height, 0, 0, view.width, view.height);
  }

  /* The sound itself: a peak each `data.peaks.step` seconds, the caller above the line, the agent below. */
  function wave(ctx, data, view, ink) {
    const middle = view.height / 2;
    ctx.fillStyle = ink.rule;
    ctx.fillRect(0, middle - 0.5, view.width, 1);
    if (!data.peaks) return;
    const { step, agent, caller } = data.peaks;
    for (const [peaks, colour, up] of [[caller, ink.caller, -1], [agent, ink.agent, 1]]) {
      ctx.fillStyle = colour;
      for (let x = 0; x < view.width; x++) {
        const from = Math.floor((view.start + (x / view.width) * view.length) / step);
        const to = Math.max(from + 1, Math.floor((view.start + ((x + 1) / view.width) * view.length) / step));
        let peak = 0;
        for (let i = from; i < to && i < peaks.length; i++) if (peaks[i] > peak) peak = peaks[i];
        const tall = (peak / 255) * (middle - 1);
        if (tall >= 0.5) ctx.fillRect(x, up < 0 ? middle - tall : middle, 1, tall);
      }
    }
    hatch(ctx, data.unheard, view, view.height, ink.soft);
  }

  function overview(ctx, data, whole, view, at, ink) {
    bars(ctx, data.speech.caller, whole, 2, 16, ink.caller, 0);
    bars(ctx, data.speech.agent, whole, 22, 16, ink.agent, 0);
    const left = whole.x(view.start), width = Math.max(whole.x(view.start + view.length) - left, 4);
    ctx.fillStyle = ink.panel;
    ctx.globalAlpha = 0.72;
    ctx.fillRect(0, 0, left, whole.height);
    ctx.fillRect(left + width, 0, whole.width - left - width, whole.height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = ink.ink;
    ctx.lineWidth = 2;
    ctx.strokeRect(left + 1, 1, width - 2, whole.height - 2);
    ctx.fillStyle = ink.ink;
    ctx.fillRect(whole.x(at) - 1, 0, 2, whole.height);
  }

  return { firstAt, inPair, strain, speech, ruler, pitch, spectrogram, mel, wave, overview };
})();
