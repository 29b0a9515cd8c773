"use strict";

/** Colors that color-blind readers tell apart (Okabe and Ito, "Color Universal Design", 2008), by names of the style sheet. */
const seriesColors = [1, 2, 3, 4, 5, 6, 7].map((i) => `--series-${i}`);
const seriesDashes = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]];

/** "left" or "right" where a name says so. */
const sideOf = (name) => name.toLowerCase().match(/\b(left|right)\b/)?.[0];

/**
 * How series of these names are drawn: those of a kind, such as both knees, in one color, what is on the right in
 * dashes, so that a gait's symmetry shows.
 */
function seriesStyles(names) {
  const kinds = [];
  return names.map((name) => {
    const side = sideOf(name);
    const kind = side ? name.toLowerCase().replace(side, "") : name;
    if (!kinds.includes(kind)) kinds.push(kind);
    const number = kinds.indexOf(kind);
    const round = Math.floor(number / seriesColors.length);
    return {
      color: seriesColors[number % seriesColors.length],
      dash: seriesDashes[((side === "right" ? 1 : 0) + 2 * round) % seriesDashes.length],
    };
  });
}


/** Round numbers between `low` and `high`, about `count` of them. */
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i) found.push(i * step);
  return {step, values: found};
}

/** What all charts of a page share: a stretch of time beneath, and a mark where the present moment is. */
class Chart {
  static #left = 46;
  static #right = 10;
  static #bottom = 18;
  #canvas;
  #cursor;
  #window = [0, 1];
  /** Of the canvas, in points. */
  #width = 0;
  #values = [];
  /** Index of the series that stands out; null for none. */
  #chosen = null;

