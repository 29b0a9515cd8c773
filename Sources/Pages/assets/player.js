"use strict";

/** What names of endings mean to a person; others are the task's own. */
const endingWords = {truncated: "lasted to the end", fault: "the physics failed"};

/** Plays the episodes of an episode document: the picture, the controls beneath it and the curves beside it. */
class Player {
  #find = (id) => document.getElementById(id);
  #stage;
  #document;
  #episode;
  #episodes = new Map();
  #time = 0;
  #isPlaying = false;
  #last = 0;
  /** When the charts' marks were last moved, and values last written as text, ms. */
  #marked = 0;
  #updated = 0;
  #window = null;
  /** Whether what is shown is not the present moment as it is seen from here. */
  #isStale = true;

  constructor() {
    this.#stage = new Stage(this.#find("view"), () => (this.#isStale = true), () => this.#restart());
    const seek = (time) => this.seek(time);
    const curves = this.#find("charts");
    this.charts = {
      quantities: new ChartGroup(curves, "Task", seek),
      contacts: new BarChart(curves, "Contacts with the ground", seek),
      rewards: new ChartGroup(curves, "Reward, term by term", seek),
      axes: new ChartGroup(curves, "Joints", seek),
      efforts: new ChartGroup(curves, "Actuators", seek),
    };
    this.#find("play").addEventListener("click", () => this.toggle());
    this.#find("time").addEventListener("input", (event) => seek(Number(event.target.value)));
    this.#find("speed").addEventListener("change", () => (this.#last = 0));
    this.#find("stretch").addEventListener("change", () => this.#restart());
    this.#find("follow").addEventListener("change", () => (this.#isStale = true));
    this.#find("reset").addEventListener("click", () => this.#stage.camera.reset());
    document.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#restart()).observe(document.body);
    requestAnimationFrame((now) => this.#tick(now));
  }

  /** Takes an episode document in place of the one before; the moment and the view stay. */
  open(document) {
    this.#stage.setParts(document);
    this.#document = document;
    this.#episodes.clear();
    const list = this.#find("episodes");
    list.replaceChildren(...document.episodes.map((episode, i) => this.#choice(episode, i)));
    this.choose(0, this.#time);
  }

  #choice(episode, i) {
    const button = document.createElement("button");
    button.type = "button";
    const seconds = (episode.frames - 1) * this.#document.interval;
    const [label, figures] = [document.createElement("strong"), document.createElement("span")];
    label.textContent = episode.label;
    figures.textContent =
      `return ${shortNumber(episode.return)}, ${shortNumber(seconds)} s, ` + (endingWords[episode.ending] ?? episode.ending);
    button.append(label, figures);
    button.addEventListener("click", () => this.choose(i));
    return button;
  }

  /** Shows episode `i` of the document from `time` on. */
  choose(i, time = 0) {
    if (!this.#episodes.has(i)) this.#episodes.set(i, new Episode(this.#document, this.#document.episodes[i]));
    this.#episode = this.#episodes.get(i);
    [...this.#find("episodes").children].forEach((b, k) => b.setAttribute("aria-pressed", String(k === i)));
    for (const [name, chart] of Object.entries(this.charts)) chart.show(this.#shown(name), this.#episode.interval);
    const slider = this.#find("time");
    slider.max = this.#episode.seconds;
    slider.step = this.#episode.interval;
    this.#restart();
    this.seek(Math.min(time, this.#episode.seconds));
  }

  /** The series of a chart. What is bolted to its place has no gait to be read from its contacts. */
  #shown(name) {
    const series = this.#episode[name];
    if (name !== "contacts") return series;
    return this.#document.floats ? series.filter((one) => one.values.some((v) => v > 0)) : [];
  }

  /** Plays from now on, unless the user wants little motion. */
  start() {
    if (!this.#isPlaying && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.toggle();
  }

  /** The episode that is shown, the moment in it, and whether it goes on. */
  get state() {
    return {episode: this.#episode, time: this.#time, isPlaying: this.#isPlaying};
  }

  toggle() {
    this.#isPlaying = !this.#isPlaying;
    if (this.#isPlaying && this.#time >= this.#episode.seconds) this.seek(0);
    this.#last = 0;
    this.#find("play").textContent = this.#isPlaying ? "Pause" : "Play";
  }

  seek(time) {
    this.#time = Math.min(Math.max(time, 0), this.#episode.seconds);
    this.#isStale = true;
  }

  #restart() {
    this.#window = null;
    this.#isStale = true;
  }

  #key(event) {
    if (event.target.closest("button, input, select, summary") && event.key !== "Escape") return;
    const step = this.#episode.interval;
    if (event.key === " ") this.toggle();
    else if (event.key === ",") this.seek(this.#time - step);
    else if (event.key === ".") this.seek(this.#time + step);
    else if (event.key === "Home") this.seek(0);
    else if (event.key === "End") this.seek(this.#episode.seconds);
    else return;
    event.preventDefault();
  }

  #tick(now) {
    requestAnimationFrame((next) => this.#tick(next));
    if (!this.#episode) return;
    if (this.#isPlaying) {
      const passed = this.#last ? Math.min((now - this.#last) / 1000, 0.25) : 0;
      if (passed > 0) this.#stage.keepPace(passed);
      this.#last = now;
      this.seek(this.#time + passed * Number(this.#find("speed").value));
      if (this.#time >= this.#episode.seconds) this.toggle();
    }
    if (this.#isStale) this.#draw();
  }

  #draw() {
    this.#isStale = false;
    const episode = this.#episode;
    this.#drawPicture(episode);
    const window = this.#stretch(episode);
    const charts = Object.values(this.charts);
    if (window) for (const chart of charts) chart.draw(window);
    // Without a graphics processor the page costs more than the picture; marks and text may lag a little behind it.
    const now = performance.now();
    if (this.#isPlaying && now - this.#marked < 30) return;
    this.#marked = now;
    for (const chart of charts) chart.mark(this.#time);
    if (this.#isPlaying && now - this.#updated < 150) return;
    this.#updated = now;
    const frame = episode.nearest(this.#time);
    for (const chart of charts) chart.tell(frame);
    const slider = this.#find("time");
    slider.value = this.#time;
    const text = `${this.#time.toFixed(2)} / ${episode.seconds.toFixed(2)} s`;
    slider.setAttribute("aria-valuetext", text);
    this.#find("clock").textContent = text;
  }

  /** The stretch of time for the charts, if it is to change: pages, through which the mark runs. */
  #stretch(episode) {
    const length = Number(this.#find("stretch").value) || episode.seconds;
    const page = length >= episode.seconds ? 0 : Math.floor(this.#time / length + 1e-9);
    const window =
      length >= episode.seconds
        ? [0, Math.max(episode.seconds, episode.interval)]
        : [page * length, Math.min((page + 1) * length, Math.max(episode.seconds, (page + 0.5) * length))];
    if (this.#window && window.every((x, i) => x === this.#window[i])) return null;
    this.#window = window;
    return window;
  }

  #drawPicture(episode) {
    const moment = episode.moment(this.#time);
    const {ground} = this.#document;
    moment.arrows = MotionArrows.of([...moment.poses.slice(0, 7)], moment.quantities, episode.size, ground, this.#stage.colors);
    const target = episode.target(this.#find("follow").checked ? this.#time : 0);
    this.#stage.draw(moment, target, episode.size, ground);
  }
}