  /**
   * @param seek called with the seconds that a user points at
   */
  constructor(parent, title, seek) {
    this.title = title;
    const section = document.createElement("section");
    section.className = "chart";
    const heading = document.createElement("h2");
    heading.textContent = title;
    const plot = document.createElement("div");
    plot.className = "plot";
    this.#canvas = document.createElement("canvas");
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#cursor = document.createElement("div");
    this.#cursor.className = "cursor";
    plot.append(this.#canvas, this.#cursor);
    this.legend = document.createElement("ul");
    this.legend.className = "legend";
    section.append(heading, plot, this.legend);
    parent.append(section);
    this.section = section;
    const point = (event) => {
      if (event.buttons !== 1) return;
      const box = this.#canvas.getBoundingClientRect();
      const share = (event.clientX - box.left - Chart.#left) / (box.width - Chart.#left - Chart.#right);
      seek(this.#window[0] + Math.min(Math.max(share, 0), 1) * (this.#window[1] - this.#window[0]));
    };
    plot.addEventListener("pointerdown", point);
    plot.addEventListener("pointermove", point);
  }

  /**
   * @param series `name`, `unit`, `values` a frame, if there is one `target`, the target values, and
   *   `first`, the first frame that has a value; where one is picked out that has a `range`, its ends show as well
   * @param interval seconds from one frame to the next
   */
  show(series, interval) {
    this.series = series;
    this.styles = this.stylesOf(series);
    this.interval = interval;
    this.section.hidden = series.length === 0;
    this.#chosen = null;
    this.#values = [];
    this.legend.replaceChildren(...series.map((one, i) => this.#entry(one, i)));
  }

  #entry(one, i) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    swatch.setAttribute("viewBox", "0 0 22 8");
    swatch.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", "M0 4H22");
    const {color, dash} = this.styles[i];
    line.style.stroke = `var(${color})`;
    line.setAttribute("stroke-dasharray", dash.join(" "));
    swatch.append(line);
    const name = document.createElement("span");
    name.textContent = this.name(one, i);
    const value = document.createElement("output");
    this.#values.push(value);
    button.append(swatch, name, value);
    button.addEventListener("click", () => {
      this.#chosen = this.#chosen === i ? null : i;
      [...this.legend.querySelectorAll("button")].forEach((b, k) => b.setAttribute("aria-pressed", String(k === this.#chosen)));
      this.draw(this.#window);
    });
    item.append(button);
    return item;
  }

  stylesOf(series) {
    return seriesStyles(series.map((one) => one.name));
  }

  name(one) {
    return one.name;
  }

  /** What stands beside a series' name at a frame. */
  text(one, frame) {
    const actual = shortNumber(one.values[frame]);
    return (one.target ? `${actual}, target ${shortNumber(one.target[frame])}` : actual) + (one.unit ? " " + one.unit : "");
  }

  /** Marks the moment `time`. */
  mark(time) {
    const share = (time - this.#window[0]) / (this.#window[1] - this.#window[0]);
    this.#cursor.hidden = share < 0 || share > 1;
    this.#cursor.style.transform = `translateX(${Chart.#left + share * (this.#width - Chart.#left - Chart.#right)}px)`;
  }

  /** Writes the values at `frame` beside the names; before a series' first frame, those of that one. */
  tell(frame) {
    this.series.forEach((one, i) => {
      const text = this.text(one, Math.max(frame, Math.min(one.first ?? 0, one.values.length - 1)));
      if (this.#values[i].textContent !== text) this.#values[i].textContent = text;
    });
  }

  /** Draws all series over a stretch of time, s. */
  draw(window) {
    this.#window = window;
    if (this.section.hidden || this.#canvas.clientWidth === 0) return;
    const [width, height] = [this.#canvas.clientWidth, this.#canvas.clientHeight];
    this.#width = width;
    const scale = devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const context = this.#canvas.getContext("2d");
    context.scale(scale, scale);
    const style = getComputedStyle(document.documentElement);
    const area = {
      context, left: Chart.#left, right: width - Chart.#right, top: 6, bottom: height - Chart.#bottom,
      color: (name) => style.getPropertyValue(name).trim(),
    };
    area.x = (time) => area.left + ((time - window[0]) / (window[1] - window[0])) * (area.right - area.left);
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = area.color("--quiet");
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    const times = ticks(window[0], window[1], (area.right - area.left) / 70);
    for (const time of times.values) {
      const text = `${Number(time.toFixed(3))} s`;
      const half = context.measureText(text).width / 2;
      context.fillText(text, Math.min(area.x(time), width - half - 1), height - 4);
      this.#line(area, [area.x(time), area.top], [area.x(time), area.bottom]);
    }
    this.plot(area, window);
  }

  #line({context, color}, from, to, name = "--grid") {
    context.strokeStyle = color(name);
    context.lineWidth = 1;
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(Math.round(from[0]) + 0.5, Math.round(from[1]) + 0.5);
    context.lineTo(Math.round(to[0]) + 0.5, Math.round(to[1]) + 0.5);
    context.stroke();
  }

  /** Draws lines. */
  plot(area, window) {
    const {context, left, right, top, bottom, x} = area;
    const frames = this.#frames(window);
    let [low, high] = [Infinity, -Infinity];
    for (const {values, target, first} of this.series)
      for (const all of target ? [values, target] : [values])
        for (let i = Math.max(frames[0], first ?? 0); i <= frames[1]; ++i) [low, high] = [Math.min(low, all[i]), Math.max(high, all[i])];
    const limits = this.#chosen === null ? [] : (this.series[this.#chosen].range ?? []).filter(Number.isFinite);
    for (const limit of limits) [low, high] = [Math.min(low, limit), Math.max(high, limit)];
    if (!(high - low > 1e-6 * Math.max(1, Math.abs(high)))) [low, high] = [low - 0.5, high + 0.5];
    const room = 0.06 * (high - low);
    [low, high] = [low - room, high + room];
    const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - top);
    const {step, values: levels} = ticks(low, high, (bottom - top) / 26);
    const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const level of levels) {
      context.fillStyle = area.color("--quiet");
      context.fillText(tickNumber(level, places), left - 6, y(level));
      this.#line(area, [left, y(level)], [right, y(level)], Math.abs(level) < 1e-9 * step ? "--axis" : "--grid");
    }
    for (const limit of limits) this.#line(area, [left, y(limit)], [right, y(limit)], "--text");
    this.series.forEach((one, i) => {
      const {color, dash} = this.styles[i];
      const stroke = (values, width, dashes, alpha) => {
        context.strokeStyle = area.color(color);
        context.lineWidth = width;
        context.setLineDash(dashes);
        context.lineJoin = "round";
        context.globalAlpha = this.#chosen === null || this.#chosen === i ? alpha : 0.12;
        context.beginPath();
        for (let k = Math.max(frames[0], one.first ?? 0); k <= frames[1]; ++k) context.lineTo(x(k * this.interval), y(values[k]));
        context.stroke();
        context.globalAlpha = 1;
      };
      if (one.target) stroke(one.target, 1.2, [5, 4], 0.9);
      stroke(one.values, this.#chosen === i ? 2.4 : 1.5, dash, 1);
    });
  }

  /** The frames that a stretch of time needs. */
  #frames(window) {
    const last = this.series[0].values.length - 1;
    return [
      Math.min(Math.max(0, Math.floor(window[0] / this.interval)), last),
      Math.min(last, Math.ceil(window[1] / this.interval)),
    ];
  }
}

/** Bars where something holds, one row a series: the diagram in which gaits are read. */
class BarChart extends Chart {
  /** In the colors that the picture gives to left and right. */
  stylesOf(series) {
    return series.map(({name}) => ({color: `--${sideOf(name) ?? "middle"}`, dash: []}));
  }

  name(one, i) {
    return `${i + 1} ${one.name}`;
  }

  text(one, frame) {
    return one.values[frame] > 0 ? "down" : "up";
  }

  show(series, interval) {
    super.show(series, interval);
    this.section.style.setProperty("--rows", Math.max(2, series.length));
  }

  plot({context, left, right, top, bottom, x, color}, window) {
    const row = (bottom - top) / this.series.length;
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, bottom);
    context.clip();
    this.series.forEach((one, i) => {
      context.fillStyle = color(this.styles[i].color);
      let start = null;
      for (let k = 0; k <= one.values.length; ++k) {
        const holds = k < one.values.length && one.values[k] > 0;
        if (holds && start === null) start = k;
        if (holds || start === null) continue;
        const [from, to] = [x((start - 0.5) * this.interval), x((k - 0.5) * this.interval)];
        if (to >= left && from <= right) context.fillRect(from, top + row * (i + 0.18), to - from, 0.64 * row);
        start = null;
      }
    });
    context.restore();
    context.fillStyle = color("--quiet");
    context.textAlign = "right";
    context.textBaseline = "middle";
    this.series.forEach((_, i) => context.fillText(String(i + 1), left - 6, top + row * (i + 0.5)));
  }
}

/** Charts of one kind of series, as many as it takes that none has more curves than can be distinguished. */
class ChartGroup {
  /** Curves in a chart at most. */
  static #most = 8;
  #section = document.createElement("div");
  #title;
  #seek;
  #charts = [];

  /** @param seek called with the seconds that a user points at */
  constructor(parent, title, seek) {
    this.#title = title;
    this.#seek = seek;
    this.#section.className = "group";
    parent.append(this.#section);
  }

  get charts() {
    return this.#charts;
  }

  show(series, interval) {
    const groups = ChartGroup.split(series);
    this.#section.hidden = groups.length === 0;
    this.#section.replaceChildren();
    this.#charts = groups.map((some, i) => {
      const title = groups.length > 1 ? `${this.#title}, ${i + 1} / ${groups.length}` : this.#title;
      const chart = new Chart(this.#section, title, this.#seek);
      chart.show(some, interval);
      return chart;
    });
  }

  /** The series in groups of about the same number, left and right of a kind together, in the order of the kinds. */
  static split(series) {
    const kinds = new Map();
    for (const one of series) {
      const side = sideOf(one.name);
      const kind = side ? one.name.toLowerCase().replace(side, "") : one.name;
      kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
    }
    const count = Math.ceil(series.length / ChartGroup.#most);
    const groups = [];
    for (const kind of kinds.values()) {
      const last = groups.at(-1);
      const isFull = !last || last.length + kind.length > ChartGroup.#most || last.length >= series.length / count;
      if (isFull) groups.push([...kind]);
      else last.push(...kind);
    }
    return groups;
  }

  draw(window) {
    for (const chart of this.#charts) chart.draw(window);
  }

  mark(time) {
    for (const chart of this.#charts) chart.mark(time);
  }

  tell(frame) {
    for (const chart of this.#charts) chart.tell(frame);
  }
}
